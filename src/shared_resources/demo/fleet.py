"""The demo's trackers as data: what each is, on which thing it is, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.demo.equipment import DEPOTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODELS: Sequence[Mapping[str, Any]] = (
    {"name": "自研 4G 定位器", "payload": "native"},
    {"name": "OwnTracks 手机", "payload": "owntracks", "silent_minutes": 120},
    {"name": "BLE 标签", "payload": "ble", "silent_minutes": 1440, "lost_hours": 168},
)
"""Models of tracker; what is not said stays as the draft has it."""


@dataclass(frozen=True)
class Door:
    """A reader of tags at a depot, by its place in ``DEPOTS``."""

    key: str
    name: str
    depot: int
    return_door: bool


DOORS: Sequence[Door] = (
    Door("demo-em-door", "江北嘴应急装备库归还口", 0, return_door=True),
    Door("demo-amr-reader", "观音桥快检装备库读写器", 4, return_door=False),
)


@dataclass(frozen=True)
class Fitted:
    """One tracker. ``borrower`` and ``state`` name the loan its thing is on (``state`` empty: it is at home).

    ``habit``: drives, strays (out of its area), silent, tampered, returns (stands at its depot again), door (a tag
    read at a door), over (its loan is closed), home, tag (at home, read now and then), unheard, retired.
    """

    key: str
    name: str
    profile: str
    owner: str
    category: str
    borrower: str
    state: str
    habit: str
    place: tuple[float, float] | None = None
    radius: float = 0
    battery: int = 80
    nth: int = 0
    door: str | None = None


CHANGSHOU, G65, GUANYINQIAO, LOGISTICS = (DEPOTS[n][4:] for n in (1, 3, 4, 10))
TANKS, FOOD_STREET, PORT_ROAD = (29.8080, 107.0420), (29.5850, 106.5450), (29.6160, 106.7200)
"""Places that are nobody's depot: what drives about there does not seem to come home."""

FLEET: Sequence[Fitted] = (
    Fitted("demo-em-01", "定位器 01", "native", "cq-em", "gas_detector", "cq-amr", "out", "drives", G65, 2500, 86),
    Fitted("demo-em-02", "标签 02", "ble", "cq-em", "gas_detector", "cq-amr", "out", "door", nth=1,
           door="demo-em-door"),
    Fitted("demo-em-03", "定位器 03", "native", "cq-em", "thermal_imager", "cq-ecoenv", "out", "strays",
           TANKS, 1500, 71),
    Fitted("demo-em-04", "手机 04", "owntracks", "cq-em", "handheld", "cq-fire", "out", "drives", LOGISTICS,
           3500, 64),
    Fitted("demo-em-05", "定位器 05", "native", "cq-em", "handheld", "cq-fire", "out", "drives", LOGISTICS,
           3000, 12, nth=1),
    Fitted("demo-em-06", "定位器 06", "native", "cq-em", "handheld", "cq-fire", "out", "silent", LOGISTICS,
           2500, 58, nth=2),
    Fitted("demo-em-07", "定位器 07", "native", "cq-em", "gas_detector", "cq-amr", "overdue", "drives", G65,
           4000, 47),
    Fitted("demo-em-08", "定位器 08", "native", "cq-em", "gas_detector", "cq-mine", "out", "returns", TANKS,
           2500, 92),
    Fitted("demo-em-09", "定位器 09", "native", "cq-em", "site_camera", "cq-ecoenv", "overdue", "tampered",
           TANKS, 2000, 66),
    Fitted("demo-psb-01", "定位器 01", "native", "cq-psb", "body_camera", "cq-amr", "out", "drives", GUANYINQIAO,
           2000, 77),
    Fitted("demo-amr-01", "定位器 01", "native", "cq-amr", "food_test", "cq-psb", "closed", "over", FOOD_STREET,
           1500, 81),
    Fitted("demo-amr-02", "标签 02", "ble", "cq-amr", "food_test", "cq-health", "out", "door",
           door="demo-amr-reader"),
    Fitted("demo-em-10", "定位器 10", "native", "cq-em", "drone", "", "", "home", battery=98),
    Fitted("demo-em-11", "标签 11", "ble", "cq-em", "drone", "", "", "tag", nth=1, battery=90,
           door="demo-em-door"),
    Fitted("demo-em-12", "定位器 12", "native", "cq-em", "satellite_phone", "", "", "unheard"),
    Fitted("demo-em-13", "定位器 13", "native", "cq-em", "satellite_phone", "", "", "retired", nth=1),
)  # fmt: skip
"""Things that are out, two of them too long; at home; one tracker never heard of, one out of use."""

AREAS: Mapping[str, tuple[str, tuple[float, float], int]] = {
    "demo-em-01": ("G65 收费站", G65, 6000),
    "demo-em-03": ("长寿化工园", CHANGSHOU, 6000),
}
"""Where the things of a loan may be, by a tracker that is on it: name, centre, metres."""
ASTRAY = PORT_ROAD
"""Where the one that strays drives about."""
