"""Case transfers: on time and late, passed on, urged, by post, electronic, supplemented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.schemas.common import (
    Opinion,
    Server,
    Service,
    Source,
)
from shared_resources.cases.transfers.schemas.inventory import (
    DocumentRow,
    GoodsRow,
    Inventory,
    Measure,
    MeasureRow,
)
from shared_resources.cases.transfers.schemas.transfer import (
    CaseFiled,
    Channel,
    Finding,
    Gaps,
    Kept,
    NamingAsked,
    PassingOn,
    Sending,
    Urging,
)
from shared_resources.demo.cases.stage import number_of, phone

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Find, Stage, Story, When


def tell_transfers(stage: Stage) -> None:
    """All but those that are concluded, and the one that a first receipt opens."""
    withheld(stage)
    sent_late(stage)
    passed_on(stage)
    urged(stage)
    by_post(stage)
    electronic(stage)
    supplemented(stage)


def finding(stage: Stage, receiver: str, day: int, **more: Any) -> Finding:
    """No jurisdiction, determined on a day."""
    usual = {
        "receiver": stage.agency(receiver),
        "source": Source.OWN_FINDING,
        "found_on": stage.on(day - 1),
        "determined_on": stage.on(day),
    }
    return Finding.model_validate({**usual, **more})


def paper(name: str, pages: int = 2, doc_no: str | None = None, copies: int = 1) -> DocumentRow:
    """One paper of an inventory."""
    return DocumentRow(name=name, pages=pages, doc_no=doc_no, copies=copies)


def inventory(stage: Stage, sender: str, *papers: DocumentRow, **more: Any) -> Inventory:
    """What goes with the letter."""
    return Inventory(documents=papers, officers=stage.crew(sender), **more)


def servers(stage: Stage, sender: str) -> tuple[Server, ...]:
    """The two who bring it."""
    return tuple(Server(name=one.name, permit_no=one.permit_no) for one in stage.crew(sender))


def directly(stage: Stage, sender: str, receiver: str) -> Sending:
    """Handed over at the receiver's counter."""
    place = f"{stage.officer(receiver).agency_name}收发室"
    return Sending(channel=Channel.DIRECT, place=place, servers=servers(stage, sender))


def signing(stage: Stage, receiver: str, when: When) -> Service:
    """Signed for at the receiver's counter."""
    officer = stage.officer(receiver)
    return Service(received_at=stage.at(when), place=f"{officer.agency_name}收发室", signer=officer.name)


def taken_up(stage: Stage, receiver: str, day: int, case_no: str) -> CaseFiled:
    """The receiver files the case."""
    return CaseFiled(case_no=case_no, filed_on=stage.on(day), officers=stage.crew(receiver))


def prepared(
    story: Story, sender: str, day: int, hour: str, papers: Inventory, opinion: str = "同意移送。"
) -> Story:
    """The inventory is drawn up and approved the same day."""
    stage = story.stage
    story.takes((day, hour), stage.officer(sender), "prepare", papers)
    return story.takes(
        (day, f"{int(hour[:2]) + 1:02}{hour[2:]}"), stage.head(sender), "approve", Opinion(opinion=opinion)
    )


def onward(stage: Stage, nick: str) -> Find:
    """Learn the number of the transfer that follows from a record."""

    async def act() -> str:
        return await number_of(
            "SELECT t.number FROM record_link l JOIN record t ON t.id = l.source JOIN record r ON r.id = l.target"
            " WHERE r.number = $1 AND l.kind = 'follows' AND t.kind = 'transfer' ORDER BY l.at DESC LIMIT 1",
            stage.numbers[nick],
        )

    return act


def withheld(stage: Stage) -> None:
    """Late: determined six days ago and not even prepared; the legal office has urged."""
    sender, receiver = "cq-urban", "cq-plan"
    case = finding(
        stage,
        receiver,
        -6,
        case_name="渝中区民族路临街商铺擅自加建夹层案",
        source=Source.COMPLAINT,
        party="重庆民族路六十六号商铺业主张某",
        summary="巡查发现当事人在商铺内外墙之间加建钢结构夹层约三十八平方米，未取得建设工程规划许可证。",
        why="未取得规划许可的建设行为由规划和自然资源主管部门查处，不属于市容环境卫生管理范围。",
        provision="《重庆市城乡规划条例》第八十五条",
    )
    story = stage.story("tr.mezzanine", "transfer").opens((-6, "10:30"), stage.head(sender), case)
    urging = Urging(
        problem="认定无管辖权后两个工作日内未移送，案件处于无人办理状态。",
        demand="立即整理案卷并移送市规划和自然资源局，同时书面说明未按期移送的原因。",
        deadline=stage.on(2),
        report_format="书面报告，加盖单位印章",
        contact=stage.officer("cq-legal").name,
        phone=phone("cq-legal"),
    )
    story.takes((-1, "14:40"), stage.leader("cq-legal"), "urge", urging)


def sent_late(stage: Stage) -> None:
    """Late: sent two days after the limit, handled since."""
    sender, receiver = "cq-agri", "cq-amr"
    case = finding(
        stage,
        receiver,
        -9,
        case_name="巴南某农资经营部销售假冒注册商标农药案",
        party="巴南区丰收农资经营部",
        summary="抽查发现当事人经营的两个批次农药包装涉嫌假冒他人注册商标，货值四千六百元。",
        why="涉案行为主要涉嫌侵犯注册商标专用权，由市场监督管理部门管辖。",
        provision="《中华人民共和国商标法》第六十一条",
    )
    story = stage.story("tr.pesticide", "transfer").opens((-9, "15:20"), stage.head(sender), case)
    papers = inventory(
        stage,
        sender,
        paper("现场检查笔录", 4, f"渝农执检〔{stage.year}〕61号"),
        paper("抽样取证凭证", 1),
        paper("商标权利人鉴别意见", 3),
        goods=(
            GoodsRow(
                name="涉案农药",
                spec="200毫升/瓶",
                quantity="96",
                unit="瓶",
                state="原包装未开封",
                place="市农业农村委员会罚没物品库",
                seal_no="NY-0716",
                measure="先行登记保存",
            ),
        ),
    )
    prepared(story, sender, -5, "09:10", papers, "同意移送，并就逾期移送向市司法局说明情况。")
    story.takes((-5, "15:30"), stage.officer(sender), "send", directly(stage, sender, receiver))
    story.takes((-5, "16:10"), stage.officer(receiver), "accept", signing(stage, receiver, (-5, "16:08")))
    filed = taken_up(stage, receiver, -4, f"渝市监案〔{stage.year}〕1127号")
    story.takes((-4, "11:00"), stage.officer(receiver), "file", filed)


def passed_on(stage: Stage) -> None:
    """Passed on once; the second receiver has no jurisdiction either, so the legal office names the agency."""
    first, second, third = "cq-amr", "cq-agri", "cq-health"
    case = finding(
        stage,
        second,
        -17,
        case_name="九龙坡某宠物诊所无证经营兽用处方药案",
        source=Source.TIP_OFF,
        party="重庆爱宠佳动物诊所",
        summary="举报称该诊所无兽药经营许可证销售处方药，检查时当场查获处方药二十三盒。",
        why="兽药经营由农业农村主管部门监督管理。",
        provision="《兽药管理条例》第三条、第五十六条",
    )
    hop = stage.story("tr.vet", "transfer").opens((-17, "09:40"), stage.head(first), case)
    prepared(hop, first, -17, "14:00", inventory(stage, first, paper("举报登记表", 1), paper("现场笔录", 3)))
    hop.takes((-16, "09:20"), stage.officer(first), "send", directly(stage, first, second))
    hop.takes((-16, "10:35"), stage.officer(second), "accept", signing(stage, second, (-16, "10:30")))
    passing = PassingOn(
        receiver=stage.agency(third),
        why="经核查，查获药品为人用抗菌药物，当事人在诊疗活动中使用，不属于兽药经营。",
        provision="《中华人民共和国药品管理法》第三条",
        determined_on=stage.on(-15),
    )
    hop.takes((-15, "11:15"), stage.head(second), "pass_on", passing)
    on = stage.story("tr.vet.on", "transfer").found((-15, "11:15"), onward(stage, "tr.vet"))
    papers = inventory(stage, second, paper("原移送案卷", 8), paper("药品鉴别情况说明", 2))
    prepared(on, second, -14, "09:15", papers)
    on.takes((-14, "14:20"), stage.officer(second), "send", directly(stage, second, third))
    on.takes((-14, "15:05"), stage.officer(third), "accept", signing(stage, third, (-14, "15:00")))
    asked = NamingAsked(
        why="涉案场所为动物诊疗机构，不在医疗机构管理范围；药品来源的监管由药品监督管理部门负责。",
        provision="《医疗机构管理条例》第二条",
        proposed=stage.agency("cq-drug"),
    )
    on.takes((-12, "10:20"), stage.head(third), "ask_naming", asked)
    kept = Kept(
        decision_no=f"渝司协〔{stage.year}〕19号",
        provision="《中华人民共和国行政处罚法》第二十五条第二款",
        reasons="三机关职责各涉一部分，案件已移送两次。为避免久拖不决，由市卫生健康委员会办理，市药品监督管理局提供药品来源协查。",
    )
    on.takes((-8, "16:30"), stage.leader("cq-legal"), "name_receiver", kept)
    filed = taken_up(stage, third, -7, f"渝卫健案〔{stage.year}〕44号")
    on.takes((-7, "10:40"), stage.officer(third), "file", filed)


def urged(stage: Stage) -> None:
    """Taken up weeks ago and idle since: the legal office urges."""
    sender, receiver = "cq-em", "cq-housing"
    case = finding(
        stage,
        receiver,
        -24,
        case_name="江北嘴某项目塔式起重机带病作业案",
        party="重庆中宸建筑劳务有限公司",
        summary="安全检查发现塔式起重机力矩限制器失效仍在作业，已责令暂停使用。",
        why="房屋建筑工地起重机械的使用由住房城乡建设主管部门监督管理。",
        provision="《建设工程安全生产管理条例》第四十条",
    )
    story = stage.story("tr.crane", "transfer").opens((-24, "10:15"), stage.head(sender), case)
    papers = inventory(stage, sender, paper("现场检查记录", 3), paper("暂停使用决定书", 1), paper("照片", 6))
    prepared(story, sender, -24, "14:30", papers)
    story.takes((-23, "09:30"), stage.officer(sender), "send", directly(stage, sender, receiver))
    story.takes((-23, "10:20"), stage.officer(receiver), "accept", signing(stage, receiver, (-23, "10:15")))
    filed = taken_up(stage, receiver, -22, f"渝建案〔{stage.year}〕71号")
    story.takes((-22, "15:00"), stage.officer(receiver), "file", filed)
    urging = Urging(
        problem="受移送机关立案后二十余个工作日未报告办理进展，涉案起重机械已自行恢复作业。",
        demand="立即核查起重机械使用状态，依法作出处理，并书面报告办理情况。",
        deadline=stage.on(3),
        report_format="书面报告，附现场核查照片",
        contact=stage.officer("cq-legal").name,
        phone=phone("cq-legal"),
    )
    story.takes((-1, "09:50"), stage.leader("cq-legal"), "urge", urging)


def by_post(stage: Stage) -> None:
    """To an agency that takes paper only."""
    sender, receiver = "cq-em", "cq-customs"
    case = finding(
        stage,
        receiver,
        -4,
        case_name="果园港进口锂电池货物瞒报危险品属性线索",
        party="重庆联储国际物流有限公司",
        summary="堆场检查发现两个集装箱申报品名为“电子配件”，实际装载锂离子电池组三百二十箱。",
        why="进出口货物申报不实由海关管辖。",
        provision="《中华人民共和国海关法》第八十六条",
    )
    story = stage.story("tr.lithium", "transfer").opens((-4, "10:05"), stage.head(sender), case)
    papers = inventory(
        stage,
        sender,
        paper("现场检查记录", 3),
        paper("集装箱装箱单复印件", 2),
        measures=(
            MeasureRow(
                measure=Measure.REGISTRATION,
                subject="锂离子电池组三百二十箱",
                doc_no=f"渝应急登〔{stage.year}〕15号",
                taken_on=stage.on(-5),
                expires_on=stage.on(2),
            ),
        ),
    )
    prepared(story, sender, -4, "14:10", papers)
    posted = Sending(
        channel=Channel.POST,
        place="重庆市江北区金渝大道 重庆海关办公室",
        carrier="中国邮政挂号信函",
        tracking_no="XA48210067150",
        sent_on=stage.on(-3),
        servers=servers(stage, sender),
    )
    story.takes((-3, "16:20"), stage.officer(sender), "send", posted)


def electronic(stage: Stage) -> None:
    """Sealed and sent as an electronic document to an agency that has consented."""
    sender, receiver = "cq-ecoenv", "cq-transport"
    case = finding(
        stage,
        receiver,
        -3,
        case_name="朝天门水域散货船未按规定使用岸电案",
        party="重庆江顺航运有限公司",
        summary="联合巡查发现“江顺18”轮靠泊期间具备受电设施而未使用岸电，燃油辅机持续运行四小时。",
        why="船舶靠港使用岸电由交通运输主管部门监督管理。",
        provision="《中华人民共和国长江保护法》第七十三条",
    )
    story = stage.story("tr.shore", "transfer").opens((-3, "09:25"), stage.head(sender), case)
    prepared(story, sender, -3, "13:30", inventory(stage, sender, paper("巡查笔录", 2), paper("监测记录", 1)))
    sending = Sending(channel=Channel.ELECTRONIC, place="执法资源共享系统", servers=servers(stage, sender))
    story.takes((-2, "09:40"), stage.officer(sender), "send", sending)
    story.takes((-2, "10:30"), stage.officer(receiver), "accept", signing(stage, receiver, (-2, "10:28")))


def supplemented(stage: Stage) -> None:
    """Something is missing; the sender has two working days."""
    sender, receiver = "cq-transport", "cq-psb"
    case = finding(
        stage,
        receiver,
        -4,
        case_name="G65收费站大型货车伪造号牌案",
        party="驾驶人刘某",
        summary="路检发现货车号牌字体异常，经比对系伪造，车辆已引导至停车场。",
        why="伪造机动车号牌由公安机关交通管理部门处罚。",
        provision="《中华人民共和国道路交通安全法》第九十六条",
    )
    story = stage.story("tr.plate", "transfer").opens((-4, "09:15"), stage.head(sender), case)
    prepared(story, sender, -4, "13:40", inventory(stage, sender, paper("路检笔录", 2), paper("号牌照片", 3)))
    story.takes((-3, "09:50"), stage.officer(sender), "send", directly(stage, sender, receiver))
    gaps = Gaps(missing="移送清单所列号牌实物未随案移送，请补充实物及保管交接记录。")
    story.takes((-2, "16:30"), stage.officer(receiver), "incomplete", gaps)
