"""The booking calendar: who sees what of a booking, where bars lie, what may be dragged, how many statements."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.equipment.queries.timeline import timeline
from shared_resources.equipment.rules.hours import Closure
from shared_resources.equipment.rules.timeline import closed_stretches, columns_of, lanes_of, window_of
from shared_resources.equipment.schemas.timeline import TimelineFilter, TimelineView
from shared_resources.kernel import clock
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.workdays import Calendar, DayKind, SpecialDay
from tests.equipment.shelf import (
    DAY,
    HOUR,
    NOW,
    OFFICE,
    Thing,
    insert,
    make_category,
    make_depot,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast
from tests.statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from shared_resources.equipment.schemas.timeline import TimelineBooking

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = date(2026, 11, 24)
NINE = 9
"""Units from midnight in Chongqing until now."""


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def model(cast: Cast) -> UUID:
    return await make_model(await make_category())


@pytest.fixture
async def item(cast: Cast, model: UUID) -> Thing:
    return await make_item(cast.owner, model, await make_depot(cast.owner.agency))


async def seen(actor: Actor, **wanted: Any) -> TimelineView:
    return await timeline(actor, TimelineFilter(**wanted))


async def only(actor: Actor, **wanted: Any) -> TimelineBooking:
    """The one booking on the one row."""
    (row,) = (await seen(actor, **wanted)).rows
    (booking,) = row.bookings
    return booking


class TestBookings:
    async def test_sides_see_all_and_others_that_it_is_busy(self, cast: Cast, item: Thing) -> None:
        lent = await make_loan(
            cast.borrower.officer,
            [item],
            NOW + 3 * HOUR,
            NOW + 5 * HOUR,
            state="approved",
            line="reserved",
            buffer_after=HOUR / 2,
        )
        own = await only(cast.borrower.auditor)
        assert (own.number, own.view, own.s, own.n, own.buffer_after) == (lent.number, "own", NINE + 3, 2, 0.5)
        assert (own.state, own.label, own.tone, own.path) == (
            "approved",
            "Approved",
            "good",
            f"/loans/{lent.number}",
        )
        assert own.other
        assert own.other.slug == "owner"
        lends = await only(cast.owner.head)
        assert (lends.view, lends.other.slug if lends.other else "") == ("lent", "borrower")
        busy = await only(cast.third.head)
        assert (busy.view, busy.state, busy.s, busy.n) == ("busy", "busy", NINE + 3, 2.5)
        told = busy.model_dump(exclude={"s", "n", "starts_at", "ends_at", "state", "label", "tone", "view"})
        assert not any(told.values())

    async def test_requests_of_others_are_nobodys_business(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW, NOW + HOUR)
        await make_loan(cast.borrower.officer, [item], NOW - 2 * HOUR, NOW - HOUR, state="closed", line="done")
        assert [b.state for b in (await seen(cast.owner.head)).rows[0].bookings] == ["closed", "requested"]
        assert (await seen(cast.third.head)).rows[0].bookings == ()

    async def test_rivals_lie_below_each_other(self, cast: Cast, item: Thing) -> None:
        for team in (cast.borrower, cast.third):
            await make_loan(team.officer, [item], NOW, NOW + DAY)
        (row,) = (await seen(cast.owner.head)).rows
        assert (row.lanes, sorted(booking.lane for booking in row.bookings)) == (2, [0, 1])
        (row,) = (await seen(cast.third.head)).rows
        assert (row.lanes, len(row.bookings)) == (1, 1)

    async def test_late_item_reaches_until_now(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW - 8 * HOUR, NOW - 6 * HOUR, state="overdue", line="out")
        late = await only(cast.owner.head)
        assert (late.state, late.tone, late.late, late.n) == ("overdue", "bad", 6, 2)
        busy = await only(cast.third.head)
        assert (busy.n, busy.late) == (8, 0)

    async def test_item_late_since_before_the_picture_is_still_in_it(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW - 4 * DAY, NOW - 3 * DAY, state="overdue", line="out")
        late = await only(cast.owner.head)
        assert (late.s, late.n, late.late) == (NINE - 96, 24, 72)

    async def test_what_goes_beyond_the_edge_is_cut_and_not_draggable(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW + DAY, NOW + 30 * DAY)
        cut = await only(cast.borrower.officer)
        assert (cut.s + cut.n, cut.movable, cut.extendable) == (14 * 24, False, False)
        whole = await only(cast.borrower.officer, days=31)
        assert (whole.n, whole.movable) == (29 * 24, True)

    async def test_units_turn_back_into_the_very_instant(self, cast: Cast, item: Thing) -> None:
        start, end = NOW + timedelta(minutes=70), NOW + timedelta(minutes=101)
        await make_loan(cast.borrower.officer, [item], start, end)
        view = await seen(cast.borrower.officer)
        booking = view.rows[0].bookings[0]
        for units, wanted in ((booking.s, start), (booking.s + booking.n, end)):
            millis = int(view.start.timestamp() * 1000 + units * view.unit_minutes * 60_000)  # as scripts cut it
            assert datetime.fromtimestamp(millis / 1000, UTC) == wanted


class TestHandles:
    async def handles(self, actor: Actor, **wanted: Any) -> tuple[bool, bool, bool]:
        booking = await only(actor, **wanted)
        return booking.movable, booking.extendable, booking.reassign

    async def test_request_may_be_dragged_by_those_who_may_move_it(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW + DAY, NOW + 2 * DAY)
        assert await self.handles(cast.borrower.officer) == (True, True, True)
        assert await self.handles(cast.owner.head) == (True, True, True)
        assert await self.handles(cast.borrower.auditor) == (False, False, False)
        assert await self.handles(cast.owner.clerk) == (False, False, False)

    async def test_borrower_cannot_stretch_what_was_approved(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW + DAY, NOW + 2 * DAY, state="approved", line="reserved")
        assert await self.handles(cast.borrower.officer) == (True, False, True)
        assert await self.handles(cast.owner.head) == (True, True, True)
        assert await self.handles(cast.third.head) == (False, False, False)

    async def test_what_is_out_can_only_end_later(self, cast: Cast, item: Thing) -> None:
        await make_loan(cast.borrower.officer, [item], NOW - DAY, NOW + DAY, state="out", line="out")
        assert await self.handles(cast.borrower.officer) == (False, True, False)
        assert await self.handles(cast.owner.head) == (False, True, False)
        assert await self.handles(cast.owner.officer) == (False, False, False)


class TestRows:
    async def test_row_names_the_item_and_hides_its_number(self, cast: Cast, item: Thing) -> None:
        (own,) = (await seen(cast.owner.clerk)).rows
        (foreign,) = (await seen(cast.borrower.officer)).rows
        assert (own.code, own.path, own.label) == (item.code, f"/items/{item.code}", "Available")
        assert (own.bookable, foreign.bookable) == (False, True)
        assert own.asset_no
        assert foreign.asset_no is None
        assert not (await seen(cast.borrower.auditor)).rows[0].bookable

    async def test_filters_narrow(self, cast: Cast, item: Thing, model: UUID) -> None:
        place = await make_depot(cast.third.agency, "朝天门码头装备点")
        camera = await make_item(
            cast.third, await make_model(await make_category("camera", "video"), "DSJ"), place
        )
        await make_item(cast.third, model, place, state="lost")

        async def codes(actor: Actor = cast.borrower.officer, **wanted: Any) -> list[str]:
            return [row.code for row in (await seen(actor, **wanted)).rows]

        assert await codes() == [camera.code, item.code]
        assert await codes(cast.owner.head) == [item.code, camera.code]
        assert await codes(agency="owner") == [item.code]
        assert await codes(resource="video") == await codes(category="camera") == [camera.code]
        assert await codes(depot=place) == await codes(q="朝天门") == [camera.code]
        assert await codes(model=model) == [item.code]
        assert await codes(mine=True) == []
        assert await codes(cast.owner.head, mine=True) == [item.code]
        await make_loan(cast.borrower.officer, [camera], NOW + DAY, NOW + 2 * DAY)
        assert await codes(mine=True) == [camera.code]
        assert await codes(mine=True, start=date(2027, 1, 1)) == []
        asset = (await seen(cast.owner.head, mine=True)).rows[0].asset_no
        assert await codes(cast.owner.head, q=asset) == [item.code]
        assert await codes(q=asset) == []

    @pytest.mark.parametrize("team", ["owner", "third"])
    async def test_pages_join_without_gap_or_repeat(self, cast: Cast, item: Thing, team: str) -> None:
        reader = getattr(cast, team).head
        await make_item(cast.third, item.model, await make_depot(cast.third.agency, "朝天门码头装备点"))
        made = {item.code} | {(await make_item(cast.owner, item.model, item.depot)).code for _ in range(4)}
        found: list[str] = []
        cursor: str | None = None
        while True:
            view = await timeline(reader, TimelineFilter(), cursor=cursor, size=2)
            found += [row.code for row in view.rows]
            cursor = view.next
            if cursor is None:
                break
        assert len(found) == len(set(found)) == len(made) + 1
        assert set(found[1:] if team == "third" else found[:-1]) == made

    async def test_system_administrator_sees_nothing(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed):
            await seen(Actor(uuid4(), None, "root", roles=frozenset({Role.SYSTEM_ADMIN})))

    async def test_six_statements_whatever_the_size(self, cast: Cast, item: Thing) -> None:
        others = [await make_item(cast.owner, item.model, item.depot) for _ in range(4)]
        for thing in (item, *others):
            await make_loan(cast.borrower.officer, [thing], NOW, NOW + DAY)
        for wanted in (TimelineFilter(), TimelineFilter(mine=True, q="江", scale="hours")):
            async with counted() as said:
                view = await timeline(cast.borrower.officer, wanted)
            assert len(view.rows) == 5
            assert len(said) <= 6


class TestPicture:
    async def test_days(self, cast: Cast) -> None:
        view = await seen(cast.owner.head)
        assert view.start.isoformat() == "2026-11-24T00:00:00+08:00"
        assert (view.unit_minutes, view.per, view.now, len(view.columns)) == (60, 24, NINE, 14)
        assert (view.previous, view.following) == (date(2026, 11, 10), date(2026, 12, 8))
        assert [column.kind for column in view.columns[:6]] == ["work"] * 4 + ["rest"] * 2
        assert [column.day for column in view.columns if column.today] == [TUESDAY]
        assert (await seen(cast.owner.head, start=date(2026, 12, 24))).now is None

    async def test_hours_under_their_day(self, cast: Cast) -> None:
        view = await seen(cast.owner.head, scale="hours", days=2)
        assert (view.unit_minutes, view.per, view.now, len(view.columns)) == (30, 2, 18, 48)
        assert [(group.day, group.span) for group in view.groups] == [(TUESDAY, 24), (date(2026, 11, 25), 24)]
        assert [column.hour for column in view.columns[:3]] == [0, 1, 2]

    async def test_closed_depot_is_shaded(self, cast: Cast, model: UUID) -> None:
        office = await make_depot(cast.owner.agency, hours=json.dumps(OFFICE))
        await insert(
            "depot_closure", depot=office, first_day=date(2026, 11, 25), last_day=date(2026, 11, 25), reason="盘点"
        )
        await make_item(cast.owner, model, office)
        (row,) = (await seen(cast.third.head, days=7)).rows
        assert [(shade.s, shade.n) for shade in row.closed] == [(24, 24), (96, 48)]
        (row,) = (await seen(cast.third.head, scale="hours")).rows
        assert [(shade.s, shade.n) for shade in row.closed] == [(0, 17), (36, 12)]


def test_number_of_days_becomes_the_nearest_that_is_known() -> None:
    known = [window_of("days", None, days, TUESDAY, SHANGHAI).days for days in (None, 1, 10, 12, 30)]
    assert known == [14, 7, 7, 14, 31]
    assert [window_of("hours", None, days, TUESDAY, SHANGHAI).days for days in (None, 2, 14)] == [1, 2, 3]


def test_notices_colour_the_columns() -> None:
    calendar = Calendar(
        {
            ("CN", date(2026, 10, 1)): SpecialDay(DayKind.HOLIDAY, "国庆节"),
            ("CN", date(2026, 10, 10)): SpecialDay(DayKind.MAKEUP, "国庆节"),
            ("500240", date(2026, 10, 2)): SpecialDay(DayKind.WORKDAY_OVERRIDE, "抢险"),
        }
    )
    window = window_of("days", date(2026, 10, 1), 14, TUESDAY, SHANGHAI)
    kinds = {column.day.day: column.kind for column in columns_of(window, calendar, "500240", TUESDAY)}
    assert [kinds[day] for day in (1, 2, 3, 10, 12)] == ["holiday", "makeup", "rest", "makeup", "work"]


def test_depot_of_another_zone_is_shaded_by_its_own_clock() -> None:
    window = window_of("hours", TUESDAY, 1, TUESDAY, SHANGHAI)
    found = closed_stretches(window, OFFICE, [], ZoneInfo("Asia/Urumqi"))  # two hours behind
    assert [(shade.s, shade.n) for shade in found] == [(0, 21), (40, 8)]
    shut = closed_stretches(window, OFFICE, [Closure(TUESDAY, TUESDAY)], SHANGHAI)
    assert [(shade.s, shade.n) for shade in shut] == [(0, 48)]


SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=12)


@given(SPANS)
def test_lanes_hold_no_overlap_and_are_as_few_as_can_be(drawn: list[tuple[int, int]]) -> None:
    spans = [(NOW + start * HOUR, NOW + (start + length) * HOUR) for start, length in drawn]
    lanes = lanes_of(spans)
    for lane in set(lanes):
        inside = sorted(span for span, its in zip(spans, lanes, strict=True) if its == lane)
        assert all(first[1] <= second[0] for first, second in pairwise(inside))
    deepest = max((sum(a <= span[0] < b for a, b in spans) for span in spans), default=0)
    assert len(set(lanes)) == deepest
