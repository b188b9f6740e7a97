"""Depots, closed days and lending rules through their doors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.identifiers import new_id
from tests.equipment.counter import english
from tests.makers import MONDAY, OFFICE, make_category, make_depot
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from typing import Any

DEPOT = {"name_zh": "东库", "name_en": "East depot", "timezone": "Asia/Shanghai", "address": "建新北路 65 号"}


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_a_depot_is_added_with_hours_as_people_write_them(cast: Cast) -> None:
    async with english(cast.owner.custodian) as browser:
        assert 'value="08:30-12:00, 14:00-18:00"' in (await browser.page("/depots/new")).text
        sent = await browser.send(
            "/depots/new", **DEPOT, hours_1="8:30至12:00，14:00–18:00", hours_6="09:00-24:00"
        )
        assert sent.status_code == 303, sent.text
        path = sent.headers["location"]
        page = await browser.page(path)
        form = await browser.page(f"{path}/edit")
        changed = await browser.send(f"{path}/edit", **DEPOT, hours_1="", hours_7="10:00-11:00")
        after = await browser.page(path)
    assert "08:30-12:00, 14:00-18:00" in page.text
    assert "建新北路" in page.text
    assert 'value="09:00-24:00"' in form.text
    assert changed.status_code == 303
    assert "10:00-11:00" in after.text
    assert "08:30" not in after.text


async def test_every_wrong_day_is_named_at_once(cast: Cast) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(
            "/depots/new",
            **{**DEPOT, "name_zh": ""},
            hours_1="always",
            hours_2="18:00-08:00",
            hours_3="08:00-12:00",
        )
    assert answer.status_code == 422
    for sentence in ("This is needed.", "These opening hours cannot be read.", "end before they begin"):
        assert sentence in answer.text
    assert 'value="always"' in answer.text
    assert 'id="hours_2-error"' in answer.text
    assert 'id="hours_3-error"' not in answer.text


async def test_other_wrong_entries(cast: Cast) -> None:
    await make_depot(keeper=cast.owner.custodian, name="TAKEN")
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"name_zh": "TAKEN"}, 409, "Your agency has a depot of this name already."),
        ({"timezone": "Asia/Atlantis"}, 422, "There is no such time zone."),
        ({"latitude": "91"}, 422, "This must be at most 90."),
        ({"longitude": "east"}, 422, "This is not a number."),
    ]
    async with english(cast.owner.custodian) as browser:
        for change, status, sentence in wrong:
            answer = await browser.send("/depots/new", **{**DEPOT, **change})
            assert (answer.status_code, sentence in answer.text) == (status, True), change


async def test_others_see_hours_but_no_address(cast: Cast) -> None:
    depot = await make_depot(
        keeper=cast.owner.custodian, address="SECRET-STREET", phone="SECRET-PHONE", hours=OFFICE
    )
    async with english(cast.third.custodian) as browser:
        page = await browser.page(f"/depots/{depot}")
        listed = await browser.page("/depots")
        program = await browser.ask("GET", f"/api/v1/depots/{depot}")
        edit = await browser.page(f"/depots/{depot}/edit")
        missing = await browser.page(f"/depots/{new_id()}/edit")
    for answer in (page, listed, program):
        assert "SECRET" not in answer.text
        assert "08:30" in answer.text
    assert "Monday" in listed.text
    assert edit.status_code == missing.status_code == 404
    async with english(cast.owner.officer) as browser:
        assert "SECRET-STREET" in (await browser.page(f"/depots/{depot}")).text
        assert (await browser.page(f"/depots/{depot}/edit")).status_code == 403


async def test_days_are_closed_and_opened_again(cast: Cast) -> None:
    depot = await make_depot(keeper=cast.owner.custodian)
    path = f"/depots/{depot}/closures"
    with clock.at(MONDAY):
        async with english(cast.owner.custodian) as browser:
            wrong = await browser.send(path, first_day="2026-12-05", last_day="2026-12-04", reason="盘点")
            sent = await browser.send(path, first_day="2026-12-04", last_day="2026-12-05", reason="盘点")
            page = await browser.page(f"/depots/{depot}")
            closure = page.text.split("/closures/")[1].split("/")[0]
            gone = await browser.send(f"{path}/{closure}/remove")
            twice = await browser.send(f"{path}/{closure}/remove")
            after = await browser.page(f"/depots/{depot}")
    assert wrong.status_code == 422
    assert "The last day comes before the first." in wrong.text
    assert 'value="盘点"' in wrong.text
    assert sent.status_code == gone.status_code == 303
    assert "2026-12-04" in page.text
    assert twice.status_code == 404
    assert "None are planned." in after.text


async def test_rules_are_set_replaced_and_removed(cast: Cast) -> None:
    category = await make_category(keeper=cast.owner.custodian)
    async with english(cast.owner.head) as browser:
        assert "No rule is set." in (await browser.page("/lending-rules")).text
        for hours in ("8", "24"):
            sent = await browser.send("/lending-rules", category=category, automatic_hours=hours, answer_days="2")
            assert sent.status_code == 303, sent.text
        await browser.send("/lending-rules", category="", automatic_hours="0", answer_days="1", requests_hold="1")
        page = await browser.page("/lending-rules")
        unknown = await browser.send("/lending-rules", category="nothing", answer_days="1")
        wrong = await browser.send("/lending-rules", category=category, automatic_hours="-1", answer_days="31")
        rules = (await browser.ask("GET", "/api/v1/lending-rules")).json()
        removed = await browser.send(f"/lending-rules/{rules[0]['id']}/remove")
    assert "up to 1 day" in page.text
    assert [rule["automatic_hours"] for rule in rules] == [24, 0]
    assert "There is no such category." in unknown.text
    assert "This must be at least 0." in wrong.text
    assert "This must be at most 30." in wrong.text
    assert removed.status_code == 303
    async with english(cast.third.head) as browser:
        assert (await browser.send(f"/lending-rules/{rules[1]['id']}/remove")).status_code == 404
    async with english(cast.owner.officer) as browser:
        assert (await browser.send("/lending-rules", answer_days="1")).status_code == 403


async def test_programs_keep_depots(cast: Cast) -> None:
    body: dict[str, Any] = {"name_zh": "西库", "name_en": "West", "hours": {"1": [["08:30", "12:00"]]}}
    async with english(cast.owner.custodian) as browser:
        made = await browser.ask("POST", "/api/v1/depots", body)
        assert made.status_code == 201, made.text
        path = f"/api/v1/depots/{made.json()['id']}"
        changed = await browser.ask("PUT", path, {**body, "address": "x"})
        closure = await browser.ask(
            "POST", f"{path}/closures", {"first_day": "2099-01-01", "last_day": "2099-01-02"}
        )
        opened = await browser.ask("DELETE", f"{path}/closures/{closure.json()['id']}")
        rules = await browser.ask("PUT", "/api/v1/lending-rules", {"automatic_hours": 4})
        gone = await browser.ask("DELETE", f"/api/v1/lending-rules/{rules.json()[0]['id']}")
        for hours in ({"8": [["08:00", "09:00"]]}, {"1": [["08:00"]]}, {"1": [["09:00", "08:00"]]}):
            wrong = await browser.ask("POST", "/api/v1/depots", {**body, "name_zh": "z", "hours": hours})
            assert wrong.status_code == 422
    assert changed.json()["address"] == "x"
    assert opened.status_code == gone.status_code == 204
