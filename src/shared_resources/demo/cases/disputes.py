"""Five disputes on duties, one on each rung: negotiated, settled, to the legal office, coordinated, decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.disputes.schemas import (
    Acceptance,
    Bearer,
    Decision,
    Failed,
    Failure,
    Hearing,
    Manner,
    Negotiation,
    Position,
    Raise,
    Settlement,
)
from shared_resources.demo.cases.stage import phone

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Stage


def tell_disputes(stage: Stage) -> None:
    """All five."""
    data_sharing(stage)
    roof_sheds(stage)
    muck(stage)
    ship_sewage(stage)
    poultry(stage)


def people_of(stage: Stage, *slugs: str) -> str:
    """Who sat at the table, of several agencies."""
    return "、".join(f"{stage.head(slug).name}（{stage.head(slug).agency_name}）" for slug in slugs)


def data_sharing(stage: Stage) -> None:
    """Of the refused request for assistance: negotiated in vain, now before the legal office."""
    one, other = "cq-amr", "cq-data"
    story = stage.story("ds.data", "dispute")
    talk = Negotiation(
        held_on=stage.on(-7),
        manner=Manner.TALK,
        people=people_of(stage, one, other),
        applicant_position="许可证编号、持证主体名称属于应当公示的内容，提供该部分数据不涉及个人隐私。",
        respondent_position="归集数据未作字段拆分，整批提供有泄露个人联系方式的风险，建议向平台企业调取。",
        outcome="对“能否拆分字段后提供”未达成一致，双方同意提请市政府法制机构协调。",
    )
    story.takes((-7, "15:40"), stage.officer(one), "negotiate", talk)
    view = Position(
        view="我局愿意配合执法，但应当由平台企业作为数据提供主体；确需由我局提供的，应先完成脱敏处理。",
        law="《中华人民共和国个人信息保护法》第二十五条、《重庆市数据条例》第十六条",
    )
    story.takes((-6, "10:10"), stage.officer(other), "state_position", view)
    failed = Failed(reason="面谈一次、电话沟通两次，双方对归集数据拆分后提供的责任主体仍有分歧。")
    story.takes((-4, "11:05"), stage.head(one), "to_legal", failed)


def roof_sheds(stage: Stage) -> None:
    """Still in negotiation."""
    one, other = "cq-urban", "cq-plan"
    claim = Raise(
        respondent=stage.agency(other),
        duty="居民小区楼顶彩钢棚拆除的查处职责",
        facts="市民多次投诉观音桥某小区楼顶搭建彩钢棚。规划部门认为属于市容问题，城市管理部门认为属于违反规划的建设行为，"
        "双方均未立案。",
        own_law="《重庆市城乡规划条例》第八十五条",
        other_law="《重庆市市容环境卫生管理条例》第二十二条",
        request="请规划和自然资源部门对未取得规划许可的楼顶彩钢棚立案查处，城市管理部门配合拆除。",
        risk="冬季大风天气彩钢棚有坠落伤人风险。",
    )
    story = stage.story("ds.roof", "dispute").opens((-6, "09:55"), stage.head(one), claim)
    talk = Negotiation(
        held_on=stage.on(-3),
        manner=Manner.MEETING,
        people=people_of(stage, one, other),
        applicant_position="彩钢棚改变了建筑外轮廓，应按违法建设处理。",
        respondent_position="临时性遮雨设施面积小于十平方米的，不属于规划许可范围。",
        outcome="同意先共同踏勘三栋楼，按面积和结构分类，下周再议。",
    )
    story.takes((-3, "16:20"), stage.officer(other), "negotiate", talk)


def muck(stage: Stage) -> None:
    """In coordination: taken up and heard, the opinion is due."""
    one, other = "cq-housing", "cq-urban"
    claim = Raise(
        respondent=stage.agency(other),
        duty="建筑渣土车辆出场冲洗不到位的执法职责",
        facts="江北嘴两处工地渣土车带泥上路，住房城乡建设部门巡查后移交，城市管理部门以源头在工地为由退回，反复三次。",
        own_law="《重庆市大气污染防治条例》第五十八条",
        other_law="《重庆市城市建筑垃圾管理规定》第十七条",
        request="请明确：工地出入口以内由住房城乡建设部门负责，驶出工地大门后的道路污染由城市管理部门查处。",
        risk="道路扬尘影响空气质量，雨天路面湿滑影响行车安全。",
    )
    story = stage.story("ds.muck", "dispute").opens((-21, "10:20"), stage.head(one), claim)
    talk = Negotiation(
        held_on=stage.on(-17),
        manner=Manner.MEETING,
        people=people_of(stage, one, other),
        applicant_position="工地出入口冲洗设施由我委监管，车辆上路后不在我委执法范围。",
        respondent_position="带泥上路的原因是工地未冲洗，应由源头监管部门一并处理。",
        outcome="对“工地大门外五十米范围”由谁处罚没有达成一致。",
    )
    story.takes((-17, "15:00"), stage.officer(one), "negotiate", talk)
    failed = Failed(reason="双方召开协商会一次，对工地大门以外道路污染的处罚主体分歧较大，工地仍在出土。")
    story.takes((-15, "09:40"), stage.head(one), "to_legal", failed)
    handler = stage.officer("cq-legal")
    story.takes(
        (-13, "10:30"),
        stage.leader("cq-legal"),
        "accept",
        Acceptance(handler=handler.name, phone=phone("cq-legal")),
    )
    hearing = Hearing(
        held_on=stage.on(-6),
        people=f"{people_of(stage, one, other)}、{handler.name}（市司法局）",
        summary="双方对事实没有异议，争议在于道路污染的处罚主体。市司法局提出以工地大门为界、信息双向推送的初步意见，"
        "双方表示原则同意，对推送时限再行研究。",
    )
    story.takes((-6, "11:30"), stage.leader("cq-legal"), "hear", hearing)


def ship_sewage(stage: Stage) -> None:
    """Through all rungs: the government has decided, and it is to be carried out."""
    one, other, legal = "cq-ecoenv", "cq-transport", "cq-legal"
    claim = Raise(
        respondent=stage.agency(other),
        duty="朝天门码头餐饮趸船污水直排的查处职责",
        facts="朝天门码头两艘餐饮趸船生活污水未接入接收设施。生态环境部门认为趸船属于船舶，应由交通运输执法机构查处；"
        "交通运输执法机构认为趸船长期系泊从事经营，属于固定排污单位。",
        own_law="《中华人民共和国水污染防治法》第九条第二款",
        other_law="《中华人民共和国水污染防治法》第八十五条",
        request="请明确餐饮趸船污水直排由交通运输执法机构查处，生态环境部门提供监测支持。",
        risk="污水直排长江，下游两公里有取水口。",
    )
    story = stage.story("ds.ship", "dispute").opens((-44, "09:30"), stage.head(one), claim)
    talk = Negotiation(
        held_on=stage.on(-40),
        manner=Manner.MEETING,
        people=people_of(stage, one, other),
        applicant_position="趸船有船舶登记证书，依法属于船舶。",
        respondent_position="两艘趸船多年不移泊，实际为水上餐饮场所。",
        outcome="未达成一致。",
    )
    story.takes((-40, "14:30"), stage.officer(one), "negotiate", talk)
    failed = Failed(reason="协商会上双方对趸船的法律属性各持己见，已过十个工作日未能形成一致意见。")
    story.takes((-34, "10:00"), stage.head(one), "to_legal", failed)
    acceptance = Acceptance(handler=stage.officer(legal).name, phone=phone(legal))
    story.takes((-32, "09:20"), stage.leader(legal), "accept", acceptance)
    hearing = Hearing(
        held_on=stage.on(-26),
        people=people_of(stage, one, other),
        summary="双方陈述意见并提交船舶登记证书、系泊协议和监测报告，对法律适用仍不能达成一致。",
    )
    story.takes((-26, "16:00"), stage.leader(legal), "hear", hearing)
    failure = Failure(
        reason="两机关对长期系泊餐饮趸船的法律属性存在分歧，涉及水污染防治法两个条款的适用，经协调不能达成一致。",
        proposal="建议明确由市交通运输综合行政执法总队查处，市生态环境局负责监测取证，期间由双方联合值守。",
    )
    story.takes((-20, "15:30"), stage.leader(legal), "to_government", failure)
    decision = Decision(
        law="《中华人民共和国水污染防治法》第九条第二款、重庆市人民政府令第197号第十条",
        bearer=Bearer.RESPONDENT,
        text="已取得船舶登记证书的餐饮趸船按船舶管理，其污水直排由市交通运输综合行政执法总队依法查处；"
        "市生态环境局在三个工作日内移交监测数据，并对接收设施运行情况开展监测。",
        execute_by=stage.on(8),
    )
    story.takes((-4, "17:00"), stage.leader("cq-gov"), "decide", decision)


def poultry(stage: Stage) -> None:
    """Settled by agreement."""
    one, other = "cq-amr", "cq-agri"
    claim = Raise(
        respondent=stage.agency(other),
        duty="农贸市场内活禽宰杀点检疫标志查验的职责",
        facts="观音桥某农贸市场活禽宰杀点无检疫标志销售，市场监管部门检查时要求农业农村部门到场，双方对日常查验分工不清。",
        own_law="《中华人民共和国动物防疫法》第九十七条",
        other_law="《中华人民共和国食品安全法》第一百二十三条",
        request="请明确宰杀环节由农业农村部门查验，销售环节由市场监管部门查验。",
        risk="未经检疫的禽类产品流入市场。",
    )
    story = stage.story("ds.poultry", "dispute").opens((-19, "11:00"), stage.head(one), claim)
    talk = Negotiation(
        held_on=stage.on(-15),
        manner=Manner.TALK,
        people=people_of(stage, one, other),
        applicant_position="宰杀环节应由动物卫生监督机构查验。",
        respondent_position="同意负责宰杀环节，但销售摊位的标志公示应由市场监管部门督促。",
        outcome="就环节划分基本一致，由农业农村部门提出书面方案。",
    )
    story.takes((-15, "10:30"), stage.officer(other), "negotiate", talk)
    settlement = Settlement(
        bearer=Bearer.BOTH,
        text="一、宰杀点检疫标志由农业农村部门每日查验；二、销售摊位检疫标志公示由市场监管部门查验；"
        "三、任一方发现无标志产品，当日通知对方并先行控制。",
    )
    story.takes((-12, "15:20"), stage.head(other), "propose", settlement)
    story.takes((-11, "09:40"), stage.head(one), "settle")
