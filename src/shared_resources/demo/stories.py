"""Sixty loans as data: who asks whom for what, when, how far it got (SAMPLE-DATA: joint actions, places)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Story:
    """One loan: from ``day`` (days from today, moved to a working day) at ``hour`` for ``hours``.

    ``ends`` names the state it has reached; ``count`` items of ``category`` of ``owner``.
    """

    ends: str
    borrower: str
    owner: str
    category: str
    count: int
    day: int
    hour: int
    hours: int
    purpose: str
    place: str
    evidential: bool = False
    ground: str = "campaign"
    mode: str = "loan"


ROAD, NIGHT, CULTURE, BUILDING, SMOKE, MINE, RIVER = (
    "危险化学品运输车辆联合路检",
    "夜市食品安全联合检查",
    "文化市场联合巡查",
    "违法建筑联合整治",
    "黑烟与扬尘联合执法",
    "煤矿瓦斯联合检查",
    "船舶污染联合检查",
)

STORIES: Sequence[Story] = (
    Story("closed", "cq-amr", "cq-em", "gas_detector", 2, -42, 9, 8, ROAD, "G65 收费站", evidential=True),
    Story("closed", "cq-ecoenv", "cq-em", "thermal_imager", 1, -38, 9, 8, SMOKE, "长寿化工园"),
    Story("closed", "cq-amr", "cq-psb", "body_camera", 3, -35, 10, 6, NIGHT, "观音桥"),
    Story("closed", "cq-culture", "cq-psb", "body_camera", 2, -31, 14, 8, CULTURE, "解放碑"),
    Story("closed", "cq-plan", "cq-em", "drone", 1, -28, 9, 8, BUILDING, "江北嘴"),
    Story("closed", "cq-transport", "cq-ecoenv", "smoke_meter", 1, -24, 9, 8, SMOKE, "G65 收费站", True),
    Story("closed", "cq-urban", "cq-ecoenv", "sound_meter", 1, -21, 14, 3, "夜间施工噪声联合检查", "解放碑", True),
    Story("closed", "cq-msa", "cq-ecoenv", "water_meter", 1, -17, 9, 7, RIVER, "朝天门码头", evidential=True),
    Story("closed", "cq-em", "cq-transport", "axle_scale", 2, -14, 9, 8, ROAD, "巴南重庆公路物流基地", True),
    Story("closed", "cq-psb", "cq-amr", "food_test", 1, -12, 10, 7, NIGHT, "观音桥"),
    Story("returned", "cq-amr", "cq-em", "thickness_gauge", 1, -4, 9, 8, "储罐壁厚联合检查", "长寿化工园", True),
    Story("returned", "cq-urban", "cq-psb", "body_camera", 2, -3, 9, 8, "占道经营联合整治", "解放碑"),
    Story("returned", "cq-customs", "cq-ecoenv", "voc", 1, -3, 9, 8, "口岸危险货物联合检查", "果园港", True),
    Story("returned", "cq-housing", "cq-ecoenv", "sound_meter", 1, -2, 10, 5, "夜间噪声联合检查", "江北嘴", True),
    Story("damaged", "cq-plan", "cq-psb", "drone", 1, -9, 9, 8, BUILDING, "朝天门码头"),
    Story("damaged", "cq-agri", "cq-amr", "xrf", 1, -6, 10, 6, "农资产品联合抽查", "巴南重庆公路物流基地", True),
    Story("lost", "cq-urban", "cq-em", "handheld", 1, -8, 9, 10, "大型活动保障", "解放碑"),
    Story("overdue", "cq-amr", "cq-em", "gas_detector", 1, -7, 9, 56, ROAD, "G65 收费站", evidential=True),
    Story("overdue", "cq-ecoenv", "cq-em", "site_camera", 1, -9, 9, 104, SMOKE, "长寿化工园"),
    Story("overdue", "cq-transport", "cq-psb", "handheld", 2, -6, 9, 50, ROAD, "G65 收费站"),
    Story("overdue", "cq-agri", "cq-amr", "food_test", 1, -4, 9, 31, NIGHT, "观音桥"),
    Story("overdue", "d-500103", "cq-urban", "site_camera", 1, -5, 9, 55, "占道经营联合整治", "解放碑"),
    Story("out", "cq-amr", "cq-em", "gas_detector", 2, -1, 9, 80, ROAD, "G65 收费站", evidential=True),
    Story("out", "cq-ecoenv", "cq-em", "thermal_imager", 1, -1, 9, 56, SMOKE, "长寿化工园"),
    Story("out", "cq-fire", "cq-em", "handheld", 3, -2, 9, 128, "森林防火联合巡查", "巴南重庆公路物流基地"),
    Story("out", "cq-amr", "cq-psb", "body_camera", 3, -1, 9, 60, NIGHT, "观音桥"),
    Story("out", "cq-culture", "cq-psb", "body_camera", 2, -1, 14, 75, CULTURE, "解放碑"),
    Story("out", "cq-transport", "cq-psb", "handheld", 2, -2, 9, 104, ROAD, "G65 收费站"),
    Story("out", "cq-mine", "cq-em", "gas_detector", 1, -1, 9, 104, MINE, "长寿化工园", evidential=True),
    Story("out", "cq-urban", "cq-ecoenv", "sound_meter", 1, -1, 10, 54, "夜间施工噪声联合检查", "解放碑", True),
    Story("out", "cq-msa", "cq-ecoenv", "water_meter", 1, -1, 9, 56, RIVER, "朝天门码头", evidential=True),
    Story("out", "cq-em", "cq-transport", "body_camera", 2, -1, 9, 80, ROAD, "巴南重庆公路物流基地"),
    Story("out", "cq-health", "cq-amr", "food_test", 1, -1, 9, 31, NIGHT, "观音桥"),
    Story("emergency", "cq-fire", "cq-em", "thermal_imager", 1, 0, 0, 12, "化工园区泄漏处置", "长寿化工园",
          ground="emergency"),
    Story("approved", "cq-amr", "cq-em", "gas_detector", 2, 2, 9, 8, ROAD, "G65 收费站", evidential=True),
    Story("approved", "cq-amr", "cq-psb", "body_camera", 4, 3, 14, 8, NIGHT, "观音桥"),
    Story("approved", "cq-ecoenv", "cq-em", "drone", 1, 2, 9, 8, SMOKE, "长寿化工园"),
    Story("approved", "cq-ecoenv", "cq-transport", "smoke_meter", 1, 4, 9, 8, SMOKE, "G65 收费站", True),
    Story("approved", "cq-transport", "cq-em", "site_camera", 1, 5, 9, 32, ROAD, "巴南重庆公路物流基地"),
    Story("approved", "cq-culture", "cq-psb", "body_camera", 2, 6, 14, 7, CULTURE, "解放碑"),
    Story("approved", "cq-plan", "cq-fire", "drone", 1, 6, 9, 8, BUILDING, "江北嘴"),
    Story("approved", "cq-water", "cq-ecoenv", "water_meter", 1, 7, 9, 8, RIVER, "朝天门码头", evidential=True),
    Story("approved", "cq-urban", "cq-ecoenv", "voc", 1, 8, 9, 8, "餐饮油烟联合检查", "观音桥", evidential=True),
    Story("approved", "cq-em", "cq-psb", "handheld", 3, 9, 9, 80, "元旦值守保障", "解放碑"),
    Story("approved", "d-500105", "cq-amr", "xrf", 1, 5, 10, 6, "饰品重金属抽查", "观音桥", evidential=True),
    Story("approved", "cq-psb", "cq-urban", "body_camera", 2, 4, 9, 8, "占道经营联合整治", "解放碑",
          mode="shared_use"),
    Story("conflict", "cq-psb", "cq-ecoenv", "endoscope", 1, 3, 9, 8, "排污口溯源联合检查", "朝天门码头"),
    Story("offered", "cq-housing", "cq-psb", "drone", 2, 7, 9, 8, BUILDING, "江北嘴"),
    Story("requested", "cq-amr", "cq-em", "thermal_imager", 1, 6, 9, 8, "仓储火灾隐患联合检查", "果园港"),
    Story("requested", "cq-ecoenv", "cq-em", "gas_detector", 3, 8, 9, 8, "涉气企业联合检查", "长寿化工园", True),
    Story("requested", "cq-transport", "cq-em", "gas_detector", 2, 9, 9, 8, ROAD, "G65 收费站", evidential=True),
    Story("requested", "cq-mine", "cq-em", "gas_detector", 2, 12, 9, 32, MINE, "长寿化工园", evidential=True),
    Story("requested", "cq-agri", "cq-psb", "drone", 1, 9, 9, 8, "长江禁捕联合巡查", "朝天门码头"),
    Story("requested", "cq-urban", "cq-psb", "body_camera", 3, 10, 9, 8, "占道经营联合整治", "解放碑"),
    Story("requested", "cq-customs", "cq-amr", "xrf", 1, 8, 10, 6, "进口玩具抽查", "果园港", evidential=True),
    Story("requested", "d-500112", "cq-em", "satellite_phone", 1, 11, 9, 80, "山区巡查通信保障", "长寿化工园"),
    Story("refused", "cq-commerce", "cq-em", "drone", 1, 3, 9, 8, "加油站联合检查", "巴南重庆公路物流基地"),
    Story("refused", "cq-tobacco", "cq-psb", "handheld", 4, 4, 9, 8, "无证运输联合检查", "G65 收费站"),
    Story("withdrawn", "cq-drug", "cq-amr", "handheld_camera", 1, 5, 9, 8, "药店联合检查", "解放碑"),
    Story("lapsed", "cq-weather", "cq-em", "handheld", 1, -3, 9, 8, "防雷设施联合检查", "江北嘴"),
)  # fmt: skip
"""60 loans: 5 overdue, 2 damaged, 1 lost, 1 emergency."""
