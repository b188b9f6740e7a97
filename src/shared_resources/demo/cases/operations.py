"""Three joint operations: one running, one with a task whose deadline fell on National Day, one closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.schemas.operation import (
    Adoption,
    Appointment,
    BookingLink,
    Circulation,
    CommentAnswer,
    ContactNote,
    CoordinationNote,
    Instruction,
    InstructionReceipt,
    LegalOpinion,
    OperationReport,
    PlanComment,
    Position,
    PostKind,
    ProgressNote,
    Proposal,
    Rank,
    ReasonType,
    StartBasis,
    Superior,
)
from shared_resources.cases.joint_operations.schemas.plan import DutyRow, PlanDraft, StageRow
from shared_resources.cases.schemas import ScopeGround, Subfield
from shared_resources.demo.cases.stage import form, number_of, phone
from shared_resources.demo.cases.tasks import night_tasks, road_tasks, smoke_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.demo.cases.stage import Stage, Story, When

ROAD = ("cq-psb", "cq-transport", "cq-amr", "cq-ecoenv", "cq-fire")
SMOKE = ("cq-transport", "cq-psb", "cq-housing", "cq-urban")
NIGHT = ("cq-psb", "cq-urban", "cq-agri", "cq-health", "d-500105")
DISCIPLINE = "严格执行双人执法、亮证执法，不得重复检查、随意检查，不得接受被检查单位宴请。"
FUNDS = "所需经费由各单位从本部门执法经费中列支。"


def tell_operations(stage: Stage) -> None:
    """All three, with their tasks."""
    road(stage)
    smoke(stage)
    night(stage)


def national_day(stage: Stage) -> date:
    """The 5th of October of the last National Day week that is well behind us."""
    year = stage.today.year
    return date(year if stage.today >= date(year, 10, 26) else year - 1, 10, 5)


def liaisons(story: Story, when: When, lead: str, others: tuple[str, ...]) -> None:
    """The posts that the decree asks for: leader in charge of the lead, unit head of everybody else."""
    stage = story.stage
    since = stage.at(when).date()
    chief = Appointment(
        post=PostKind.GENERAL,
        name=stage.leader(lead).name,
        rank=Rank.LEADER,
        position="副局长",
        phone=phone(lead, 1),
        since=since,
    )
    story.takes(when, stage.head(lead), "appoint_liaison", chief)
    for slug in others:
        head = stage.head(slug)
        daily = Appointment(
            post=PostKind.DAILY,
            name=head.name,
            rank=Rank.UNIT_HEAD,
            position="执法机构负责人",
            phone=phone(slug, 2),
            since=since,
        )
        story.takes(stage.at(when) + timedelta(minutes=20), head, "appoint_liaison", daily)


def heard(
    story: Story, lead: str, words: Mapping[str, str], said: When, answered: When, partly: Mapping[str, str]
) -> None:
    """Everybody's comment on the plan and what became of it."""
    stage = story.stage
    for n, (slug, text) in enumerate(words.items()):
        at = stage.at(said) + timedelta(minutes=25 * n)
        story.takes(at, stage.officer(slug), "comment", PlanComment(text=text))
    for n, slug in enumerate(words):
        why = partly.get(slug, "")
        adoption = Adoption.PARTLY if why else Adoption.ADOPTED
        answer = CommentAnswer(agency=stage.agency(slug), adoption=adoption, reason=why)
        story.takes(stage.at(answered) + timedelta(minutes=6 * n), stage.officer(lead), "answer", answer)


def duties(stage: Stage, words: Mapping[str, str]) -> tuple[DutyRow, ...]:
    """Who does what."""
    return tuple(DutyRow(agency=stage.agency(slug), duty=text) for slug, text in words.items())


def road(stage: Stage) -> None:
    """Running: dangerous goods on the road. Proposed by the lead, examined by the legal office."""
    lead, force = "cq-em", stage.working(stage.today - timedelta(days=22))
    officer, head = stage.officer(lead), stage.head(lead)
    proposal = form(
        Proposal,
        title="危险化学品道路运输联合检查",
        start_basis=StartBasis.LEGAL_OFFICE,
        scope_ground=ScopeGround.LAW,
        ground_citation="《中华人民共和国安全生产法》第六十五条、《危险化学品安全管理条例》第六条",
        subfields=(Subfield.CHEMICALS, Subfield.ROAD_TRAFFIC),
        cooperating=stage.agencies(*ROAD),
        reason_type=ReasonType.PROMINENT,
        reason="近三个月全市危货运输车辆超期未检、不按规定路线行驶和夜间违规停放问题突出，单一部门检查难以覆盖运输全过程，"
        "需要统一行动。",
    )
    story = stage.story("je.road", "joint_operation").opens((-40, "09:30"), officer, proposal)
    story.takes((-40, "15:10"), head, "submit")
    opinion = LegalOpinion(
        opinion="申请事项属于安全生产领域，涉及多部门职责，符合市政府令第197号第三条规定的联合执法条件，"
        "牵头和配合机关职责清楚，同意启动。"
    )
    story.takes((-37, "16:20"), stage.leader("cq-legal"), "approve", opinion)
    story.takes((-34, "10:40"), officer, "draft", road_plan(stage, force))
    matters = "重点对检查点位设置、罐体查验分工和夜间警力安排提出意见。"
    story.takes((-33, "09:15"), head, "circulate", form(Circulation, matters=matters))
    words = {
        "cq-psb": "建议夜间检查时段由22时调整为21时，避开主城区货车入城高峰。",
        "cq-transport": "同意方案。建议增加巴南公路物流基地作为固定检查点。",
        "cq-amr": "罐体查验需提前一日提供车辆清单，以便调取使用登记信息。",
        "cq-ecoenv": "无不同意见。",
        "cq-fire": "建议每个检查点配备一台泡沫消防车，我单位车辆不足，拟按两个点位保障。",
    }
    partly = {"cq-fire": "两个高风险点位由消防车值守，其余点位由应急管理部门配备移动灭火装备。"}
    heard(story, lead, words, (-30, "09:30"), (-28, "14:00"), partly)
    story.takes((-27, "10:00"), officer, "close_comments")
    liaisons(story, (-26, "09:20"), lead, ROAD)
    story.takes((force, "10:30"), head, "issue")
    road_tasks(stage)
    story.takes(
        (-13, "08:40"),
        officer,
        "instruct",
        Instruction(text="本周五20时30分在G65巴南收费站外广场集合，统一佩戴执法记录仪，20时50分就位。"),
    )
    for n, slug in enumerate(("cq-psb", "cq-transport", "cq-fire")):
        receipt = InstructionReceipt(remark="已传达到参加人员。")
        story.takes((-13, f"1{n}:20"), stage.officer(slug), "confirm_instructions", receipt)
    talk = ContactNote(
        day=stage.on(-9),
        people=f"{stage.leader(lead).name}与{stage.head('cq-psb').name}",
        content="商定果园港方向由公安交巡警增派两组警力，交通执法负责引导车辆进入检查区。",
    )
    story.takes((-9, "17:10"), officer, "log_contact", talk)
    agreed = CoordinationNote(
        issue="罐车超期未检由谁当场下达停用指令",
        positions=(
            Position(agency=stage.agency("cq-amr"), view="特种设备安全监察指令由市场监管部门下达。"),
            Position(agency=stage.agency("cq-transport"), view="车辆暂扣由交通执法机构办理，两者应同时进行。"),
        ),
        outcome="市场监管部门下达停用指令，交通执法机构同步办理车辆暂扣，文书互相抄送。",
    )
    story.takes((-7, "11:20"), officer, "coordinate", agreed)
    progress = ProgressNote(
        agency=stage.agency("cq-transport"), progress="已完成三个夜间检查班次，查验危货车辆八十七台。"
    )
    story.takes((-4, "16:40"), officer, "note_progress", progress)
    story.takes((-3, "09:30"), officer, "link_booking", lambda: BookingLink(number=stage.numbers["loan.road"]))
    report = form(
        OperationReport,
        to=Superior.GOVERNMENT,
        period_from=force,
        period_to=stage.on(-3),
        results="开展联合检查五次，检查危货运输车辆一百六十二台、企业十一家，查处违法行为十九起，移送案件两件。",
        sites=16,
        persons=142,
        vehicles=38,
        problems=41,
        cases=19,
        fines=236000,
        transfers=2,
        equipment="多气体检测仪四台、超声波测厚仪一台、执法记录仪二十部",
        difficulties="部分外地牌照车辆动态监控数据接入不及时。",
        next_steps="十二月开展企业源头检查，并对已查处车辆回访。",
    )
    story.takes((-2, "15:30"), head, "report_progress", report)


def road_plan(stage: Stage, force: date) -> PlanDraft:
    """The plan of the running operation; its first period of notices ended three days ago."""
    words = {
        "cq-em": "牵头组织，检查企业危险化学品储存和充装环节，汇总情况。",
        "cq-psb": "负责路面拦截、交通秩序和剧毒化学品运输通行证查验。",
        "cq-transport": "负责道路运输经营许可、从业资格和动态监控检查。",
        "cq-amr": "负责移动式压力容器使用登记和定期检验情况查验。",
        "cq-ecoenv": "负责危险废物运输联单查验和泄漏环境应急监测。",
        "cq-fire": "负责检查点消防值守和泄漏着火先期处置。",
    }
    return PlanDraft(
        legal_basis="《安全生产法》《危险化学品安全管理条例》《道路危险货物运输管理规定》，市政府令第197号第三条、第五条。",
        goal="摸清危货运输车辆底数，查处超期未检、违规停放和不按路线行驶等违法行为，年底前重大隐患整改率达到百分之百。",
        scope="G65巴南收费站、果园港进港道路、巴南重庆公路物流基地、长寿化工园出入口，必要时延伸到沿线停车场。",
        specific_field="危险化学品道路运输。",
        duties=duties(stage, words),
        stages=(
            StageRow(stage="动员部署，人员培训", day=stage.on(-12)),
            StageRow(stage="集中检查，每周不少于两次夜查", day=stage.on(12)),
            StageRow(stage="企业源头检查和整改回访", day=stage.on(22)),
            StageRow(stage="总结通报", day=stage.on(27)),
        ),
        mode="设卡联合检查与企业联合检查相结合，一次进点、分项查验，检查结果现场互通。",
        people="每个检查点不少于八人，其中公安四人、交通两人、市场监管和应急各一人。",
        vehicles="公安执勤车四辆、交通执法车三辆、应急检测车一辆、消防车两辆。",
        equipment="多气体检测仪四台（市应急管理局）\n超声波测厚仪一台（市应急管理局）\n执法记录仪二十部（各单位自带）",
        discipline=DISCIPLINE,
        safety="夜间检查设置预警区和反光标志，人员穿反光背心，检测前先确认风向。",
        funds=FUNDS,
        notice_days=(stage.today - force).days - 2,
        attachments="检查点位示意图\n检查事项对照表",
    )


def smoke(stage: Stage) -> None:
    """Running since September: smoke and dust, with the task that ran out on National Day."""
    lead, feast = "cq-ecoenv", national_day(stage)
    officer, head = stage.officer(lead), stage.head(lead)

    def day(before: int) -> date:
        return stage.working(feast - timedelta(days=before))

    proposal = form(
        Proposal,
        title="黑烟车与施工扬尘联合整治",
        start_basis=StartBasis.MUNICIPAL,
        doc_no=f"渝府办发〔{feast.year}〕73号",
        scope_ground=ScopeGround.CAMPAIGN,
        ground_citation=f"渝府办发〔{feast.year}〕73号第四条",
        subfields=(Subfield.POLLUTION, Subfield.ROAD_TRAFFIC),
        cooperating=stage.agencies(*SMOKE),
        reason_type=ReasonType.UNIFIED,
        reason="秋冬季大气污染防治进入攻坚期，柴油货车冒黑烟和工地扬尘投诉集中，需统一执法标准和时间安排。",
    )
    story = stage.story("je.smoke", "joint_operation").opens((day(47), "09:40"), officer, proposal)
    story.takes((day(46), "10:20"), head, "register")
    words = {
        "cq-ecoenv": "牵头组织，负责遥感监测、尾气检测和工地扬尘监测取证。",
        "cq-transport": "负责货运企业和货车检查，督促维修治理。",
        "cq-psb": "负责路面拦检和闯限行处罚。",
        "cq-housing": "负责房屋建筑工地扬尘防治措施检查。",
        "cq-urban": "负责渣土车带泥上路和道路扬尘查处。",
    }
    plan = PlanDraft(
        legal_basis="《大气污染防治法》《重庆市大气污染防治条例》，市政府令第197号第三条。",
        goal="查处冒黑烟柴油货车三百台次，主城区在建工地扬尘措施达标率达到百分之九十五。",
        scope="主城各区高速公路入口、货运通道和在建工地。",
        specific_field="机动车尾气污染、施工扬尘污染。",
        duties=duties(stage, words),
        stages=(
            StageRow(stage="摸底排查", day=day(12)),
            StageRow(stage="集中执法", day=stage.working(feast + timedelta(days=40))),
            StageRow(stage="巩固提升和总结", day=stage.working(feast + timedelta(days=85))),
        ),
        mode="监测部门现场检测，公安拦检，各单位依职责当场处理。",
        people="每组六人，市、区两级联动。",
        vehicles="监测车两辆、执法车八辆。",
        equipment="不透光烟度计两台（市生态环境局）\n颗粒物快速检测仪三台（市生态环境局）",
        discipline=DISCIPLINE,
        safety="高速公路检查在收费站广场内进行，不在主线设卡。",
        funds=FUNDS,
        notice_days=60,
        attachments="检查单模板",
    )
    story.takes((day(42), "09:30"), officer, "draft", plan)
    story.takes((day(41), "11:00"), head, "circulate", form(Circulation))
    comments = {
        "cq-transport": "建议将重点货运企业名单作为附件下发。",
        "cq-psb": "无不同意见。",
        "cq-housing": "同意。工地检查拟安排在工作日上午。",
        "cq-urban": "建议增加渣土消纳场检查。",
    }
    partly = {"cq-transport": "名单在第一次联席会议上提供，不作为方案附件。"}
    heard(story, lead, comments, (day(37), "09:30"), (day(35), "15:00"), partly)
    story.takes((day(34), "09:45"), officer, "close_comments")
    liaisons(story, (day(33), "10:00"), lead, SMOKE)
    story.takes((day(32), "11:00"), head, "issue")
    smoke_tasks(stage, feast)


def night(stage: Stage) -> None:
    """Closed with its final report: food at night markets."""
    lead = "cq-amr"
    officer, head = stage.officer(lead), stage.head(lead)
    proposal = form(
        Proposal,
        title="夜市食品安全联合执法",
        start_basis=StartBasis.MUNICIPAL,
        doc_no=f"渝府办〔{stage.on(-78).year}〕41号",
        scope_ground=ScopeGround.CAMPAIGN,
        ground_citation=f"渝府办〔{stage.on(-78).year}〕41号第三项",
        subfields=(Subfield.FOOD, Subfield.APPEARANCE),
        cooperating=stage.agencies(*NIGHT),
        reason_type=ReasonType.PROMINENT,
        reason="观音桥、解放碑等夜市食品摊位来源不明食材和无证经营问题集中，涉及市场、城管、公安、农业、卫健多部门。",
    )
    story = stage.story("je.night", "joint_operation").opens((-76, "10:10"), officer, proposal)
    story.takes((-76, "15:00"), head, "register")
    words = {
        "cq-amr": "牵头组织，负责食品经营许可、食品抽检和违法行为查处。",
        "cq-psb": "维护现场秩序，查处阻碍执法和涉嫌犯罪行为。",
        "cq-urban": "负责占道经营和餐厨垃圾收运检查。",
        "cq-agri": "负责畜禽产品检疫标志和农产品质量查验。",
        "cq-health": "负责餐饮具集中消毒单位检查。",
        "d-500105": "负责江北区夜市摊位日常监管和整改复查。",
    }
    plan = PlanDraft(
        legal_basis="《食品安全法》《重庆市食品生产加工小作坊和食品摊贩管理条例》，市政府令第197号第三条。",
        goal="规范夜市食品摊位三百个，查处无证经营和来源不明食材，抽检合格率提高到百分之九十七以上。",
        scope="观音桥北仓夜市、解放碑步行街、朝天门码头沿线夜市。",
        specific_field="食品销售和餐饮服务、畜禽产品。",
        duties=duties(stage, words),
        stages=(
            StageRow(stage="调查摸底", day=stage.on(-62)),
            StageRow(stage="集中执法", day=stage.on(-34)),
            StageRow(stage="复查总结", day=stage.on(-18)),
        ),
        mode="每周五、周六夜间联合巡查，抽检样品当晚送检。",
        people="每组五人，共四组。",
        vehicles="执法车六辆、食品快检车一辆。",
        equipment="食品快检箱四套（市市场监督管理局）\n执法记录仪十六部（市公安局提供六部）",
        discipline=DISCIPLINE,
        safety="夜间行动设安全员一名，避免在人流高峰时段集中搬运物品。",
        funds=FUNDS,
        notice_days=45,
        attachments="摊位分布图",
    )
    story.takes((-72, "09:30"), officer, "draft", plan)
    story.takes((-71, "10:00"), head, "circulate", form(Circulation))
    comments = dict.fromkeys(NIGHT, "无不同意见。") | {
        "cq-psb": "建议抽检与秩序维护分组进行，避免摊主聚集。",
        "d-500105": "建议将整改复查时限由七日改为五个工作日。",
    }
    heard(story, lead, comments, (-68, "14:00"), (-66, "10:00"), {})
    story.takes((-65, "09:30"), officer, "close_comments")
    liaisons(story, (-64, "10:00"), lead, NIGHT)
    story.takes((-62, "15:30"), head, "issue")
    night_tasks(stage)
    story.takes((-16, "10:00"), officer, "close_tasks")
    report = form(
        OperationReport,
        to=Superior.GOVERNMENT,
        period_from=stage.on(-62),
        period_to=stage.on(-16),
        results="联合巡查十二次，检查摊位三百二十六个，办理食品经营备案一百四十一件，立案查处二十三件，取缔无证摊位三十七个，"
        "抽检合格率百分之九十七点八。",
        sites=326,
        persons=418,
        vehicles=74,
        problems=129,
        cases=23,
        fines=187500,
        transfers=3,
        equipment="食品快检箱四套、执法记录仪十六部",
        difficulties="摊主流动性大，整改复查后反弹较快。",
        next_steps="将夜市摊位纳入网格化日常监管，每季度开展一次联合回头看。",
    )
    story.takes((-13, "16:00"), head, "file_report", report)
    stage.story("loan.road", "joint_operation").found((-3, "09:00"), lambda: loan_of(stage, "cq-em"))


async def loan_of(stage: Stage, owner: str) -> str:
    """A loan of the agency's own equipment to one that cooperates, closed or out."""
    return await number_of(
        "SELECT r.number FROM record r JOIN party p ON p.record = r.id AND p.part = 'owner'"
        " WHERE r.kind = 'loan' AND p.agency = $1 AND r.title <> '' AND r.state IN ('out', 'closed')"
        " ORDER BY r.opened_at DESC LIMIT 1",
        stage.agency(owner),
    )
