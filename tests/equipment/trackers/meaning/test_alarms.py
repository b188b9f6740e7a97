"""Alarms: one open of a kind, one of a word; told to keepers, settled by people, or over by themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.trackers.queries.alarms import alarm_list, alarm_page
from shared_resources.equipment.trackers.rules.procedures import ALARM_KINDS
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter
from shared_resources.equipment.trackers.service.alarms import (
    SENTENCES,
    clear_alarm,
    raise_alarm,
    settle_alarm,
    take_alarm,
)
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Repeated, WrongState
from tests.equipment.racing import outcomes
from tests.equipment.trackers.meaning.home import HOME, Lent, lent, one
from tests.makers import said_to
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from datetime import datetime


LATER = HOME + timedelta(minutes=5)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def alarm(
    cast: Cast, it: Lent, kind: str = "outside_area", at: datetime = HOME, key: int = 1, **more: Any
) -> bool:
    """The tracker on the first item says so."""
    home = it.homes[0]
    asked: dict[str, Any] = {
        "owner": home.owner,
        "borrower": cast.borrower.agency,
        "tracker": home.tracker,
        "item": home.item,
        "loan": home.loan,
        "title_name": {"zh": "检测仪", "en": "Detector", "code": "7Q2M-K4VD"},
        "data": {"latitude": 29.5, "minutes": 12},
    }
    with clock.at(at):
        async with transaction():
            return await raise_alarm(**{**asked, **more}, kind=kind, seen_at=at, msg_key=key)


async def alarms() -> list[Any]:
    """All of them with their records, the oldest first."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT a.*, r.number, r.state, r.title FROM alarm a JOIN record r ON r.id = a.id ORDER BY a.id"
            )
        )


async def steps_of(number: str) -> list[tuple[str, str]]:
    """Acts on an alarm with their clauses."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT j.step, convert_from(j.body, 'UTF8')::json->>'basis' AS basis FROM journal_line j"
            " JOIN record r ON r.id = j.chain WHERE r.number = $1 ORDER BY j.seq",
            number,
        )
    return [(row["step"], row["basis"]) for row in rows]


async def test_raised_once_told_once(cast: Cast) -> None:
    """Two at once, the same word again, another word while it is open: one alarm, one notice, one term."""
    it = await lent(cast)
    assert sorted(await asyncio.gather(*(alarm(cast, it) for _ in range(4)))) == [False, False, False, True]
    assert await alarm(cast, it, at=LATER, key=2) is False
    assert await alarm(cast, it, "tamper", at=LATER, key=2) is True
    first, second = await alarms()
    assert (first["kind"], first["state"], first["title"]) == ("outside_area", "open", "检测仪 7Q2M-K4VD")
    assert second["kind"] == "tamper"
    assert len(await said_to(cast.owner.custodian, "outside the allowed area")) == 1
    assert await said_to(cast.borrower.officer, "outside the allowed area") == []
    due = await one("SELECT state, owed_by FROM deadline WHERE record = $1", first["id"])
    assert (due["state"], due["owed_by"]) == ("running", cast.owner.agency)
    assert set(SENTENCES) == set(ALARM_KINDS)


async def test_looked_into_and_settled_by_people(cast: Cast) -> None:
    """By the owner's deciders; the borrower's leaders read it, without coordinates, and change nothing."""
    it = await lent(cast)
    await alarm(cast, it)
    ((number),) = [row["number"] for row in await alarms()]
    with clock.at(LATER):
        page = await alarm_page(cast.borrower.head, number)
        assert page.facts == {"minutes": 12}
        for actor, refusal in (
            (cast.borrower.head, NotAllowed),
            (cast.owner.officer, NotAllowed),
            (cast.third.head, NotFound),
        ):
            with pytest.raises(refusal):
                await take_alarm(actor, number)
            with pytest.raises(refusal):
                await settle_alarm(actor, number, "误报")
        with pytest.raises(NotFound):
            await take_alarm(cast.owner.head, "W2026-99999")
        await take_alarm(cast.owner.custodian, number, act_id="act-1")
        with pytest.raises(Repeated):
            await take_alarm(cast.owner.custodian, number, act_id="act-1")
        with pytest.raises(WrongState):
            await take_alarm(cast.owner.custodian, number)
        await take_alarm(cast.owner.head, number)
        with pytest.raises(Invalid):
            await settle_alarm(cast.owner.head, number, " ")
        await settle_alarm(cast.owner.custodian, number, "借用方绕行，已核实。")
        with pytest.raises(WrongState):
            await settle_alarm(cast.owner.custodian, number, "再次")
        assert (await alarm_list(cast.owner.head, AlarmFilter())).alarms == ()
    (row,) = await alarms()
    assert (row["state"], row["settled_at"], row["taken_by"]) == ("settled", LATER, cast.owner.head.person)
    assert await steps_of(number) == [
        ("raise", "VI-1a"),
        ("take", "VI-1a"),
        ("take", "VI-1a"),
        ("settle", "VI-1a"),
    ]
    assert len(await said_to(cast.borrower.head, "is settled")) == 1
    due = await one("SELECT state FROM deadline WHERE record = $1", row["id"])
    assert due["state"] == "met"


async def test_settled_it_may_come_again_but_not_by_the_same_word(cast: Cast) -> None:
    it = await lent(cast)
    await alarm(cast, it)
    (row,) = await alarms()
    with clock.at(LATER):
        await settle_alarm(cast.owner.custodian, row["number"], "已核实")
    assert await alarm(cast, it) is False
    assert await alarm(cast, it, at=LATER, key=2) is True


async def test_over_by_itself_once(cast: Cast) -> None:
    """Cleared while somebody settles it: one of the two, and no error."""
    it = await lent(cast)
    await alarm(cast, it)
    (row,) = await alarms()

    async def clear() -> bool:
        async with transaction():
            return await clear_alarm(row["id"])

    with clock.at(LATER):
        settled = outcomes([settle_alarm(cast.owner.custodian, row["number"], "已核实")])
        cleared, again, seen = await asyncio.gather(clear(), clear(), settled)
    assert cleared + again + seen["done"] == 1
    (row,) = await alarms()
    assert row["state"] in ("cleared", "settled")
    assert row["settled_at"] == LATER
    assert await clear() is False


async def test_a_tracker_on_a_shelf_has_no_borrower(cast: Cast) -> None:
    """Only the owner is a party."""
    it = await lent(cast)
    assert await alarm(cast, it, "silent", loan=None, borrower=None) is True
    (row,) = await alarms()
    with clock.at(LATER), pytest.raises(NotFound):
        await alarm_page(cast.borrower.head, row["number"])
