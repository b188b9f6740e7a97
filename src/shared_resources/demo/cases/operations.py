"""Three joint operations: one running, one with a task whose deadline fell on National Day, one closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.schemas.operation import (
    Adoption,
    Appointment,
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
from shared_resources.demo.cases.plans import night_plan, road_plan, smoke_plan
from shared_resources.demo.cases.stage import form, loan_of, phone
from shared_resources.demo.cases.tasks import night_tasks, road_tasks, smoke_tasks
from shared_resources.kernel.schemas.asked import BookingLink, ScopeGround, Subfield

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.demo.cases.stage import Stage, Story, When

ROAD = ("cq-psb", "cq-transport", "cq-amr", "cq-ecoenv", "cq-fire")
SMOKE = ("cq-transport", "cq-psb", "cq-housing", "cq-urban")
NIGHT = ("cq-psb", "cq-urban", "cq-agri", "cq-health", "d-500105")


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


def in_force(stage: Stage) -> date:
    """When the plan of the running operation was issued."""
    return stage.on(-16)


def road(stage: Stage) -> None:
    """Running: dangerous goods on the road. Proposed by the lead, examined by the legal office."""
    lead, force = "cq-em", in_force(stage)
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
    road_under_way(story)


def road_under_way(story: Story) -> None:
    """What the lead of the running operation does: instructs, listens, coordinates, reports upwards."""
    stage, lead = story.stage, "cq-em"
    force, officer = in_force(stage), stage.officer(lead)
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
    story.takes((-2, "15:30"), stage.head(lead), "report_progress", report)


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
    story.takes((day(42), "09:30"), officer, "draft", smoke_plan(stage, feast))
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
    story.takes((-72, "09:30"), officer, "draft", night_plan(stage))
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
    stage.story("loan.road", "joint_operation").found(
        (-3, "09:00"), lambda: loan_of(stage, "cq-em", "危险化学品运输车辆联合路检")
    )
