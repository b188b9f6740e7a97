"""The tasks of the three operations: accepted, overdue over National Day, excused, with the government."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.cases.joint_operations.schemas.task import (
    CompletionReport,
    NotMadeOut,
    TaskExcuse,
    TaskOrder,
)
from shared_resources.demo.cases.stage import form
from shared_resources.kernel.schemas.asked import StatutoryGround

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.demo.cases.stage import Stage, Story, When

    Days = Mapping[int, date]


def task(
    stage: Stage, nick: str, pair: tuple[str, str], when: When, about: str, matter: str, details: str, **more: Any
) -> Story:
    """A task that the lead assigns to one agency."""
    lead, agency = pair
    order = TaskOrder(
        agency=stage.agency(agency), matter=matter, details=details, crew=stage.crew(lead, 1), **more
    )
    return stage.story(nick, "task").opens(when, stage.officer(lead), order, about)


def begun(story: Story, agency: str, seen: When, started: When) -> Story:
    """Acknowledged and started."""
    officer = story.stage.officer(agency)
    return story.takes(seen, officer, "acknowledge").takes(started, officer, "start")


def report(result: str, *figures: int, **more: str) -> CompletionReport:
    """A completion report: sites, persons, vehicles, problems, cases, fines, transfers."""
    sites, persons, vehicles, problems, cases, fines, transfers = figures
    return form(
        CompletionReport,
        is_done=True,
        result=result,
        sites=sites,
        persons=persons,
        vehicles=vehicles,
        problems=problems,
        cases=cases,
        fines=fines,
        transfers=transfers,
        equipment=more.get("equipment", "执法记录仪"),
        difficulties=more.get("difficulties", "无"),
        next_steps=more.get("next_steps", "纳入日常巡查。"),
    )


def road_tasks(stage: Stage) -> None:
    """Of the running operation: one in each mood."""
    toll_and_base(stage)
    poison(stage)
    tanks(stage)
    waste_and_standby(stage)


def toll_and_base(stage: Stage) -> None:
    """One that runs, one assigned yesterday."""
    lead, about = "cq-em", "je.road"
    check = task(
        stage,
        "jt.toll",
        (lead, "cq-transport"),
        (-15, "09:40"),
        about,
        "G65巴南收费站危货车辆夜间联合检查",
        "每周二、五21时至24时设卡，检查车辆技术状况、从业资格和运单，对违法车辆引导至停车场处理。",
        deadline=stage.on(6),
        equipment="多气体检测仪一台、轴载秤一套",
    )
    begun(check, "cq-transport", (-15, "14:20"), (-14, "20:50"))
    task(
        stage,
        "jt.base",
        (lead, "cq-transport"),
        (-1, "10:15"),
        about,
        "巴南重庆公路物流基地停车场清查",
        "清查基地内危货车辆停放情况，对混停、超时停放的车辆登记处理。",
        deadline=stage.on(11),
    )


def poison(stage: Stage) -> None:
    """Reported: the lead is to accept or return it."""
    lead, about = "cq-em", "je.road"
    permits = task(
        stage,
        "jt.poison",
        (lead, "cq-psb"),
        (-15, "09:55"),
        about,
        "剧毒化学品道路运输通行证核查",
        "核查本年度签发的剧毒化学品道路运输通行证，重点比对实际行驶路线与核定路线。",
        deadline=stage.on(-2),
    )
    begun(permits, "cq-psb", (-15, "15:30"), (-14, "09:30"))
    found = report(
        "共核查通行证六十四张，抽查行驶轨迹二十一条，发现偏离核定路线三起，均已约谈企业并处罚。",
        64,
        18,
        6,
        3,
        3,
        15000,
        0,
        difficulties="省外车辆轨迹数据调取较慢。",
    )
    permits.takes((-2, "16:50"), stage.officer("cq-psb"), "report", found)


def tanks(stage: Stage) -> None:
    """Accepted."""
    lead, about = "cq-em", "je.road"
    trucks = task(
        stage,
        "jt.tanks",
        (lead, "cq-amr"),
        (-15, "10:10"),
        about,
        "移动式压力容器定期检验专项核查",
        "对物流基地登记的罐车逐台核对使用登记和检验有效期，超期的下达停用指令。",
        deadline=stage.on(-5),
        equipment="超声波测厚仪一台",
    )
    begun(trucks, "cq-amr", (-15, "11:05"), (-13, "09:10"))
    found = report(
        "核对罐车七十九台，超期未检六台，均已停用；其中四台已送检合格。",
        3,
        12,
        4,
        6,
        6,
        60000,
        1,
        equipment="超声波测厚仪一台、执法记录仪四部",
        next_steps="对剩余两台停用车辆跟踪到检验合格。",
    )
    trucks.takes((-6, "15:20"), stage.officer("cq-amr"), "report", found)
    trucks.takes((-4, "10:30"), stage.head(lead), "accept")


def waste_and_standby(stage: Stage) -> None:
    """One acknowledged, one that its agency cannot do."""
    lead, about = "cq-em", "je.road"
    waste = task(
        stage,
        "jt.waste",
        (lead, "cq-ecoenv"),
        (-8, "14:30"),
        about,
        "长寿化工园危险废物转移联单核查",
        "抽查近半年危险废物转移联单，核对运输车辆、路线和接收单位。",
        deadline=stage.on(9),
    )
    waste.takes((-7, "09:20"), stage.officer("cq-ecoenv"), "acknowledge")
    standby = task(
        stage,
        "jt.standby",
        (lead, "cq-fire"),
        (-10, "10:00"),
        about,
        "果园港检查点消防值守",
        "每次夜查在果园港检查点安排泡沫消防车一辆、消防员六名值守。",
        deadline=stage.on(10),
    )
    begun(standby, "cq-fire", (-10, "16:00"), (-9, "20:30"))
    excuse = TaskExcuse(
        ground=StatutoryGround.OWN_EMERGENCY,
        provision="《中华人民共和国消防法》第四十三条",
        facts="辖区连续发生两起仓库火灾，泡沫消防车均投入扑救并转入维修，本周内无法到果园港检查点值守。",
        evidence="出警记录两份、车辆维修单一份",
        remedy="自下周一起恢复值守；本周由港区企业专职消防队代为值守，我单位派指导员一名。",
    )
    standby.takes((-2, "11:40"), stage.head("cq-fire"), "excuse", excuse)


def smoke_tasks(stage: Stage, feast: date) -> None:
    """Of the operation on smoke and dust; one deadline fell on the holiday."""
    days = {offset: stage.working(feast + timedelta(days=offset)) for offset in range(-30, 20)}
    ran_out(stage, days, feast)
    building_sites(stage, days)
    not_made_out(stage, days)


def ran_out(stage: Stage, days: Days, feast: date) -> None:
    """The deadline fell on National Day and no report came: both ways of counting are on the page (JE-8)."""
    lead, about = "cq-ecoenv", "je.smoke"
    trucks = task(
        stage,
        "jt.trucks",
        (lead, "cq-transport"),
        (days[-27], "10:20"),
        about,
        "国三及以下柴油货车入企排查",
        "对三十家重点货运企业的国三及以下柴油货车逐车登记，冒黑烟车辆责令维修后复检。",
        deadline=feast,
        equipment="不透光烟度计一台",
    )
    begun(trucks, "cq-transport", (days[-26], "09:30"), (days[-25], "10:00"))


def building_sites(stage: Stage, days: Days) -> None:
    """Accepted."""
    lead, about = "cq-ecoenv", "je.smoke"
    sites = task(
        stage,
        "jt.sites",
        (lead, "cq-housing"),
        (days[-27], "10:40"),
        about,
        "主城在建工地扬尘防治措施检查",
        "检查围挡、冲洗、覆盖、喷淋等措施，对不达标工地责令停工整改。",
        deadline=days[-12],
    )
    begun(sites, "cq-housing", (days[-27], "15:00"), (days[-26], "09:00"))
    found = report(
        "检查在建工地一百零四个，措施不达标十七个，均已责令整改，复查全部合格。",
        104,
        52,
        13,
        17,
        5,
        86000,
        0,
        equipment="颗粒物快速检测仪两台",
    )
    sites.takes((days[-13], "16:10"), stage.officer("cq-housing"), "report", found)
    sites.takes((days[-11], "11:00"), stage.head(lead), "accept")


def not_made_out(stage: Stage, days: Days) -> None:
    """An explanation that the lead finds not made out: with the government."""
    lead, about = "cq-ecoenv", "je.smoke"
    muck = task(
        stage,
        "jt.muck",
        (lead, "cq-urban"),
        (days[-20], "14:10"),
        about,
        "渣土消纳场夜间作业检查",
        "对五处渣土消纳场开展夜间作业检查，查处未冲洗上路和超时作业。",
        deadline=days[11],
    )
    begun(muck, "cq-urban", (days[-19], "09:15"), (days[-18], "21:00"))
    excuse = TaskExcuse(
        ground=StatutoryGround.OTHER,
        provision="《重庆市市容环境卫生管理条例》第六条",
        facts="消纳场由区县城市管理部门许可和监管，市级执法力量主要用于跨区运输，难以在期限内完成全部夜间检查。",
        evidence="消纳场许可清单",
        remedy="已完成两处，其余三处建议由所在区县城市管理部门继续检查。",
    )
    muck.takes((days[10], "15:30"), stage.head("cq-urban"), "excuse", excuse)
    refused = NotMadeOut(
        finding="方案征求意见时市城市管理局未对该项分工提出异议，且消纳场检查属于市级执法总队职责范围，"
        "人员调配不足不属于法定理由。",
        proposal="建议责成市城市管理局在二十日内完成其余三处消纳场夜间检查并报告结果。",
    )
    muck.takes((days[15], "10:20"), stage.head(lead), "not_made_out", refused)


def night_tasks(stage: Stage) -> None:
    """Of the closed operation: all accepted."""
    lead, about = "cq-amr", "je.night"
    rows = (
        (
            "jt.stalls",
            "d-500105",
            "北仓夜市食品摊位备案和整改复查",
            "逐摊核对食品经营备案和从业人员健康证明，对问题摊位下达整改通知并复查。",
            report(
                "核对摊位一百四十八个，新办备案六十九件，整改复查合格率百分之九十六。", 148, 36, 8, 44, 6, 21000, 1
            ),
        ),
        (
            "jt.order",
            "cq-psb",
            "夜市联合巡查秩序维护",
            "每周五、周六20时至24时派出警力维持现场秩序，处置阻碍执法行为。",
            report(
                "出动警力二百一十六人次，处置阻碍执法行为四起，移送涉嫌犯罪线索一条。", 12, 216, 24, 4, 4, 0, 1
            ),
        ),
        (
            "jt.meat",
            "cq-agri",
            "夜市畜禽产品来源查验",
            "查验畜禽产品检疫证明和肉品品质检验证明，追查无证来源。",
            report("查验摊位八十五个，查获无检疫标志禽肉九十二公斤，立案三件。", 85, 24, 6, 11, 3, 18600, 1),
        ),
    )
    for n, (nick, agency, matter, details, done) in enumerate(rows):
        story = task(
            stage,
            nick,
            (lead, agency),
            (-60, f"1{n}:10"),
            about,
            matter,
            details,
            deadline=stage.on(-25 - n),
        )
        begun(story, agency, (-59, f"1{n}:00"), (-57, "18:30"))
        story.takes((-29, f"1{n}:20"), stage.officer(agency), "report", done)
        story.takes((-26, f"1{n}:40"), stage.head(lead), "accept")
