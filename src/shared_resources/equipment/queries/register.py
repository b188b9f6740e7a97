"""Items as a reader may see them: in full for the owner's people, type, place and free or busy for all others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import HOLDER_NAMES, fields_of, held
from shared_resources.equipment.queries.where import NAMES, Where, named_in
from shared_resources.equipment.rules.procedures import ITEM, LINE_OCCUPIES, LINE_STATES
from shared_resources.equipment.schemas.register import (
    BusySpan,
    CertificateView,
    ItemFilter,
    ItemFull,
    ItemList,
    ItemOwn,
    ItemPage,
    ItemPublic,
    JournalView,
    OwnSpan,
    PhotoView,
    StateCount,
)
from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_in, parse_code
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

HIDDEN_ABROAD = ("retired", "lost")
"""States in which an item is none of another agency's business."""

FROM = (
    " FROM item i JOIN record r ON r.id = i.id JOIN agency a ON a.id = i.owner JOIN model m ON m.id = i.model"
    " JOIN category c ON c.id = m.category JOIN depot d ON d.id = i.depot"
)
PUBLIC = (
    "i.code, i.owner, a.slug AS owner_slug, a.name_zh AS owner_name_zh, a.name_en AS owner_name_en,"
    " c.code AS category, c.name_zh AS category_name_zh, c.name_en AS category_name_en, c.resource, i.model,"
    " m.name_zh AS model_name_zh, m.name_en AS model_name_en, i.depot, d.name_zh AS depot_name_zh,"
    " d.name_en AS depot_name_en, r.state, m.evidence_needs_certificate AS needs_certificate,"
    " busy.lines, busy.until, cert.valid_to"
)
OWN = (
    ", i.id, r.number, r.version, i.asset_no, i.serial, i.condition, i.keeper, k.name AS keeper_name,"
    f" held.holder_kind, {HOLDER_NAMES.format('holder_name')}, ha.name_zh AS holder_agency_zh,"
    " ha.name_en AS holder_agency_en, i.registered_at, d.address AS depot_address, m.specification, m.maker,"
    " m.checklist, m.accessories"
)
STANDING = (
    " LEFT JOIN LATERAL (SELECT count(*) AS lines, max(upper(l.blocked)) AS until FROM loan_line l"
    "  WHERE l.owner = i.owner AND l.item = i.id AND l.state = ANY($1)"
    "  AND (l.blocked @> $2::timestamptz OR l.state IN ('out', 'back'))) busy ON true"
    " LEFT JOIN LATERAL (SELECT max(f.valid_to) AS valid_to FROM certificate f"
    "  WHERE f.item = i.id AND f.voided_at IS NULL"
    "  AND ($2::timestamptz AT TIME ZONE d.timezone)::date BETWEEN f.valid_from AND f.valid_to) cert ON true"
)
HOLDER = f" LEFT JOIN person k ON k.id = i.keeper{held('i.id')} LEFT JOIN agency ha ON ha.id = held.holder_agency"
ORDER = " ORDER BY c.code, m.name_zh, a.slug, i.id"

ACTS = {
    "register": N_("Registered"),
    "edit_item": N_("Corrected"),
    "move_to_depot": N_("Moved to another depot"),
    "add_certificate": N_("Certificate added"),
    "void_certificate": N_("Certificate declared void"),
    "fail_check": N_("Failed its check"),
    "add_photo": N_("Photo added"),
    "print_label": N_("Label printed"),
} | {step.name: step.label for step in ITEM.steps}
"""What the acts in an item's journal are called."""


async def items(
    actor: Actor, wanted: ItemFilter, *, cursor: str | None = None, size: int | None = None
) -> ItemList:
    """One page of the items that ``wanted`` leaves, own ones in full, by category, model and owner.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    rows_wanted = page_size(size)
    where = narrowed(actor, wanted, sorted(LINE_OCCUPIES), clock.now())
    key = key_of(cursor, str, str, str, UUID)
    if key is not None:
        where.add(where.beyond("c.code, m.name_zh, a.slug, i.id", ">", key))
    async with reading() as db:
        rows = await db.fetch(
            f"WITH chosen AS MATERIALIZED (SELECT i.id{FROM} WHERE {where}{ORDER} LIMIT {rows_wanted + 1})"
            f" SELECT {PUBLIC}{OWN}{FROM} JOIN chosen ON chosen.id = i.id{STANDING}{HOLDER}{ORDER}",
            *where.values,
        )
    shown, following = page_of(rows, rows_wanted, _key)
    return ItemList(items=tuple(_line(actor, row) for row in shown), next=following)


async def counts(actor: Actor, wanted: ItemFilter) -> list[StateCount]:
    """How many items the filter leaves in each state, in the order of the procedure."""
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    where = narrowed(actor, wanted)
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT r.state, count(*) AS items{FROM} WHERE {where} GROUP BY r.state", *where.values
        )
    found = {row["state"]: row["items"] for row in rows}
    return [StateCount(state=state, items=found[state]) for state in ITEM.states if state in found]


async def item_page(actor: Actor, text: str) -> ItemPage:
    """The item behind a code in an address, as this reader may see it.

    Raises:
        NotFound: no such code, or an item of another agency that is lost or retired: no difference is visible.
        NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    try:
        code = parse_code(text)
    except Invalid:
        raise not_found() from None
    async with reading() as db:
        row = await db.fetchrow(
            f"SELECT {PUBLIC}{OWN}{FROM}{STANDING}{HOLDER} WHERE i.code = $3",
            sorted(LINE_OCCUPIES),
            clock.now(),
            code,
        )
    if row is None or (not _sees_all(actor, row) and row["state"] in HIDDEN_ABROAD):
        raise not_found()
    busy = await busy_spans(actor, row["owner"], row["id"])
    if not _sees_all(actor, row):
        return ItemPage(item=_public(row), busy=busy)
    return ItemPage(item=await _full(row), busy=busy)


async def code_of_number(actor: Actor, number: str) -> str:
    """The code of the item with this record number: journals and notices link by number.

    Raises:
        NotFound: unknown, or not the reader's agency's.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT i.code, i.owner FROM item i JOIN record r ON r.id = i.id WHERE r.number = $1", number
        )
    if row is None or not may(actor, Permission.ITEM_SEE, actor.relations(row["owner"])):
        raise not_found()
    return str(row["code"])


async def busy_spans(actor: Actor, owner: UUID, item: UUID) -> tuple[OwnSpan | BusySpan, ...]:
    """From now on, when an item is occupied; which loan it is only for that loan's two sides."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT lower(l.blocked) AS starts_at, upper(l.blocked) AS ends_at, l.state,"
            " upper(l.period) AS back_at, x.owner, x.borrower, n.number, b.name_zh, b.name_en"
            " FROM loan_line l JOIN loan x ON x.id = l.loan JOIN record n ON n.id = x.id"
            " JOIN agency b ON b.id = x.borrower"
            " WHERE l.owner = $1 AND l.item = $2 AND l.state = ANY($3)"
            " AND (upper(l.blocked) > $4 OR l.state IN ('out', 'back')) ORDER BY 1 LIMIT 100",
            owner,
            item,
            sorted(LINE_OCCUPIES),
            clock.now(),
        )
    return tuple(_span(actor, row) for row in rows)


async def item_journal(actor: Actor, owner: UUID, item: UUID) -> list[JournalView]:
    """What was done to an item, newest first; for its owner's people.

    Raises:
        NotFound: the item is not the reader's agency's.
    """
    require(actor, Permission.JOURNAL_READ, actor.relations(owner))
    async with reading() as db:
        rows = await db.fetch(
            "SELECT j.seq, j.at, j.step, p.name AS actor_name, j.note FROM journal_line j"
            " LEFT JOIN person p ON p.id = j.actor WHERE j.chain = $1 ORDER BY j.seq DESC LIMIT 200",
            item,
        )
    return [JournalView(label=ACTS.get(row["step"], row["step"]), **row) for row in rows]


def narrowed(actor: Actor, wanted: ItemFilter, *values: Any) -> Where:
    """The conditions of a filtered list, behind the ``values`` that its statement has anyway.

    Asset and serial numbers are searched among one's own items only: a hit would tell as much as the number.
    """
    where = Where(*values)
    mine = f"i.owner = {where.put(actor.agency)}"
    where.add(f"({mine} OR r.state <> ALL({{0}}))", list(HIDDEN_ABROAD))
    if wanted.agency:
        where.add("a.slug = {0}", wanted.agency)
    if wanted.category:
        where.add("c.code = {0}", wanted.category)
    if wanted.resource:
        where.add("c.resource = {0}", wanted.resource)
    if wanted.depot:
        where.add("i.depot = {0}", wanted.depot)
    if wanted.model:
        where.add("i.model = {0}", wanted.model)
    if wanted.state:
        where.add("r.state = {0}", wanted.state)
    if wanted.q:
        numbers = f"{mine} AND {named_in('i.asset_no', 'i.serial')}"
        where.add(f"({named_in(*NAMES)} OR {numbers} OR i.code = {{1}})", like(wanted.q), code_in(wanted.q))
    return where


def _sees_all(actor: Actor, row: Any) -> bool:
    return may(actor, Permission.ITEM_SEE, actor.relations(row["owner"])) is True


def _line(actor: Actor, row: Any) -> ItemOwn | ItemPublic:
    return ItemOwn(**_public_fields(row), **_own_fields(row)) if _sees_all(actor, row) else _public(row)


def _public(row: Any) -> ItemPublic:
    return ItemPublic(**_public_fields(row))


def _public_fields(row: Any) -> dict[str, Any]:
    at = clock.now()
    until: datetime | None = row["until"]
    fields = fields_of(ItemPublic, row)
    return fields | {
        "is_free": row["state"] == "available" and not row["lines"],
        "busy_until": until if until is not None and until > at else None,
        "has_valid_certificate": row["valid_to"] is not None,
    }


def _own_fields(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in ItemOwn.model_fields.keys() - ItemPublic.model_fields.keys()}


async def _full(row: Any) -> ItemFull:
    certificates = await certificates_of(row["id"])
    async with reading() as db:
        photos = await db.fetch(
            "SELECT id, file, taken_at, caption FROM item_photo WHERE item = $1 ORDER BY taken_at DESC", row["id"]
        )
    return ItemFull(
        **_public_fields(row),
        **_own_fields(row),
        version=row["version"],
        depot_address=row["depot_address"],
        specification=row["specification"],
        maker=row["maker"],
        checklist=json.loads(row["checklist"]),
        accessories=json.loads(row["accessories"]),
        certificates=certificates,
        photos=tuple(PhotoView(**photo) for photo in photos),
    )


async def certificates_of(item: UUID) -> tuple[CertificateView, ...]:
    """The certificates of an item, newest first, voided ones too: a reading is matched to the one of its day."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT f.id, f.kind, f.number, f.issuer, f.valid_from, f.valid_to, f.file, f.added_at,"
            " p.name AS added_by_name, f.voided_at, f.voided_at IS NULL AND"
            " ($2::timestamptz AT TIME ZONE d.timezone)::date BETWEEN f.valid_from AND f.valid_to AS is_current"
            " FROM certificate f JOIN item i ON i.id = f.item JOIN depot d ON d.id = i.depot"
            " LEFT JOIN person p ON p.id = f.added_by WHERE f.item = $1 ORDER BY f.valid_to DESC, f.added_at DESC",
            item,
            clock.now(),
        )
    return tuple(CertificateView(**row) for row in rows)


def _span(actor: Actor, row: Any) -> OwnSpan | BusySpan:
    if not may(actor, Permission.LOAN_SEE, actor.relations(row["owner"], row["borrower"])):
        return BusySpan(starts_at=row["starts_at"], ends_at=row["ends_at"])
    return OwnSpan(
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        loan=row["number"],
        borrower_name_zh=row["name_zh"],
        borrower_name_en=row["name_en"],
        state=LINE_STATES[row["state"]].label,
        is_late=row["state"] == "out" and row["back_at"] < clock.now(),
    )


def _key(row: Any) -> Sequence[Any]:
    return (row["category"], row["model_name_zh"], row["owner_slug"], row["id"])
