"""The register through its doors: list, item, forms, and what each wrong entry is told."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of
from shared_resources.kernel.identifiers import new_id
from tests.clients import client_for
from tests.equipment.counter import english
from tests.makers import MONDAY, make_certificate, make_depot, make_item, make_loan, make_model, state_of
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from typing import Any

API = "/api/v1/items"


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


async def test_the_list_shows_own_numbers_and_hides_others(cast: Cast) -> None:
    await make_item(keeper=cast.owner.custodian, asset_no="OWN-NUMBER")
    await make_item(keeper=cast.third.custodian, asset_no="OTHER-NUMBER")
    async with english(cast.owner.custodian) as browser:
        answer = await browser.page("/items")
    assert answer.status_code == 200
    assert "OWN-NUMBER" in answer.text
    assert "OTHER-NUMBER" not in answer.text
    assert "/items/new" in answer.text
    async with english(cast.owner.officer) as browser:
        assert "/items/new" not in (await browser.page("/items")).text


async def test_filters_stand_in_the_address(cast: Cast) -> None:
    kept = await make_item(keeper=cast.owner.custodian)
    repaired = await make_item(keeper=cast.owner.custodian, state="repair")
    async with english(cast.borrower.officer) as browser:
        found = await browser.page("/items?state=repair&agency=owner&q=&category=")
        none = await browser.page("/items?q=nothing-like-this")
        wrong = await browser.page("/items?depot=x")
    assert repaired.code[4:] in found.text
    assert kept.code[4:] not in found.text
    assert "No item fits." in none.text
    assert wrong.status_code == 422
    assert "This is not an identifier." in wrong.text


async def test_own_items_leave_as_csv_without_formulas(cast: Cast) -> None:
    await make_item(keeper=cast.owner.custodian, asset_no="=1+1")
    await make_item(keeper=cast.third.custodian)
    async with english(cast.owner.officer) as browser:
        answer = await browser.get("/items/export.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["asset_no"] for row in rows] == ["'=1+1"]


async def test_an_item_is_entered_and_found_by_code_and_number(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model, depot = await make_model(keeper=keeper), await make_depot(keeper=keeper)
    async with english(keeper) as browser:
        form = await browser.page(f"/items/new?model={model}")
        assert f'value="{model}" selected' in form.text
        sent = await browser.send(
            "/items/new", model=str(model), depot=str(depot), asset_no="YJ-77", condition="worn", act_id="a-1"
        )
        assert sent.status_code == 303, sent.text
        page = await browser.page(sent.headers["location"])
        again = await browser.send(
            "/items/new", model=str(model), depot=str(depot), asset_no="YJ-78", condition="good", act_id="a-1"
        )
        code = sent.headers["location"].removeprefix("/items/")
        number = (await browser.ask("GET", f"{API}/{code}")).json()["item"]["number"]
        by_number = await browser.page(f"/items/{number}")
    assert "YJ-77" in page.text
    assert "Worn, works" in page.text
    assert again.status_code == 303
    assert by_number.headers["location"] == f"/items/{code}"
    async with english(cast.third.officer) as browser:
        assert (await browser.page(f"/items/{number}")).status_code == 404


async def test_wrong_entries_come_back_with_their_sentences(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model, depot = await make_model(keeper=keeper), await make_depot(keeper=keeper)
    foreign = await make_depot(keeper=cast.third.custodian)
    await make_item(keeper=keeper, model=model, depot=depot, asset_no="TAKEN")
    right = {"model": str(model), "depot": str(depot), "asset_no": "FREE"}
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"asset_no": ""}, 422, "This is needed."),
        ({"asset_no": "TAKEN"}, 409, "Your agency has an item with this asset number already."),
        ({"asset_no": "x" * 61}, 422, "At most 60 characters fit here."),
        ({"model": str(new_id())}, 422, "There is no such model."),
        ({"model": "x"}, 422, "This is not an identifier."),
        ({"depot": str(foreign)}, 422, "Your agency has no such depot."),
        ({"keeper": str(cast.owner.officer.person)}, 422, "This person is not an equipment custodian"),
        ({"condition": "shiny"}, 422, "Choose one of"),
    ]
    async with english(keeper) as browser:
        for change, status, sentence in wrong:
            answer = await browser.send("/items/new", **{**right, "serial": "KEPT-ENTRY", **change})
            assert answer.status_code == status, change
            assert sentence in answer.text, change
            assert "KEPT-ENTRY" in answer.text
        listed = await browser.ask("GET", API)
    assert len(listed.json()["items"]) == 1


async def test_the_page_of_an_item_knows_its_reader(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, serial="SN-SECRET", asset_no="YJ-SECRET")
    await make_certificate(keeper=cast.owner.custodian, code=item.code)
    async with english(cast.owner.custodian) as browser:
        keeper = await browser.page(f"/items/{item.code}")
    async with english(cast.owner.officer) as browser:
        officer = await browser.page(f"/items/{item.code}")
    async with english(cast.third.officer) as browser:
        third = await browser.page(f"/items/{item.code.lower()}")
    async with client_for() as browser:
        nobody = await browser.page(f"/items/{item.code}")
    assert "To repair" in keeper.text
    assert "Your role in this agency does not include this act." not in keeper.text
    assert "Your role in this agency does not include this act." in officer.text
    assert f"/loans/new?item={item.code}" in third.text
    assert "SECRET" not in third.text
    assert nobody.headers["location"].startswith("/sign-in?next=")


async def test_busy_times_name_the_loan_to_its_sides_only(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    with clock.at(MONDAY):
        for actor, told in (
            (cast.owner.officer, True),
            (cast.borrower.officer, True),
            (cast.third.officer, False),
        ):
            async with english(actor) as browser:
                page = await browser.page(f"/items/{loan.codes[0]}")
            assert (loan.number in page.text) is told
            assert "2026-12-01 09:00" in page.text


async def test_steps_are_taken_by_their_buttons(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    path = f"/items/{item.code}/state"
    async with english(cast.owner.custodian) as browser:
        seen = (await browser.ask("GET", f"{API}/{item.code}")).json()["item"]["version"]
        moved = await browser.send(path, step="send_to_repair", note="外壳", version=str(seen))
        assert moved.status_code == 303
        stale = await browser.send(path, step="take_back_repaired", version=str(seen))
        gone = await browser.send(path, step="send_to_repair")
        bare = await browser.send(path, step="retire")
        page = await browser.page(f"/items/{item.code}")
    assert await state_of(item.number) == "repair"
    assert (stale.status_code, gone.status_code, bare.status_code) == (409, 409, 422)
    assert "Somebody changed this while you were looking at it." in stale.text
    assert "A reason is needed here." in bare.text
    assert "外壳" in page.text
    async with english(cast.owner.officer) as browser:
        assert (await browser.send(path, step="take_back_repaired")).status_code == 403
    async with english(cast.third.custodian) as browser:
        foreign = await browser.send(path, step="take_back_repaired")
        unknown = await browser.send(f"/items/{code_of([5] * 7)}/state", step="take_back_repaired")
    assert foreign.status_code == unknown.status_code == 404


async def test_an_item_moves_to_another_depot(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    depot = await make_depot(keeper=cast.owner.custodian, name="东库")
    async with english(cast.owner.custodian) as browser:
        assert (await browser.send(f"/items/{item.code}/depot", depot=str(depot))).status_code == 303
        page = await browser.page(f"/items/{item.code}")
        wrong = await browser.send(f"/items/{item.code}/depot", depot="")
    assert "东库" in page.text
    assert wrong.status_code == 422


async def test_photos_are_kept_and_disguised_files_are_not(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    path = f"/items/{item.code}/photos/new"
    async with english(cast.owner.custodian) as browser:
        await browser.page(path)
        kept = await browser.send(path, caption="正面", files={"photo": ("a.jpg", picture(), "image/jpeg")})
        assert kept.status_code == 303, kept.text
        assert "正面" in (await browser.page(f"/items/{item.code}")).text
        none = await browser.send(path, caption="x")
        disguised = await browser.send(path, files={"photo": ("a.jpg", b"MZ\x90 program", "image/jpeg")})
        text = await browser.send(path, files={"photo": ("a.txt", b"hello", "text/plain")})
    assert none.status_code == disguised.status_code == text.status_code == 422
    assert "No picture was chosen." in none.text


async def test_a_correction_through_its_form(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, asset_no="YJ-1", serial="A")
    async with english(cast.owner.custodian) as browser:
        form = await browser.page(f"/items/{item.code}/edit")
        assert 'value="YJ-1"' in form.text
        sent = await browser.send(f"/items/{item.code}/edit", asset_no="YJ-2", condition="damaged")
        wrong = await browser.send(f"/items/{item.code}/edit", asset_no="", condition="good")
        page = await browser.page(f"/items/{item.code}")
    assert sent.status_code == 303
    assert wrong.status_code == 422
    assert "YJ-2" in page.text
    async with english(cast.third.custodian) as browser:
        assert (await browser.page(f"/items/{item.code}/edit")).status_code == 404


async def test_programs_do_the_same(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model, depot = await make_model(keeper=keeper), await make_depot(keeper=keeper)
    body = {"asset_no": "API-1", "model": str(model), "depot": str(depot)}
    async with english(keeper) as browser:
        made = await browser.ask("POST", API, body, idempotency_key="k1")
        again = await browser.ask("POST", API, body, idempotency_key="k1")
        assert made.status_code == 201, made.text
        assert again.json() == made.json()
        code = made.json()["code"]
        edited = await browser.ask("PUT", f"{API}/{code}", {"asset_no": "API-2", "condition": "worn"})
        assert edited.json()["item"]["asset_no"] == "API-2"
        stepped = await browser.ask("POST", f"{API}/{code}/state", {"step": "send_to_repair"})
        assert stepped.json()["item"]["state"] == "repair"
        journal = (await browser.ask("GET", f"{API}/{code}/journal")).json()
        found = (await browser.ask("GET", f"{API}?state=repair")).json()
        states = (await browser.ask("GET", f"{API}/counts")).json()
        labels = (await browser.ask("GET", f"/api/v1/labels?code={code}")).json()
        bad = await browser.ask("POST", API, {**body, "asset_no": "", "colour": "red"})
    assert [line["step"] for line in journal] == ["send_to_repair", "edit_item", "register"]
    assert [item["code"] for item in found["items"]] == [code]
    assert states == [{"state": "repair", "items": 1}]
    assert labels[0]["address"].endswith(f"/T/{code}")
    assert bad.status_code == 422
    assert {error["field"] for error in bad.json()["errors"]} == {"asset_no", "colour"}
    async with english(cast.third.custodian) as browser:
        public = (await browser.ask("GET", f"{API}/{code}")).json()["item"]
        foreign = await browser.ask("PUT", f"{API}/{code}", {"asset_no": "X"})
    assert "asset_no" not in public
    assert foreign.status_code == 404
