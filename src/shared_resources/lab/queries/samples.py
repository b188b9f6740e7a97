"""Samples and shipments as both sides see them; where a sample is and who had it before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.codes import code_in
from shared_resources.kernel.custody import HolderKind, log_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.journal import parties_of
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.shown_files import shows_files
from shared_resources.lab.schemas import samples as views

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LINES = (
    "SELECT s.id, r.number, s.code, r.state, s.material, s.bench_name, s.amount, s.remaining, s.unit, s.condition,"
    " s.kept_for, s.wish, s.seal_no, s.seal_intact, s.taken_at, s.taken_where, s.taken_by, s.second_taker,"
    " s.lowest_c, s.highest_c, s.photo, s.seen_photo, s.received_at, s.received_condition, s.keep_until,"
    " p.number AS parent, d.number AS delegation, d.title AS delegation_title,"
    " coalesce(h.person, h.store, '') AS holder, coalesce(h.holder_kind, '') AS holder_kind"
    " FROM sample s JOIN record r ON r.id = s.id JOIN record d ON d.id = s.delegation"
    " LEFT JOIN record p ON p.id = s.parent LEFT JOIN LATERAL ("
    "  SELECT c.holder_kind, n.name AS person, o.name AS store FROM custody_line c"
    "  LEFT JOIN person n ON c.holder_kind = 'person' AND n.id::text = c.holder"
    "  LEFT JOIN lab_store o ON c.holder_kind = 'depot' AND o.id::text = c.holder"
    "  WHERE c.chain = s.id ORDER BY c.seq DESC LIMIT 1) h ON true"
)
SHIPMENT = (
    "SELECT s.id, r.number, r.state, d.number AS delegation, d.title AS delegation_title,"
    " l.name_zh AS laboratory_zh, l.name_en AS laboratory_en, l.address, a.name_zh AS client_zh,"
    " a.name_en AS client_en, s.carrier, s.waybill, s.conditions, p.name AS sent_by, s.sent_at, s.received_at"
    " FROM shipment s JOIN record r ON r.id = s.id JOIN record d ON d.id = s.delegation"
    " JOIN lab_delegation g ON g.id = s.delegation JOIN laboratory l ON l.id = g.laboratory"
    " JOIN person p ON p.id = s.sent_by JOIN party c ON c.record = s.id AND c.part = 'requesting_agency'"
    " JOIN agency a ON a.id = c.agency"
)
shows_files("sample", "SELECT id FROM sample WHERE photo = $1 OR seen_photo = $1")


async def samples_of(delegation: UUID) -> tuple[views.SampleLine, ...]:
    """The samples that serve a delegation, or that were taken for it. The caller has let the reader in."""
    async with reading() as db:
        rows = await db.fetch(f"{LINES} WHERE s.delegation = $1 OR s.origin = $1 ORDER BY r.number", delegation)
    return tuple(views.SampleLine(**dict(row)) for row in rows)


async def sample_list(
    actor: Actor, text: str = "", state: str = "", *, cursor: str | None = None, size: int | None = None
) -> tuple[tuple[views.SampleLine, ...], str | None]:
    """Samples of which the actor's agency is the client or the laboratory, the newest first.

    Raises:
        NotFound: the actor sees no samples at all.
    """
    parts = [part.value for part in (Relation.REQUESTING, Relation.LABORATORY) if _sees(actor, part)]
    if not parts:
        raise not_found()
    key = key_of(cursor, UUID)
    async with reading() as db:
        rows = await db.fetch(
            f"{LINES} WHERE EXISTS (SELECT FROM party y WHERE y.record = s.id AND y.agency = $1"
            "  AND y.part = ANY($2))"
            " AND ($3::text IS NULL OR r.number ILIKE $3 OR s.material ILIKE $3 OR s.seal_no ILIKE $3"
            "  OR s.code = $4) AND ($5 = '' OR r.state = $5) AND ($6::uuid IS NULL OR s.id < $6)"
            " ORDER BY s.id DESC LIMIT $7",
            actor.agency,
            parts,
            like(text) if text else None,
            code_in(text),
            state,
            key[0] if key else None,
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["id"],))
    return tuple(views.SampleLine(**dict(row)) for row in shown), following


async def sample_page(actor: Actor, name: str) -> tuple[views.SampleLine, frozenset[Relation]]:
    """One sample by its number or code, and what the actor is to it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{LINES} WHERE r.number = $1 OR s.code = $2", name, code_in(name))
    if row is None:
        raise not_found()
    relations = (await parties_of(row["id"])).relations_of(actor)
    require(actor, Permission.SAMPLE_SEE, relations)
    return views.SampleLine(**dict(row)), relations


async def custody_of(sample: UUID) -> tuple[views.CustodyView, ...]:
    """Everybody who held a sample, from the seal to now."""
    lines = await log_of(sample)
    async with reading() as db:
        people = await db.fetch("SELECT id::text, name FROM person WHERE id = ANY($1)", _people(lines))
        stores = await db.fetch(
            "SELECT id::text, name FROM lab_store WHERE id::text = ANY($1)", [line["holder"] for line in lines]
        )
    names = {row["id"]: row["name"] for row in (*people, *stores)}
    return tuple(
        views.CustodyView(
            at=line["at"],
            kind=line["kind"],
            holder=names.get(line["holder"], ""),
            holder_kind=line["holder_kind"],
            giver=names.get(str(line["giver"])),
            taker=names.get(str(line["taker"])),
            note=line["note"],
        )
        for line in lines
    )


async def shipments_of(delegation: UUID) -> Sequence[Mapping[str, Any]]:
    """The shipments of a delegation, the newest first. The caller has let the reader in."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, r.state, s.carrier, s.sent_at, s.received_at,"
            " (SELECT count(*) FROM shipment_line l WHERE l.shipment = s.id) AS lines FROM shipment s"
            " JOIN record r ON r.id = s.id WHERE s.delegation = $1 ORDER BY s.id DESC",
            delegation,
        )
    return [dict(row) for row in rows]


async def shipment_page(actor: Actor, number: str) -> tuple[views.ShipmentView, UUID, frozenset[Relation]]:
    """One shipment with its lines, its record, and what the actor is to it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{SHIPMENT} WHERE r.number = $1", number)
    if row is None:
        raise not_found()
    relations = (await parties_of(row["id"])).relations_of(actor)
    require(actor, Permission.SAMPLE_SEE, relations)
    async with reading() as db:
        lines = await db.fetch(
            "SELECT l.label, coalesce(s.material, '') AS material, s.amount, coalesce(s.unit, '') AS unit,"
            " s.seal_no, r.state, r.number, l.disposition, l.note, l.decided_at, p.name AS decided_by"
            " FROM shipment_line l LEFT JOIN sample s ON s.id = l.sample LEFT JOIN record r ON r.id = l.sample"
            " LEFT JOIN person p ON p.id = l.decided_by WHERE l.shipment = $1 ORDER BY l.id",
            row["id"],
        )
    values = {name: row[name] for name in views.ShipmentView.model_fields if name != "lines"}
    shown = views.ShipmentView(**values, lines=tuple(views.ShipmentLineView(**dict(line)) for line in lines))
    return shown, row["id"], relations


async def incoming(actor: Actor) -> Sequence[Mapping[str, Any]]:
    """Shipments on their way to the laboratories of the actor's agency."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, d.title, s.carrier, s.sent_at,"
            " (SELECT count(*) FROM shipment_line l WHERE l.shipment = s.id) AS lines FROM shipment s"
            " JOIN record r ON r.id = s.id JOIN record d ON d.id = s.delegation"
            " JOIN party y ON y.record = s.id AND y.part = 'laboratory' AND y.agency = $1"
            " WHERE r.state = 'sent' ORDER BY s.sent_at",
            actor.agency,
        )
    return [dict(row) for row in rows]


def _sees(actor: Actor, part: Relation) -> bool:
    return actor.agency is not None and may(actor, Permission.SAMPLE_SEE, {part}) is True


def _people(lines: Sequence[Mapping[str, Any]]) -> list[UUID]:
    named = {line[side] for line in lines for side in ("giver", "taker") if line[side]}
    held = {UUID(line["holder"]) for line in lines if line["holder_kind"] == HolderKind.PERSON}
    return [*named, *held]
