"""Two agencies, one party, the same days: found at once on both sides, joined or kept apart with a reason."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_resources.cases.inspections.queries import others_planning, party, planned_for
from shared_resources.cases.inspections.rules import overlaps
from shared_resources.cases.inspections.schemas import InspectionOpening
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import LEADING, PAPERS, Role
from tests.cases.inspections.story import act, make_party, now, plan, state_of
from tests.makers import said_to
from tests.people import Cast, make_cast, make_offices

DAY = date(2026, 12, 1)
REASON = "两家检查事项不同且时间无法衔接"


def day(number: int) -> date:
    return DAY + timedelta(days=number)


async def both(cast: Cast) -> tuple[Moved, Moved, str]:
    """Overlapping plans of owner and borrower, and the party."""
    number = await make_party(cast.owner.officer)
    first = await plan(cast.owner.officer, number, day(0), day(5))
    second = await plan(cast.borrower.officer, number, day(5), day(9))
    return first, second, number


windows = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(lambda pair: (day(pair[0]), day(sum(pair))))


@given(windows, windows)
def test_overlap_is_a_shared_day(one: tuple[date, date], other: tuple[date, date]) -> None:
    def days(window: tuple[date, date]) -> set[date]:
        return {window[0] + timedelta(days=n) for n in range((window[1] - window[0]).days + 1)}

    assert overlaps(*one, *other) == bool(days(one) & days(other))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), windows), min_size=2, max_size=6))
async def test_the_house_finds_what_a_loop_over_all_pairs_finds(db: str, drawn: list[Any]) -> None:
    cast = await _cast_once()
    teams = (cast.owner, cast.borrower, cast.third)
    numbers = [await make_party(cast.owner.officer) for _ in range(2)]
    made = [
        (team, target, window, await plan(teams[team].officer, numbers[target], *window))
        for team, target, window in drawn
    ]
    for team, target, window, moved in made:
        rivals = [
            other for other, aim, days, _ in made if other != team and aim == target and overlaps(*window, *days)
        ]
        assert await state_of(moved) == ("overlap" if rivals else "planned")


_CASTS: list[Cast] = []


async def _cast_once() -> Cast:
    """One cast for all examples of a property: they share a database."""
    if not _CASTS:
        _CASTS.append(await make_cast())
    return _CASTS[0]


async def test_both_sides_learn_name_and_window_and_no_more(db: str) -> None:
    cast = await make_cast()
    first, second, number = await both(cast)
    for moved, agency, window in ((first, cast.borrower.agency, (5, 9)), (second, cast.owner.agency, (0, 5))):
        facts = await now(moved)
        assert facts.state == "overlap"
        assert facts.last("find_overlap")["others"] == [
            {"agency": str(agency), "first": day(window[0]).isoformat(), "last": day(window[1]).isoformat()}
        ]
    assert any("overlaps" in said["sentence"] for said in await said_to(cast.owner.officer))
    view = await party(cast.third.officer, number)
    warned = await others_planning(cast.third.officer, view.id, day(4), day(5))
    assert {(found.agency, found.number) for found in warned} == {
        (cast.owner.agency, None),
        (cast.borrower.agency, None),
    }
    own = await planned_for(cast.owner.officer, view.id)
    assert [found.number for found in own] == [None, first.number]
    with pytest.raises(NotFound):
        await act(cast.owner.officer, second, "withdraw", note="Not ours")


async def test_the_same_agency_and_other_days_are_no_overlap(db: str) -> None:
    cast = await make_cast()
    number = await make_party(cast.owner.officer)
    made = [
        await plan(cast.owner.officer, number, day(0), day(5)),
        await plan(cast.owner.second_officer, number, day(3), day(4)),
        await plan(cast.borrower.officer, number, day(6), day(7)),
    ]
    assert [await state_of(moved) for moved in made] == ["planned"] * 3


async def test_two_agencies_at_the_same_moment_both_see_the_overlap(db: str) -> None:
    cast = await make_cast()
    for _ in range(4):
        number = await make_party(cast.owner.officer)
        made = await asyncio.gather(
            plan(cast.owner.officer, number, day(0), day(3)),
            plan(cast.borrower.officer, number, day(2), day(4)),
            plan(cast.third.officer, number, day(3), day(3)),
        )
        assert [await state_of(moved) for moved in made] == ["overlap"] * 3


async def test_a_joint_inspection_is_proposed_accepted_and_done(db: str) -> None:
    cast = await make_cast()
    first, second, _ = await both(cast)
    window = {"first": day(5), "last": day(6), "proposal": "我方查储存，贵方查标签"}
    with pytest.raises(Invalid) as refused:
        await act(cast.owner.officer, first, "propose_join", agency=cast.third.agency, **window)
    assert refused.value.code == "no_overlap"
    await act(cast.owner.officer, first, "propose_join", agency=cast.borrower.agency, **window)
    assert any("proposed to you" in said["sentence"] for said in await said_to(cast.borrower.head))
    with pytest.raises(NotAllowed):
        await act(cast.borrower.officer, first, "accept_join")
    await act(cast.borrower.head, first, "accept_join")
    assert (await state_of(first), await state_of(second)) == ("merged", "absorbed")
    (link,) = (await now(second)).linked("inspection", "part_of")
    assert link.number == first.number
    await act(cast.owner.officer, first, "done", done_on=clock.today(), result="未发现问题")
    assert await state_of(first) == "done"


async def test_a_declined_proposal_leaves_the_overlap(db: str) -> None:
    cast = await make_cast()
    first, _, _ = await both(cast)
    window = {"first": day(5), "last": day(6), "proposal": "一起检查"}
    await act(cast.owner.officer, first, "propose_join", agency=cast.borrower.agency, **window)
    with pytest.raises(Invalid):
        await act(cast.borrower.head, first, "decline_join")
    await act(cast.borrower.head, first, "decline_join", note="人员不足")
    assert await state_of(first) == "overlap"


async def test_apart_only_with_the_unit_heads_reason_which_the_other_is_told(db: str) -> None:
    cast = await make_cast()
    first, second, _ = await both(cast)
    with pytest.raises(WrongState):
        await act(cast.owner.officer, first, "done", done_on=clock.today(), result="完成")
    with pytest.raises(NotAllowed):
        await act(cast.owner.officer, first, "separate", reason=REASON)
    await act(cast.owner.head, first, "separate", reason=REASON)
    assert await state_of(first) == "justified"
    facts = await now(second)
    assert facts.state == "overlap"
    assert facts.last("hear_reason") == {"agency": str(cast.owner.agency), "reason": REASON}
    assert any("separately" in said["sentence"] for said in await said_to(cast.borrower.officer))


async def test_what_is_withdrawn_stands_in_nobodys_way(db: str) -> None:
    cast = await make_cast()
    first, second, number = await both(cast)
    await act(cast.owner.officer, first, "withdraw", note="改期")
    assert (await state_of(first), await state_of(second)) == ("withdrawn", "planned")
    third = await plan(cast.third.officer, number, day(0), day(4))
    assert await state_of(third) == "planned"


async def test_an_unknown_party_cannot_be_inspected(db: str) -> None:
    cast = await make_cast()
    with pytest.raises(Invalid) as refused:
        await plan(cast.owner.officer, "RP2026-99999", day(0), day(1))
    assert (refused.value.code, refused.value.field) == ("unknown_party", "party")
    for first, last in ((day(1), day(0)), (day(0), day(400))):
        with pytest.raises(ValueError, match="window"):
            InspectionOpening(party="RP1", first=first, last=last, subfield="fire", subject="消防")


async def test_who_may_do_what(db: str) -> None:
    cast, offices = await make_cast(), await make_offices()
    first, _, number = await both(cast)
    for role in Role:
        own = Actor(cast.owner.officer.person, cast.owner.agency, "x", roles=frozenset({role}))
        await _tries(own, first, "separate", role in LEADING, reason=REASON)
        if role in PAPERS:
            await plan(own, number, day(60), day(61))
        else:
            with pytest.raises(NotAllowed):
                await plan(own, number, day(60), day(61))
    with pytest.raises(NotFound):
        await act(cast.third.head, first, "separate", reason=REASON)
    with pytest.raises(NotAllowed):
        await act(offices.legal.head, first, "separate", reason=REASON)


async def _tries(actor: Actor, moved: Moved, step: str, may: bool, **entries: Any) -> None:
    """Refused by role, or by the state once somebody with the role has done it."""
    with pytest.raises((NotAllowed, WrongState)) if not may else _done_or_over():
        await act(actor, moved, step, **entries)


class _done_or_over:  # noqa: N801 reads like a function
    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is None or issubclass(kind, WrongState)
