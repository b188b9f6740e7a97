"""Six joint meetings: tracked, closed, noticed with replies missing, urgent, cancelled, in preparation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.cases.meetings.schemas.item import Progress, Report
from shared_resources.cases.meetings.schemas.meeting import (
    AgendaItem,
    Assent,
    Attendance,
    Attended,
    Cancellation,
    ConveningRole,
    Convocation,
    Delegate,
    Draft,
    FilingOffice,
    Issue,
    MeetingTask,
    MeetingType,
    Presence,
    Record,
    Resolution,
    Sending,
    Slip,
)
from shared_resources.demo.cases.stage import form, number_of, phone
from shared_resources.kernel.schemas.asked import ScopeGround

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Find, Stage, Story

ROAD = ("cq-psb", "cq-transport", "cq-amr", "cq-ecoenv", "cq-fire")
NIGHT = ("cq-psb", "cq-urban", "cq-agri", "d-500105")


def tell_meetings(stage: Stage) -> None:
    """All six."""
    road_check(stage)
    night_market(stage)
    winter_smoke(stage)
    leaking_tank(stage)
    occupied_street(stage)
    year_ahead(stage)


def convocation(stage: Stage, host: str, guests: tuple[str, ...], day: int, hour: str, **more: Any) -> Convocation:
    """A meeting of an hour and a half at the host's."""
    begins = stage.at((day, hour))
    officer = stage.officer(host)
    usual = {
        "invitees": stage.agencies(*guests),
        "starts_at": begins,
        "ends_at": begins + timedelta(minutes=90),
        "place": f"{officer.agency_name}三楼会议室",
        "scope": ScopeGround.LAW,
        "type": MeetingType.OPERATION,
        "role": ConveningRole.LEAD,
        "persons": "分管负责人和执法机构负责人各一名",
        "contact": officer.name,
        "contact_phone": phone(host),
    }
    return Convocation.model_validate({**usual, **more})


def slip(stage: Stage, slug: str, matters: str | None = None, post: str = "执法机构负责人") -> Slip:
    """Somebody comes."""
    delegate = Delegate(name=stage.head(slug).name, post=post, phone=phone(slug, 2))
    return form(Slip, attendance=Attendance.ATTEND, delegates=(delegate,), matters=matters)


def answered(story: Story, day: int, *slugs: str, **matters: str) -> None:
    """These agencies send their slips on a day."""
    stage = story.stage
    for n, slug in enumerate(slugs):
        at = stage.at((day, "09:20")) + timedelta(minutes=47 * n)
        story.takes(at, stage.officer(slug), "reply", slip(stage, slug, matters.get(slug.replace("-", "_"))))


def present(stage: Stage, *slugs: str) -> tuple[Attended, ...]:
    """Who was there."""
    return tuple(
        Attended(agency=stage.agency(slug), presence=Presence.PRESENT, persons=stage.head(slug).name)
        for slug in slugs
    )


def item(stage: Stage, slug: str, deadline: int, matter: str, progress: str, measure: str) -> Resolution:
    """What was resolved for one agency."""
    return Resolution(
        agency=stage.agency(slug), deadline=stage.on(deadline), matter=matter, progress=progress, measure=measure
    )


def resolved(stage: Stage, meeting: str, slug: str) -> Find:
    """Find the resolved item of an agency."""

    async def act() -> str:
        return await number_of(
            "SELECT i.number FROM record_link l JOIN record i ON i.id = l.source JOIN record m ON m.id = l.target"
            " JOIN party p ON p.record = i.id AND p.part = 'attending_agency'"
            " WHERE m.number = $1 AND i.kind = 'resolved_item' AND p.agency = $2",
            stage.numbers[meeting],
            stage.agency(slug),
        )

    return act


def minuted(story: Story, host: str, day: int, draft: Draft, bound: tuple[str, ...], issue: Issue) -> None:
    """The minutes go out, are consented to and issued."""
    stage = story.stage
    story.takes((day + 1, "09:50"), stage.officer(host), "draft_minutes", draft)
    for n, slug in enumerate(bound):
        story.takes((day + 2, f"1{n}:10"), stage.head(slug), "consent", form(Assent))
    story.takes((day + 3, "15:00"), stage.head(host), "issue", issue)


def road_check(stage: Stage) -> None:
    """Minutes issued and filed; one item is done, one open, one late."""
    host = "cq-em"
    plan = convocation(
        stage,
        host,
        ROAD,
        -14,
        "09:30",
        subject="危险化学品道路运输联合检查调度",
        tasks=(MeetingTask.ARRANGE, MeetingTask.RESPONSIBILITY, MeetingTask.FORCES),
        agenda=(
            AgendaItem(topic="通报检查点位和首轮检查安排", speaker="市应急管理局"),
            AgendaItem(topic="研究罐体查验和停用指令的衔接", speaker="市市场监督管理局"),
            AgendaItem(topic="明确夜间警力和消防值守", speaker="市公安局"),
        ),
        preparation="请各单位准备本单位检查力量、装备清单和需要协调的问题，书面材料带五份。",
        other="请着制式服装参会。",
    )
    story = stage.story("mt.road", "meeting").opens((-21, "10:00"), stage.officer(host), plan, "je.road")
    story.takes((-20, "09:40"), stage.head(host), "send_notice", form(Sending))
    answered(story, -18, *ROAD, cq_amr="建议会上明确停用指令文书样式。")
    held = form(
        Record,
        chair=f"{stage.leader(host).name}（市应急管理局副局长）",
        own_persons=f"{stage.head(host).name}、{stage.officer(host).name}",
        attended=present(stage, *ROAD),
    )
    story.takes((-14, "11:20"), stage.officer(host), "hold", held)
    draft = form(
        Draft,
        summary="会议听取了首轮检查安排的汇报，研究了罐体查验、停用指令和夜间警力三个问题。会议认为，前期准备充分，"
        "但车辆清单提供时间偏晚、果园港方向力量不足。会议明确由市应急管理局每周汇总通报一次检查情况。",
        items=(
            item(
                stage,
                "cq-transport",
                -7,
                "提供巴南物流基地危货车辆清单和动态监控账号",
                "每周一更新",
                "调取企业平台数据",
            ),
            item(
                stage,
                "cq-amr",
                -3,
                "统一移动式压力容器停用指令文书样式",
                "完成后一个工作日内书面告知",
                "制定文书样式并培训检查人员",
            ),
            item(
                stage, "cq-psb", 8, "果园港方向增派两组夜查警力", "每两周通报一次出警情况", "由交巡警总队统一调派"
            ),
        ),
    )
    issue = Issue(signed_by=stage.leader(host).name, filed_with=FilingOffice.LEGAL)
    minuted(story, host, -14, draft, ("cq-transport", "cq-amr", "cq-psb"), issue)
    road_items(stage)


def road_items(stage: Stage) -> None:
    """What became of the three items."""
    lists = stage.story("ri.lists", "resolved_item").found(
        (-11, "15:05"), resolved(stage, "mt.road", "cq-transport")
    )
    done = Report(result="车辆清单二百一十六台、动态监控账号十一个已提供，并建立每周一更新机制。")
    lists.takes((-8, "14:30"), stage.officer("cq-transport"), "report_done", done)
    lists.takes((-6, "09:45"), stage.head("cq-em"), "accept")
    stage.story("ri.form", "resolved_item").found((-11, "15:05"), resolved(stage, "mt.road", "cq-amr"))
    force = stage.story("ri.force", "resolved_item").found((-11, "15:05"), resolved(stage, "mt.road", "cq-psb"))
    on = Progress(text="已增派一组警力，第二组待年底安保任务结束后到位。")
    force.takes((-5, "16:20"), stage.officer("cq-psb"), "report_progress", on)


def night_market(stage: Stage) -> None:
    """Closed: everything that was resolved is done."""
    host = "cq-amr"
    plan = convocation(
        stage,
        host,
        NIGHT,
        -50,
        "14:30",
        subject="夜市食品安全联合执法推进",
        tasks=(MeetingTask.BRIEF, MeetingTask.UNIFY),
        agenda=(
            AgendaItem(topic="通报前三周巡查情况", speaker="市市场监督管理局"),
            AgendaItem(topic="研究摊位备案与占道许可的衔接", speaker="市城市管理局"),
        ),
        preparation="请带本单位巡查台账和问题清单。",
    )
    story = stage.story("mt.night", "meeting").opens((-58, "10:30"), stage.officer(host), plan, "je.night")
    story.takes((-57, "09:20"), stage.head(host), "send_notice", form(Sending))
    answered(story, -54, *NIGHT)
    held = form(
        Record,
        chair=f"{stage.leader(host).name}（市市场监督管理局副局长）",
        own_persons=f"{stage.head(host).name}、{stage.officer(host).name}",
        attended=present(stage, *NIGHT),
    )
    story.takes((-50, "16:10"), stage.officer(host), "hold", held)
    draft = form(
        Draft,
        summary="会议通报了前三周巡查情况，研究了摊位备案与占道许可信息互通、夜间餐厨垃圾收运两个问题，"
        "一致同意将占道许可信息作为备案前置核对内容。",
        items=(
            item(
                stage,
                "cq-urban",
                -40,
                "每周提供夜市占道许可摊位名单",
                "每周五下班前",
                "名单推送至江北区市场监管局",
            ),
            item(stage, "d-500105", -38, "对北仓夜市未备案摊位逐一补办备案", "完成后报告结果", "现场集中受理备案"),
        ),
    )
    issue = Issue(signed_by=stage.leader(host).name, filed_with=FilingOffice.GOVERNMENT)
    minuted(story, host, -50, draft, ("cq-urban", "d-500105"), issue)
    for nick, slug, result in (
        ("ri.permits", "cq-urban", "已按周提供占道许可名单，共计一百八十二个摊位。"),
        ("ri.filing", "d-500105", "北仓夜市未备案的六十九个摊位全部补办备案，张贴公示牌。"),
    ):
        duty = stage.story(nick, "resolved_item").found((-47, "15:05"), resolved(stage, "mt.night", slug))
        duty.takes((-41, "10:30"), stage.officer(slug), "report_done", Report(result=result))
        duty.takes((-39, "11:10"), stage.head(host), "accept")


def winter_smoke(stage: Stage) -> None:
    """The notice is out; two of four have replied."""
    host, guests = "cq-ecoenv", ("cq-transport", "cq-psb", "cq-housing", "cq-urban")
    plan = convocation(
        stage,
        host,
        guests,
        5,
        "09:00",
        subject="冬季黑烟车与施工扬尘联合整治调度",
        tasks=(MeetingTask.BRIEF, MeetingTask.MEASURES),
        agenda=(
            AgendaItem(topic="通报集中执法阶段任务完成情况", speaker="市生态环境局"),
            AgendaItem(topic="研究逾期任务的补救措施", speaker="市交通运输综合行政执法总队"),
        ),
        preparation="请准备任务完成情况书面材料，未按期报告的单位说明原因。",
    )
    story = stage.story("mt.smoke", "meeting").opens((-4, "10:20"), stage.officer(host), plan, "je.smoke")
    story.takes((-3, "09:30"), stage.head(host), "send_notice", form(Sending))
    answered(story, -2, "cq-psb", "cq-housing")


def leaking_tank(stage: Stage) -> None:
    """Urgent and so irregular: called yesterday for tomorrow."""
    host, guests = "cq-em", ("cq-psb", "cq-fire", "cq-customs")
    why = "果园港液氨罐箱泄漏处置后需立即统一善后和溯源措施。"
    plan = convocation(
        stage,
        host,
        guests,
        1,
        "15:00",
        urgent_reason=why,
        subject="果园港液氨罐箱泄漏善后协调",
        scope=ScopeGround.EMERGENCY,
        type=MeetingType.COORDINATION,
        role=ConveningRole.REQUESTING,
        tasks=(MeetingTask.MEASURES, MeetingTask.RESPONSIBILITY),
        agenda=(
            AgendaItem(topic="通报现场处置和监测情况", speaker="市应急管理局"),
            AgendaItem(topic="研究罐箱来源追查和货物处置", speaker="重庆海关"),
        ),
        preparation="请带现场处置记录、罐箱申报资料。",
    )
    story = stage.story("mt.leak", "meeting").opens((-1, "10:40"), stage.officer(host), plan, "as.gas")
    story.takes((-1, "11:15"), stage.head(host), "send_notice", form(Sending, urgent_reason=why))
    at = stage.at((-1, "14:10"))
    story.takes(at, stage.officer("cq-fire"), "reply", slip(stage, "cq-fire"))
    story.takes(at + timedelta(minutes=25), stage.officer("cq-psb"), "reply", slip(stage, "cq-psb"))


def occupied_street(stage: Stage) -> None:
    """Cancelled after its notice."""
    host, guests = "cq-urban", ("cq-psb", "d-500103", "cq-culture")
    plan = convocation(
        stage,
        host,
        guests,
        2,
        "10:00",
        subject="解放碑步行街占道经营联合整治",
        type=MeetingType.COORDINATION,
        role=ConveningRole.REQUESTING,
        tasks=(MeetingTask.ARRANGE,),
        agenda=(AgendaItem(topic="研究元旦前占道经营整治安排", speaker="市城市管理局"),),
        preparation="请准备本单位力量安排。",
    )
    story = stage.story("mt.street", "meeting").opens((-7, "15:10"), stage.officer(host), plan)
    story.takes((-6, "09:30"), stage.head(host), "send_notice", form(Sending))
    answered(story, -4, "d-500103")
    off = Cancellation(reason="市政府同日召开城市运行调度会，参会人员冲突，另行择期召开。")
    story.takes((-2, "10:50"), stage.head(host), "cancel", off)


def year_ahead(stage: Stage) -> None:
    """In preparation by the legal office."""
    host, guests = "cq-legal", ("cq-em", "cq-amr", "cq-ecoenv", "cq-transport", "cq-urban", "d-500103")
    plan = convocation(
        stage,
        host,
        guests,
        13,
        "14:30",
        subject="年度行政执法联动工作总结暨争议协调",
        type=MeetingType.COORDINATION,
        role=ConveningRole.REQUESTING,
        place="市司法局二楼多功能厅",
        tasks=(MeetingTask.DISPUTES, MeetingTask.EXCHANGE),
        agenda=(
            AgendaItem(topic="通报年度协助、移送和争议协调情况", speaker="市司法局"),
            AgendaItem(topic="交流联合执法经验", speaker="市应急管理局"),
            AgendaItem(topic="讨论渣土运输执法边界", speaker="市城市管理局"),
        ),
        preparation="请各单位报送年度执法联动数据和典型案例一篇。",
    )
    stage.story("mt.year", "meeting").opens((-1, "16:20"), stage.officer(host), plan)
