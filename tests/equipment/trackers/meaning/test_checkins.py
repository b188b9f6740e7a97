"""What came home by itself: a term that ends, custody that does not, people who decide; each once."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from shared_resources.equipment.queries.home import home as home_page
from shared_resources.equipment.queries.labels import label_landing
from shared_resources.equipment.queries.loans import loan_lines, loan_page
from shared_resources.equipment.rules.landing import Act
from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.equipment.service.sweeps import mark_overdue, remind_due
from shared_resources.equipment.trackers.queries.checkins import UNDO, checkins, checkins_of_loan
from shared_resources.equipment.trackers.service.checkins import confirm_checkin, decline_checkin, undo_checkin
from shared_resources.equipment.trackers.service.taking_in import ALONE, take_in_checked
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Repeated, WrongState
from shared_resources.kernel.permissions import Role
from tests.equipment.racing import outcomes
from tests.equipment.trackers.meaning.home import (
    HOME,
    came_home,
    checkin,
    custody,
    found,
    lent,
    one,
    steps_of,
    term,
)
from tests.makers import END, HOUR, bring_back, hand_out, lines_of, said_to, state_of
from tests.people import Cast, make_cast, make_person

SOON = HOME + timedelta(minutes=5)
CHECKED_IN = "Checked in, awaiting inspection"


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_the_door_ends_the_term_and_leaves_custody(cast: Cast) -> None:
    """From the door to the closed loan: the borrower owes nothing, holds it still, until a keeper takes it in."""
    it = await lent(cast)
    before = await custody(it.homes[0])
    made = await came_home(it.homes[0])
    assert made is not None
    assert await custody(it.homes[0]) == before
    (line,) = await lines_of(it.number)
    assert (line["state"], line["checked_in_at"], await state_of(it.number)) == ("out", HOME, "out")
    assert await term(it, "return") == [("met", END)]
    assert [state for state, _ in await term(it, "taking_in")] == ["running"]
    for person in (cast.owner.custodian, cast.borrower.head, cast.borrower.officer):
        told = await said_to(person, "reported themselves home")
        assert len(told) == (1 if person is cast.owner.custodian else 0)
    with clock.at(SOON):
        (handover,) = await take_in_checked(cast.owner.custodian, it.number, found(it))
    assert await state_of(it.number) == "returned"
    last = (await custody(it.homes[0]))[-1]
    assert (last["kind"], last["holder_kind"], last["note"]) == ("return", "depot", ALONE)
    assert (last["giver"], last["taker"]) == (cast.borrower.officer.person, cast.owner.custodian.person)
    assert json.loads(last["data"]) == {"handover": str(handover), "checkin": str(made)}
    row = await one("SELECT * FROM handover WHERE id = $1", handover)
    assert (row["state"], row["direction"], row["note"]) == ("confirmed", "back", ALONE)
    assert row["proposed_by"] == row["taker"] == cast.owner.custodian.person
    assert len(await said_to(cast.borrower.officer, "took in")) == 1
    kept = await checkin(made)
    assert (kept["state"], kept["decided_by"]) == ("received", cast.owner.custodian.person)
    assert [state for state, _ in await term(it, "taking_in")] == ["met"]
    assert await steps_of(it) == [("check_in", "VI-1a"), ("take_back", "VI-1a")]
    with clock.at(END):
        await inspect_return(cast.owner.custodian, it.number, [InspectedItem(code=it.loan.codes[0], fit=True)])
    assert await state_of(it.number) == "closed"


async def test_a_proposal_waits_for_the_keeper(cast: Cast) -> None:
    """Standing at the depot is a question; declined it stays out, confirmed the term ends."""
    it = await lent(cast)
    first = await came_home(it.homes[0], confirmed=False)
    assert first is not None
    assert await came_home(it.homes[0], SOON, confirmed=False, key=2) is None
    assert len(await said_to(cast.owner.custodian, "seems to be home")) == 1
    with clock.at(SOON):
        assert [view.may_decide for view in await checkins(cast.owner.custodian)] == [True]
        with pytest.raises(NotAllowed):
            await confirm_checkin(cast.borrower.officer, first)
        with pytest.raises(NotFound):
            await confirm_checkin(cast.third.custodian, first)
        with pytest.raises(NotFound):
            await confirm_checkin(cast.owner.custodian, uuid4())
        with pytest.raises(Invalid):
            await decline_checkin(cast.owner.custodian, first, " ")
        assert await decline_checkin(cast.owner.custodian, first, "架上没有") == it.number
        with pytest.raises(WrongState):
            await confirm_checkin(cast.owner.custodian, first)
    assert await came_home(it.homes[0], confirmed=False) is None
    assert await term(it, "return") == [("running", END)]
    second = await came_home(it.homes[0], SOON, confirmed=False, key=3)
    assert second is not None
    with clock.at(SOON):
        await confirm_checkin(cast.owner.custodian, second, act_id="act-1")
        with pytest.raises(Repeated):
            await confirm_checkin(cast.owner.custodian, second, act_id="act-1")
    assert await term(it, "return") == [("met", END)]
    assert [step for step, _ in await steps_of(it)] == [
        "propose_checkin",
        "decline_checkin",
        "propose_checkin",
        "check_in",
    ]


async def test_the_door_confirms_what_was_proposed(cast: Cast) -> None:
    """One check-in, confirmed; the door's word said again changes nothing."""
    it = await lent(cast)
    first = await came_home(it.homes[0], confirmed=False)
    assert await came_home(it.homes[0], SOON, key=2) == first
    assert await came_home(it.homes[0], SOON, key=2) is None
    assert first is not None
    row = await checkin(first)
    assert (row["state"], row["how"], row["seen_at"]) == ("confirmed", "door", SOON)


async def test_undone_it_is_out_and_due_as_before(cast: Cast) -> None:
    """By the borrower within ten minutes, with a reason; the term runs anew to the end of the loan."""
    it = await lent(cast)
    made = await came_home(it.homes[0])
    assert made is not None
    with clock.at(HOME + UNDO):
        (view,) = await checkins_of_loan(cast.borrower.officer, it.number)
        assert (view.may_undo, view.may_decide, view.may_take_in) == (True, False, False)
        with pytest.raises(Invalid):
            await undo_checkin(cast.borrower.officer, made, "")
        assert await undo_checkin(cast.borrower.officer, made, "只是路过") == it.number
        with pytest.raises(WrongState):
            await undo_checkin(cast.borrower.officer, made, "只是路过")
        with pytest.raises(WrongState):
            await take_in_checked(cast.owner.custodian, it.number, found(it))
    assert await term(it, "return") == [("met", END), ("running", END)]
    assert [state for state, _ in await term(it, "taking_in")] == ["cancelled"]
    (line,) = await lines_of(it.number)
    assert line["checked_in_at"] is None
    assert await steps_of(it) == [("check_in", "VI-1a"), ("undo_check_in", "VI-1a")]
    assert await came_home(it.homes[0]) is None, "the word that was undone counts no second time"
    with clock.at(END):
        assert await mark_overdue() == 1


async def test_after_ten_minutes_it_stands(cast: Cast) -> None:
    it = await lent(cast)
    made = await came_home(it.homes[0])
    assert made is not None
    with clock.at(HOME + UNDO + timedelta(seconds=1)):
        (view,) = await checkins_of_loan(cast.owner.custodian, it.number)
        assert (view.may_undo, view.may_take_in) == (False, True)
        with pytest.raises(WrongState) as refused:
            await undo_checkin(cast.owner.custodian, made, "不在")
    assert refused.value.code == "undo_over"
    assert (await checkin(made))["state"] == "confirmed"


async def test_a_part_at_home_leaves_the_term_running(cast: Cast) -> None:
    """The term ends with the last item, however it comes: by its tracker, or over the counter."""
    it, other = await lent(cast, 2), await lent(cast, 2)
    await came_home(it.homes[0])
    assert await term(it, "return") == [("running", END)]
    await came_home(it.homes[1])
    assert await term(it, "return") == [("met", END)]
    assert [step for step, _ in await steps_of(it)] == ["check_in_part", "check_in"]
    await came_home(other.homes[0])
    at_home = next(line["code"] for line in await lines_of(other.number) if line["checked_in_at"])
    (away,) = set(other.loan.codes) - {at_home}
    await bring_back(cast.owner, cast.borrower, other.loan, away)
    assert await term(other, "return") == [("met", END)]
    assert await state_of(other.number) == "out"


async def test_what_is_at_home_is_not_late(cast: Cast) -> None:
    """No reminder, no overdue, no late mark; only what is away counts."""
    home, half = await lent(cast), await lent(cast, 2)
    await came_home(home.homes[0])
    await came_home(half.homes[0])
    with clock.at(END - timedelta(minutes=30)):
        await remind_due()
    told = [row["link"] for row in await said_to(cast.borrower.officer, "is to be returned")]
    assert told == [f"/loans/{half.number}"]
    with clock.at(END + HOUR):
        assert await mark_overdue() == 1
        held = {one.code: one for one in (await home_page(cast.borrower.officer)).holding}
    assert (await state_of(home.number), await state_of(half.number)) == ("out", "overdue")
    (at_home,) = home.loan.codes
    assert (held[at_home].is_late, held[at_home].is_checked_in) == (False, True)
    assert sorted(one.is_late for one in held.values()) == [False, False, True]
    items = await one(
        "SELECT convert_from(body, 'UTF8')::json->'data'->>'items' AS items FROM journal_line"
        " WHERE chain = $1 AND step = 'mark_overdue'",
        half.loan.id,
    )
    assert json.loads(items["items"]) == [str(half.homes[1].item)]


async def test_pages_say_so(cast: Cast) -> None:
    """The loan, the list, the keeper's home page, the label."""
    it = await lent(cast)
    await came_home(it.homes[0])
    with clock.at(SOON):
        page = await loan_page(cast.borrower.officer, it.number)
        assert (page.state, page.label, page.lines[0].label) == ("out", CHECKED_IN, CHECKED_IN)
        (listed,) = await loan_lines(cast.owner.custodian, "r.number = $2", it.number)
        assert listed.label == CHECKED_IN
        assert [row.number for row in (await home_page(cast.owner.custodian)).to_take_in] == [it.number]
        _, landing = await label_landing(cast.owner.custodian, it.loan.codes[0])
        assert (landing.act, landing.path) == (Act.TAKE_IN, f"/loans/{it.number}/take-in")
        _, landing = await label_landing(cast.borrower.officer, it.loan.codes[0])
        assert landing.act is Act.RETURN


async def test_the_counter_ends_a_check_in(cast: Cast) -> None:
    """Handed over in person: received, and the line is checked in no more; a proposal goes as well."""
    it, asked = await lent(cast), await lent(cast)
    made, proposed = await came_home(it.homes[0]), await came_home(asked.homes[0], confirmed=False)
    assert made is not None
    assert proposed is not None
    for each in (it, asked):
        await bring_back(cast.owner, cast.borrower, each.loan, at=SOON)
        assert await state_of(each.number) == "returned"
    assert [(await checkin(one))["state"] for one in (made, proposed)] == ["received", "received"]
    (line,) = await lines_of(it.number)
    assert (line["state"], line["checked_in_at"]) == ("back", None)
    with clock.at(SOON):
        with pytest.raises(WrongState):
            await confirm_checkin(cast.owner.custodian, proposed)
        with pytest.raises(WrongState):
            await undo_checkin(cast.owner.custodian, made, "不在")
        assert await checkins(cast.owner.custodian) == ()
    assert await came_home(it.homes[0], SOON, key=9) is None


async def test_who_takes_in_and_what(cast: Cast) -> None:
    """The owner's keeper; only what is checked in, only of this loan; nothing half done."""
    it, other = await lent(cast, 2), await lent(cast)
    await came_home(it.homes[0])
    at_home = next(place for place, line in enumerate(await lines_of(it.number)) if line["checked_in_at"])
    with clock.at(SOON):
        for actor, refusal in (
            (cast.borrower.custodian, NotAllowed),
            (cast.owner.officer, NotAllowed),
            (cast.third.custodian, NotFound),
        ):
            with pytest.raises(refusal):
                await take_in_checked(actor, it.number, found(it, at_home))
        with pytest.raises(Invalid):
            await take_in_checked(cast.owner.custodian, it.number, [])
        with pytest.raises(Refusal, match="not checked in"):
            await take_in_checked(cast.owner.custodian, it.number, found(it))
        with pytest.raises(Refusal, match="not on this loan"):
            await take_in_checked(cast.owner.custodian, it.number, found(other))
        await take_in_checked(cast.owner.custodian, it.number, found(it, at_home))
    assert sorted(line["state"] for line in await lines_of(it.number)) == ["back", "out"]
    assert await state_of(it.number) == "out"
    assert await term(it, "return") == [("running", END)]


async def test_two_keepers_and_two_decisions_at_once(cast: Cast) -> None:
    """One takes in, one confirms, one undoes or takes in: whoever comes second meets a refusal."""
    second = await make_person(cast.owner.agency, "owner.custodian.two", [Role.CUSTODIAN])
    keepers = (cast.owner.custodian, second)
    it, asked, torn = await lent(cast), await lent(cast), await lent(cast)
    await came_home(it.homes[0])
    proposed = await came_home(asked.homes[0], confirmed=False)
    made = await came_home(torn.homes[0])
    assert proposed is not None
    assert made is not None
    with clock.at(SOON):
        seen = await outcomes(take_in_checked(keeper, it.number, found(it)) for keeper in keepers * 2)
        assert seen["done"] == 1, seen
        assert sum(count for code, count in seen.items() if "Error" in code) == 0, seen
        seen = await outcomes(confirm_checkin(keeper, proposed) for keeper in keepers * 2)
        assert seen == {"done": 1, "checkin_decided": 3}
        acts = (
            take_in_checked(second, torn.number, found(torn)),
            undo_checkin(cast.borrower.officer, made, "又带走了"),
        )
        seen = await outcomes(acts)
        assert seen["done"] == 1, seen
    assert len(await custody(it.homes[0])) == 3
    state = (await checkin(made))["state"]
    (line,) = await lines_of(torn.number)
    assert (state, line["state"]) in {("received", "back"), ("undone", "out")}
    made_all = await asyncio.gather(*(came_home(asked.homes[0], SOON, key=key) for key in range(5, 9)))
    assert made_all == [None] * 4


async def test_one_act_taken_twice_is_one(cast: Cast) -> None:
    """The same act id pressed twice: the second time it says that it was done."""
    it = await lent(cast)
    await came_home(it.homes[0])
    with clock.at(SOON):
        await take_in_checked(cast.owner.custodian, it.number, found(it), act_id="act-7")
        with pytest.raises(Repeated):
            await take_in_checked(cast.owner.custodian, it.number, found(it), act_id="act-7")


async def test_a_loan_not_out_checks_nothing_in(cast: Cast) -> None:
    """Approved and on the shelf, or over: a door that reads the tag says nothing new."""
    it = await lent(cast, state="approved")
    assert await came_home(it.homes[0]) is None
    await hand_out(cast.owner, cast.borrower, it.loan)
    assert await came_home(it.homes[0]) is not None
