"""The counter and the page of a hand-over, through the browsers of both people."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from PIL import Image

from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.schemas.register import Resource
from shared_resources.equipment.service.handover import propose_handover
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.identity.passwords import make_hash
from tests.equipment.counter import english
from tests.makers import (
    END,
    HOUR,
    START,
    MadeLoan,
    handover_draft,
    make_category,
    make_item,
    make_loan,
    make_model,
    state_of,
)
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.permissions import Actor
    from tests.clients import Browser

PASSWORD = "three radios in a van"


@pytest.fixture(autouse=True)
def day_of_collection() -> Iterator[None]:
    with clock.at(START):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def loan(cast: Cast) -> MadeLoan:
    """Two cameras with a checklist and two accessories, approved and ready to go."""
    keeper = cast.owner.custodian
    category = await make_category(keeper=keeper, resource=Resource.VIDEO)
    model = await make_model(
        keeper=keeper, category=category, checklist=("Lens clean", "Clock right"), accessories=("Battery", "Strap")
    )
    codes = tuple([(await make_item(keeper=keeper, model=model)).code for _ in range(2)])
    return await make_loan(cast=cast, state="approved", codes=codes)


def counter_of(loan: MadeLoan, direction: str = "out") -> str:
    return f"/loans/{loan.number}/hand-over?direction={direction}"


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def handed_over(other: Actor, *codes: str, **more: Any) -> dict[str, Any]:
    """The fields of the counter as somebody fills them in who finds everything in order."""
    fields: dict[str, Any] = {"other": str(other.person), "items": list(codes)}
    for code in codes:
        fields |= {
            f"condition-{code}": "good",
            f"check-{code}-0": "1",
            f"check-{code}-1": "1",
            f"count-{code}-0": "1",
            f"count-{code}-1": "1",
            f"wiped-{code}": "1",
        }
    return fields | more


async def propose(browser: Browser, loan: MadeLoan, direction: str = "out", **fields: Any) -> str:
    """Sends the counter's form; the path of the hand-over."""
    await browser.page(counter_of(loan, direction))
    answer = await browser.send(counter_of(loan, direction), **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def with_password(actor: Actor) -> str:
    """The sign-in name of a person who now has a password."""
    async with transaction() as db:
        await db.execute(
            "UPDATE person SET password_hash = $2 WHERE id = $1", actor.person, await make_hash(PASSWORD)
        )
    return actor.name


async def test_counter_lists_what_can_go_and_suggests_the_taker(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser:
        text = (await browser.page(counter_of(loan))).text
    assert all(f'data-code="{code}"' in text for code in loan.codes)
    assert re.search(rf'<option value="{cast.borrower.officer.person}" selected>', text)
    assert "Lens clean" in text
    assert 'data-mode="collect"' in text
    assert "wiped-" not in text, "data is removed at the end, not at the start"


async def test_counter_and_hand_over_are_unknown_to_others(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser:
        path = await propose(browser, loan, **handed_over(cast.borrower.officer, *loan.codes))
    async with english(cast.third.custodian) as browser:
        foreign = [
            await browser.page(address)
            for address in (counter_of(loan), path, f"{path}/form", f"{path}/watch", f"/loans/{loan.number}/form")
        ]
        pressed = await browser.send(f"{path}/confirm")
    assert [answer.status_code for answer in foreign] == [404] * 5
    assert pressed.status_code == 404


async def test_both_sides_consent_with_photos(cast: Cast, loan: MadeLoan) -> None:
    first, second = loan.codes
    async with english(cast.owner.custodian) as browser:
        await browser.page(counter_of(loan))
        fields = handed_over(cast.borrower.officer, first, second, place="Depot 3", note="two together")
        fields[f"note-{first}"] = "small scratch"
        answer = await browser.send(
            counter_of(loan), files={f"photo-{first}": ("state.jpg", jpeg(), "image/jpeg")}, **fields
        )
        path = answer.headers["location"]
        mine = (await browser.page(path)).text
        assert "<svg" in mine
        assert "confirm-here" in mine
        assert f"{path}/confirm" not in mine.replace("confirm-here", "")
        assert (await browser.page(f"{path}/watch")).status_code == 204
    async with english(cast.borrower.officer) as other:
        text = (await other.page(path)).text
        assert "Confirm: I take it all over" in text
        assert "small scratch" in text
        photo = re.search(r'src="(/files/[0-9a-f-]+)"', text)
        assert photo
        assert (await other.get(photo[1])).headers["content-type"] == "image/jpeg"
        confirmed = await other.send(f"{path}/confirm")
        assert confirmed.headers["location"] == path
        assert "Confirmed by both" in (await other.page(path)).text
        again = await other.send(f"{path}/confirm")
        assert again.status_code == 409
    assert await state_of(loan.number) == "out"
    async with english(cast.owner.custodian) as browser:
        told = await browser.get(f"{path}/watch", headers={"hx-request": "true"})
        assert told.headers["hx-redirect"] == path


async def test_part_out_then_the_rest(cast: Cast, loan: MadeLoan) -> None:
    first, second = loan.codes
    async with english(cast.owner.custodian) as browser, english(cast.borrower.officer) as other:
        path = await propose(browser, loan, **handed_over(cast.borrower.officer, first))
        waiting = (await browser.page(counter_of(loan))).text
        assert "Waits for somebody to confirm a hand-over." in waiting
        await other.page(path)
        await other.send(f"{path}/confirm")
        assert "The rest: 1 item" in (await browser.page(path)).text
        rest = (await browser.page(counter_of(loan))).text
    assert f'data-code="{second}"' in rest
    assert f'data-code="{first}"' not in rest


async def test_what_was_entered_stays_when_something_is_wrong(cast: Cast, loan: MadeLoan) -> None:
    first = loan.codes[0]
    async with english(cast.owner.custodian) as browser:
        await browser.page(counter_of(loan))
        fields = handed_over(cast.borrower.officer, first, place="Gate 2")
        fields |= {
            "other": "",
            f"condition-{first}": "worn",
            f"note-{first}": "lens cap missing",
            f"count-{first}-1": "0",
        }
        answer = await browser.send(
            counter_of(loan), files={f"photo-{first}": ("state.jpg", jpeg(), "image/jpeg")}, **fields
        )
        text = answer.text
        assert answer.status_code == 422
        assert "The other person is missing." in text
        assert 'value="Gate 2"' in text
        assert "lens cap missing" in text
        assert re.search(rf'name="condition-{first}" value="worn" checked', text)
        assert re.search(rf'name="count-{first}-1" value="0"', text)
        kept = re.search(rf'name="kept-{first}" value="([0-9a-f-]+)"', text)
        assert kept
        path = await propose(
            browser, loan, **fields | {"other": str(cast.borrower.officer.person), f"kept-{first}": kept[1]}
        )
        assert f"/files/{kept[1]}" in (await browser.page(path)).text


async def test_a_wrong_count_names_its_item(cast: Cast, loan: MadeLoan) -> None:
    code = loan.codes[0]
    fields = handed_over(cast.borrower.officer, code) | {f"count-{code}-0": "many"}
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(counter_of(loan), **fields)
    assert answer.status_code == 422
    assert f'<a href="#items">{code[:4]}-{code[4:]}: This is not a whole number.' in answer.text


async def test_nothing_ticked_is_said(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(counter_of(loan), other=str(cast.borrower.officer.person))
    assert answer.status_code == 422
    assert "No item is ticked." in answer.text


async def test_a_disguised_photo_is_refused(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(
            counter_of(loan),
            files={f"photo-{loan.codes[0]}": ("state.jpg", b"MZ\x90" + b"\0" * 600, "image/jpeg")},
            **handed_over(cast.borrower.officer, loan.codes[0]),
        )
    assert answer.status_code == 422
    assert await state_of(loan.number) == "approved"


async def test_somebody_elses_photo_cannot_be_named(cast: Cast, loan: MadeLoan) -> None:
    """Otherwise naming a file would open it: a record's parties see the photos that it shows."""
    async with english(cast.third.custodian) as browser:
        answer = await browser.send(
            "/incidents/new",
            files={"picture": ("secret.jpg", jpeg(), "image/jpeg")},
            code="",
            kind="damage",
            description="x",
        )
        foreign = re.search(r'name="photo" value="([0-9a-f-]{36})"', answer.text)
    assert foreign
    async with english(cast.owner.custodian) as browser:
        fields = handed_over(cast.borrower.officer, loan.codes[0])
        answer = await browser.send(counter_of(loan), **fields | {f"kept-{loan.codes[0]}": foreign[1]})
        assert answer.status_code == 422
        assert (await browser.get(f"/files/{foreign[1]}")).status_code == 404


async def test_too_early_is_shown_before_it_is_tried(cast: Cast, loan: MadeLoan) -> None:
    with clock.at(START - HOUR):
        async with english(cast.owner.custodian) as browser:
            text = (await browser.page(counter_of(loan))).text
            tried = await browser.send(counter_of(loan), **handed_over(cast.borrower.officer, loan.codes[0]))
    assert "Not before 2026-12-01 09:00." in text
    assert tried.status_code == 422
    assert "cannot be handed out before" in tried.text


async def test_a_list_nobody_touched_was_not_looked_at(cast: Cast, loan: MadeLoan) -> None:
    """Otherwise somebody in a hurry would sign that nothing works."""
    code = loan.codes[0]
    fields = handed_over(cast.borrower.officer, code) | {f"check-{code}-0": "", f"check-{code}-1": ""}
    async with english(cast.owner.custodian) as browser:
        untouched = (await browser.page(await propose(browser, loan, **fields))).text
        half = handed_over(cast.borrower.officer, loan.codes[1]) | {f"check-{loan.codes[1]}-1": ""}
        touched = (await browser.page(await propose(browser, loan, **half))).text
    assert "Lens clean" not in untouched
    assert "not in order" in touched


async def test_declined_with_a_reason(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser, english(cast.borrower.officer) as other:
        path = await propose(browser, loan, **handed_over(cast.borrower.officer, *loan.codes))
        await other.page(path)
        assert (await other.send(f"{path}/decline", note=" ")).status_code == 422
        assert (await other.send(f"{path}/decline", note="one is missing")).status_code == 303
        assert "Declined" in (await browser.page(path)).text
    assert await state_of(loan.number) == "approved"


async def test_withdrawn_by_the_one_who_proposed(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser, english(cast.borrower.officer) as other:
        path = await propose(browser, loan, **handed_over(cast.borrower.officer, *loan.codes))
        await other.page(path)
        assert (await other.send(f"{path}/withdraw")).status_code == 404
        await browser.page(path)
        assert (await browser.send(f"{path}/withdraw")).headers["location"] == f"/loans/{loan.number}"
        assert "Withdrawn" in (await other.page(path)).text


async def test_the_other_person_confirms_on_this_device(cast: Cast, loan: MadeLoan) -> None:
    name = await with_password(cast.borrower.officer)
    stranger = await with_password(cast.third.officer)
    async with english(cast.owner.custodian) as browser:
        path = await propose(browser, loan, **handed_over(cast.borrower.officer, *loan.codes))
        await browser.page(path)
        wrong = await browser.send(f"{path}/confirm-here", username=name, password="nonsense")
        assert wrong.status_code == 422
        assert "Name, password or one-time code is not right." in wrong.text
        assert f'value="{name}"' in wrong.text
        assert "nonsense" not in wrong.text
        foreign = await browser.send(f"{path}/confirm-here", username=stranger, password=PASSWORD)
        assert foreign.status_code == 404
        assert await state_of(loan.number) == "approved"
        right = await browser.send(f"{path}/confirm-here", username=name, password=PASSWORD)
        assert right.headers["location"] == path
        assert cast.owner.custodian.name in (await browser.page(path)).text, "the keeper stays signed in"
    assert await state_of(loan.number) == "out"


async def test_a_return_shows_before_and_after_and_needs_wiped_data(cast: Cast, loan: MadeLoan) -> None:
    code = loan.codes[0]
    officer, keeper = cast.borrower.officer, cast.owner.custodian
    async with english(keeper) as browser, english(officer) as other:
        path = await propose(browser, loan, **handed_over(officer, *loan.codes))
        await other.page(path)
        await other.send(f"{path}/confirm")
        with clock.at(END - HOUR):
            counter = (await other.page(counter_of(loan, "back"))).text
            assert "Give back" in counter
            assert f'name="wiped-{code}"' in counter
            fields = handed_over(keeper, code) | {f"condition-{code}": "damaged", f"count-{code}-0": "0"}
            dirty = await other.send(counter_of(loan, "back"), **{**fields, f"wiped-{code}": ""})
            assert dirty.status_code == 422
            assert "still counts as holding case data" in dirty.text
            back = await propose(other, loan, "back", **fields)
            seen = (await browser.page(back)).text
            assert "before: Good" in seen
            assert "before: 1" in seen
            assert (await browser.send(f"{back}/confirm")).status_code == 303
            assert "Inspect the items" in (await browser.page(back)).text


async def test_the_symbol_leads_to_the_page(cast: Cast, loan: MadeLoan) -> None:
    assert cast.owner.custodian.person
    draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
    handover = await propose_handover(cast.owner.custodian, loan.number, draft)
    async with english(cast.borrower.officer) as browser:
        short = await browser.page(f"/H/{str(handover).upper()}")
        nonsense = await browser.page("/H/NOTHING")
    assert short.headers["location"] == f"/handovers/{handover}"
    assert UUID(short.headers["location"].rpartition("/")[2]) == handover
    assert nonsense.status_code == 404
