"""The plans of the three operations: eight elements each, as the lead wrote them (JE-4)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.schemas.plan import DutyRow, PlanDraft, StageRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.demo.cases.stage import Stage

DISCIPLINE = "严格执行双人执法、亮证执法，不得重复检查、随意检查，不得接受被检查单位宴请。"
FUNDS = "所需经费由各单位从本部门执法经费中列支。"


def duties(stage: Stage, words: Mapping[str, str]) -> tuple[DutyRow, ...]:
    """Who does what."""
    return tuple(DutyRow(agency=stage.agency(slug), duty=text) for slug, text in words.items())


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


def smoke_plan(stage: Stage, feast: date) -> PlanDraft:
    """Three stages around National Day."""

    def day(offset: int) -> date:
        return stage.working(feast + timedelta(days=offset))

    words = {
        "cq-ecoenv": "牵头组织，负责遥感监测、尾气检测和工地扬尘监测取证。",
        "cq-transport": "负责货运企业和货车检查，督促维修治理。",
        "cq-psb": "负责路面拦检和闯限行处罚。",
        "cq-housing": "负责房屋建筑工地扬尘防治措施检查。",
        "cq-urban": "负责渣土车带泥上路和道路扬尘查处。",
    }
    return PlanDraft(
        legal_basis="《大气污染防治法》《重庆市大气污染防治条例》，市政府令第197号第三条。",
        goal="查处冒黑烟柴油货车三百台次，主城区在建工地扬尘措施达标率达到百分之九十五。",
        scope="主城各区高速公路入口、货运通道和在建工地。",
        specific_field="机动车尾气污染、施工扬尘污染。",
        duties=duties(stage, words),
        stages=(
            StageRow(stage="摸底排查", day=day(-12)),
            StageRow(stage="集中执法", day=day(40)),
            StageRow(stage="巩固提升和总结", day=day(85)),
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


def night_plan(stage: Stage) -> PlanDraft:
    """The plan of the closed operation."""
    words = {
        "cq-amr": "牵头组织，负责食品经营许可、食品抽检和违法行为查处。",
        "cq-psb": "维护现场秩序，查处阻碍执法和涉嫌犯罪行为。",
        "cq-urban": "负责占道经营和餐厨垃圾收运检查。",
        "cq-agri": "负责畜禽产品检疫标志和农产品质量查验。",
        "cq-health": "负责餐饮具集中消毒单位检查。",
        "d-500105": "负责江北区夜市摊位日常监管和整改复查。",
    }
    return PlanDraft(
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
