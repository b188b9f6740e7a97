"""Eight requests for assistance: closed, urgent twice, oral, refused, supplemented, answered late, fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance.schemas import (
    AssistGround,
    CannotHelp,
    Confirmation,
    Consent,
    HelpLog,
    HelpReport,
    Matter,
    Mode,
    OralRequest,
    Request,
    ResultNotice,
    Start,
    SupplementAsked,
)
from shared_resources.demo.cases.stage import form, number_of, phone
from shared_resources.kernel import clock
from shared_resources.kernel.schemas.asked import Claim, ScopeGround, StatutoryGround, Subfield

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Stage

CONFIDENTIAL = "所提供的材料仅用于本案办理，不得向无关人员泄露当事人信息和商业秘密。"
PENALTY_LAW = "《中华人民共和国行政处罚法》第二十六条"


def request(stage: Stage, asking: str, helping: str, **more: Any) -> Request:
    """A request of one agency to another, with two officers and the address for the results."""
    usual = {
        "assisting": stage.agency(helping),
        "scope": ScopeGround.LAW,
        "ground": AssistGround.ALONE_FAILS,
        "officers": stage.crew(asking),
        "confidentiality": CONFIDENTIAL,
        "return_address": f"{stage.officer(asking).agency_name}执法机构收",
    }
    return Request.model_validate({**usual, **more})


def consent(stage: Stage, helping: str, finish: int, remarks: str | None = None) -> Consent:
    """Help is promised until a day."""
    crew = stage.crew(helping)
    contact = f"{crew[0].name}，{crew[0].phone}"
    return Consent(officers=crew, expected_finish=stage.on(finish), contact=contact, remarks=remarks)


def tell_assistance(stage: Stage) -> None:
    """All eight."""
    tanker(stage)
    gas(stage)
    smell(stage)
    night_noise(stage)
    registration(stage)
    red_line(stage)
    platform(stage)
    dock(stage)


def tanker(stage: Stage) -> None:
    """Done and closed, with the notices of both sides."""
    asking, helping = "cq-transport", "cq-amr"
    case = request(
        stage,
        asking,
        helping,
        subfield=Subfield.CHEMICALS,
        power_ref="《中华人民共和国特种设备安全法》第五条、第五十七条",
        case_no=f"渝交执案〔{stage.year}〕217号",
        case_name="重庆渝通达危货运输有限公司使用超期未检罐车案",
        party="重庆渝通达危货运输有限公司",
        matters=(
            form(
                Matter,
                text="派员对渝D·K3186挂等三台移动式压力容器的检验标志和使用登记进行核查",
                place="G65巴南收费站",
            ),
            form(Matter, text="提供上述三台罐车近三年定期检验报告复印件"),
        ),
        modes=(Mode.OFFICERS, Mode.INFORMATION),
        wanted_start=stage.on(-23),
        wanted_finish=stage.on(-16),
        information="车辆行驶证复印件三份、现场照片十二张、询问笔录一份。",
    )
    officer, head = stage.officer(asking), stage.head(asking)
    answering, signing = stage.officer(helping), stage.head(helping)
    story = stage.story("as.tanker", "assistance")
    story.opens((-25, "09:35"), officer, case).takes((-25, "11:10"), head, "issue")
    story.takes((-25, "14:20"), answering, "receive")
    story.takes((-23, "09:10"), signing, "agree", consent(stage, helping, -16))
    story.takes((-23, "10:40"), answering, "start", Start())
    story.takes(
        (-21, "16:30"),
        answering,
        "log",
        form(
            HelpLog,
            done="派出两名特种设备安全监察人员到G65巴南收费站，核查罐车三台，其中两台检验有效期已过四个月。",
            officers="陈晓燕等两人",
            items="定期检验报告复印件三份",
        ),
    )
    report = form(
        HelpReport,
        summary="共核查移动式压力容器三台：渝D·K3186挂、渝D·K3190挂超过检验有效期，渝D·K3192挂合格。"
        "已出具核查意见，并提供三台罐车近三年定期检验报告。",
        persons=2,
        vehicles=1,
        handed_over="核查意见一份、检验报告复印件三份",
    )
    story.takes((-16, "15:05"), signing, "report", report)
    story.takes((-15, "09:50"), officer, "confirm", form(Confirmation, result_expected=stage.on(-6)))
    result = ResultNotice(
        result="依据《道路危险货物运输管理规定》对当事人处罚款二万元，责令两台超期罐车停止使用并送检，当事人已缴纳罚款，"
        "两台罐车已于当月检验合格。",
        decision_no=f"渝交执罚〔{stage.year}〕217号",
        use="贵局出具的核查意见和检验报告作为认定车辆超期未检的主要证据。",
    )
    story.takes((-8, "10:15"), head, "close", result)


def gas(stage: Stage) -> None:
    """Urgent: help began before the paper, and goes on."""
    asking, helping = "cq-em", "cq-psb"
    case = request(
        stage,
        asking,
        helping,
        scope=ScopeGround.EMERGENCY,
        subfield=Subfield.CHEMICALS,
        power_ref="《中华人民共和国人民警察法》第六条、第十五条",
        case_name="果园港二期堆场液氨罐箱泄漏处置现场管控",
        matters=(
            form(Matter, text="对果园港进港道路实施交通管制，疏散堆场周边作业人员", place="果园港二期堆场"),
            form(Matter, text="查找罐箱托运人及押运人员并协助控制", place="果园港"),
        ),
        modes=(Mode.OFFICERS,),
        wanted_start=stage.on(-2),
        wanted_finish=stage.on(2),
        urgent=True,
        urgent_reason="液氨罐箱阀门泄漏，现场有作业人员二十余名，需立即管控疏散。",
        urgent_leader=stage.leader(asking).name,
        information="罐箱编号、危险货物运单和现场浓度监测数据。",
    )
    answering = stage.officer(helping)
    story = stage.story("as.gas", "assistance")
    story.opens((-2, "13:42"), stage.officer(asking), case).takes((-2, "13:50"), stage.head(asking), "issue")
    story.takes((-2, "13:58"), answering, "act_at_once", Start())
    story.takes((-2, "17:20"), stage.head(helping), "file_reply", consent(stage, helping, 2, "先期处置已开始。"))
    done = form(
        HelpLog,
        done="出动警力十八名，封控进港道路两处，疏散作业人员二十六名，找到押运员并带至指挥部配合调查。",
        officers="郭俊杰等十八人",
    )
    story.takes((-1, "09:15"), answering, "log", done)


def smell(stage: Stage) -> None:
    """Urgent and a few minutes old: the duty desk has half an hour to accept."""
    asking, helping = "cq-ecoenv", "cq-em"
    case = request(
        stage,
        asking,
        helping,
        scope=ScopeGround.EMERGENCY,
        subfield=Subfield.POLLUTION,
        power_ref="《危险化学品安全管理条例》第六条第（一）项",
        case_name="长寿化工园北区刺激性异味应急排查",
        matters=(
            form(
                Matter,
                text="派出化工安全专业人员携带多气体检测仪，共同进入装置区排查泄漏点",
                place="长寿化工园北区",
            ),
        ),
        modes=(Mode.OFFICERS, Mode.EQUIPMENT),
        wanted_start=clock.local_date(stage.now),
        wanted_finish=stage.on(3),
        urgent=True,
        urgent_reason="园区北门空气站挥发性有机物浓度突升，附近居民反映刺激性气味，需立即进入装置区排查。",
        urgent_leader=stage.leader(asking).name,
        information="空气站近两小时监测数据、园区企业名单和风向资料。",
    )
    story = stage.story("as.smell", "assistance")
    story.opens(stage.ago(14), stage.officer(asking), case).takes(stage.ago(11), stage.head(asking), "issue")


def night_noise(stage: Stage) -> None:
    """Asked by word of mouth in the night, the letter back-filled the next day, reported."""
    asking, helping = "cq-urban", "cq-psb"
    case = request(
        stage,
        asking,
        helping,
        subfield=Subfield.APPEARANCE,
        power_ref="《中华人民共和国治安管理处罚法》第七条",
        case_name="解放碑步行街夜间占道售卖阻碍执法事件",
        matters=(form(Matter, text="到场维持秩序，对阻碍执法人员依法处置", place="解放碑步行街八一路口"),),
        modes=(Mode.OFFICERS,),
        wanted_start=stage.on(-6),
        wanted_finish=stage.on(-3),
        information="现场视频三段、执法人员情况说明。",
    )
    officer, answering, signing = stage.officer(asking), stage.officer(helping), stage.head(helping)
    called = stage.at((-6, "22:18"))
    story = stage.story("as.night", "assistance")
    story.opens((-6, "22:26"), officer, case)
    oral = OralRequest(
        reason="夜间巡查时十余名摊贩围堵执法车辆，情况紧急，来不及书面提请。",
        caller=officer.name,
        callee="市公安局指挥中心值班员",
        phone=phone("cq-psb", 110),
        called_at=called,
    )
    story.takes((-6, "22:31"), officer, "oral_request", oral)
    story.takes((-5, "09:40"), stage.head(asking), "backfill_letter")
    story.takes((-5, "10:25"), answering, "receive")
    story.takes((-5, "11:30"), signing, "agree", consent(stage, helping, -3))
    story.takes((-5, "11:45"), answering, "start", Start())
    report = form(
        HelpReport,
        summary="当晚出警八名到场疏导，传唤阻碍执法人员两名，均已调查完毕；次日起连续两晚在八一路口设点值守。",
        persons=8,
        vehicles=2,
        handed_over="出警记录复印件一份",
        problems="该路口夜间照明不足，视频取证效果不佳，建议增设照明。",
    )
    story.takes((-3, "16:10"), signing, "report", report)


def registration(stage: Stage) -> None:
    """Refused on a statutory ground; the asking agency does not agree: a dispute."""
    asking, helping = "cq-amr", "cq-data"
    case = request(
        stage,
        asking,
        helping,
        ground=AssistGround.INFORMATION,
        subfield=Subfield.FOOD,
        power_ref="《重庆市数据条例》第二十五条、第二十八条",
        case_no=f"渝市监案〔{stage.year}〕1043号",
        case_name="网络订餐平台入网商户许可信息造假系列案",
        matters=(
            form(Matter, text="提供三家平台入网餐饮商户的许可证编号、登记地址和上线时间汇总数据"),
            form(Matter, text="协助比对许可证编号与实际持证主体"),
        ),
        modes=(Mode.INFORMATION, Mode.TECHNIQUE),
        wanted_start=stage.on(-14),
        wanted_finish=stage.on(-5),
        information="涉案平台名单、首批可疑商户清单二百一十四条。",
    )
    story = stage.story("as.data", "assistance")
    story.opens((-16, "10:05"), stage.officer(asking), case).takes((-16, "16:40"), stage.head(asking), "issue")
    story.takes((-15, "09:20"), stage.officer(helping), "receive")
    refusal = CannotHelp(
        ground=StatutoryGround.LAW_FORBIDS,
        provision="《中华人民共和国个人信息保护法》第二十五条",
        facts="平台归集数据中商户登记地址多为经营者住所，联系电话为个人手机号，未取得个人单独同意，我局不能整批提供。",
        who_can_name="各平台经营企业（依法调取）",
        contact=f"{stage.officer(helping).name}，{phone(helping)}",
    )
    story.takes((-12, "15:30"), stage.head(helping), "refuse", refusal)
    claim = Claim(
        duty="网络订餐平台归集数据向执法机关提供的职责",
        facts="我局依法提请提供入网商户许可信息，市大数据应用发展管理局以涉及个人信息为由不予提供。"
        "所需许可证编号和持证主体属于依法公示内容，不提供则二百余家可疑商户无法逐一核查。",
        own_law="《重庆市数据条例》第二十八条、《中华人民共和国食品安全法》第六十二条",
        other_law="《中华人民共和国个人信息保护法》第二十五条",
        request="请明确：许可证编号、持证主体名称和上线时间由市大数据应用发展管理局提供，个人联系方式不在提供范围。",
        risk="无证商户继续接单，存在食品安全风险。",
    )
    story.takes((-10, "09:30"), stage.head(asking), "dispute", claim)
    dispute = stage.story("ds.data", "dispute")
    dispute.found((-10, "09:30"), lambda: dispute_about(stage, "as.data"))


async def dispute_about(stage: Stage, nick: str) -> str:
    """The dispute that was raised about a record."""
    return await number_of(
        "SELECT d.number FROM record_link l JOIN record d ON d.id = l.source JOIN record r ON r.id = l.target"
        " WHERE r.number = $1 AND l.kind = 'about' AND d.kind = 'dispute'",
        stage.numbers[nick],
    )


def red_line(stage: Stage) -> None:
    """More is needed before help can be given."""
    asking, helping = "cq-ecoenv", "cq-plan"
    case = request(
        stage,
        asking,
        helping,
        ground=AssistGround.MATERIAL,
        subfield=Subfield.POLLUTION,
        power_ref="《中华人民共和国土地管理法》第六十七条",
        case_no=f"渝环案〔{stage.year}〕88号",
        case_name="巴南某建材厂占用河道管理范围堆放尾泥案",
        matters=(
            form(
                Matter, text="提供涉案地块用地红线、土地利用现状和历年影像资料", place="巴南重庆公路物流基地西侧"
            ),
        ),
        modes=(Mode.INFORMATION,),
        wanted_start=stage.on(-3),
        wanted_finish=stage.on(5),
        information="现场勘验笔录、无人机航拍照片六张。",
    )
    story = stage.story("as.redline", "assistance")
    story.opens((-5, "10:50"), stage.officer(asking), case).takes((-5, "15:15"), stage.head(asking), "issue")
    story.takes((-4, "09:05"), stage.officer(helping), "receive")
    gap = SupplementAsked(
        missing="来函未附地块拐点坐标，请补充2000国家大地坐标系的拐点坐标成果表和所需影像的年份。"
    )
    story.takes((-3, "10:30"), stage.officer(helping), "ask_supplement", gap)


def platform(stage: Stage) -> None:
    """No reply although its day has passed."""
    asking, helping = "cq-plan", "cq-housing"
    case = request(
        stage,
        asking,
        helping,
        ground=AssistGround.MATERIAL,
        subfield=Subfield.BUILDING,
        power_ref="《建设工程质量管理条例》第四十三条",
        case_no=f"渝规资案〔{stage.year}〕56号",
        case_name="江北嘴某商业楼擅自加建屋顶构筑物案",
        matters=(
            form(Matter, text="提供该楼施工许可、竣工验收备案和结构设计图", place="江北嘴"),
            form(Matter, text="派结构专业人员对加建部分是否危及主体结构提出意见", place="江北嘴"),
        ),
        modes=(Mode.INFORMATION, Mode.TECHNIQUE),
        wanted_start=stage.on(-7),
        wanted_finish=stage.on(3),
        information="违法建设认定书、现场照片和加建面积测量成果。",
    )
    story = stage.story("as.roof", "assistance")
    story.opens((-9, "09:45"), stage.officer(asking), case).takes((-9, "14:35"), stage.head(asking), "issue")
    story.takes((-8, "11:20"), stage.officer(helping), "receive")


def dock(stage: Stage) -> None:
    """Sent yesterday."""
    asking, helping = "cq-transport", "cq-psb"
    case = request(
        stage,
        asking,
        helping,
        subfield=Subfield.ROAD_TRAFFIC,
        power_ref="《中华人民共和国道路交通安全法》第八十七条",
        case_no=f"渝交执案〔{stage.year}〕305号",
        case_name="G65沿线危险货物运输车辆绕行闯禁线索核查",
        matters=(form(Matter, text="提供涉案车辆近一个月在G65巴南段的卡口通行记录"),),
        modes=(Mode.INFORMATION,),
        wanted_start=stage.on(1),
        wanted_finish=stage.on(8),
        information="涉案车辆号牌清单（九台）和线索来源说明。",
    )
    story = stage.story("as.dock", "assistance")
    story.opens((-1, "10:10"), stage.officer(asking), case).takes((-1, "15:55"), stage.head(asking), "issue")
