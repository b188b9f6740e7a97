"""Random shelves and bookings: what the database calls free is what a plain loop over all lines calls free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.queries.booking import free_of_model
from shared_resources.equipment.rules.procedures import LINE_OCCUPIES
from shared_resources.equipment.schemas.loans import FreeFilter
from shared_resources.kernel import clock
from tests.equipment.shelf import HOUR, NOW, Thing, make_category, make_depot, make_item, make_loan, make_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from uuid import UUID

STATES = ("asked", "held", "reserved", "conflict", "out", "back", "done", "dropped")
SPAN = st.tuples(st.integers(-40, 40), st.integers(1, 20))


@dataclass(frozen=True)
class Booked:
    """One line: hours from now, hours long, its state."""

    start: int
    hours: int
    state: str

    @property
    def end(self) -> int:
        return self.start + self.hours


BOOKED = st.builds(lambda span, state: Booked(span[0], span[1], state), SPAN, st.sampled_from(STATES))
SHELF = st.lists(st.lists(BOOKED, max_size=7), min_size=1, max_size=4)


def possible(lines: list[Booked], after: int) -> list[Booked]:
    """Those of ``lines`` that the constraint lets stand together: of those that occupy, none overlaps."""
    kept: list[Booked] = []
    for line in lines:
        clash = any(line.start < other.end + after and other.start < line.end + after for other in occupying(kept))
        if line.state not in LINE_OCCUPIES or not clash:
            kept.append(line)
    return kept


def occupying(lines: list[Booked]) -> list[Booked]:
    return [line for line in lines if line.state in LINE_OCCUPIES]


def is_free(lines: list[Booked], start: int, end: int, before: int, after: int) -> bool:
    """The plain loop: nothing that occupies overlaps, nothing is late, nothing waits for its inspection."""
    for line in occupying(lines):
        if start - before < line.end + after and line.start < end + after:
            return False
        if line.state == "back" or (line.state == "out" and line.end <= 0):
            return False
    return True


@pytest.fixture
async def cast(db: str) -> Cast:
    with clock.at(NOW):
        return await make_cast()


@pytest.fixture
async def depot(cast: Cast) -> UUID:
    return await make_depot(cast.owner.agency)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shelf=SHELF, wanted=SPAN, before=st.integers(0, 2), after=st.integers(0, 2))
async def test_free_is_what_a_loop_over_all_lines_finds(
    cast: Cast, depot: UUID, shelf: list[list[Booked]], wanted: tuple[int, int], before: int, after: int
) -> None:
    start, end = wanted[0], wanted[0] + wanted[1]
    with clock.at(NOW):
        model = await make_model(
            await make_category(f"k{uuid4().hex[:12]}"),
            buffer_before_minutes=before * 60,
            buffer_after_minutes=after * 60,
        )
        expected = set()
        for lines in shelf:
            item = await make_item(cast.owner, model, depot)
            kept = possible(lines, after)
            await book(cast, item, kept, after)
            expected |= {item.code} if is_free(kept, start, end, before, after) else set()
        rows = await free_of_model(model, NOW + start * HOUR, NOW + end * HOUR, limit=99)
        assert {item.code for item in rows} == expected
        span = FreeFilter(starts_at=NOW + start * HOUR, ends_at=NOW + end * HOUR, model=model)
        groups = (await free(cast.borrower.officer, span)).groups
        assert {code for group in groups for code in group.codes} == expected
        assert sum(group.free for group in groups) == len(expected)


async def book(cast: Cast, item: Thing, lines: list[Booked], after: int) -> None:
    """Put these lines into the database, each on a loan of its own."""
    for line in lines:
        await make_loan(
            cast.borrower.officer,
            [item],
            NOW + line.start * HOUR,
            NOW + line.end * HOUR,
            line=line.state,
            buffer_after=timedelta(hours=after),
        )
