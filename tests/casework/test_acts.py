"""The verbs of every family: one act, one line, its form kept, its letter issued, all or nothing."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import holds
from shared_resources.kernel.casework.acts import open_case, safety_act, take_step
from shared_resources.kernel.casework.queries import CaseFilter, case_list, case_page
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Repeated, WrongState
from tests.casework.errand import FAMILY, Answer, Stop, Wish
from tests.people import make_cast

if TYPE_CHECKING:
    from shared_resources.kernel.journal import Moved
    from tests.people import Cast

SHORT = Answer(text="同意办理。")


async def ask(cast: Cast, **changes: Any) -> Moved:
    given = {
        "matter": "取回样品",
        "helper": cast.borrower.agency,
        "stops": (Stop(place="观音桥", count=2),),
        **changes,
    }
    return await open_case(cast.owner.officer, FAMILY, Wish(**{**given, **changes}))


async def count(table: str) -> int:
    async with reading() as db:
        return int(await db.fetchval(f"SELECT count(*) FROM {table}"))


async def test_opening_files_the_form_and_starts_the_clock(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    facts = await facts_of(moved.id)
    assert facts.last("ask")["stops"] == [{"place": "观音桥", "count": 2}]
    page = await case_page(cast.borrower.head, FAMILY, moved.number)
    assert [due.term for due in page.dues] == ["reply"]
    async with reading() as db_:
        body = json.loads(await db_.fetchval("SELECT body FROM journal_line WHERE chain = $1", moved.id))
        kept = await db_.fetchval("SELECT encode(sha256, 'hex') FROM filing WHERE record = $1", moved.id)
    assert body["data"]["filing"] == kept


async def test_a_step_with_a_letter_issues_it_and_tells(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT)
    facts = await facts_of(moved.id)
    assert [letter.number for letter in facts.letters] == ["渝borrower函〔2026〕1号"]
    page = await case_page(cast.owner.officer, FAMILY, moved.number)
    assert [act.step for act in page.journal] == ["issue_letter", "answer", "ask"]
    assert page.dues[0].state == "met"
    assert await count("notice") > 0


async def test_what_blocks_is_on_the_button_and_in_the_verb(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    page = await case_page(cast.borrower.officer, FAMILY, moved.number)
    finish = next(choice for choice in page.choices if choice.step.name == "finish")
    assert str(finish.reason) == "Answer first."
    with pytest.raises(WrongState, match=r"Answer first\."):
        await take_step(cast.borrower.officer, FAMILY, moved.number, "finish")
    await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT)
    assert (await take_step(cast.borrower.officer, FAMILY, moved.number, "finish")).state == "done"


async def test_refused_acts_leave_nothing(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    before = [await count(table) for table in ("journal_line", "filing", "document", "notice", "deadline_entry")]
    for actor, step, entries, kind in (
        (cast.third.head, "answer", SHORT, NotFound),
        (cast.owner.head, "answer", SHORT, NotAllowed),
        (cast.borrower.officer, "answer", SHORT, NotAllowed),
        (cast.borrower.head, "answer", None, Invalid),
        (cast.borrower.head, "answer", Answer(text="机密★资料见附件"), Invalid),
        (cast.borrower.head, "no_such_step", None, NotFound),
        (cast.owner.officer, "withdraw", None, Invalid),
    ):
        with pytest.raises(kind):
            await take_step(actor, FAMILY, moved.number, step, entries)
    assert before == [
        await count(table) for table in ("journal_line", "filing", "document", "notice", "deadline_entry")
    ]


async def test_the_same_act_twice_has_one_effect(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT, act_id="once")
    with pytest.raises(Repeated):
        await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT, act_id="once")
    assert await count("document") == 1


async def test_two_who_press_at_once(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT)
    answers = await asyncio.gather(
        take_step(cast.borrower.officer, FAMILY, moved.number, "finish"),
        take_step(cast.owner.officer, FAMILY, moved.number, "withdraw", note="不再需要"),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Moved", "WrongState"]


async def test_a_dispute_blocks_what_competes_but_not_safety(db: str) -> None:
    cast = await make_cast()
    moved, dispute = await ask(cast), await ask(cast, matter="争议")
    await take_step(cast.borrower.head, FAMILY, moved.number, "answer", SHORT)
    async with transaction():
        await holds.hold(moved.id, dispute.id)
    with pytest.raises(WrongState, match=dispute.number):
        await take_step(cast.borrower.officer, FAMILY, moved.number, "finish")
    page = await case_page(cast.borrower.officer, FAMILY, moved.number)
    assert page.held_by == dispute.number
    with pytest.raises(NotAllowed):
        await safety_act(cast.borrower.officer, FAMILY, moved.number, "储罐泄漏，先行封堵")
    await safety_act(cast.borrower.head, FAMILY, moved.number, "储罐泄漏，先行封堵")
    async with transaction():
        await holds.release(dispute.id)
    with pytest.raises(WrongState):
        await safety_act(cast.borrower.head, FAMILY, moved.number, "再次封堵")
    assert (await take_step(cast.borrower.officer, FAMILY, moved.number, "finish")).state == "done"


async def test_lists_show_what_is_ones_own(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    other = await ask(cast, matter="送达文书")
    mine = await case_list(cast.borrower.officer, FAMILY, CaseFilter(), size=1)
    assert [line.number for line in mine.lines] == [other.number]
    rest = await case_list(cast.borrower.officer, FAMILY, CaseFilter(), cursor=mine.next)
    assert [line.number for line in rest.lines] == [moved.number]
    assert rest.next is None
    assert not (await case_list(cast.third.officer, FAMILY, CaseFilter())).lines
    found = await case_list(cast.owner.officer, FAMILY, CaseFilter(q="样品"))
    assert [line.number for line in found.lines] == [moved.number]


async def test_an_agency_does_not_turn_to_itself(db: str) -> None:
    cast = await make_cast()
    with pytest.raises(Invalid, match="itself"):
        await ask(cast, helper=cast.owner.agency)
