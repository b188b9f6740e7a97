"""Deadlines in people's calendars: whole days, one event each, what changed is newer, what is over is gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from tests.clients import ADDRESS, client_for
from tests.kernel.ledger_story import ERRAND, act, ask
from tests.people import Cast, make_cast

from shared_resources.equipment.schemas.feeds import FeedKind
from shared_resources.equipment.service.feeds import create_feed
from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.due_feeds import due_events
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.procedure import register

register(ERRAND)
TUESDAY = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def extend(record: object) -> None:
    await deadlines.extend(record, "reply", TUESDAY + timedelta(days=10), SYSTEM_ACTOR)  # type: ignore[arg-type]


async def test_both_sides_see_the_day_and_others_nothing(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        for team in (cast.owner, cast.borrower):
            [event] = await due_events(team.agency, None, None, str)
            assert (event.day, event.status, event.sequence) == (date(2026, 11, 27), "CONFIRMED", 0)
            assert event.summary == f"Reply · {moved.number} drive"
        assert not await due_events(cast.third.agency, None, None, str)
        assert not await due_events(cast.third.agency, cast.borrower.officer.person, None, str)
        assert await due_events(cast.borrower.agency, cast.borrower.officer.person, None, str)
        assert not await due_events(cast.borrower.agency, cast.borrower.clerk.person, None, str)


async def test_kinds_that_a_role_may_not_see_are_left_out(cast: Cast) -> None:
    with clock.at(TUESDAY):
        await ask(cast)
        assert await due_events(cast.owner.agency, None, [ERRAND.kind], str)
        assert not await due_events(cast.owner.agency, None, ["loan"], str)


async def test_sequence_rises_and_what_is_met_is_cancelled(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        [first] = await due_events(cast.owner.agency, None, None, str)
        await extend(moved.id)
        [later] = await due_events(cast.owner.agency, None, None, str)
        assert (later.uid, later.day, later.sequence) == (first.uid, date(2026, 12, 4), 1)
        await act("agree", moved.id, cast.owner.head)
        [over] = await due_events(cast.owner.agency, None, None, str)
        assert (over.status, over.sequence) == ("CANCELLED", 2)


async def test_marks_stand_before_the_name(cast: Cast) -> None:
    with clock.at(TUESDAY):
        await ask(cast)
        async with reading() as db:
            await db.execute("UPDATE deadline SET statutory = false, provisional = true")
        [event] = await due_events(cast.owner.agency, None, None, str)
        assert event.summary.startswith("[provisional·internal target] Reply")
        assert event.status == "TENTATIVE"


@pytest.mark.parametrize("kind", [FeedKind.DUES, FeedKind.OWN_DUES])
async def test_feed_is_a_calendar_with_whole_days_and_a_tag(cast: Cast, kind: FeedKind) -> None:
    await ask(cast)
    token = await create_feed(cast.borrower.officer, kind)
    async with client_for(None) as browser:
        answer = await browser.get(f"{ADDRESS}/feeds/{token}.ics")
        assert answer.status_code == 200
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        assert type(event.decoded("dtstart")) is date
        assert event["transp"] == "TRANSPARENT"
        again = await browser.get(
            f"{ADDRESS}/feeds/{token}.ics", headers={"if-none-match": answer.headers["etag"]}
        )
        assert again.status_code == 304


async def test_page_offers_deadlines(cast: Cast) -> None:
    async with client_for(cast.owner.officer) as browser:
        page = await browser.page("/feeds")
        assert 'value="dues"' in page.text
        assert 'value="own_dues"' in page.text
