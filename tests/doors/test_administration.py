"""Administration: who may open what, agencies and people taken in, roles given and ended, keys reset."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor
from tests.clients import client_for
from tests.kernel.calendar_story import system_admin
from tests.people import Cast, make_cast

LINK = re.compile(r'data-copy="http://[^/"]+(/sign-in/link/[^"]+)"')


@dataclass(frozen=True)
class House:
    """The cast and the one who looks after the whole house."""

    cast: Cast
    root: Actor


@pytest.fixture
async def house(db: str) -> House:
    cast = await make_cast()
    return House(cast, await system_admin(cast.third.agency, "root.a"))


async def value(statement: str, *values: object) -> object:
    async with reading() as db:
        return await db.fetchval(statement, *values)


AGENCY = {"slug": "cq-new", "name_zh": "市新设局", "name_en": "New Bureau", "level": "municipal", "whole": "1"}
COLLEAGUE = {"name": "赵志强", "username": "zhao.keeper", "locale": "zh_CN", "valid_from": "2026-01-01"}


async def test_each_administrator_is_offered_their_own_part_only(house: House) -> None:
    async with client_for(house.root) as browser:
        text = (await browser.page("/admin")).text
        assert 'href="/admin/agencies/new"' in text
        assert 'href="/admin/duty"' not in text
    async with client_for(house.cast.owner.admin) as browser:
        text = (await browser.page("/admin")).text
        assert 'href="/admin/people/new"' in text
        assert 'href="/admin/agencies/new"' not in text
        assert 'href="/admin/administrators"' not in text
    async with client_for(house.cast.owner.head) as browser:
        text = (await browser.page("/admin")).text
        assert 'href="/admin/duty"' in text
        assert 'href="/admin/people/new"' not in text


@pytest.mark.parametrize(
    "path",
    [
        "/admin",
        "/admin/people",
        "/admin/people/new",
        "/admin/agencies/new",
        "/admin/administrators",
        "/admin/notices",
    ],
)
async def test_officers_administer_nothing(house: House, path: str) -> None:
    async with client_for(house.cast.owner.officer) as browser:
        assert (await browser.page(path)).status_code == 403
    async with client_for() as browser:
        assert (await browser.page(path)).status_code == 303


async def test_the_system_administrator_takes_in_an_agency(house: House) -> None:
    async with client_for(house.root) as browser:
        answer = await browser.send("/admin/agencies/new", **AGENCY)
        assert answer.headers["location"] == "/agencies/cq-new"
        again = await browser.send("/admin/agencies/new", **AGENCY)
        assert again.status_code == 409
        assert 'value="市新设局"' in again.text
        assert 'id="slug-error"' in again.text


async def test_everything_wrong_with_an_agency_is_said_at_once(house: House) -> None:
    wrong = {**AGENCY, "slug": "Not A Slug", "credit_code": "123", "level": "county", "name_en": "新"}
    async with client_for(house.root) as browser:
        answer = await browser.send("/admin/agencies/new", **wrong)
    assert answer.status_code == 422
    for field in ("slug", "credit_code", "county"):
        assert f'id="{field}-error"' in answer.text
    assert 'value="Not A Slug"' in answer.text
    assert await value("SELECT count(*) FROM agency WHERE name_zh = '市新设局'") == 0


async def test_a_new_name_keeps_the_old_one_and_its_last_day(house: House) -> None:
    path = "/admin/agencies/owner/edit"
    async with client_for(house.cast.owner.admin) as browser:
        assert 'name="slug"' not in (await browser.page(path)).text
        answer = await browser.send(
            path, name_zh="市应急与安全局", name_en="Emergency Bureau", since="2026-07-01", credit_code=""
        )
        assert answer.status_code == 303
        text = (await browser.page("/agencies/owner")).text
    assert "市应急与安全局" in text
    assert "市应急管理局" in text
    assert "2026-06-30" in text


async def test_an_agency_does_not_prolong_itself(house: House) -> None:
    path = "/admin/agencies/owner/edit"
    async with client_for(house.cast.owner.admin) as browser:
        answer = await browser.send(path, name_zh="市应急管理局", name_en="Other", valid_to="2030-01-01")
        assert answer.status_code == 403
        assert 'value="Other"' in answer.text
    async with client_for(house.cast.borrower.admin) as browser:
        assert (await browser.page(path)).status_code == 403
        assert (await browser.send(path, name_zh="抢名", name_en="x")).status_code == 403


async def test_a_new_colleague_gets_a_link_once_and_signs_in_with_it(house: House) -> None:
    async with client_for(house.cast.owner.admin) as browser:
        answer = await browser.send("/admin/people/new", **COLLEAGUE, role="equipment_custodian")
    assert answer.status_code == 200
    found = LINK.search(answer.text)
    assert found
    assert answer.headers["cache-control"] == "no-store"
    assert await value("SELECT password_hash FROM person WHERE username = 'zhao.keeper'") is None
    async with client_for() as newcomer:
        assert "赵志强" in (await newcomer.page(found[1])).text


async def test_reasons_against_a_new_colleague_keep_what_was_typed(house: House) -> None:
    async with client_for(house.cast.owner.admin) as browser:
        answer = await browser.send("/admin/people/new", **COLLEAGUE, role="officer", unit="执法支队")
        assert answer.status_code == 422
        assert 'id="permit_no-error"' in answer.text
        assert 'value="执法支队"' in answer.text
        taken = {**COLLEAGUE, "username": "owner.officer"}
        answer = await browser.send("/admin/people/new", **taken, role="clerk")
        assert answer.status_code == 409
        assert 'id="username-error"' in answer.text


async def test_an_agency_takes_in_people_for_itself_only(house: House) -> None:
    async with client_for(house.cast.owner.admin) as browser:
        answer = await browser.send("/admin/people/new", **COLLEAGUE, role="clerk", agency="borrower")
        assert answer.status_code == 403
        assert (await browser.page("/admin/people", params={"agency": "borrower"})).status_code == 404
    assert await value("SELECT count(*) FROM person WHERE username = 'zhao.keeper'") == 0


async def test_roles_are_given_and_ended(house: House) -> None:
    cast, person = house.cast, house.cast.owner.clerk.person
    path = f"/admin/people/{person}"
    async with client_for(cast.owner.admin) as browser:
        given = await browser.send(f"{path}/appoint", role="archivist", valid_from="2026-01-01")
        assert given.status_code == 303
        twice = await browser.send(f"{path}/appoint", role="archivist", valid_from="2026-02-01", unit="档案室")
        assert twice.status_code == 409
        assert 'value="档案室"' in twice.text
        held = await value("SELECT id FROM appointment WHERE person = $1 AND role = 'archivist'", person)
        early = await browser.send(f"{path}/appointments/{held}/end", last_day="2025-01-01")
        assert early.status_code == 422
        today = clock.today().isoformat()
        assert (await browser.send(f"{path}/appointments/{held}/end", last_day=today)).status_code == 303
        assert today in (await browser.page(path)).text
        foreign = await value("SELECT id FROM appointment WHERE person = $1", cast.borrower.clerk.person)
        assert (await browser.send(f"{path}/appointments/{foreign}/end", last_day=today)).status_code == 404


async def test_keys_are_in_the_hands_of_the_own_administrator(house: House) -> None:
    cast = house.cast
    path = f"/admin/people/{cast.owner.officer.person}"
    async with client_for(cast.owner.officer) as victim, client_for(cast.owner.admin) as browser:
        assert (await victim.page("/agencies")).status_code == 200
        assert LINK.search((await browser.send(f"{path}/link")).text)
        for act in ("unlock", "second-factor/reset", "sessions/end", "deactivate", "reactivate"):
            answer = await browser.send(f"{path}/{act}")
            assert answer.status_code == 303, act
            assert answer.headers["location"] == path
        assert (await victim.page("/agencies")).status_code == 303
    async with client_for(cast.borrower.admin) as browser:
        assert (await browser.page(path)).status_code == 404
        assert (await browser.send(f"{path}/deactivate")).status_code == 404
    async with client_for(cast.owner.clerk) as browser:
        assert (await browser.send(f"{path}/deactivate")).status_code == 403
    assert await value("SELECT is_active FROM person WHERE id = $1", cast.owner.officer.person) is True


async def test_nobody_administers_themselves(house: House) -> None:
    admin = house.cast.owner.admin
    path = f"/admin/people/{admin.person}"
    async with client_for(admin) as browser:
        text = (await browser.page(path)).text
        assert f"{path}/deactivate" not in text
        assert (await browser.send(f"{path}/deactivate")).status_code == 403


async def test_administrators_are_made_by_administrators(house: House) -> None:
    new = {"name": "第二管理员", "username": "root.second", "locale": "zh_CN"}
    async with client_for(house.cast.owner.admin) as browser:
        assert (await browser.send("/admin/administrators/new", **new)).status_code == 403
    async with client_for(house.root) as browser:
        wrong = await browser.send("/admin/administrators/new", **{**new, "username": "NO SPACES"})
        assert wrong.status_code == 422
        assert 'value="第二管理员"' in wrong.text
        assert LINK.search((await browser.send("/admin/administrators/new", **new)).text)
        assert "root.second" in (await browser.page("/admin/administrators")).text


async def test_the_list_of_people_shows_past_ones_when_asked(house: House) -> None:
    cast = house.cast
    async with client_for(cast.owner.admin) as browser:
        await browser.send(f"/admin/people/{cast.owner.clerk.person}/deactivate")
        assert "owner.clerk" not in (await browser.page("/admin/people")).text
        past = (await browser.page("/admin/people", params={"past": "true", "q": "CLERK"})).text
    assert "owner.clerk" in past
    assert "owner.officer" not in past
