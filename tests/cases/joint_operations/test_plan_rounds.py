"""The comment round, the eight elements, the liaisons: what a plan needs before it is issued (JE-3, 4, 11)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest

from shared_resources.cases.joint_operations.rules.plan import (
    ELEMENTS,
    active_liaisons,
    comments,
    liaisons,
    silent,
)
from shared_resources.cases.joint_operations.schemas import operation as words
from shared_resources.kernel import clock
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.errors import Refusal
from tests.cases.joint_operations.operating import (
    MORNING,
    Operating,
    due_of,
    make_operating,
    one,
    state_of,
    traces,
)

AFTER_WINDOW = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
"""Five working days after Tuesday the 24th end with Tuesday the 1st."""
PARTS = {name: label for _, fields in ELEMENTS for name, label in fields}


async def registered(operating: Operating) -> None:
    """A new operation, registered."""
    await operating.open()
    await operating.take("register")


@pytest.mark.parametrize("part", PARTS)
async def test_with_any_element_empty_the_plan_is_not_issued(db: str, part: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        empty = () if part in ("duties", "stages") else "  "
        await operating.take("draft", entries=operating.plan(**{part: empty}))
        await operating.take("circulate")
        for team in operating.cooperating:
            await operating.take("comment", by=team.officer)
            answer = words.CommentAnswer(agency=team.agency, adoption=words.Adoption.ADOPTED)
            await operating.take("answer", entries=answer)
        await operating.take("close_comments")
        await operating.name_liaisons()
        before = await traces(operating.number)
        with pytest.raises(Refusal) as refused:
            await operating.take("issue")
        assert str(refused.value) == f"The plan cannot be issued yet. Missing: {PARTS[part]}."
        assert await traces(operating.number) == before


def test_there_are_eight_elements() -> None:
    assert len(ELEMENTS) == 8


async def test_everything_missing_is_said_in_one_sentence(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take(
            "draft", entries=operating.plan(goal="", funds="", duties=operating.plan().duties[:2])
        )
        await operating.take("circulate")
        await operating.take("comment")
    with clock.at(AFTER_WINDOW):
        await operating.take("close_comments")
        with pytest.raises(Refusal) as refused:
            await operating.take("issue")
    assert str(refused.value) == (
        "The plan cannot be issued yet. Missing: Goal; Safeguards: funds; a duty for 市公安局;"
        " the general liaison of 市应急管理局; the daily liaison of 市市场监督管理局;"
        " the daily liaison of 市公安局; an answer to the comment of 市市场监督管理局."
    )


async def test_each_agency_comments_once_a_round(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take("draft", "circulate", "comment")
        with pytest.raises(Refusal, match="has commented in this round"):
            await operating.take("comment")
        await operating.take("revise")
        with pytest.raises(Refusal, match="Comments wait for an answer: 市市场监督管理局"):
            await operating.take("circulate")
        await operating.take("answer", "circulate", "comment")
        facts = await facts_of(operating.id)
    assert [comment.round for comment in comments(facts)] == [1, 2]
    assert [comment.is_answered for comment in comments(facts)] == [True, False]


async def test_two_agencies_comment_at_once(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take("draft", "circulate")
        await asyncio.gather(*(operating.take("comment", by=team.officer) for team in operating.cooperating))
        facts = await facts_of(operating.id)
    assert len(comments(facts)) == 2
    assert silent(facts) == ()
    assert await one("SELECT count(*) FROM deadline WHERE term = 'comment' AND state = 'met'") == 2


async def test_the_same_agency_comments_twice_at_once_and_is_heard_once(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take("draft", "circulate")
        team = operating.cast.borrower
        tries = (operating.take("comment", by=actor) for actor in (team.officer, team.clerk, team.head))
        results = await asyncio.gather(*tries, return_exceptions=True)
        facts = await facts_of(operating.id)
    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert len(comments(facts)) == 1


async def test_the_round_waits_for_its_window_and_silence_is_no_consent(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take("draft", "circulate", "comment", "answer")
        with pytest.raises(Refusal, match="Comments may still come in until"):
            await operating.take("close_comments")
    with clock.at(AFTER_WINDOW):
        await operating.take("close_comments")
        await operating.name_liaisons()
        await operating.take("issue")
        facts = await facts_of(operating.id)
    assert silent(facts) == (operating.second.agency,)
    line = await one("SELECT body FROM journal_line WHERE step = 'close_comments'")
    assert str(operating.second.agency) in bytes(line).decode()
    letter = await one("SELECT draft::text FROM document WHERE kind = 'operation_plan'")
    assert "未收到意见（不视为同意）" in letter


async def test_a_named_window_takes_the_place_of_five_working_days(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.take("draft")
        with pytest.raises(Refusal) as refused:
            await operating.take("circulate", entries=words.Circulation(until=date(2026, 11, 24)))
        assert (refused.value.status, refused.value.field) == (422, "until")
        await operating.take("circulate", entries=words.Circulation(until=date(2026, 12, 8)))
    due = await due_of(operating.number, "comment")
    assert (due["due_on"], due["statutory"]) == (date(2026, 12, 8), False)


async def test_what_is_not_adopted_is_answered_with_the_reason(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        with pytest.raises(ValueError, match="answered with the reason"):
            words.CommentAnswer(agency=operating.cast.borrower.agency, adoption=words.Adoption.NOT_ADOPTED)
        await registered(operating)
        await operating.take("draft", "circulate", "comment")
        other = words.CommentAnswer(agency=operating.second.agency, adoption=words.Adoption.ADOPTED)
        with pytest.raises(Refusal, match="No comment of this agency"):
            await operating.take("answer", entries=other)


async def test_a_successor_ends_the_post_of_the_one_before(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        await operating.name_liaisons()
        new = operating.appointment(words.PostKind.GENERAL, name="钱七", rank=words.Rank.OTHER, position="科长")
        await operating.take("appoint_liaison", entries=new)
        facts = await facts_of(operating.id)
    held = {(one.agency, one.post): one.name for one in active_liaisons(facts)}
    assert len(held) == 3
    assert held[operating.lead.agency, words.PostKind.GENERAL] == "钱七"
    general = [one for one in liaisons(facts) if one.post is words.PostKind.GENERAL]
    assert [(one.name, one.ended_on) for one in general] == [("赵六", date(2026, 11, 24)), ("钱七", None)]
    assert general[0].warning == ""
    assert "JE-12" in general[1].warning


async def test_an_agency_appoints_only_its_own(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        daily = operating.appointment(words.PostKind.DAILY)
        for actor, status in (
            (operating.cast.borrower.officer, 403),
            (operating.offices.legal.head, 403),
            (operating.cast.third.head, 404),
        ):
            with pytest.raises(Refusal) as refused:
                await operating.take("appoint_liaison", by=actor, entries=daily)
            assert refused.value.status == status
        await operating.take("appoint_liaison", by=operating.second.head, entries=daily)
        facts = await facts_of(operating.id)
    assert [one.agency for one in liaisons(facts)] == [operating.second.agency]


async def test_duties_go_only_to_agencies_of_the_operation(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await registered(operating)
        duty = operating.plan().duties[0].model_copy(update={"agency": operating.cast.third.agency})
        with pytest.raises(Refusal) as refused:
            await operating.take("draft", entries=operating.plan(duties=(duty,)))
        assert (refused.value.code, refused.value.field) == ("not_taking_part", "duties.0.agency")
    assert await state_of(operating.number) == "initiated"
