"""What the tests of reads stand on: a model, a depot, items, and loans in whatever state a test needs.

Loans are opened through the kernel, so that record, parties, journal and first deadline are real; lines are put
where the test wants them, as the verbs would have left them.
"""

from __future__ import annotations

import itertools
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from shared_resources.equipment.rules.procedures import ITEM, LOAN
from shared_resources.kernel import clock, custody
from shared_resources.kernel.codes import code_of
from shared_resources.kernel.custody import Change, Holder, HolderKind
from shared_resources.kernel.database.transaction import connection, transaction, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.records import open_record

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.people import Team

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""Tuesday 24 November 2026, 09:00 in Chongqing."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OFFICE = {str(day): [["08:30", "18:00"]] for day in range(1, 6)}
ALWAYS = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
numbers = itertools.count(1)


@dataclass(frozen=True)
class Thing:
    """An item of a test."""

    id: UUID
    code: str
    owner: UUID
    model: UUID
    depot: UUID


@dataclass(frozen=True)
class Lent:
    """A loan of a test."""

    id: UUID
    number: str
    owner: UUID
    lines: tuple[UUID, ...]


async def insert(table: str, **values: Any) -> UUID:
    """One row with a new id."""
    row = {"id": new_id()} | values
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    async with transaction() as db:
        await db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())
    return UUID(str(row["id"]))


async def make_category(code: str = "radio", resource: str = "radio") -> UUID:
    """A kind of equipment."""
    return await insert("category", code=code, resource=resource, name_zh="对讲机", name_en="Radio")


async def make_model(category: UUID, name: str = "TC-800", **values: Any) -> UUID:
    """A model: no buffers, any length, no notice, no certificate unless said."""
    usual = {
        "checklist": json.dumps(["收发正常"]),
        "accessories": json.dumps(["电池"]),
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "longest_loan_hours": 366 * 24,
        "notice_hours": 0,
        "evidence_needs_certificate": False,
    }
    return await insert("model", category=category, name_zh=name, name_en=name, **usual | values)


async def make_depot(agency: UUID, name: str = "江北嘴应急装备库", **values: Any) -> UUID:
    """A depot that is always open unless said."""
    usual: dict[str, Any] = {"address": "", "timezone": "Asia/Shanghai", "hours": json.dumps(ALWAYS)}
    return await insert("depot", agency=agency, name_zh=name, name_en=name, **usual | values)


@verb
async def make_item(team: Team, model: UUID, depot: UUID, *, state: str = "available") -> Thing:
    """A numbered item with its record and its first line of custody."""
    serial = next(numbers)
    moved = await open_record(ITEM, team.custodian, {Relation.OWNER: team.agency}, f"YJ-{serial}")
    code = code_of([secrets.randbelow(32) for _ in range(7)])
    await connection().execute(
        "INSERT INTO item (id, owner, code, asset_no, serial, model, depot, condition, registered_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 'good', $8)",
        moved.id,
        team.agency,
        code,
        f"YJ-{serial}",
        f"SN-{serial}",
        model,
        depot,
        clock.now(),
    )
    await connection().execute("UPDATE record SET state = $2 WHERE id = $1", moved.id, state)
    home = Holder(HolderKind.DEPOT, str(depot), team.agency)
    person = team.custodian.person
    await custody.change_holder(Change(moved.id, "receive", home, None, person), expected=None)
    return Thing(moved.id, code, team.agency, model, depot)


@verb
async def make_loan(
    borrower: Actor,
    items: list[Thing],
    starts_at: datetime,
    ends_at: datetime,
    *,
    state: str = "requested",
    line: str = "asked",
    buffer_after: timedelta = timedelta(0),
    cart: UUID | None = None,
    **values: Any,
) -> Lent:
    """A loan of items of one owner, its lines in the state ``line``."""
    owner = items[0].owner
    moved = await open_record(LOAN, borrower, {Relation.OWNER: owner, Relation.BORROWER: borrower.agency}, "夜查")  # type: ignore[dict-item]
    db = connection()
    if cart is None:
        cart = new_id()
        await db.execute(
            "INSERT INTO cart (id, borrower, asked_by, purpose, created_at) VALUES ($1, $2, $3, '夜查', $4)",
            cart,
            borrower.agency,
            borrower.person,
            clock.now(),
        )
    row = {
        "id": moved.id,
        "owner": owner,
        "borrower": borrower.agency,
        "cart": cart,
        "asked_by": borrower.person,
        "taker": borrower.person,
        "ground": "other",
        "purpose": "夜间食品摊点联合检查",
        "mode": "loan",
        "evidential": False,
        "emergency": False,
        "starts_at": starts_at,
        "ends_at": ends_at,
    } | values
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await db.execute(f"INSERT INTO loan ({', '.join(row)}) VALUES ({places})", *row.values())
    lines = tuple([await _line(item, moved.id, starts_at, ends_at, line, buffer_after) for item in items])
    await db.execute("UPDATE record SET state = $2 WHERE id = $1", moved.id, state)
    return Lent(moved.id, moved.number, owner, lines)


async def _line(
    item: Thing, loan: UUID, starts_at: datetime, ends_at: datetime, state: str, buffer_after: timedelta
) -> UUID:
    identifier = new_id()
    await connection().execute(
        "INSERT INTO loan_line (id, owner, loan, model, item, by_model, state, period, blocked, out_at)"
        " VALUES ($1, $2, $3, $4, $5, false, $6, $7, $8, $9)",
        identifier,
        item.owner,
        loan,
        item.model,
        item.id,
        state,
        asyncpg.Range(starts_at, ends_at),
        asyncpg.Range(starts_at, ends_at + buffer_after),
        starts_at if state in ("out", "back", "done") else None,
    )
    return identifier


@verb
async def give(item: Thing, giver: Actor, taker: Actor, loan: UUID) -> None:
    """The item goes from its depot into a person's hands."""
    assert taker.person
    assert taker.agency
    await custody.change_holder(
        Change(
            item.id,
            "issue",
            Holder(HolderKind.PERSON, str(taker.person), taker.agency),
            giver.person,
            taker.person,
            loan=loan,
        ),
        expected=Holder(HolderKind.DEPOT, str(item.depot), item.owner),
    )


async def certify(item: Thing, first: date, last: date) -> None:
    """A certificate for these days."""
    await insert(
        "certificate",
        item=item.id,
        kind="verification",
        number=f"JJG-{next(numbers)}",
        issuer="市计量质量检测研究院",
        valid_from=first,
        valid_to=last,
        added_at=clock.now(),
    )
