"""What a scanned label opens: the decision as a table, then through the door for everybody who may scan it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shared_resources.equipment.rules.landing import Act, LineFacts, Visitor, landing
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.handover import propose_handover
from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of
from shared_resources.kernel.identifiers import new_id
from tests.clients import client_for
from tests.equipment.counter import english
from tests.makers import HOUR, MONDAY, START, handover_draft, make_item, make_loan
from tests.people import Cast, make_cast

ME, OTHER, HANDOVER = new_id(), new_id(), new_id()
KEEPER = Visitor(ME, owns=True, gives=True, inspects=True, requests=True, takes_in=True)
OWN_OFFICER = Visitor(ME, owns=True, gives=True, inspects=False, requests=True)
OWN_AUDITOR = Visitor(ME, owns=True, gives=False, inspects=False, requests=False)
STRANGER = Visitor(ME, owns=False, gives=False, inspects=False, requests=True)
LOOKER = replace(STRANGER, requests=False)
LENT = LineFacts("L2026-00001", "reserved", START, lends=True, borrows=False)
BORROWED = replace(LENT, lends=False, borrows=True)
FOREIGN = replace(LENT, lends=False)


def out(line: LineFacts, holder: UUID = OTHER) -> LineFacts:
    return replace(line, state="out", holder=holder)


@pytest.mark.parametrize(
    ("visitor", "state", "line", "late", "act"),
    [
        (STRANGER, "available", None, 0, Act.BORROW),
        (LOOKER, "available", None, 0, Act.NONE),
        (STRANGER, "repair", None, 0, Act.NONE),
        (STRANGER, "standby", None, 0, Act.NONE),
        (STRANGER, "available", FOREIGN, 1, Act.BORROW),
        (STRANGER, "available", out(FOREIGN), 1, Act.BORROW),
        (KEEPER, "available", None, 0, Act.KEEP),
        (KEEPER, "damaged", None, 0, Act.KEEP),
        (KEEPER, "available", LENT, -1, Act.KEEP),
        (KEEPER, "available", LENT, 0, Act.HAND_OUT),
        (OWN_OFFICER, "available", LENT, 0, Act.HAND_OUT),
        (OWN_AUDITOR, "available", LENT, 0, Act.KEEP),
        (KEEPER, "available", out(LENT), 1, Act.TAKE_BACK),
        (KEEPER, "available", out(LENT, ME), 1, Act.RETURN),
        (OWN_AUDITOR, "available", out(LENT), 1, Act.KEEP),
        (KEEPER, "available", replace(out(LENT), checked_in=True), 1, Act.TAKE_IN),
        (KEEPER, "available", replace(out(LENT, ME), checked_in=True), 1, Act.RETURN),
        (OWN_OFFICER, "available", replace(out(LENT), checked_in=True), 1, Act.TAKE_BACK),
        (OWN_AUDITOR, "available", replace(out(LENT), checked_in=True), 1, Act.KEEP),
        (STRANGER, "available", replace(out(BORROWED, ME), checked_in=True), 1, Act.RETURN),
        (STRANGER, "available", replace(out(FOREIGN), checked_in=True), 1, Act.BORROW),
        (KEEPER, "available", replace(LENT, state="back"), 1, Act.INSPECT),
        (OWN_OFFICER, "available", replace(LENT, state="back"), 1, Act.KEEP),
        (STRANGER, "available", BORROWED, -1, Act.WAIT),
        (STRANGER, "available", BORROWED, 0, Act.COLLECT),
        (STRANGER, "available", out(BORROWED, ME), 1, Act.RETURN),
        (STRANGER, "available", out(BORROWED), 1, Act.TAKE_OVER),
        (STRANGER, "available", replace(BORROWED, state="back"), 1, Act.WAIT),
        (STRANGER, "available", replace(BORROWED, handover=HANDOVER, answered_by_me=True), 0, Act.CONFIRM),
        (STRANGER, "available", replace(BORROWED, handover=HANDOVER, proposed_by=ME), 0, Act.AWAIT),
        (KEEPER, "available", replace(out(LENT), handover=HANDOVER, answered_by_me=True), 0, Act.CONFIRM),
        (STRANGER, "available", replace(FOREIGN, handover=HANDOVER, answered_by_me=True), 0, Act.BORROW),
    ],
)
def test_everybody_meets_one_act(
    visitor: Visitor, state: str, line: LineFacts | None, late: int, act: Act
) -> None:
    found = landing(visitor, "7Q2MK4V3", state, line, START + late * HOUR)
    assert found.act is act
    assert found.path.startswith(("/items/", "/loans/", "/handovers/"))


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def act_for(cast: Cast, who: str, team: str, code: str) -> str:
    """The act that the page offers."""
    async with english(getattr(getattr(cast, team), who)) as browser:
        answer = await browser.page(f"/t/{code}")
    assert answer.status_code == 200, answer.text
    return answer.text.split('data-act="')[1].split('"')[0]


async def test_the_story_of_a_loan_at_one_label(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    code = loan.codes[0]
    with clock.at(loan.starts_at):
        assert await act_for(cast, "custodian", "owner", code) == "hand_out"
        assert await act_for(cast, "officer", "borrower", code) == "collect"
        assert await act_for(cast, "officer", "third", code) == "borrow"
        draft = handover_draft(Direction.OUT, cast.borrower.officer, code)
        await propose_handover(cast.owner.custodian, loan.number, draft)
        assert await act_for(cast, "custodian", "owner", code) == "await"
        assert await act_for(cast, "officer", "borrower", code) == "confirm"


async def test_who_holds_it_returns_it_and_the_keeper_takes_it_back(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="out")
    code = loan.codes[0]
    with clock.at(loan.starts_at + HOUR):
        assert await act_for(cast, "officer", "borrower", code) == "return"
        assert await act_for(cast, "second_officer", "borrower", code) == "take_over"
        assert await act_for(cast, "custodian", "owner", code) == "take_back"
        assert await act_for(cast, "auditor", "owner", code) == "keep"


async def test_what_came_back_is_inspected(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="returned")
    with clock.at(loan.ends_at):
        assert await act_for(cast, "custodian", "owner", loan.codes[0]) == "inspect"


async def test_without_signing_in_a_label_tells_nothing(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    async with client_for() as browser:
        known = await browser.page(f"/t/{item.code}")
        unknown = await browser.page(f"/T/{code_of([3] * 7)}")
        slip = await browser.page("/t/AAAAAAAA")
    assert known.status_code == unknown.status_code == slip.status_code == 200
    for answer in (known, unknown, slip):
        assert "/sign-in?next=" in answer.text
        assert "应急" not in answer.text
    assert item.code in known.text


async def test_signed_in_a_slip_and_an_unknown_code_are_told_apart_from_items(cast: Cast) -> None:
    retired = await make_item(keeper=cast.owner.custodian, state="retired")
    code = code_of([3] * 7)
    slip = ("A" if code[0] != "A" else "B") + code[1:]
    async with english(cast.third.officer) as browser:
        wrong = await browser.page(f"/t/{slip}")
        unknown = await browser.page(f"/T/{code}")
        hidden = await browser.page(f"/T/{retired.code}")
    assert wrong.status_code == 422
    assert "This code has a slip in it" in wrong.text
    assert unknown.status_code == hidden.status_code == 404
    assert "There is nothing here under this address." in hidden.text


async def test_before_its_time_the_borrower_sees_when(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    with clock.at(MONDAY + timedelta(hours=2)):
        assert await act_for(cast, "officer", "borrower", loan.codes[0]) == "wait"
        assert await act_for(cast, "custodian", "owner", loan.codes[0]) == "keep"
