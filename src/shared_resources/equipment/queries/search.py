"""One field to find anything: items, models, depots, agencies, loans, records, colleagues. Chinese too.

Each kind shows what the reader may see on its own page, never more: serial and asset numbers are found among
one's own items only, loans and incidents only where one's agency is a party, people only in one's own agency.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.catalogue import depots, models
from shared_resources.equipment.queries.register import items
from shared_resources.equipment.rules.procedures import PROCEDURES
from shared_resources.equipment.schemas.register import ItemFilter
from shared_resources.equipment.schemas.search import AgencyHit, Found, PersonHit, RecordHit, TextHit
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.fulltext import search_records
from shared_resources.kernel.pager import like
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, require

if TYPE_CHECKING:
    from collections.abc import Sequence

HITS = 8
"""Shown of each kind; a longer list is on that kind's own page."""

PROCEDURE_OF = {procedure.kind: procedure for procedure in PROCEDURES}


async def search(actor: Actor, text: str) -> Found:
    """Everything with ``text`` in its name or number that the reader may see; nothing for an empty text.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    wanted = text.strip()[:100]
    if not wanted:
        return Found(text="")
    found_items = await items(actor, ItemFilter(q=wanted), size=HITS)
    texts = await search_records(actor, wanted)
    return Found(
        text=wanted,
        items=found_items.items,
        more_items=found_items.next is not None,
        models=tuple((await models(actor, q=wanted))[:HITS]),
        depots=tuple((await depots(actor, q=wanted))[:HITS]),
        agencies=await agencies(wanted),
        records=await records(actor, wanted),
        texts=tuple(TextHit(**asdict(hit)) for hit in texts.hits),
        next_texts=texts.next,
        people=await people(actor, wanted),
    )


async def agencies(text: str) -> tuple[AgencyHit, ...]:
    """Agencies by present or former name or slug."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT a.slug, a.name_zh, a.name_en, (SELECT n.name_zh FROM agency_name n WHERE n.agency = a.id"
            " AND n.name_zh ILIKE $1 LIMIT 1) AS former FROM agency a WHERE a.name_zh ILIKE $1"
            " OR a.name_en ILIKE $1 OR a.slug ILIKE $1"
            " OR EXISTS (SELECT FROM agency_name n WHERE n.agency = a.id AND n.name_zh ILIKE $1)"
            " ORDER BY a.slug LIMIT $2",
            like(text),
            HITS,
        )
    return tuple(AgencyHit(**row) for row in rows)


async def records(actor: Actor, text: str) -> tuple[RecordHit, ...]:
    """Loans and incidents by number or title, newest first, where the reader's agency is a party."""
    if not may(actor, Permission.LOAN_SEE, {Relation.OWNER}):
        return ()
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.kind, r.number, r.title, r.state FROM record r WHERE r.kind IN ('loan', 'incident')"
            " AND (r.number ILIKE $2 OR r.title ILIKE $2)"
            " AND EXISTS (SELECT FROM party p WHERE p.record = r.id AND p.agency = $1)"
            " ORDER BY r.opened_at DESC LIMIT $3",
            actor.agency,
            like(text),
            HITS,
        )
    return tuple(_record(row) for row in rows)


async def people(actor: Actor, text: str) -> tuple[PersonHit, ...]:
    """Colleagues of the reader's own agency, by name."""
    if actor.agency is None:
        return ()
    async with reading() as db:
        rows: Sequence[Any] = await db.fetch(
            "SELECT DISTINCT p.id, p.name, x.unit FROM person p JOIN appointment x ON x.person = p.id"
            " WHERE x.agency = $1 AND p.is_active AND p.name ILIKE $2 AND x.valid_from <= $3"
            " AND (x.valid_to IS NULL OR x.valid_to >= $3) ORDER BY p.name LIMIT $4",
            actor.agency,
            like(text),
            clock.today(),
            HITS,
        )
    return tuple(PersonHit(**row) for row in rows)


def _record(row: Any) -> RecordHit:
    procedure = PROCEDURE_OF[row["kind"]]
    state = procedure.states[row["state"]]
    return RecordHit(
        kind=row["kind"],
        kind_label=procedure.label,
        number=row["number"],
        title=row["title"],
        path=procedure.path % {"number": row["number"]},
        state=row["state"],
        state_label=state.label,
        tone=state.tone,
    )
