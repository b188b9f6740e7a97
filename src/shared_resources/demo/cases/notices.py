"""Situation notices that the plans ask for: the clock opened them; here they are written, sent and read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.notices.schemas import Acknowledgement, Approval, Situation
from shared_resources.demo.cases.operations import NIGHT, SMOKE, national_day
from shared_resources.demo.cases.stage import number_of

if TYPE_CHECKING:
    from datetime import date

    from shared_resources.demo.cases.stage import Find, Stage, Story

FIGURES = (7, 5, 62, 48, 14, 11, 6, 42000, 1)


def tell_notices(stage: Stage) -> None:
    """Of each operation: who wrote in time, who did not."""
    closed(stage)
    smoke(stage)
    road(stage)


def notice_of(stage: Stage, operation: str, slug: str) -> Find:
    """The first notice that an agency owes under an operation."""

    async def act() -> str:
        return await number_of(
            "SELECT n.number FROM notice_period p JOIN record n ON n.id = p.notice"
            " JOIN record o ON o.id = p.operation WHERE o.number = $1 AND p.agency = $2"
            " ORDER BY p.first_day LIMIT 1",
            stage.numbers[operation],
            stage.agency(slug),
        )

    return act


def situation(
    progress: str, factor: int = 1, difficulties: str = "无", next_steps: str = "按方案继续推进。"
) -> Situation:
    """What form 11 asks for; ``factor`` keeps the figures of two agencies apart."""
    tasks, done, sites, people, vehicles, problems, cases, fines, transfers = FIGURES
    return Situation(
        tasks=tasks,
        tasks_done=done,
        progress=progress,
        sites=sites + 9 * factor,
        people=people + 4 * factor,
        vehicles=vehicles + factor,
        problems=problems + 2 * factor,
        cases=cases + factor % 4,
        fines=fines + 3500 * factor,
        transfers=transfers + factor % 2,
        equipment="执法记录仪、执法车辆" if factor % 2 else "无",
        difficulties=difficulties,
        next_steps=next_steps,
    )


def written(stage: Stage, nick: str, operation: str, slug: str, day: date, text: Situation) -> Story:
    """Drafted and signed on a day."""
    story = stage.story(nick, "situation_notice").found((day, "09:05"), notice_of(stage, operation, slug))
    story.takes((day, "10:10"), stage.officer(slug), "draft", text)
    return story.takes((day, "15:20"), stage.head(slug), "sign", Approval(remark="同意，按时发出。"))


def sent(stage: Stage, nick: str, operation: str, slug: str, day: date, text: Situation) -> Story:
    """Written and sent."""
    story = written(stage, nick, operation, slug, day, text)
    return story.takes((day, "16:30"), stage.officer(slug), "send")


def read(story: Story, day: date, *slugs: str) -> Story:
    """Acknowledged by these agencies."""
    for n, slug in enumerate(slugs):
        at = story.stage.at((day, "09:40")) + timedelta(minutes=31 * n)
        story.takes(at, story.stage.officer(slug), "acknowledge", Acknowledgement(remark="收悉。"))
    return story


def road(stage: Stage) -> None:
    """The period ended a few days ago: two acknowledged, one sent, one signed, one drafted, one due."""
    em = situation(
        "开展联合夜查五次，完成任务五项，正在办理的两项按期推进。", 2, "外地牌照车辆监控数据接入不及时。"
    )
    day, following = stage.on(-1), stage.on(-1)
    sent(stage, "sn.road.em", "je.road", "cq-em", day, em)
    psb = situation("完成通行证核查，路面拦截危货车辆九十一台次。", 3)
    first = sent(stage, "sn.road.psb", "je.road", "cq-psb", day, psb)
    first.takes(
        (following, "17:05"), stage.officer("cq-em"), "acknowledge", Acknowledgement(remark="已阅，纳入汇总。")
    )
    amr = situation("核对罐车七十九台，超期六台全部停用。", 1)
    second = sent(stage, "sn.road.amr", "je.road", "cq-amr", day, amr)
    second.takes((following, "17:12"), stage.officer("cq-em"), "acknowledge", Acknowledgement(remark="收悉。"))
    eco = situation("联单抽查进行中，已核对一百二十份。", 4)
    written(stage, "sn.road.eco", "je.road", "cq-ecoenv", day, eco)
    fire = situation("果园港检查点值守四次，本周因扑救火灾暂停。", 5, "泡沫消防车在修。")
    story = stage.story("sn.road.fire", "situation_notice")
    story.found((day, "09:05"), notice_of(stage, "je.road", "cq-fire"))
    story.takes((day, "11:15"), stage.officer("cq-fire"), "draft", fire)


def smoke(stage: Stage) -> None:
    """In autumn: three in time, one missed and sent late, one missed for good."""
    feast = national_day(stage)
    day = stage.working(feast + timedelta(days=30))
    late = stage.working(feast + timedelta(days=37))
    if late > stage.on(-2):
        return
    last = stage.at((late, "17:30")).date()
    eco = situation("遥感监测柴油货车一万二千台次，移交超标车辆二百一十四台。", 6, "部分企业维修进度慢。")
    read(sent(stage, "sn.smoke.eco", "je.smoke", "cq-ecoenv", day, eco), stage.working(last), *SMOKE)
    psb = situation("拦检货车六百四十台，处罚闯限行八十七台次。", 7)
    read(sent(stage, "sn.smoke.psb", "je.smoke", "cq-psb", day, psb), stage.working(last), "cq-ecoenv")
    housing = situation("检查工地一百零四个，整改复查全部合格。", 8)
    read(sent(stage, "sn.smoke.housing", "je.smoke", "cq-housing", day, housing), stage.working(last), "cq-ecoenv")
    urban = situation(
        "查处带泥上路渣土车五十三台次，消纳场检查两处。", 9, "夜间人员不足。", "补齐其余消纳场检查。"
    )
    sent(stage, "sn.smoke.urban", "je.smoke", "cq-urban", stage.on(-2), urban)


def closed(stage: Stage) -> None:
    """Of the closed operation: all read."""
    lead = "cq-amr"
    day = stage.working(stage.on(-62) + timedelta(days=47))
    reading = stage.working(day + timedelta(days=3))
    words = {
        lead: "联合巡查九次，检查摊位二百四十个，抽检样品三百一十批次。",
        "cq-psb": "出动警力一百六十二人次，处置阻碍执法行为三起。",
        "cq-urban": "清理占道摊位一百一十处，推送许可名单六期。",
        "cq-agri": "查验畜禽产品摊位七十一个，立案两件。",
        "cq-health": "检查餐饮具集中消毒单位八家，责令整改两家。",
        "d-500105": "核对摊位一百四十八个，补办备案六十九件。",
    }
    for n, (slug, text) in enumerate(words.items()):
        story = sent(stage, f"sn.night.{slug}", "je.night", slug, day, situation(text, n + 1))
        read(story, reading, *(NIGHT if slug == lead else (lead,)))
