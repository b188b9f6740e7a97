"""Duty desks through the door: a week with its gaps, shifts planned and taken back, each refusal in its form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.clients import client_for
from tests.people import Cast, make_cast

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
"""Tuesday, 10:00 in Chongqing."""


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def desk_of(cast: Cast) -> str:
    async with client_for(cast.owner.head) as browser:
        answer = await browser.send("/admin/duty/desks", name="应急值班室", phone="023-63810000")
        assert answer.status_code == 303
    async with reading() as db:
        return str(await db.fetchval("SELECT id FROM duty_desk"))


async def test_a_shift_is_planned_shown_and_taken_back(cast: Cast) -> None:
    with clock.at(NOW):
        desk = await desk_of(cast)
        who = str(cast.owner.officer.person)
        async with client_for(cast.owner.admin) as browser:
            answer = await browser.send(
                f"/admin/duty/desks/{desk}/shifts",
                person=who,
                starts_at="2026-11-25T08:30",
                ends_at="2026-11-26T08:30",
            )
            assert answer.headers["location"] == "/admin/duty?day=2026-11-25"
            week = (await browser.page("/admin/duty")).text
            assert week.count('class="shift"') == 2
            assert "00:00–08:30" in week
            async with reading() as db:
                shift = await db.fetchval("SELECT id FROM duty_shift")
            taken = await browser.send(f"/admin/duty/shifts/{shift}/cancel", day="2026-11-23")
            assert taken.headers["location"] == "/admin/duty?day=2026-11-23"
            assert 'class="shift"' not in (await browser.page("/admin/duty")).text


async def test_a_refused_shift_keeps_what_was_typed(cast: Cast) -> None:
    with clock.at(NOW):
        desk = await desk_of(cast)
        path = f"/admin/duty/desks/{desk}/shifts"
        own, other = str(cast.owner.officer.person), str(cast.third.officer.person)
        async with client_for(cast.owner.head) as browser:
            inverted = await browser.send(
                path,
                person=own,
                starts_at="2026-11-26T08:30",
                ends_at="2026-11-25T08:30",
            )
            assert inverted.status_code == 422
            assert 'id="ends_at-error"' in inverted.text
            assert 'value="2026-11-26T08:30"' in inverted.text
            foreign = await browser.send(
                path,
                person=other,
                starts_at="2026-11-26T08:30",
                ends_at="2026-11-27T08:30",
            )
            assert foreign.status_code == 422
            assert 'id="person-error"' in foreign.text
            nonsense = await browser.send(path, person="", starts_at="bald", ends_at="")
            assert nonsense.status_code == 422


async def test_a_desk_needs_a_telephone(cast: Cast) -> None:
    async with client_for(cast.owner.head) as browser:
        answer = await browser.send("/admin/duty/desks", name="值班室", phone="")
    assert answer.status_code == 422
    assert 'value="值班室"' in answer.text
    assert 'id="phone-new-error"' in answer.text


async def test_a_desk_is_changed_by_its_own_agency_only(cast: Cast) -> None:
    desk = await desk_of(cast)
    async with client_for(cast.owner.head) as browser:
        await browser.send(f"/admin/duty/desks/{desk}", name="总值班室", phone="023-12345")
        assert "总值班室" in (await browser.page("/admin/duty")).text
    async with client_for(cast.borrower.head) as browser:
        assert (await browser.send(f"/admin/duty/desks/{desk}", name="x", phone="1")).status_code == 404
        assert "总值班室" not in (await browser.page("/admin/duty")).text
    async with client_for(cast.owner.officer) as browser:
        assert (await browser.page("/admin/duty")).status_code == 403
