"""Free, book, decide and move through the API: the same verbs, problems instead of pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.equipment.counter import ask, english, shelf_of
from tests.equipment.shelf import DAY, NOW, Thing, make_loan
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

FROM, TO = "2026-11-25T01:00:00Z", "2026-11-25T09:00:00Z"
API = "/api/v1"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def items(cast: Cast) -> list[Thing]:
    return await shelf_of(cast.owner, 2)


def draft(*items: Thing, **more: object) -> dict[str, object]:
    wishes = [{"item": item.code} for item in items]
    return {"wishes": wishes, "starts_at": FROM, "ends_at": TO, "purpose": "Night market inspection", **more}


async def test_free_then_booked_then_less_is_free(cast: Cast, items: list[Thing]) -> None:
    async with english(cast.borrower.officer) as browser:
        before = (await browser.ask("GET", f"{API}/free?from={FROM}&to={TO}")).json()
        made = await browser.ask("POST", f"{API}/bookings", draft(items[0]))
        assert made.status_code == 201, made.text
        number = made.json()["loans"][0]["number"]
        cart = (await browser.ask("GET", f"{API}/bookings/{made.json()['cart']}")).json()
    async with english(cast.owner.custodian) as browser:
        answer = await browser.ask("POST", f"{API}/loans/{number}/approve", {"version": 0})
        assert answer.status_code == 200, answer.text
        assert answer.json()["state"] == "approved"
    async with english(cast.borrower.officer) as browser:
        after = (await browser.ask("GET", f"{API}/free?from={FROM}&to={TO}")).json()
    assert [line["number"] for line in cart] == [number]
    assert [group["free"] for group in before["groups"]] == [2]
    assert [group["free"] for group in after["groups"]] == [1]


async def test_refusals_are_problems_with_fields(cast: Cast, items: list[Thing]) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.ask("POST", f"{API}/bookings", draft(items[0], ends_at=FROM, starts_at=TO))
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["detail"] == "The return lies before the collection."
    assert [error["field"] for error in problem["errors"]] == ["ends_at"]


async def test_the_same_key_books_once(cast: Cast, items: list[Thing]) -> None:
    async with english(cast.borrower.officer) as browser:
        first = await browser.ask("POST", f"{API}/bookings", draft(items[0]), idempotency_key="one")
        again = await browser.ask("POST", f"{API}/bookings", draft(items[0]), idempotency_key="one")
        listed = (await browser.ask("GET", f"{API}/loans")).json()
    assert first.json() == again.json()
    assert len(listed["loans"]) == 1


async def test_loans_are_known_to_their_sides_only(cast: Cast, items: list[Thing]) -> None:
    (number,) = await ask(cast.borrower.officer, items[0])
    async with english(cast.third.custodian) as browser:
        assert (await browser.ask("GET", f"{API}/loans/{number}")).status_code == 404
        assert (await browser.ask("POST", f"{API}/loans/{number}/approve")).status_code == 404
        assert (await browser.ask("GET", f"{API}/loans")).json()["loans"] == []
    async with english(None) as browser:
        assert (await browser.ask("GET", f"{API}/loans")).status_code == 401


async def test_a_refusal_without_reason_is_refused(cast: Cast, items: list[Thing]) -> None:
    (number,) = await ask(cast.borrower.officer, items[0])
    async with english(cast.owner.custodian) as browser:
        assert (await browser.ask("POST", f"{API}/loans/{number}/refuse", {"note": ""})).status_code == 422
        answer = await browser.ask("POST", f"{API}/loans/{number}/refuse", {"note": "Own drill"})
    assert answer.json()["state"] == "refused"


async def test_a_drag_moves_the_loan_and_answers_its_version(cast: Cast, items: list[Thing]) -> None:
    (number,) = await ask(cast.borrower.officer, items[0])
    body = {"version": 0, "item": items[0].code, "from": "2026-11-26T01:00:00Z", "to": "2026-11-26T09:00:00Z"}
    async with english(cast.borrower.officer) as browser:
        answer = await browser.ask("POST", f"{API}/loans/{number}/move", body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["version"] > 0
        stale = await browser.ask("POST", f"{API}/loans/{number}/move", body)
        loan = (await browser.ask("GET", f"{API}/loans/{number}")).json()
    assert stale.status_code == 409
    assert loan["starts_at"] == "2026-11-26T01:00:00Z"


async def test_dragging_to_another_row_takes_another_item(cast: Cast, items: list[Thing]) -> None:
    (number,) = await ask(cast.borrower.officer, items[0])
    body = {"version": 0, "item": items[0].code, "to_item": items[1].code, "from": FROM, "to": TO}
    async with english(cast.owner.custodian) as browser:
        answer = await browser.ask("POST", f"{API}/loans/{number}/move", body)
        assert answer.status_code == 200, answer.text
        loan = (await browser.ask("GET", f"{API}/loans/{number}")).json()
    assert [line["code"] for line in loan["lines"]] == [items[1].code]


async def test_what_is_out_is_extended_by_the_owner_and_asked_for_by_the_borrower(
    cast: Cast, items: list[Thing]
) -> None:
    out = await make_loan(
        cast.borrower.officer, [items[0]], NOW - DAY, NOW + DAY, state="out", line="out", buffer_after=timedelta(0)
    )
    body = {"item": items[0].code, "from": "2026-11-23T01:00:00Z", "to": "2026-11-26T01:00:00Z"}
    async with english(cast.borrower.officer) as browser:
        answer = await browser.ask("POST", f"{API}/loans/{out.number}/move", body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["said"] == "The extension is asked for. The owner decides."
        loan = (await browser.ask("GET", f"{API}/loans/{out.number}")).json()
        assert (loan["ends_at"], loan["extension_until"]) == ("2026-11-25T01:00:00Z", "2026-11-26T01:00:00Z")
    async with english(cast.owner.custodian) as browser:
        answer = await browser.ask("POST", f"{API}/loans/{out.number}/move", body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["said"] == "Extended. The borrower has been told."
        loan = (await browser.ask("GET", f"{API}/loans/{out.number}")).json()
    assert loan["ends_at"] == "2026-11-26T01:00:00Z"
