"""Hours that clocks skip or show twice, midnight, leap day, year's end, one second: bookings through the verbs.

The depot stands in New York, its borrower in Chongqing. Lengths are real hours, opening hours are the wall clock's
of the depot, forms are typed in Chongqing's time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.schemas.catalogue import ClosureDraft
from shared_resources.equipment.service.depots import close_depot
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from tests.clients import client_for
from tests.makers import (
    ALWAYS,
    MONDAY,
    draft_of,
    make_certificate,
    make_depot,
    make_item,
    make_model,
    make_rule,
)
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from shared_resources.equipment.service.register import Registered

ZONE = "America/New_York"
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
SPRING = datetime(2027, 3, 14, 7, tzinfo=UTC)
"""Sunday: 01:59:59 is followed by 03:00:00."""
AUTUMN = datetime(2027, 11, 7, 6, tzinfo=UTC)
"""Sunday: 01:59:59 is followed by 01:00:00."""


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies; the owner's rule approves, so that every booking occupies."""
    with clock.at(MONDAY):
        cast = await make_cast()
        await make_rule(keeper=cast.owner.custodian, automatic_hours=24 * 60)
    return cast


async def item_of(cast: Cast, hours: dict[str, Any] | None = None, zone: str = ZONE, **model: Any) -> Registered:
    """An item in a depot with these hours."""
    keeper = cast.owner.custodian
    with clock.at(MONDAY):
        made = await make_model(keeper=keeper, **{"longest_loan_hours": 24 * 60, **model})
        depot = await make_depot(keeper=keeper, timezone=zone, hours=ALWAYS if hours is None else hours)
        return await make_item(keeper=keeper, model=made, depot=depot)


async def answer(cast: Cast, item: Registered, start: datetime, end: datetime, **more: Any) -> str:
    """What becomes of a booking: its state, or the code of the refusal."""
    with clock.at(MONDAY):
        try:
            draft = draft_of(item.code, starts_at=start, ends_at=end, **more)
            return (await request_booking(cast.borrower.officer, draft)).loans[0].state
        except Refusal as refusal:
            return refusal.code


@pytest.mark.parametrize("turn", [SPRING, AUTUMN], ids=["spring", "autumn"])
async def test_a_night_with_a_turn_of_the_clock_has_real_hours(cast: Cast, turn: datetime) -> None:
    """Two hours around the turn are two hours, whatever the clock on the wall shows."""
    item = await item_of(cast, longest_loan_hours=2)
    assert await answer(cast, item, turn - HOUR, turn + HOUR + SECOND) == "too_long"
    assert await answer(cast, item, turn - HOUR, turn + HOUR) == "approved"
    assert await answer(cast, item, turn + HOUR - SECOND, turn + 2 * HOUR) == "item_taken"
    assert await answer(cast, item, turn + HOUR, turn + 2 * HOUR) == "approved"


async def test_the_hour_that_is_skipped_is_never_open(cast: Cast) -> None:
    """A depot that opens from two to three only has no such hour in that night."""
    item = await item_of(cast, {"7": [["02:00", "03:00"]], "1": [["00:00", "24:00"]]})
    day = SPRING + 24 * HOUR
    assert await answer(cast, item, SPRING - SECOND, day) == "closed_at_start"
    assert await answer(cast, item, SPRING, day) == "closed_at_start"
    assert await answer(cast, item, SPRING + 7 * 24 * HOUR - HOUR, day + 7 * 24 * HOUR) == "approved"


async def test_the_hour_that_comes_twice_is_two_hours(cast: Cast) -> None:
    """Open from one to two is open for two hours; two loans that touch between the two fit in."""
    item = await item_of(cast, {"7": [["01:00", "02:00"]]})
    assert await answer(cast, item, AUTUMN - HOUR - SECOND, AUTUMN) == "closed_at_start"
    assert await answer(cast, item, AUTUMN - HOUR, AUTUMN) == "approved"
    assert await answer(cast, item, AUTUMN, AUTUMN + HOUR) == "approved"
    assert await answer(cast, item, AUTUMN - HOUR / 2, AUTUMN + HOUR / 2) == "item_taken"


async def test_until_24_oclock_includes_midnight_and_not_a_second_more(cast: Cast) -> None:
    """Open all Saturday: back at midnight is in time; collected at midnight is Sunday."""
    item = await item_of(cast, {"6": [["00:00", "24:00"]]})
    midnight = datetime(2026, 12, 6, 5, tzinfo=UTC)
    assert await answer(cast, item, midnight - 3 * HOUR, midnight + SECOND) == "closed_at_end"
    assert await answer(cast, item, midnight, midnight + HOUR) == "closed_at_start"
    assert await answer(cast, item, midnight - 3 * HOUR, midnight) == "approved"


async def test_the_leap_day_is_a_day(cast: Cast) -> None:
    """From the 28th to the 1st lies the 29th: 26 hours; closed that day, nothing is collected that day."""
    evening = datetime(2028, 2, 29, 4, tzinfo=UTC)
    item = await item_of(cast, longest_loan_hours=26)
    assert await answer(cast, item, evening, evening + 26 * HOUR + SECOND) == "too_long"
    assert await answer(cast, item, evening, evening + 26 * HOUR) == "approved"
    closed = await item_of(cast)
    leap = ClosureDraft(first_day=date(2028, 2, 29), last_day=date(2028, 2, 29))
    async with reading() as db:
        depot = await db.fetchval("SELECT depot FROM item WHERE id = $1", closed.id)
    await close_depot(cast.owner.custodian, depot, leap)
    midnight = datetime(2028, 2, 29, 5, tzinfo=UTC)
    assert await answer(cast, closed, midnight, midnight + 30 * HOUR) == "closed_at_start"
    assert await answer(cast, closed, midnight - SECOND, midnight + 24 * HOUR) == "approved"


async def test_over_the_years_end(cast: Cast) -> None:
    """A loan reaches into the new year; the number's year is Chongqing's at the moment of asking."""
    new_year = datetime(2027, 1, 1, 5, tzinfo=UTC)
    item = await item_of(cast)
    assert await answer(cast, item, new_year - HOUR, new_year + HOUR) == "approved"
    numbers = []
    for at in (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)):
        other = await item_of(cast)
        with clock.at(at):
            draft = draft_of(other.code, starts_at=at + HOUR, ends_at=at + 2 * HOUR)
            numbers.append((await request_booking(cast.borrower.officer, draft)).loans[0].number)
    assert [number[:6] for number in numbers] == ["L2026-", "L2027-"]


async def test_loans_may_touch_and_not_overlap_by_a_second(cast: Cast) -> None:
    """Half-open: back at ten and out at ten; with a buffer of one hour, out at eleven."""
    noon = datetime(2026, 12, 3, 17, tzinfo=UTC)
    item = await item_of(cast)
    assert await answer(cast, item, noon, noon + HOUR) == "approved"
    assert await answer(cast, item, noon + HOUR - SECOND, noon + 2 * HOUR) == "item_taken"
    assert await answer(cast, item, noon + HOUR, noon + 2 * HOUR) == "approved"
    assert await answer(cast, item, noon - HOUR, noon + SECOND) == "item_taken"
    assert await answer(cast, item, noon - HOUR, noon) == "approved"
    buffered = await item_of(cast, buffer_after_minutes=60)
    assert await answer(cast, buffered, noon, noon + HOUR) == "approved"
    assert await answer(cast, buffered, noon + 2 * HOUR - SECOND, noon + 3 * HOUR) == "item_taken"
    assert await answer(cast, buffered, noon + 2 * HOUR, noon + 3 * HOUR) == "approved"


@pytest.mark.parametrize(
    ("zone", "lapses"),
    [
        (ZONE, datetime(2026, 12, 4, 5, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2026, 12, 3, 16, tzinfo=UTC)),
    ],
)
async def test_a_certificate_holds_to_the_last_second_of_its_last_day(
    cast: Cast, zone: str, lapses: datetime
) -> None:
    """In the depot's own day; a return one second after it is refused."""
    item = await item_of(cast, zone=zone, evidence_needs_certificate=True)
    with clock.at(MONDAY):
        await make_certificate(keeper=cast.owner.custodian, code=item.code, valid_to=date(2026, 12, 3))
    start = lapses - 5 * HOUR
    assert await answer(cast, item, start, lapses + SECOND, evidential=True) == "certificate"
    assert await answer(cast, item, start, lapses, evidential=True) == "approved"


async def test_a_form_is_typed_in_chongqings_time(cast: Cast) -> None:
    """What the borrower types in Chongqing and what a program sends from New York are the same instants."""
    typed, sent = await item_of(cast), await item_of(cast)
    with clock.at(MONDAY):
        async with client_for(cast.borrower.officer) as browser:
            form = {"codes": typed.code, "starts_at": "2027-03-14T14:30", "ends_at": "2027-03-14T15:30"}
            page = await browser.send("/loans/new", purpose="夜查", ground="other", mode="loan", **form)
            assert page.status_code == 303, page.text
            period = {"starts_at": "2027-03-14T01:30:00-05:00", "ends_at": "2027-03-14T03:30:00-04:00"}
            body = {"wishes": [{"item": sent.code}], "purpose": "夜查", **period}
            assert (await browser.ask("POST", "/api/v1/bookings", body)).status_code == 201
    async with reading() as db:
        rows = await db.fetch("SELECT DISTINCT starts_at, ends_at FROM loan")
    assert [tuple(row) for row in rows] == [(SPRING - HOUR / 2, SPRING + HOUR / 2)]
