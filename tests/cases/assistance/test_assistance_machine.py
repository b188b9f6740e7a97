"""Machine 4 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

import asyncio

import pytest

from shared_resources.cases.assistance.rules import ASSISTANCE
from shared_resources.kernel import clock, holds
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.casework.queries import CaseFilter, case_list, case_page
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotFound, Refusal
from shared_resources.kernel.fulltext import search_records
from shared_resources.kernel.permissions import MATRIX, Relation
from shared_resources.kernel.procedure import Step
from tests.cases.assistance.asking import FAMILY, MORNING, URGENT, make_asking, one, request, state_of, traces

PATHS = {
    "draft": (),
    "oral_open": ("oral_request",),
    "sent": ("issue",),
    "received": ("issue", "receive"),
    "supplementing": ("issue", "receive", "ask_supplement"),
    "agreed": ("issue", "receive", "agree"),
    "assisting": ("issue", "receive", "agree", "start"),
    "reported": ("issue", "receive", "agree_in_part", "start", "report"),
    "done": ("issue", "receive", "agree", "start", "log", "report", "confirm"),
    "refused": ("issue", "receive", "ask_supplement", "supplement", "refuse"),
    "disputed": ("issue", "receive", "refuse", "dispute"),
    "closed": ("issue", "receive", "agree", "start", "report", "confirm", "close"),
    "withdrawn": ("issue", "withdraw"),
}


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == ASSISTANCE.states.keys()


def unseen(state: str, step: Step) -> bool:
    """Whether whoever would take ``step`` does not know of the record yet: drafts are the asking side's own."""
    return state == "draft" and step.permission is not None and Relation.REQUESTING not in MATRIX[step.permission]


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take(*PATHS[state])
        assert await state_of(asking.number) == state
        before = await traces(asking.number)
        fits = {step.name for step in ASSISTANCE.steps_from(state)}
        for step in {step.name: step for step in ASSISTANCE.steps}.values():
            if step.name in fits:
                continue
            with pytest.raises(Refusal) as refused:
                await asking.take(step.name)
            assert refused.value.status == (404 if unseen(state, step) else 409), step.name
            assert await traces(asking.number) == before, step.name


@pytest.mark.parametrize(
    ("path", "state"),
    [
        (("oral_request", "backfill_letter"), "sent"),
        (("oral_request", "amend", "backfill_letter", "receive"), "received"),
        (("oral_request", "act_at_once", "amend", "file_letter", "file_reply", "report", "confirm"), "done"),
        (("oral_request", "act_at_once", "file_reply", "report", "file_letter", "confirm", "close"), "closed"),
        (("issue", "act_at_once", "file_reply", "extend", "log", "report"), "reported"),
        (("issue", "receive", "act_at_once"), "assisting"),
        (("issue", "receive", "refuse", "accept_refusal"), "closed"),
    ],
)
async def test_urgent_and_oral_lanes(db: str, path: tuple[str, ...], state: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open(**URGENT)
        await asking.take(*path)
        assert await state_of(asking.number) == state


async def test_a_draft_is_the_asking_sides_own_until_the_letter_is_out(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        asked = asking.cast.borrower
        await asking.open()
        with pytest.raises(NotFound):
            await case_page(asked.head, FAMILY, asking.number)
        assert not (await case_list(asked.head, FAMILY, CaseFilter())).lines
        assert not (await search_records(asked.head, asking.number)).hits
        await asking.take("withdraw")
        told = "SELECT count(*) FROM notice n JOIN appointment a ON a.person = n.person WHERE a.agency = $1"
        assert await one(told, asked.agency) == 0
        await asking.open()
        await asking.take("issue")
        assert (await case_page(asked.head, FAMILY, asking.number)).facts.state == "sent"
        assert [line.number for line in (await case_list(asked.head, FAMILY, CaseFilter())).lines] == [
            asking.number
        ]
        with pytest.raises(Invalid) as refused:
            await open_case(asked.officer, FAMILY, request(asked.agency))
        assert (refused.value.code, refused.value.field) == ("own_agency", "assisting")


async def test_every_open_state_before_the_last_can_be_withdrawn(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        for state, path in PATHS.items():
            if ASSISTANCE.states[state].final or state in ("done", "disputed"):
                continue
            await asking.open()
            await asking.take(*path, "withdraw")
            assert await state_of(asking.number) == "withdrawn"
            assert not await one(
                "SELECT count(*) FROM deadline d JOIN record r ON r.id = d.record"
                " WHERE r.number = $1 AND d.state IN ('running', 'paused')",
                asking.number,
            )


async def test_agree_and_refuse_at_once_one_wins(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive")
        results = await asyncio.gather(asking.take("agree"), asking.take("refuse"), return_exceptions=True)
    lost = [result for result in results if isinstance(result, Refusal)]
    assert len(lost) == 1
    assert lost[0].status == 409
    answers = "SELECT count(*) FROM document WHERE kind IN ('assistance_reply', 'assistance_refusal')"
    assert await one(answers) == 1


async def test_a_held_request_is_neither_answered_nor_closed(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        moved = await asking.open()
        other = await asking.open()
        asking.number = moved.number
        await asking.take("issue", "receive")
        async with transaction():
            await holds.hold(moved.id, other.id)
        for step in ("agree", "agree_in_part", "refuse", "withdraw"):
            with pytest.raises(Refusal) as refused:
                await asking.take(step)
            assert refused.value.code == "held"
        async with transaction():
            await holds.release(other.id)
        await asking.take("agree")
    assert await state_of(asking.number) == "agreed"
