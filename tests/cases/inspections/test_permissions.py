"""Who may take which step of an inspection plan: every role of every side, and the foreign as the unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared_resources.cases.inspections.family import FAMILY
from shared_resources.kernel import clock
from shared_resources.kernel.attachments import attach
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.links import link_records
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import LEADING, PAPERS, Role
from tests.cases.inspections.story import act, make_party, plan, state_of
from tests.kernel.papers_story import draft_of
from tests.people import Cast, Team, make_cast, make_offices

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 5)
ENTRIES: dict[str, dict[str, Any]] = {
    "propose_join": {"first": FIRST, "last": LAST, "proposal": "一起检查"},
    "separate": {"reason": "两家检查事项不同且时间无法衔接"},
    "done": {"done_on": clock.today(), "result": "未发现问题"},
}
NOTES = {"withdraw": "改期", "decline_join": "人员不足"}


def entries_for(step: str, cast: Cast) -> dict[str, Any]:
    more = {"agency": cast.borrower.agency} if step == "propose_join" else {}
    return {**ENTRIES.get(step, {}), **more}


async def before(step: str, cast: Cast) -> Moved:
    """Owner's plan in a state from which ``step`` leaves."""
    number = await make_party(cast.owner.officer)
    moved = await plan(cast.owner.officer, number, FIRST, LAST)
    if step in ("done", "withdraw"):
        return moved
    await plan(cast.borrower.officer, number, FIRST, LAST)
    if step in ("accept_join", "decline_join"):
        await act(cast.owner.officer, moved, "propose_join", **entries_for("propose_join", cast))
    return moved


@pytest.mark.parametrize(
    ("step", "side", "roles"),
    [
        ("propose_join", "owner", PAPERS),
        ("separate", "owner", LEADING),
        ("accept_join", "borrower", LEADING),
        ("decline_join", "borrower", LEADING),
        ("done", "owner", PAPERS),
        ("withdraw", "owner", PAPERS),
    ],
)
async def test_who_may(db: str, step: str, side: str, roles: frozenset[Role]) -> None:
    cast, offices = await make_cast(), await make_offices()
    moved = await before(step, cast)
    invited = side == "borrower"
    sides = {"owner": True, "borrower": invited, "third": False, "legal": True, "supervisor": False}
    teams: tuple[Team, ...] = (cast.owner, cast.borrower, cast.third, offices.legal, offices.supervisor)
    for team in teams:
        for role in Role:
            if team.slug == side and role in roles:
                continue
            office = team.officer.office
            actor = Actor(team.officer.person, team.agency, "x", roles=frozenset({role}), office=office)
            with pytest.raises(NotAllowed if sides[team.slug] else NotFound):
                await act(actor, moved, step, note=NOTES.get(step), **entries_for(step, cast))
    able = cast.owner if side == "owner" else cast.borrower
    person = able.head if Role.UNIT_HEAD in roles else able.officer
    await act(person, moved, step, note=NOTES.get(step), **entries_for(step, cast))
    assert await state_of(moved) != "planned"


@pytest.mark.parametrize("step", ["find_overlap", "overlap_gone", "hear_reason", "absorb", "no_such_step"])
async def test_what_the_house_does_nobody_else_does(db: str, step: str) -> None:
    cast = await make_cast()
    moved = await before("separate", cast)
    with pytest.raises(NotFound):
        await take_step(cast.owner.head, FAMILY, moved.number, step)


async def test_papers_and_links_follow_the_record(db: str) -> None:
    cast, offices = await make_cast(), await make_offices()
    number = await make_party(cast.owner.officer)
    own = await plan(cast.owner.officer, number, FIRST, FIRST)
    other = await plan(cast.owner.officer, number, LAST, LAST)
    foreign = await plan(cast.third.officer, await make_party(cast.third.officer), FIRST, LAST)
    legal = offices.legal.head
    await attach(legal, own.number, await draft_of(legal))
    await link_records(legal, own.number, foreign.number, "about")
    await link_records(cast.owner.officer, own.number, other.number, "follows")
    with pytest.raises(Invalid, match="No record with this number"):
        await link_records(cast.owner.officer, own.number, foreign.number, "about")
    with pytest.raises(NotFound):
        await attach(cast.third.officer, own.number, await draft_of(cast.third.officer))
