"""The pages of agencies: found by old names, open to everybody signed in, people to colleagues only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared_resources.kernel import clock, identity
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import NotAllowed, Taken
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.schemas.people import AgencyDraft, DeskDraft, Office, ShiftDraft
from tests.clients import client_for
from tests.people import Cast, make_agency, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def rename(cast: Cast, former: str) -> None:
    async with transaction() as connection:
        await connection.execute(
            "INSERT INTO agency_name (id, agency, name_zh, valid_from, valid_to)"
            " VALUES ($1, $2, $3, NULL, '2018-12-31')",
            new_id(),
            cast.borrower.agency,
            former,
        )


async def test_the_list_names_every_agency_and_finds_former_names(cast: Cast) -> None:
    await rename(cast, "市工商行政管理局")
    async with client_for(cast.third.auditor) as browser:
        everybody = (await browser.page("/agencies")).text
        assert all(name in everybody for name in ("市应急管理局", "市市场监督管理局", "市城市管理局"))
        found = (await browser.page("/agencies", params={"q": "工商"})).text
        assert "市市场监督管理局" in found
        assert "市应急管理局" not in found


async def test_a_search_without_a_hit_says_so_and_leads_back(cast: Cast) -> None:
    async with client_for(cast.third.auditor) as browser:
        answer = await browser.page("/agencies", params={"q": "没有这个机关"})
    assert answer.status_code == 200
    assert 'href="/agencies"' in answer.text
    assert 'value="没有这个机关"' in answer.text


async def test_the_list_turns_its_pages(cast: Cast) -> None:
    for number in range(60):
        await make_agency(f"more-{number:02d}", f"第{number}局")
    async with client_for(cast.owner.officer) as browser:
        first = (await browser.page("/agencies")).text
        assert "第0局" in first
        assert "市城市管理局" not in first
        last = (await browser.page("/agencies", params={"after": "owner"})).text
        assert "市城市管理局" in last


async def on_duty(head: Actor, officer: Actor) -> None:
    desk = await identity.create_desk(head, DeskDraft(name="应急值班室", phone="023-6381 0000"))
    assert officer.person is not None
    at = clock.now()
    shift = ShiftDraft(person=officer.person, starts_at=at, ends_at=at + timedelta(hours=8))
    await identity.plan_shift(head, desk, shift)


async def test_everybody_sees_who_answers_now_but_only_colleagues_see_the_people(cast: Cast) -> None:
    await on_duty(cast.owner.head, cast.owner.officer)
    async with client_for(cast.borrower.officer) as browser:
        foreign = (await browser.page("/agencies/owner")).text
    assert "应急值班室" in foreign
    assert 'href="tel:023-63810000"' in foreign
    assert "owner.officer" in foreign
    assert "owner.custodian" not in foreign
    assert "/people/" not in foreign.split("<main")[1].split("</main>")[0]
    async with client_for(cast.owner.clerk) as browser:
        own = (await browser.page("/agencies/owner")).text
    assert "owner.custodian" in own


async def test_a_page_of_an_agency_leads_to_its_lending(cast: Cast) -> None:
    async with client_for(cast.borrower.officer) as browser:
        text = (await browser.page("/agencies/owner")).text
    assert 'href="/items?agency=owner"' in text
    assert 'href="/free?agency=owner"' in text


async def test_only_its_administrator_is_offered_to_edit(cast: Cast) -> None:
    edit = 'href="/admin/agencies/owner/edit"'
    for actor, offered in ((cast.owner.admin, True), (cast.owner.officer, False), (cast.borrower.admin, False)):
        async with client_for(actor) as browser:
            assert (edit in (await browser.page("/agencies/owner")).text) is offered


async def test_an_agency_at_rest_says_so(cast: Cast) -> None:
    async with transaction() as connection:
        await connection.execute("UPDATE agency SET valid_to = '2021-01-01' WHERE id = $1", cast.third.agency)
    async with client_for(cast.owner.officer) as browser:
        text = (await browser.page("/agencies/third")).text
    assert "2021-01-01" in text
    assert text.count('data-tone="neutral"') >= 1


async def test_who_is_not_signed_in_goes_to_sign_in_and_unknown_agencies_are_not_found(cast: Cast) -> None:
    async with client_for() as browser:
        answer = await browser.page("/agencies/owner")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next=%2Fagencies%2Fowner"
    async with client_for(cast.owner.officer) as browser:
        assert (await browser.page("/agencies/nobody")).status_code == 404


async def test_the_api_lists_agencies_page_by_page(cast: Cast) -> None:
    async with client_for(cast.owner.officer) as program:
        first = (await program.get("/api/v1/agencies", params={"size": 2})).json()
        assert [line["slug"] for line in first["agencies"]] == ["borrower", "owner"]
        second = (await program.get("/api/v1/agencies", params={"size": 2, "cursor": first["next"]})).json()
        assert [line["slug"] for line in second["agencies"]] == ["third"]
        assert second["next"] is None
        one = (await program.get("/api/v1/agencies/third")).json()
        assert one["line"]["name_zh"] == "市城市管理局"
        assert one["may_see_people"] is False
        missing = await program.get("/api/v1/agencies/nobody")
        assert missing.status_code == 404
        assert missing.headers["content-type"].startswith("application/problem+json")


async def test_the_api_finds_only_people_one_has_to_do_with(cast: Cast) -> None:
    async with client_for(cast.owner.officer) as program:
        names = {line["name"] for line in (await program.get("/api/v1/people")).json()}
        assert "owner.custodian" in names
        assert not any(name.startswith("borrower") for name in names)
        narrowed = (await program.get("/api/v1/people", params={"q": "cler"})).json()
        assert [line["name"] for line in narrowed] == ["owner.clerk"]
    async with client_for() as stranger:
        assert (await stranger.get("/api/v1/people")).status_code == 401


async def test_the_api_counts_working_days(cast: Cast) -> None:
    async with client_for(cast.owner.officer) as program:
        with clock.at(datetime(2026, 11, 24, 2, tzinfo=UTC)):
            answer = await program.get(
                "/api/v1/working-days", params={"start": "2026-09-28", "rule": "FWD", "days": 5}
            )
        counted = answer.json()
        assert counted["due_on"] == "2026-10-10"
        assert counted["provisional"] is False
        skipped = [line for line in counted["explanation"] if line["notice_no"] and not line["counted"]]
        assert {line["notice_no"] for line in skipped} == {"国办发明电〔2025〕7号"}
        wrong = await program.get("/api/v1/working-days", params={"start": "2026-09-28", "days": 0})
        assert wrong.status_code == 422


async def test_an_office_is_held_once_and_given_by_the_system_only(cast: Cast) -> None:
    """Who is legal office sees and decides for others: no agency makes itself one."""
    first = AgencyDraft(slug="owner", name_zh="市应急管理局", name_en="owner", office=Office.LEGAL)
    second = AgencyDraft(slug="third", name_zh="市城市管理局", name_en="third", office=Office.LEGAL)
    own = first.model_copy(update={"office": None, "letter_code": "渝应急"})
    with pytest.raises(NotAllowed):
        await identity.edit_agency(cast.owner.admin, "owner", first)
    await identity.edit_agency(cast.owner.admin, "owner", own)
    system = Actor(cast.owner.admin.person, None, "系统管理员", roles=frozenset({Role.SYSTEM_ADMIN}))
    await identity.edit_agency(system, "owner", first)
    with pytest.raises(Taken):
        await identity.edit_agency(system, "third", second)
    async with client_for(cast.third.officer) as browser:
        text = (await browser.page("/agencies/owner")).text
    assert "市政府法制机构" in text or "Municipal legal office" in text
