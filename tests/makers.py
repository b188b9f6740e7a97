"""Things of the equipment tests, made through the verbs: models, depots, items, certificates, loans in any state.

Stories begin on ``MONDAY``; hold the clock there (``with clock.at(MONDAY)``) or use the defaults of ``make_loan``,
which do so themselves.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.schemas.booking import BookingDraft, CartMade, Offer, Wish
from shared_resources.equipment.schemas.catalogue import CategoryDraft, DepotDraft, ModelDraft, RuleDraft
from shared_resources.equipment.schemas.handover import (
    Direction,
    HandoverDraft,
    IncidentKind,
    IncidentReport,
    InspectedItem,
    ItemState,
)
from shared_resources.equipment.schemas.register import CertificateDraft, ItemDraft, Resource
from shared_resources.equipment.service.catalogue import add_category, add_model
from shared_resources.equipment.service.certificates import add_certificate
from shared_resources.equipment.service.decisions import (
    approve_loan,
    offer_part,
    refuse_loan,
    withdraw_loan,
)
from shared_resources.equipment.service.depots import add_depot, set_lending_rule
from shared_resources.equipment.service.handover import confirm_handover, propose_handover
from shared_resources.equipment.service.incidents import inspect_return, report_incident
from shared_resources.equipment.service.register import Registered, change_item_state, register_item
from shared_resources.equipment.service.requests import request_booking
from shared_resources.equipment.service.sweeps import lapse, overdue
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast, Team

MONDAY = datetime(2026, 11, 30, 1, tzinfo=UTC)
"""Monday 30 November 2026, 09:00 in Chongqing."""
HOUR = timedelta(hours=1)
START, END = MONDAY + 24 * HOUR, MONDAY + 30 * HOUR
"""The usual loan: Tuesday from nine to three."""
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
OFFICE = {str(day): [["08:30", "18:00"]] for day in range(1, 6)}
numbers = itertools.count(1)


async def make_category(
    *, keeper: Actor, code: str | None = None, resource: Resource = Resource.INSTRUMENT
) -> str:
    """A kind of equipment; returns its code."""
    code = code or f"kind_{next(numbers)}"
    await add_category(
        keeper, CategoryDraft(code=code, resource=resource, name_zh="气体检测仪", name_en="Detector")
    )
    return code


async def make_model(*, keeper: Actor, category: str | None = None, name: str | None = None, **more: Any) -> UUID:
    """A model; ``more`` are fields of ``ModelDraft`` (buffers, longest loan, notice)."""
    category = category or await make_category(keeper=keeper)
    name = name or f"型号 {next(numbers)}"
    return await add_model(keeper, ModelDraft(category=category, name_zh=name, name_en=name, **more))


async def make_depot(*, keeper: Actor, name: str | None = None, **more: Any) -> UUID:
    """A depot that never closes, unless ``hours`` say otherwise."""
    name = name or f"装备库 {next(numbers)}"
    return await add_depot(keeper, DepotDraft(name_zh=name, name_en=name, **{"hours": ALWAYS, **more}))


async def make_item(
    *, keeper: Actor, model: UUID | None = None, depot: UUID | None = None, state: str = "available", **more: Any
) -> Registered:
    """An item of the keeper's agency; ``state`` is reached by the item's own steps."""
    draft = ItemDraft(
        model=model or await make_model(keeper=keeper),
        depot=depot or await make_depot(keeper=keeper),
        **{"asset_no": f"YJ-{next(numbers):04d}", **more},
    )
    item = await register_item(keeper, draft)
    steps = {"standby": "keep_in_reserve", "repair": "send_to_repair", "retired": "retire"}
    if state in steps:
        await change_item_state(keeper, item.code, steps[state], note="测试")
    return item


async def make_certificate(
    *, keeper: Actor, code: str, valid_from: date = date(2026, 1, 1), valid_to: date = date(2027, 12, 31)
) -> UUID:
    """A verification of an item."""
    draft = CertificateDraft(
        number=f"JJG-{next(numbers)}", issuer="市计量质量检测研究院", valid_from=valid_from, valid_to=valid_to
    )
    return await add_certificate(keeper, code, draft)


async def make_rule(*, keeper: Actor, **more: Any) -> UUID:
    """How the keeper's agency answers requests."""
    return await set_lending_rule(keeper, RuleDraft(**more))


def draft_of(*codes: str, model: UUID | None = None, count: int = 1, **more: Any) -> BookingDraft:
    """A cart of items by code, and ``count`` of a model, over the usual time."""
    wishes = [Wish(item=code) for code in codes]
    if model is not None:
        wishes.append(Wish(model=model, count=count))
    usual = {"starts_at": START, "ends_at": END, "purpose": "联合检查"}
    return BookingDraft(wishes=tuple(wishes), **{**usual, **more})


@dataclass(frozen=True)
class MadeLoan:
    """A loan of the tests: its number, record, and the codes of its items as they were allotted."""

    number: str
    id: UUID
    codes: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


async def make_request(*, asker: Actor, draft: BookingDraft) -> CartMade:
    """A request, asked for at ``MONDAY``."""
    with clock.at(MONDAY):
        return await request_booking(asker, draft)


async def make_loan(
    *,
    cast: Cast,
    state: str = "requested",
    codes: tuple[str, ...] = (),
    model: UUID | None = None,
    count: int = 1,
    starts_at: datetime = START,
    ends_at: datetime = END,
    **more: Any,
) -> MadeLoan:
    """A loan from ``cast.owner`` to ``cast.borrower``, walked to ``state`` by the verbs at fitting times.

    Without ``codes`` and ``model`` it gets an item of its own. ``offered`` needs two items. ``more`` are fields of
    ``BookingDraft``.
    """
    if not codes and model is None:
        codes = ((await make_item(keeper=cast.owner.custodian)).code,)
    draft = draft_of(*codes, model=model, count=count, starts_at=starts_at, ends_at=ends_at, **more)
    made = await make_request(asker=cast.borrower.officer, draft=draft)
    loan = await loan_made(made.loans[0].number, starts_at, ends_at)
    await walk(cast, loan, state)
    return loan


async def loan_made(number: str, starts_at: datetime, ends_at: datetime) -> MadeLoan:
    """The loan as it stands in the database."""
    async with reading() as db:
        loan = await db.fetchval("SELECT id FROM record WHERE number = $1", number)
        rows = await db.fetch(
            "SELECT i.code FROM loan_line l JOIN item i ON i.id = l.item WHERE l.loan = $1 ORDER BY l.id", loan
        )
    return MadeLoan(number, loan, tuple(row["code"] for row in rows), starts_at, ends_at)


async def walk(cast: Cast, loan: MadeLoan, state: str) -> None:
    """From requested to ``state``."""
    owner, borrower = cast.owner, cast.borrower
    if state == "requested":
        return
    with clock.at(MONDAY + HOUR):
        if state == "refused":
            await refuse_loan(owner.head, loan.number, "自用")
        elif state == "withdrawn":
            await withdraw_loan(borrower.officer, loan.number)
        elif state == "offered":
            lines = await lines_of(loan.number)
            await offer_part(owner.head, loan.number, Offer(lines=(lines[0]["id"],), reason="其余自用"))
        elif state != "lapsed":
            await approve_loan(owner.head, loan.number)
    if state == "lapsed":
        with clock.at(loan.ends_at + HOUR):
            await lapse(loan.number)
    elif state == "conflict":
        with clock.at(MONDAY + 2 * HOUR):
            await change_item_state(owner.custodian, loan.codes[0], "send_to_repair")
    elif state in ("out", "overdue", "returned", "incident", "closed"):
        await hand_out(owner, borrower, loan)
        await walk_on(cast, loan, state)


async def walk_on(cast: Cast, loan: MadeLoan, state: str) -> None:
    """From out to ``state``."""
    if state == "overdue":
        with clock.at(loan.ends_at + HOUR):
            await overdue(loan.number)
    elif state == "incident":
        with clock.at(loan.ends_at - HOUR):
            report = IncidentReport(code=loan.codes[0], kind=IncidentKind.DAMAGE, description="外壳开裂")
            await report_incident(cast.borrower.officer, report)
    elif state in ("returned", "closed"):
        await bring_back(cast.owner, cast.borrower, loan)
        if state == "closed":
            with clock.at(loan.ends_at + HOUR):
                findings = [InspectedItem(code=code, fit=True) for code in loan.codes]
                await inspect_return(cast.owner.custodian, loan.number, findings)


async def hand_out(owner: Team, borrower: Team, loan: MadeLoan, *codes: str, at: datetime | None = None) -> None:
    """The owner's custodian gives, the borrower's officer confirms; all items, or these."""
    with clock.at(at or loan.starts_at):
        draft = handover_draft(Direction.OUT, borrower.officer, *(codes or loan.codes))
        handover = await propose_handover(owner.custodian, loan.number, draft)
        await confirm_handover(borrower.officer, handover)


async def bring_back(owner: Team, borrower: Team, loan: MadeLoan, *codes: str, at: datetime | None = None) -> None:
    """The borrower's officer brings back, the owner's custodian confirms; all items, or these."""
    with clock.at(at or loan.ends_at - HOUR):
        draft = handover_draft(Direction.BACK, owner.custodian, *(codes or loan.codes))
        handover = await propose_handover(borrower.officer, loan.number, draft)
        await confirm_handover(owner.custodian, handover)


def handover_draft(direction: Direction, other: Actor, *codes: str, wiped: bool = True) -> HandoverDraft:
    """A proposal: these items in good state, to be confirmed by ``other``."""
    assert other.person is not None
    items = tuple(ItemState(code=code, wiped=wiped) for code in codes)
    return HandoverDraft(direction=direction, other=other.person, items=items)


async def lines_of(number: str) -> list[Any]:
    """The lines of a loan as the database holds them, with the codes of their items."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT l.*, i.code FROM loan_line l JOIN item i ON i.id = l.item JOIN record r ON r.id = l.loan"
                " WHERE r.number = $1 ORDER BY l.id",
                number,
            )
        )


async def state_of(number: str) -> str:
    """Where a record stands."""
    async with reading() as db:
        return str(await db.fetchval("SELECT state FROM record WHERE number = $1", number))


async def said_to(person: Actor, text: str = "") -> list[Any]:
    """Notices of a person whose sentence contains ``text``."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT * FROM notice WHERE person = $1 AND strpos(sentence, $2) > 0 ORDER BY id",
                person.person,
                text,
            )
        )
