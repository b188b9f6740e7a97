"""The catalogue through its doors: everybody reads it, custodians keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel.identifiers import new_id
from tests.equipment.counter import english
from tests.makers import make_category, make_item, make_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from typing import Any

MODEL: dict[str, Any] = {
    "name_zh": "GX-4 检测仪",
    "name_en": "GX-4 detector",
    "buffer_before_minutes": "0",
    "buffer_after_minutes": "30",
    "longest_loan_hours": "168",
    "notice_hours": "0",
}


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_a_model_is_added_read_and_changed(cast: Cast) -> None:
    category = await make_category(keeper=cast.owner.custodian)
    async with english(cast.owner.custodian) as browser:
        await browser.page(f"/models/new?category={category}")
        lists = {"checklist": "报警正常\n\n 电量足 ", "accessories": "采样泵"}
        sent = await browser.send(
            "/models/new", category=category, evidence_needs_certificate="1", **MODEL, **lists
        )
        assert sent.status_code == 303, sent.text
        path = sent.headers["location"]
        page = await browser.page(path)
        form = await browser.page(f"{path}/edit")
        changed = await browser.send(f"{path}/edit", category=category, **{**MODEL, "longest_loan_hours": "24"})
        after = await browser.page(path)
    assert "only with a certificate" in page.text
    assert page.text.index("报警正常") < page.text.index("电量足")
    assert "报警正常\n电量足</textarea>" in form.text
    assert changed.status_code == 303
    assert "without certificate" in after.text
    assert "1 day" in after.text


async def test_wrong_models_have_their_sentences(cast: Cast) -> None:
    category = await make_category(keeper=cast.owner.custodian)
    await make_model(keeper=cast.owner.custodian, category=category, name="TAKEN")
    right = {"category": category, **MODEL}
    wrong: list[tuple[dict[str, Any], int, str]] = [
        ({"name_zh": ""}, 422, "This is needed."),
        ({"name_zh": "TAKEN"}, 409, "There is a model with this name in this category already."),
        ({"category": "nothing"}, 422, "There is no such category."),
        ({"longest_loan_hours": "0"}, 422, "This must be at least 1."),
        ({"buffer_after_minutes": "-5"}, 422, "This must be at least 0."),
        ({"notice_hours": "soon"}, 422, "This is not a whole number."),
        ({"checklist": "\n".join("x" * 2 for _ in range(31))}, 422, "At most 30 are possible here."),
        ({"accessories": "y" * 121}, 422, "At most 120 characters fit here."),
    ]
    async with english(cast.owner.custodian) as browser:
        for change, status, sentence in wrong:
            answer = await browser.send("/models/new", **{**right, **change})
            assert answer.status_code == status, change
            assert sentence in answer.text, change
            assert "GX-4 detector" in answer.text


async def test_kinds_are_added_once(cast: Cast) -> None:
    kind = {"code": "drone_x", "name_zh": "无人机", "name_en": "Drone", "resource": "video"}
    async with english(cast.owner.custodian) as browser:
        await browser.page("/categories/new")
        assert (await browser.send("/categories/new", **kind)).status_code == 303
        twice = await browser.send("/categories/new", **kind)
        wrong = await browser.send("/categories/new", **{**kind, "code": "Big Drone"})
        page = await browser.page("/models")
    assert twice.status_code == 409
    assert "There is a category with this code already." in twice.text
    assert "This does not have the right form." in wrong.text
    assert "/models/new?category=drone_x" in page.text


async def test_everybody_reads_and_only_custodians_write(cast: Cast) -> None:
    model = await make_model(keeper=cast.owner.custodian, name="SHARED")
    await make_item(keeper=cast.owner.custodian, model=model)
    async with english(cast.third.officer) as browser:
        page = await browser.page("/models?q=shared")
        one = await browser.page(f"/models/{model}")
        none = await browser.page("/models?q=nothing")
        assert (await browser.page("/models/new")).status_code == 403
        assert (await browser.send(f"/models/{model}/edit", **MODEL, category="x")).status_code == 403
        missing = await browser.page(f"/models/{new_id()}")
    assert "SHARED" in page.text
    assert "1 in all agencies" in one.text
    assert "No model fits." in none.text
    assert missing.status_code == 404


async def test_programs_keep_the_catalogue(cast: Cast) -> None:
    kind = {"code": "radio_x", "name_zh": "对讲机", "name_en": "Radio", "resource": "radio"}
    model = {"category": "radio_x", "name_zh": "TC-1", "name_en": "TC-1", "checklist": ["收发"]}
    async with english(cast.owner.custodian) as browser:
        assert (await browser.ask("POST", "/api/v1/categories", kind)).status_code == 201
        made = await browser.ask("POST", "/api/v1/models", model)
        assert made.status_code == 201, made.text
        path = f"/api/v1/models/{made.json()['id']}"
        changed = await browser.ask("PUT", path, {**model, "longest_loan_hours": 5})
        found = (await browser.ask("GET", "/api/v1/models?category=radio_x")).json()
        kinds = (await browser.ask("GET", "/api/v1/categories")).json()
        wrong = await browser.ask("POST", "/api/v1/models", {**model, "longest_loan_hours": 0})
    assert changed.json()["longest_loan_hours"] == 5
    assert [line["checklist"] for line in found] == [["收发"]]
    assert [(line["code"], line["models"]) for line in kinds] == [("radio_x", 1)]
    assert wrong.json()["errors"][0]["field"] == "longest_loan_hours"
