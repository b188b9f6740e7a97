"""Alarms and check-ins as both sides read them; no read grows its number of statements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.trackers.queries.alarms import alarm_list, alarm_page
from shared_resources.equipment.trackers.queries.checkins import checkins, checkins_of_loan
from shared_resources.equipment.trackers.queries.devices import device_list, device_page
from shared_resources.equipment.trackers.queries.health import health, quarantine_list
from shared_resources.equipment.trackers.queries.live import last_seen_of_loan
from shared_resources.equipment.trackers.queries.looks import looks, track_access
from shared_resources.equipment.trackers.queries.models import model_list
from shared_resources.equipment.trackers.queries.sources import source_list
from shared_resources.equipment.trackers.rules.procedures import ALARM
from shared_resources.equipment.trackers.schemas.devices import DeviceFilter
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import NotAllowed, NotFound
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Relation
from shared_resources.kernel.records import open_record
from tests.equipment.trackers.register.devices import said, tracked_loan
from tests.makers import END, HOUR, START, lines_of
from tests.people import make_cast
from tests.statements import counted

if TYPE_CHECKING:
    from tests.equipment.trackers.register.devices import Tracked
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")
NOON = START + HOUR


async def an_alarm(cast: Cast, made: Tracked) -> str:
    """One about a loan, as ``service.alarms`` opens it; its number."""
    parties = {Relation.OWNER: cast.owner.agency, Relation.BORROWER: cast.borrower.agency}
    (line,) = await lines_of(made.loan.number)
    with clock.at(NOON):
        async with transaction() as db:
            moved = await open_record(ALARM, SYSTEM_ACTOR, parties, "定位器 离开范围")
            await db.execute(
                "INSERT INTO alarm (id, owner, tracker, item, loan, kind, seen_at, msg_key, raised_at, data)"
                " VALUES ($1, $2, $3, $4, $5, 'outside_area', $6, 1, $6, $7)",
                *(moved.id, cast.owner.agency, made.tracker, line["item"], made.loan.id, NOON),
                json.dumps({"latitude": 29.5, "metres": 900}),
            )
    return moved.number


async def test_alarms_are_read_by_the_owner_and_the_borrowers_leaders() -> None:
    """Without coordinates; strangers meet an unknown number."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    number = await an_alarm(cast, made)
    for reader, side in ((cast.owner.officer, "owner"), (cast.borrower.head, "borrower")):
        (line,) = (await alarm_list(reader, AlarmFilter(loan=made.loan.number))).alarms
        page = await alarm_page(reader, number)
        assert (line.number, page.side, page.facts) == (number, side, {"metres": 900})
    assert (await alarm_list(cast.borrower.officer, AlarmFilter())).alarms == ()
    assert (await alarm_list(cast.third.head, AlarmFilter(open_only=False))).alarms == ()
    with pytest.raises(NotAllowed):
        await alarm_page(cast.borrower.officer, number)
    for unknown in (number, "W2026-99999"):
        with pytest.raises(NotFound):
            await alarm_page(cast.third.head, unknown)


async def a_checkin(cast: Cast, made: Tracked, state: str) -> None:
    """The loan's line came home at ``END``."""
    (line,) = await lines_of(made.loan.number)
    async with transaction() as db:
        await db.execute(
            "INSERT INTO checkin (id, owner, loan, line, item, tracker, how, state, seen_at, msg_key, made_at,"
            " confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, 'door', $7, $8, 1, $8, $9)",
            *(new_id(), cast.owner.agency, made.loan.id, line["id"], line["item"], made.tracker, state, END),
            END if state == "confirmed" else None,
        )


async def test_check_ins_wait_for_the_keeper() -> None:
    """Both sides read those of their loan; undo is offered for ten minutes."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await a_checkin(cast, made, "confirmed")
    with clock.at(END):
        (mine,) = await checkins(cast.owner.custodian)
        (theirs,) = await checkins_of_loan(cast.borrower.officer, made.loan.number)
    assert (mine.may_decide, mine.may_undo, mine.may_take_in) == (False, True, True)
    assert (theirs.may_decide, theirs.may_undo, theirs.may_take_in) == (False, True, False)
    with clock.at(END + HOUR):
        (late,) = await checkins_of_loan(cast.borrower.officer, made.loan.number)
        assert (late.may_undo, late.undo_until) == (False, None)
    with pytest.raises(NotAllowed):
        await checkins(cast.owner.officer)
    with pytest.raises(NotFound):
        await checkins_of_loan(cast.third.custodian, made.loan.number)


async def test_no_read_grows_with_what_it_reads() -> None:
    """At most four statements each, besides those that open and close a transaction.

    The page of an alarm asks the calendar as well, for the days that are left of its term.
    """
    cast = await make_cast()
    made = await tracked_loan(cast)
    for hours in (1, 2):
        await said(made.tracker, START + hours * HOUR, cell=hours)
    number = await an_alarm(cast, made)
    await a_checkin(cast, made, "proposed")
    keeper, loan = cast.owner.custodian, made.loan.number
    reads: dict[str, Any] = {
        "map": lambda: map_items(keeper),
        "track": lambda: track_of_loan(keeper, loan),
        "last seen": lambda: last_seen_of_loan(keeper, loan),
        "looks": lambda: looks(keeper, loan),
        "access": lambda: track_access(keeper, loan),
        "devices": lambda: device_list(keeper, DeviceFilter()),
        "device": lambda: device_page(keeper, made.number),
        "health": lambda: health(keeper),
        "quarantine": lambda: quarantine_list(keeper),
        "alarms": lambda: alarm_list(keeper, AlarmFilter()),
        "alarm": lambda: alarm_page(keeper, number),
        "check-ins": lambda: checkins(keeper),
        "of a loan": lambda: checkins_of_loan(keeper, loan),
        "sources": lambda: source_list(keeper),
        "models": lambda: model_list(keeper),
    }
    numbers = {}
    with clock.at(END):
        for name, read in reads.items():
            async with counted() as statements:
                await read()
            numbers[name] = len([one for one in statements if one not in ("BEGIN", "COMMIT")])
    assert numbers.pop("alarm") <= 7
    assert {name: number for name, number in numbers.items() if number > 4} == {}
