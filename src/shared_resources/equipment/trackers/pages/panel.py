"""What the pages of items and loans show of trackers: last seen in words, what is checked in, alarms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.pages.shown import said
from shared_resources.equipment.trackers.queries.alarms import alarm_list
from shared_resources.equipment.trackers.queries.checkins import checkins_of_loan
from shared_resources.equipment.trackers.queries.live import last_seen_of_items, last_seen_of_loan
from shared_resources.equipment.trackers.queries.looks import track_access
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter
from shared_resources.kernel.permissions import Actor, Permission, Relation, may
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from shared_resources.equipment.trackers.schemas.positions import LastSeen
    from shared_resources.equipment.trackers.schemas.standing import AlarmLine, CheckinView
    from shared_resources.kernel.web.pages import WebRequest

STATES: Mapping[str, tuple[str, str]] = {
    "proposed": (N_("Is it home?"), "waiting"),
    "confirmed": (N_("Checked in, awaiting inspection"), "active"),
    "undone": (N_("Undone"), "neutral"),
    "declined": (N_("It was not there"), "neutral"),
    "received": (N_("Taken in"), "good"),
}
"""Label and tone of the state of a check-in."""
WAITING = ("proposed", "confirmed")


@dataclass(frozen=True)
class Panel:
    """What stands on the card; ``loan`` is empty on the page of an item."""

    seen: list[tuple[LastSeen, dict[str, Any] | None]]
    checkins: tuple[CheckinView, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    loan: str = ""
    may_see: bool = False
    sets_areas: bool = False
    owns: bool = False
    states: Mapping[str, tuple[str, str]] = field(default_factory=lambda: STATES)


async def panel_of_loan(request: WebRequest, actor: Actor, number: str, *, owns: bool) -> Panel | None:
    """Of the items of a loan; None where none bears a tracker. The caller has made sure that it may be seen."""
    found = await last_seen_of_loan(actor, number)
    if not found:
        return None
    access = await track_access(actor, number)
    waiting = tuple(one for one in await checkins_of_loan(actor, number) if one.state in WAITING)
    return Panel(
        seen=_said(request, found),
        checkins=waiting,
        alarms=await _alarms(actor, AlarmFilter(loan=number)),
        loan=number,
        may_see=access.may_see,
        sets_areas=access.may_set_areas,
        owns=owns,
    )


async def panel_of_item(request: WebRequest, actor: Actor, item: UUID) -> Panel | None:
    """Of an item of the reader's own agency; None where it bears no tracker."""
    found = (await last_seen_of_items(actor, [item])).get(item)
    if found is None:
        return None
    alarms = await _alarms(actor, AlarmFilter(tracker=found.tracker_number))
    return Panel(seen=_said(request, [found]), alarms=alarms, owns=True)


def _said(request: WebRequest, found: Iterable[LastSeen]) -> list[tuple[LastSeen, dict[str, Any] | None]]:
    language = reader_of(request).language
    return [(one, said(language, one.seen_at, one.place)) for one in found]


async def _alarms(actor: Actor, wanted: AlarmFilter) -> tuple[AlarmLine, ...]:
    """Open alarms, where the reader may see alarms at all."""
    sides = {Relation.OWNER, Relation.BORROWER}
    return (await alarm_list(actor, wanted)).alarms if may(actor, Permission.ALARM_SEE, sides) is True else ()
