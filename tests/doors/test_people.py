"""The pages of people: in full for colleagues, by name for partners, unknown to everybody else."""

from __future__ import annotations

import pytest

from shared_resources.kernel.database.transaction import reading
from tests.clients import client_for
from tests.people import Cast, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_colleagues_see_contacts_and_strangers_see_nobody(cast: Cast) -> None:
    path = f"/people/{cast.owner.officer.person}"
    async with client_for(cast.owner.clerk) as browser:
        text = (await browser.page(path)).text
        assert "mailto:owner.officer@example.test" in text
        assert "渝-0001" in text
        assert 'href="/agencies/owner"' in text
    async with client_for(cast.third.officer) as browser:
        assert (await browser.page(path)).status_code == 404


async def test_people_change_their_own_contact_but_not_their_name(cast: Cast) -> None:
    me = cast.owner.officer
    async with client_for(me) as browser:
        form = (await browser.page(f"/people/{me.person}/edit")).text
        assert 'name="name"' not in form
        answer = await browser.send(f"/people/{me.person}/edit", mobile="138 0000 0000", email="")
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/people/{me.person}"
    async with reading() as db:
        row = await db.fetchrow("SELECT name, mobile, email FROM person WHERE id = $1", me.person)
    assert (row["name"], row["mobile"], row["email"]) == ("owner.officer", "138 0000 0000", None)


async def test_a_changed_own_name_is_refused_and_the_entries_stay(cast: Cast) -> None:
    me = cast.owner.officer
    async with client_for(me) as browser:
        answer = await browser.send(f"/people/{me.person}/edit", name="另一个名字", mobile="139 0000 0000")
    assert answer.status_code == 403
    assert 'value="139 0000 0000"' in answer.text
    assert 'class="error-summary"' in answer.text


async def test_a_contact_that_is_too_long_is_named_beside_its_field(cast: Cast) -> None:
    me = cast.owner.officer
    async with client_for(me) as browser:
        answer = await browser.send(f"/people/{me.person}/edit", mobile="1" * 41, email="a@example.test")
    assert answer.status_code == 422
    assert 'id="mobile-error"' in answer.text
    assert 'value="a@example.test"' in answer.text


async def test_the_administrator_changes_a_name_and_colleagues_may_not(cast: Cast) -> None:
    path = f"/people/{cast.owner.officer.person}/edit"
    async with client_for(cast.owner.clerk) as browser:
        assert (await browser.page(path)).status_code == 403
        assert (await browser.send(path, name="改了")).status_code == 403
    async with client_for(cast.borrower.admin) as browser:
        assert (await browser.page(path)).status_code == 404
    async with client_for(cast.owner.admin) as browser:
        assert (await browser.send(path, name="陈晓燕", email="c@example.test")).status_code == 303
        assert "陈晓燕" in (await browser.page(f"/people/{cast.owner.officer.person}")).text
