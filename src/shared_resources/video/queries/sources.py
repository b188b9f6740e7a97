"""The register of sources: everybody who works for an agency may look, so that footage can be asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.video.schemas.sources import SourceFilter, SourceList, SourceView

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    "SELECT s.id, r.number, r.state, s.kind, s.name, s.place, s.device_id, s.store_days, s.latitude, s.longitude,"
    " s.clock_offset_ms, s.offset_measured_at, s.contact, s.phone, a.slug AS holder_slug,"
    " a.name_zh AS holder_name_zh, a.name_en AS holder_name_en, s.holder, i.number AS item"
    " FROM footage_source s JOIN record r ON r.id = s.id JOIN agency a ON a.id = s.holder"
    " LEFT JOIN record i ON i.id = s.item"
)


async def source_list(
    actor: Actor, wanted: SourceFilter, *, cursor: str | None = None, size: int | None = None
) -> SourceList:
    """Sources of every agency, the newest first.

    Raises:
        NotFound: the actor works for no agency.
    """
    _let_in(actor)
    key = key_of(cursor, UUID)
    async with reading() as db:
        rows = await db.fetch(
            f"{COLUMNS} WHERE ($1::text IS NULL OR s.name ILIKE $1 OR s.place ILIKE $1 OR r.number ILIKE $1"
            " OR s.device_id ILIKE $1) AND ($2 = '' OR a.slug = $2) AND ($3 = '' OR s.kind = $3)"
            " AND ($4 OR r.state <> 'retired') AND ($5::uuid IS NULL OR s.holder = $5)"
            " AND ($6::uuid IS NULL OR s.id < $6) ORDER BY s.id DESC LIMIT $7",
            like(wanted.q) if wanted.q else None,
            wanted.holder,
            wanted.kind,
            wanted.retired,
            actor.agency if wanted.mine else None,
            key[0] if key else None,
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["id"],))
    return SourceList(sources=tuple(view_of(row) for row in shown), next=following)


async def source_page(actor: Actor, number: str) -> tuple[SourceView, UUID, frozenset[Relation]]:
    """One source, its record and what the actor is to it.

    Raises:
        NotFound: there is none with this number.
    """
    _let_in(actor)
    async with reading() as db:
        row = await db.fetchrow(f"{COLUMNS} WHERE r.number = $1", number)
    if row is None:
        raise not_found()
    relation = Relation.HOLDER if row["holder"] == actor.agency else Relation.THIRD
    return view_of(row), row["id"], frozenset({relation})


async def own_sources(agency: UUID) -> Sequence[tuple[str, str]]:
    """Number and name of an agency's sources in use, for forms."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, s.name FROM footage_source s JOIN record r ON r.id = s.id"
            " WHERE s.holder = $1 AND r.state = 'in_use' ORDER BY s.name",
            agency,
        )
    return [(row["number"], row["name"]) for row in rows]


def view_of(row: Any) -> SourceView:
    """A row as readers see it."""
    return SourceView(**{name: row[name] for name in SourceView.model_fields})


def _let_in(actor: Actor) -> None:
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.SOURCE_SEE, {Relation.THIRD})
