"""Loans as their two sides read them, and that nobody else does."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from shared_resources.equipment.queries.incidents import incident_page, incidents
from shared_resources.equipment.queries.loan_list import loans
from shared_resources.equipment.queries.loans import cart, handover_page, loan_page
from shared_resources.equipment.rules.procedures import INCIDENT, LOAN
from shared_resources.equipment.schemas.loans import LoanFilter
from shared_resources.kernel import clock, journal
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, NotFound
from shared_resources.kernel.permissions import Actor, Permission, Relation
from shared_resources.kernel.records import open_record
from tests.equipment.shelf import (
    DAY,
    HOUR,
    NOW,
    Lent,
    Thing,
    certify,
    give,
    insert,
    make_category,
    make_depot,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast
from tests.statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def items(cast: Cast) -> list[Thing]:
    model = await make_model(await make_category())
    depot = await make_depot(cast.owner.agency)
    return [await make_item(cast.owner, model, depot) for _ in range(3)]


@verb
async def step(loan: UUID, name: str, actor: Actor, note: str | None = None) -> None:
    await journal.act(LOAN, name, loan, actor, note=note)


@verb
async def remark(loan: UUID, name: str, actor: Actor) -> None:
    await journal.note_line(LOAN, name, loan, actor, Permission.LOAN_HAND_OVER)


async def propose(lent: Lent, item: Thing, giver: Actor, taker: Actor, by: Actor, direction: str) -> UUID:
    """A proposed hand-over of one item."""
    handover = await insert(
        "handover",
        loan=lent.id,
        direction=direction,
        state="proposed",
        giver=giver.person,
        taker=taker.person,
        proposed_by=by.person,
        proposed_at=clock.now(),
    )
    await insert(
        "handover_line",
        handover=handover,
        line=lent.lines[0],
        item=item.id,
        condition="good",
        checklist='{"收发正常": true}',
        accessories='{"电池": 1}',
        wiped=False,
    )
    return handover


@verb
async def report(cast: Cast, lent: Lent, item: Thing) -> str:
    parties = {Relation.OWNER: cast.owner.agency, Relation.BORROWER: cast.borrower.agency}
    moved = await open_record(INCIDENT, cast.borrower.officer, parties, "屏幕碎裂")
    from_draft = (item.owner, item.id, lent.id, lent.lines[0], cast.borrower.officer.person)
    await connection().execute(
        "INSERT INTO incident (id, owner, item, loan, line, kind, description, reported_by, reported_at,"
        " holds_data) VALUES ($1, $2, $3, $4, $5, 'damage', '跌落', $6, $7, true)",
        moved.id,
        *from_draft,
        clock.now(),
    )
    return moved.number


class TestLists:
    async def test_both_sides_see_their_side(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:2], NOW + DAY, NOW + 2 * DAY)
        (line,) = (await loans(cast.owner.custodian, LoanFilter(side="lend"))).loans
        assert (line.number, line.items, line.label, line.tone) == (lent.number, 2, "Requested", "waiting")
        assert (line.owner.slug, line.borrower.slug, line.taker_name) == ("owner", "borrower", "borrower.officer")
        assert line.due is not None
        assert (line.due.term, line.due.due_on) == ("answer", date(2026, 11, 25))
        assert (await loans(cast.owner.custodian, LoanFilter(side="borrow"))).loans == ()
        assert len((await loans(cast.borrower.auditor, LoanFilter(side="borrow"))).loans) == 1
        assert (await loans(cast.third.head, LoanFilter())).loans == ()

    async def test_filters_narrow(self, cast: Cast, items: list[Thing]) -> None:
        first = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        done = await make_loan(
            cast.third.officer, items[1:2], NOW - 2 * DAY, NOW - DAY, state="closed", line="done"
        )

        async def numbers(**wanted: object) -> list[str]:
            found = await loans(cast.owner.custodian, LoanFilter.model_validate(wanted))
            return [loan.number for loan in found.loans]

        assert await numbers() == [first.number, done.number]
        assert await numbers(open_only=True) == [first.number]
        assert await numbers(state="closed") == [done.number]
        assert await numbers(agency="third") == [done.number]
        assert await numbers(q="食品") == [first.number, done.number]
        assert await numbers(q="100%") == []

    async def test_pages_join_without_gap_or_repeat(self, cast: Cast, items: list[Thing]) -> None:
        made = [
            (await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)).number for _ in range(5)
        ]
        seen: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            page = await loans(cast.owner.custodian, LoanFilter(), cursor=cursor, size=2)
            seen += [loan.number for loan in page.loans]
            cursor = page.next
        assert sorted(seen) == sorted(made)
        assert cursor is None

    async def test_open_ones_come_first_then_the_latest_start(self, cast: Cast, items: list[Thing]) -> None:
        officer, plan = cast.borrower.officer, [(1, "requested"), (9, "withdrawn"), (3, "approved"), (8, "lapsed")]
        made = {
            day: (await make_loan(officer, items[:1], NOW + day * DAY, NOW + (day + 1) * DAY, state=state)).number
            for day, state in plan
        }
        seen: list[str] = []
        cursor: str | None = None
        while len(seen) < 5:
            page = await loans(cast.owner.custodian, LoanFilter(), cursor=cursor, size=1)
            seen += [loan.number for loan in page.loans]
            cursor = page.next
            if cursor is None:
                break
        assert seen == [made[day] for day in (3, 1, 9, 8)]
        with pytest.raises(Invalid):
            await loans(cast.owner.custodian, LoanFilter(), cursor="bm9wZQ")

    async def test_words_find_item_and_model(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        async with reading() as db:
            asset_no = await db.fetchval("SELECT asset_no FROM item WHERE id = $1", items[0].id)

        async def finds(reader: Actor, text: str) -> bool:
            found = (await loans(reader, LoanFilter(q=text))).loans
            return [loan.number for loan in found] == [lent.number]

        for text in (grouped(items[0].code), "tc-8", lent.number[2:]):
            assert await finds(cast.owner.custodian, text)
            assert await finds(cast.borrower.officer, text)
            assert not await finds(cast.third.officer, text)
        assert await finds(cast.owner.custodian, asset_no)
        assert not await finds(cast.borrower.officer, asset_no)
        assert not await finds(cast.owner.custodian, grouped(items[1].code))

    async def test_the_index_of_open_loans_names_every_final_state(self, cast: Cast) -> None:
        async with reading() as db:
            index = await db.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'record_open_loan'")
        named = set(re.findall(r"'(\w+)'", index)) - {"loan"}
        assert named == {name for name, state in LOAN.states.items() if state.final}

    async def test_owner_sees_own_part_of_a_cart_only(self, cast: Cast, items: list[Thing]) -> None:
        depot = await make_depot(cast.third.agency, "朝天门码头装备点")
        other = await make_item(cast.third, items[0].model, depot)
        first = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        async with reading() as db:
            whole = await db.fetchval("SELECT cart FROM loan WHERE id = $1", first.id)
        second = await make_loan(cast.borrower.officer, [other], NOW + DAY, NOW + 2 * DAY, cart=whole)
        assert [loan.number for loan in await cart(cast.borrower.clerk, whole)] == [first.number, second.number]
        assert [loan.number for loan in await cart(cast.owner.head, whole)] == [first.number]
        assert [part.number for part in (await loan_page(cast.borrower.head, first.number)).siblings] == [
            second.number
        ]
        assert (await loan_page(cast.owner.head, first.number)).siblings == ()
        with pytest.raises(NotFound):
            await cart(cast.owner.head, uuid4())


class TestPage:
    async def test_unknown_and_foreign_look_the_same(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        with pytest.raises(NotFound) as foreign:
            await loan_page(cast.third.head, lent.number)
        with pytest.raises(NotFound) as unknown:
            await loan_page(cast.third.head, "L2026-99999")
        assert str(foreign.value) == str(unknown.value)

    async def test_numbers_are_told_with_the_approval(self, cast: Cast, items: list[Thing]) -> None:
        await certify(items[0], date(2026, 1, 1), date(2026, 12, 31))
        async with reading() as db:
            await db.execute("UPDATE depot SET name_en = 'Jiangbeizui depot'")
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        (line,) = (await loan_page(cast.borrower.officer, lent.number)).lines
        assert (line.asset_no, line.serial, line.certificate) == (None, None, None)
        (line,) = (await loan_page(cast.owner.custodian, lent.number)).lines
        assert line.asset_no
        assert line.certificate_until == date(2026, 12, 31)
        assert (line.holder_name_zh, line.holder_name_en) == ("江北嘴应急装备库", "Jiangbeizui depot")
        approved = await make_loan(
            cast.borrower.officer, items[:1], NOW + 3 * DAY, NOW + 4 * DAY, state="approved", line="reserved"
        )
        (line,) = (await loan_page(cast.borrower.officer, approved.number)).lines
        assert line.asset_no
        assert line.certificate
        assert (line.label, line.checklist, line.accessories) == ("Reserved", ("收发正常",), ("电池",))

    async def test_certificate_that_lapses_within_is_none(self, cast: Cast, items: list[Thing]) -> None:
        await certify(items[0], date(2026, 1, 1), date(2026, 11, 25))
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        (line,) = (await loan_page(cast.owner.custodian, lent.number)).lines
        assert line.certificate is None

    async def test_holder_and_late_loan_before(self, cast: Cast, items: list[Thing]) -> None:
        late = await make_loan(
            cast.third.officer, items[:1], NOW - 2 * DAY, NOW - HOUR, state="overdue", line="out"
        )
        await give(items[0], cast.owner.custodian, cast.third.officer, late.id)
        after = await make_loan(
            cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY, state="approved", line="reserved"
        )
        (line,) = (await loan_page(cast.third.officer, late.number)).lines
        assert (line.holder_kind, line.holder_name_zh) == ("person", "third.officer")
        (line,) = (await loan_page(cast.owner.custodian, after.number)).lines
        assert (line.is_blocked, line.late_before) == (True, late.number)
        (line,) = (await loan_page(cast.borrower.officer, after.number)).lines
        assert (line.is_blocked, line.late_before, line.holder_name_zh) == (True, None, None)

    async def test_competitors_are_for_the_owner(self, cast: Cast, items: list[Thing]) -> None:
        mine = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 3 * DAY)
        rival = await make_loan(cast.third.officer, items[:1], NOW + 2 * DAY, NOW + 4 * DAY)
        await make_loan(cast.third.officer, items[:1], NOW + 3 * DAY, NOW + 4 * DAY)
        (found,) = (await loan_page(cast.owner.custodian, mine.number)).competitors
        assert (found.number, found.borrower.slug, found.code) == (rival.number, "third", items[0].code)
        assert (await loan_page(cast.borrower.officer, mine.number)).competitors == ()

    async def test_journal_names_every_act(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        await step(lent.id, "refuse", cast.owner.head, "维保中")
        await remark(lent.id, "propose_out", cast.owner.custodian)
        page = await loan_page(cast.borrower.officer, lent.number)
        assert [act.label for act in page.journal] == ["Hand-over proposed", "Refuse", "Requested"]
        refused = page.journal[1]
        assert (refused.before, refused.after, refused.basis) == ("requested", "refused", "VI-1a")
        assert (refused.actor_name, refused.agency_name_zh) == ("owner.head", "市应急管理局")
        assert page.refused_because == "维保中"
        assert page.dues[0].state == "met"


class TestChoices:
    async def choices(self, actor: Actor, lent: Lent) -> dict[str, str | None]:
        page = await loan_page(actor, lent.number)
        return {choice.step: None if choice.allowed else choice.reason for choice in page.choices}

    async def test_each_side_is_offered_its_acts(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
        offered = await self.choices(cast.owner.custodian, lent)
        assert offered["approve"] is None
        assert offered["withdraw"] == "This act belongs to the other side."
        assert "release" not in offered
        assert (await self.choices(cast.owner.clerk, lent))["approve"] is not None
        assert (await self.choices(cast.borrower.officer, lent))["withdraw"] is None

    async def test_who_asked_does_not_decide(self, cast: Cast, items: list[Thing]) -> None:
        asker = Actor(cast.owner.head.person, cast.borrower.agency, "head", roles=cast.borrower.officer.roles)
        lent = await make_loan(asker, items[:1], NOW + DAY, NOW + 2 * DAY)
        offered = await self.choices(cast.owner.head, lent)
        assert offered["approve"] == "You asked for this yourself, so somebody else has to decide."
        assert offered["refuse"] is None

    async def test_emergency_is_released_on_duty_or_by_a_decider(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW, NOW + DAY, emergency=True)
        assert (await self.choices(cast.owner.head, lent))["release"] is None
        assert (await self.choices(cast.owner.officer, lent))["release"] is not None
        desk = await insert("duty_desk", agency=cast.owner.agency, name="值班室", phone="023-1")
        await insert(
            "duty_shift", desk=desk, person=cast.owner.officer.person, starts_at=NOW - HOUR, ends_at=NOW + HOUR
        )
        assert (await self.choices(cast.owner.officer, lent))["release"] is None

    async def test_extension_that_is_asked_for_can_be_declined(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(
            cast.borrower.officer,
            items[:1],
            NOW,
            NOW + DAY,
            state="out",
            line="out",
            extension_until=NOW + 2 * DAY,
        )
        offered = await self.choices(cast.owner.head, lent)
        assert offered["decline_extension"] is None
        assert (await self.choices(cast.borrower.officer, lent))["decline_extension"] is not None


class TestHandovers:
    async def test_proposal_waits_for_the_other_side(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW, NOW + DAY, state="approved", line="reserved")
        keeper, officer = cast.owner.custodian, cast.borrower.officer
        handover = await propose(lent, items[0], keeper, officer, keeper, "out")
        seen = await handover_page(officer, handover)
        assert (seen.handover.waits_for_me, seen.handover.is_mine, seen.loan.number) == (True, False, lent.number)
        assert (seen.handover.giver.name, seen.handover.taker.name) == ("owner.custodian", "borrower.officer")
        (item,) = seen.handover.items
        assert (item.code, item.checklist, item.accessories) == (items[0].code, {"收发正常": True}, {"电池": 1})
        assert not (await handover_page(keeper, handover)).handover.waits_for_me
        assert not (await handover_page(cast.borrower.head, handover)).handover.waits_for_me
        with pytest.raises(NotFound):
            await handover_page(cast.third.officer, handover)
        with pytest.raises(NotFound):
            await handover_page(officer, uuid4())

    async def test_return_may_be_answered_by_any_custodian(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW, NOW + DAY, state="out", line="out")
        officer = cast.borrower.officer
        handover = await propose(lent, items[0], officer, cast.owner.custodian, officer, "back")
        assert (await handover_page(cast.owner.officer, handover)).handover.waits_for_me
        assert not (await handover_page(cast.owner.clerk, handover)).handover.waits_for_me


class TestIncidents:
    async def test_incident_stands_on_its_loan_and_alone(self, cast: Cast, items: list[Thing]) -> None:
        lent = await make_loan(cast.borrower.officer, items[:1], NOW, NOW + DAY, state="incident", line="out")
        number = await report(cast, lent, items[0])
        (line,) = (await loan_page(cast.owner.head, lent.number)).incidents
        assert (line.number, line.kind, line.tone, line.loan) == (number, "damage", "bad", lent.number)
        page = await incident_page(cast.borrower.officer, number)
        assert (page.side, page.holds_data, page.cost_yuan) == ("borrower", True, None)
        assert page.borrower is not None
        assert [choice.allowed for choice in (await incident_page(cast.owner.head, number)).choices] == [True]
        assert [found.number for found in (await incidents(cast.owner.clerk, open_only=True)).incidents] == [
            number
        ]
        assert (await incidents(cast.third.clerk)).incidents == ()
        with pytest.raises(NotFound):
            await incident_page(cast.third.head, number)


async def test_number_of_statements_does_not_grow_with_the_loan(cast: Cast, items: list[Thing]) -> None:
    small = await make_loan(cast.borrower.officer, items[:1], NOW, NOW + DAY)
    large = await make_loan(cast.borrower.officer, items, NOW + DAY, NOW + 2 * DAY)
    await remark(large.id, "inspect", cast.owner.custodian)
    await propose(large, items[0], cast.owner.custodian, cast.borrower.officer, cast.owner.custodian, "out")
    async with counted() as few:
        await loan_page(cast.owner.custodian, small.number)
    async with counted() as many:
        await loan_page(cast.owner.custodian, large.number)
    assert len(few) == len(many) <= 16
