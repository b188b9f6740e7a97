"""Sources of the demo's agencies: public places, invented cameras."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.video.schemas.sources import Offset, SourceDraft
from shared_resources.video.service.sources import measure_clock, register_source

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.demo.cases.stage import Stage

SOURCES = (
    (
        "north",
        "cq-urban",
        "fixed_camera",
        "观音桥步行街北口 01",
        "江北区观音桥步行街北口",
        30,
        29.5757,
        106.5322,
        12.4,
    ),
    (
        "south",
        "cq-urban",
        "ptz_camera",
        "观音桥步行街南口球机",
        "江北区观音桥步行街南口",
        15,
        29.5725,
        106.5331,
        -3.0,
    ),
    (
        "square",
        "cq-psb",
        "fixed_camera",
        "解放碑步行街 03",
        "渝中区解放碑步行街民族路段",
        45,
        29.5588,
        106.5771,
        0.0,
    ),
    (
        "pier",
        "cq-psb",
        "ptz_camera",
        "朝天门码头 07",
        "渝中区朝天门码头四码头",
        45,
        29.5667,
        106.5874,
        None,
    ),
    (
        "toll",
        "cq-transport",
        "fixed_camera",
        "G65巴南收费站 2道",
        "巴南区G65巴南收费站入口2道",
        30,
        29.3821,
        106.5402,
        47.5,
    ),
    (
        "yard",
        "cq-transport",
        "recorder",
        "公路物流基地录像机 A",
        "巴南区重庆公路物流基地",
        90,
        29.3395,
        106.5987,
        2.1,
    ),
    (
        "stack",
        "cq-ecoenv",
        "ptz_camera",
        "长寿化工园高空瞭望",
        "长寿区经开区化工园东侧",
        60,
        29.8183,
        107.0306,
        0.8,
    ),
    (
        "harbour",
        "cq-em",
        "fixed_camera",
        "果园港危化泊位 02",
        "江北区果园港危化品泊位",
        30,
        29.6389,
        106.6950,
        -8.2,
    ),
    (
        "body",
        "cq-amr",
        "body_camera",
        "稽查总队执法记录仪 17",
        "稽查总队",
        None,
        None,
        None,
        1.5,
    ),
)
"""Nick, agency, kind, name, place, days kept, latitude, longitude, seconds that its clock is ahead."""


async def enter_sources(stage: Stage, at: datetime) -> dict[str, str]:
    """Every source, with its clock measured where somebody did; numbers by nick."""
    numbers = {}
    with clock.at(at):
        for nick, slug, kind, name, place, days, north, east, ahead in SOURCES:
            actor = stage.head(slug)
            draft = SourceDraft.model_validate(
                {
                    "kind": kind,
                    "name": name,
                    "place": place,
                    "store_days": days,
                    "latitude": north,
                    "longitude": east,
                    "contact": stage.officer(slug).name,
                    "phone": stage.crew(slug)[0].phone,
                }
            )
            numbers[nick] = (await register_source(actor, draft)).number
            if ahead is not None:
                await measure_clock(actor, numbers[nick], Offset(seconds=ahead))
    return numbers
