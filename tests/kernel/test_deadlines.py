"""Deadlines: begun and met by steps, moved with a note, and their ledger always explains the shown date."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.ledger_story import act, ask
from tests.people import Cast, make_cast

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.calendar.reprojection import recount
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id

if TYPE_CHECKING:
    from uuid import UUID

TUESDAY = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def extend(cast: Cast, record: UUID, term: str, until: datetime) -> None:
    await deadlines.extend(record, term, until, cast.owner.head, "同意")


async def terms(record: UUID) -> dict[str, Any]:
    async with reading() as db:
        rows = await db.fetch("SELECT * FROM deadline WHERE record = $1 ORDER BY id", record)
    return {row["term"]: row for row in rows}


async def entries(deadline: UUID) -> list[Any]:
    async with reading() as db:
        return list(await db.fetch("SELECT * FROM deadline_entry WHERE deadline = $1 ORDER BY seq", deadline))


async def test_rule_gives_the_date_and_the_day_counts_to_its_end(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
    reply = (await terms(moved.id))["reply"]
    assert (reply["due_on"], reply["state"], reply["rule"]) == (date(2026, 11, 27), "running", "FWD 3")
    assert reply["due_at"] == datetime(2026, 11, 27, 16, tzinfo=UTC)  # 24:00 in Chongqing
    assert (reply["owed_by"], reply["owed_to"]) == (cast.owner.agency, cast.borrower.agency)


async def test_step_meets_one_term_and_begins_the_next(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        until = TUESDAY + timedelta(days=10)
        await act("agree", moved.id, cast.owner.head, due={"end": until})
    found = await terms(moved.id)
    assert (found["reply"]["state"], found["end"]["state"]) == ("met", "running")
    assert (found["end"]["due_at"], found["end"]["rule"]) == (until, None)
    assert [entry["kind"] for entry in await entries(found["reply"]["id"])] == ["started", "met"]


async def test_term_without_rule_or_instant_does_not_begin(cast: Cast) -> None:
    moved = await ask(cast)
    await act("agree", moved.id, cast.owner.head)
    assert set(await terms(moved.id)) == {"reply"}


async def test_extension_may_be_told_again_and_is_provisional_no_more(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        async with reading() as db:
            await db.execute("UPDATE deadline SET told_at = $1, provisional = true", TUESDAY)
        await extend(cast, moved.id, "reply", TUESDAY + timedelta(days=20))
    reply = (await terms(moved.id))["reply"]
    assert (reply["told_at"], reply["provisional"], reply["due_on"]) == (None, False, date(2026, 12, 14))


async def test_what_is_over_is_not_extended(cast: Cast) -> None:
    moved = await ask(cast)
    await act("refuse", moved.id, cast.owner.head, note="不行")
    before = (await terms(moved.id))["reply"]
    await extend(cast, moved.id, "reply", clock.now() + timedelta(days=20))
    assert (await terms(moved.id))["reply"] == before


@verb
async def rest(day: date) -> None:
    """A day on which, suddenly, nobody works."""
    await connection().execute(
        "INSERT INTO calendar_day (id, date, kind, name, scope, source) VALUES ($1, $2, 'rest_override', '放假',"
        " 'CN', 'admin') ON CONFLICT (scope, date) DO NOTHING",
        new_id(),
        day,
    )


@pytest.mark.parametrize("seed", range(12))
async def test_ledger_replayed_gives_the_shown_date(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    at = TUESDAY
    with clock.at(at):
        moved = await ask(cast)
    for _ in range(chance.randint(1, 8)):
        at += timedelta(hours=chance.randint(1, 30))
        with clock.at(at):
            match chance.choice(["extend", "recount", "recount", "finish"]):
                case "extend":
                    await extend(cast, moved.id, "reply", at + timedelta(days=chance.randint(1, 30)))
                case "recount":
                    await rest(clock.today() + timedelta(days=chance.randint(1, 6)))
                    await recount()
                case "finish" if chance.random() < 0.4:
                    await act("agree", moved.id, cast.owner.head)
                    break
    [reply] = (await terms(moved.id)).values()
    replay(await entries(reply["id"]), reply)


def replay(lines: list[Any], shown: Any) -> None:
    """Read the ledger from its first line: each line begins at the date the one before left; the last is shown."""
    due, state = None, ""
    for number, line in enumerate(lines, 1):
        assert line["seq"] == number
        assert line["before"] == due
        due = line["after"] or due
        state = "met" if line["kind"] == "met" else "running"
    assert (due, state) == (shown["due_on"], shown["state"])
