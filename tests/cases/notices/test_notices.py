"""Situation notices: due by the plan in both directions, signed, sent, acknowledged by each, or missed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from shared_resources.cases.notices.family import FAMILY
from shared_resources.cases.notices.letters import situation_notice
from shared_resources.cases.notices.schemas import NoticeOpening, Situation
from shared_resources.cases.notices.service import open_due_notices, open_notices_of
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.casework.jobs import take_lapsed_steps
from shared_resources.kernel.dues import dues_of
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import LEADING, PAPERS, Relation, Role
from tests.cases.notices.story import SITUATION, act, day, notices, now, operation_in_force, plan_says
from tests.makers import said_to
from tests.people import Team, make_cast, make_offices

BEGUN = datetime(2026, 10, 12, 2, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 2, 2, tzinfo=UTC)


async def a_notice(sender: Team, *receivers: Team, due_on: str | None = None) -> str:
    """The number of a notice opened by hand."""
    entries = NoticeOpening(
        subject="长江段联合执法",
        period_from=day("2026-10-01"),
        period_to=day("2026-10-31"),
        to=tuple(team.agency for team in receivers),
        due_on=day(due_on) if due_on else None,
    )
    return (await open_case(sender.officer, FAMILY, entries)).number


async def sent(sender: Team, *receivers: Team) -> str:
    """The number of a notice that was sent."""
    number = await a_notice(sender, *receivers)
    await act(sender.officer, number, "draft", **SITUATION)
    await act(sender.head, number, "sign")
    await act(sender.clerk, number, "send")
    return number


async def test_the_clock_opens_what_is_due_in_both_directions_once(db: str) -> None:
    cast = await make_cast()
    with clock.at(BEGUN):
        await operation_in_force(cast)
        assert await open_due_notices() == 0
    with clock.at(NOVEMBER):
        assert await open_due_notices() == 3
        assert await open_due_notices() == 0
        found = await notices()
    assert {(row["sender"], row["first"], row["last"]) for row in found} == {
        (slug, "2026-10-12", "2026-10-31") for slug in ("owner", "borrower", "third")
    }
    by_sender = {row["sender"]: await now(row["number"]) for row in found}
    lead, other = by_sender["owner"], by_sender["borrower"]
    assert set(lead.parties.all(Relation.NOTIFIED)) == {cast.borrower.agency, cast.third.agency}
    assert other.parties.all(Relation.NOTIFIED) == (cast.owner.agency,)
    (due,) = await dues_of(lead.id)
    assert (due.term, due.statutory, due.due_on) == ("send", False, day("2026-11-06"))


async def test_the_plan_sets_the_rhythm_and_a_standstill_is_caught_up(db: str) -> None:
    cast = await make_cast()
    with clock.at(BEGUN):
        operation = await operation_in_force(cast)
        await plan_says(db, operation.id, 7)
    with clock.at(NOVEMBER):
        assert await open_due_notices() == 9
    assert {row["first"] for row in await notices()} == {"2026-10-12", "2026-10-19", "2026-10-26"}


async def test_two_processes_open_each_notice_once(db: str) -> None:
    cast = await make_cast()
    with clock.at(BEGUN):
        operation = await operation_in_force(cast)
    with clock.at(NOVEMBER):
        counts = await asyncio.gather(*(open_notices_of(operation.id) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 3]


async def test_a_notice_goes_its_way_and_each_acknowledges(db: str) -> None:
    cast = await make_cast()
    number = await sent(cast.owner, cast.borrower, cast.third)
    facts = await now(number)
    assert facts.state == "sent"
    letter = facts.letter("situation_notice")
    assert letter is not None
    assert "通报〔" in letter.number
    assert any("has come" in said["sentence"] for said in await said_to(cast.borrower.clerk))
    assert [due.term for due in await dues_of(facts.id)].count("acknowledge") == 2
    await act(cast.borrower.officer, number, "acknowledge", remark="已阅")
    assert (await now(number)).state == "sent"
    with pytest.raises(WrongState, match="already"):
        await act(cast.borrower.clerk, number, "acknowledge")
    await act(cast.third.officer, number, "acknowledge")
    assert (await now(number)).state == "acknowledged"
    with pytest.raises(WrongState):
        await act(cast.owner.officer, number, "withdraw", note="too late")


async def test_the_letter_has_every_element_of_form_11(db: str) -> None:
    cast = await make_cast()
    number = await a_notice(cast.owner, cast.borrower)
    await act(cast.owner.officer, number, "draft", **SITUATION)
    assert situation_notice(await now(number), "send", cast.owner.clerk).missing == ("The leader's signature",)
    await act(cast.owner.head, number, "sign")
    draft = situation_notice(await now(number), "send", cast.owner.clerk)
    assert draft.missing == ()
    assert draft.title == "市应急管理局关于长江段联合执法的情况通报"
    assert draft.to == ("市市场监督管理局",)
    words = " ".join(str(block) for block in draft.blocks)
    for said in ("2026年10月1日", "6项", "4项", "31", "125,000", "无人机2架", "夜间取证", "支流河口"):
        assert said in words


def test_the_situation_must_add_up() -> None:
    for wrong in ({"tasks_done": 7}, {"fines": -1}, {"equipment": ""}, {"progress": " "}):
        with pytest.raises(ValueError, match="Situation"):
            Situation.model_validate({**SITUATION, **wrong})
    with pytest.raises(ValueError, match="ends before"):
        NoticeOpening(subject="通报", period_from=day("2026-10-02"), period_to=day("2026-10-01"), to=(new_id(),))


async def test_what_is_not_sent_in_time_is_missed_and_may_still_be_sent(db: str) -> None:
    cast = await make_cast()
    with clock.at(NOVEMBER):
        number = await a_notice(cast.owner, cast.borrower, due_on="2026-11-06")
        await act(cast.owner.officer, number, "draft", **SITUATION)
        assert await take_lapsed_steps() == 0
    with clock.at(datetime(2026, 11, 6, 16, 1, tzinfo=UTC)):
        assert await take_lapsed_steps() == 1
        facts = await now(number)
        assert facts.state == "missed"
        assert any("not sent" in said["sentence"] for said in await said_to(cast.borrower.officer))
        await act(cast.owner.officer, number, "draft", **SITUATION)
        assert await take_lapsed_steps() == 0
        await act(cast.owner.head, number, "sign")
        await act(cast.owner.clerk, number, "send")
    assert (await now(number)).state == "sent"


async def test_a_free_notice_needs_a_way_out_too(db: str) -> None:
    cast = await make_cast()
    number = await a_notice(cast.owner, cast.borrower)
    with pytest.raises(Invalid):
        await act(cast.owner.officer, number, "withdraw")
    await act(cast.owner.officer, number, "withdraw", note="合并到下月")
    assert (await now(number)).state == "withdrawn"
    with pytest.raises(Invalid):
        await a_notice(cast.owner, cast.owner)


@pytest.mark.parametrize(
    ("step", "side", "roles"),
    [
        ("draft", "owner", PAPERS),
        ("sign", "owner", LEADING),
        ("send", "owner", PAPERS),
        ("acknowledge", "borrower", PAPERS),
        ("withdraw", "owner", PAPERS),
    ],
)
async def test_who_may(db: str, step: str, side: str, roles: frozenset[Role]) -> None:
    cast, offices = await make_cast(), await make_offices()
    number = await _before(step, cast.owner, cast.borrower)
    for team in (cast.owner, cast.borrower, cast.third, offices.legal):
        on_it = team is not cast.third
        for role in Role:
            if not (team.slug == side and role in roles):
                actor = Actor(
                    team.officer.person, team.agency, "x", roles=frozenset({role}), office=team.officer.office
                )
                with pytest.raises(NotAllowed if on_it else NotFound):
                    await _take(actor, number, step)
    able = cast.owner if side == "owner" else cast.borrower
    person = able.head if Role.UNIT_HEAD in roles else able.officer
    await _take(person, number, step)


async def _before(step: str, sender: Team, receiver: Team) -> str:
    """A notice in a state from which ``step`` leaves."""
    if step == "acknowledge":
        return await sent(sender, receiver)
    number = await a_notice(sender, receiver)
    if step in ("sign", "send"):
        await act(sender.officer, number, "draft", **SITUATION)
    if step == "send":
        await act(sender.head, number, "sign")
    return number


async def _take(actor: Actor, number: str, step: str) -> None:
    entries: dict[str, Any] = SITUATION if step == "draft" else {}
    await act(actor, number, step, note="原因" if step == "withdraw" else None, **entries)
