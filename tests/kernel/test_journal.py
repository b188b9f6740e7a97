"""The one pathway for change: guarded, once, in one transaction with everything that belongs to it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.ledger_story import ERRAND, act, ask
from tests.people import Cast, make_cast

from shared_resources.kernel import journal, records
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Repeated, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def lines(record: UUID) -> list[dict[str, Any]]:
    async with reading() as connection:
        rows = await connection.fetch("SELECT * FROM journal_line WHERE chain = $1 ORDER BY seq", record)
    return [dict(row) for row in rows]


async def value(statement: str, *values: Any) -> Any:
    async with reading() as connection:
        return await connection.fetchval(statement, *values)


async def test_act_moves_the_state_and_writes_what_happened(cast: Cast) -> None:
    asked = await ask(cast)
    moved = await act("agree", asked.id, cast.owner.head, note="可以", data={"count": 3}, act_id="a-1")
    assert (moved.before, moved.state, moved.version) == ("asked", "agreed", 1)
    first, second = await lines(asked.id)
    said = json.loads(second["body"])
    assert second["prev"] == first["hash"]
    assert (said["before"], said["after"], said["act"], said["basis"]) == ("asked", "agreed", "a-1", "X-2")
    assert said["data"] == {"count": 3}
    assert second["note"] == "可以"
    assert "可以" not in second["body"].decode()
    assert await value("SELECT state FROM record WHERE id = $1", asked.id) == "agreed"


async def test_parts_are_told_but_not_who_did_it(cast: Cast) -> None:
    asked = await ask(cast)
    await act("agree", asked.id, cast.owner.head)
    told = await value("SELECT array_agg(person) FROM notice WHERE record = $1", asked.id)
    assert set(told) == {cast.borrower.officer.person, cast.borrower.second_officer.person}
    assert await value("SELECT count(*) FROM outbox WHERE topic = 'mail'") == 2
    assert await value("SELECT DISTINCT link FROM notice") == f"/errands/{asked.number}"


async def test_same_act_twice_is_done_once(cast: Cast) -> None:
    asked = await ask(cast, act_id="open")
    await act("remark", asked.id, cast.owner.head, act_id="a-1")
    for again in (
        act("remark", asked.id, cast.owner.head, act_id="a-1"),
        act("agree", asked.id, cast.owner.head, act_id="a-1"),
        ask(cast, act_id="open"),
    ):
        with pytest.raises(Repeated):
            await again
    assert len(await lines(asked.id)) == 2
    assert await value("SELECT count(*) FROM record") == 1
    assert await value("SELECT state FROM record") == "asked"


async def test_two_acts_at_once_and_one_wins(cast: Cast) -> None:
    asked = await ask(cast)
    answers = await asyncio.gather(
        *(act("agree", asked.id, cast.owner.head) for _ in range(4)),
        *(act("refuse", asked.id, cast.owner.custodian, note="不行") for _ in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, journal.Moved) for answer in answers) == 1
    assert sum(isinstance(answer, WrongState) for answer in answers) == 7
    assert len(await lines(asked.id)) == 2


async def test_same_act_at_once_from_many_tabs_is_done_once(cast: Cast) -> None:
    asked = await ask(cast)
    answers = await asyncio.gather(
        *(act("remark", asked.id, cast.owner.head, act_id="a-1") for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(answer, Repeated) for answer in answers) == 5
    assert len(await lines(asked.id)) == 2


async def test_many_acts_at_once_make_one_chain(cast: Cast) -> None:
    asked = await ask(cast)
    await asyncio.gather(*(act("remark", asked.id, cast.owner.head, data={"n": n}) for n in range(12)))
    found = await lines(asked.id)
    assert [line["seq"] for line in found] == list(range(1, 14))
    assert await value("SELECT version FROM record") == 12


async def test_what_is_not_allowed_is_refused_before_the_state_is_told(cast: Cast) -> None:
    asked = await ask(cast)
    with pytest.raises(NotAllowed):
        await act("agree", asked.id, cast.borrower.officer)
    with pytest.raises(NotFound):
        await act("agree", asked.id, cast.third.head)
    with pytest.raises(NotFound):
        await act("agree", new_id(), cast.owner.head)
    with pytest.raises(NotFound):
        await act("lapse", asked.id, cast.owner.head)
    with pytest.raises(WrongState):
        await act("finish", asked.id, cast.borrower.officer)
    assert len(await lines(asked.id)) == 1


async def test_clock_may_do_what_people_may_not(cast: Cast) -> None:
    asked = await ask(cast)
    moved = await act("lapse", asked.id, SYSTEM_ACTOR)
    assert moved.state == "done"
    assert (await lines(asked.id))[-1]["actor"] is None


@pytest.mark.parametrize("note", [None, "", "  "])
async def test_refusal_needs_a_reason(cast: Cast, note: str | None) -> None:
    asked = await ask(cast)
    with pytest.raises(Invalid) as caught:
        await act("refuse", asked.id, cast.owner.head, note=note)
    assert caught.value.field == "note"


async def test_act_on_an_old_version_is_refused(cast: Cast) -> None:
    asked = await ask(cast)
    await act("remark", asked.id, cast.owner.head, version=0)
    with pytest.raises(WrongState) as caught:
        await act("agree", asked.id, cast.owner.head, version=0)
    assert caught.value.code == "stale"


async def test_failure_after_the_act_leaves_nothing(cast: Cast) -> None:
    asked = await ask(cast)

    @verb
    async def half() -> None:
        await journal.act(ERRAND, "agree", asked.id, cast.owner.head)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    assert len(await lines(asked.id)) == 1
    assert await value("SELECT count(*) FROM notice") == 0
    assert await value("SELECT count(*) FROM outbox") == 0
    assert await value("SELECT state FROM deadline") == "running"


async def test_note_line_leaves_the_state(cast: Cast) -> None:
    asked = await ask(cast)

    @verb
    async def label() -> journal.Moved:
        return await journal.note_line(ERRAND, "label", asked.id, cast.owner.custodian, Permission.LABEL_PRINT)

    moved = await label()
    assert (moved.state, moved.version) == ("asked", 0)
    assert (await lines(asked.id))[-1]["step"] == "label"


async def test_record_is_found_by_those_whose_business_it_is(cast: Cast) -> None:
    asked = await ask(cast)
    for actor in (cast.owner.head, cast.borrower.officer, cast.owner.auditor):
        found = await records.find(asked.number, ERRAND, actor, Permission.LOAN_SEE)
        assert (found.id, found.parties) == (asked.id, asked.parties)
    for number in (asked.number, "E2026-99999"):
        with pytest.raises(NotFound):
            await records.find(number, ERRAND, cast.third.head, Permission.LOAN_SEE)


async def test_numbers_rise_and_name_the_year(cast: Cast) -> None:
    opened = await asyncio.gather(*(ask(cast) for _ in range(5)))
    numbers = sorted(moved.number for moved in opened)
    assert len(set(numbers)) == 5
    assert all(number.startswith("E20") for number in numbers)
