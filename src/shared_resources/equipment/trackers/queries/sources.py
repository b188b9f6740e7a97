"""Sources as the people of their agency read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.names import fields_of
from shared_resources.equipment.trackers.queries.devices import credentials_of, device_lines
from shared_resources.equipment.trackers.schemas.devices import SourceLine, SourcePage
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, may, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_TAGS = 200
SOURCES = (
    "SELECT s.id, s.agency, s.key, s.name, s.payload, s.depot, d.name_zh AS depot_name_zh,"
    " d.name_en AS depot_name_en, s.return_door, s.rssi_floor, s.sightings_needed, s.sighting_seconds,"
    " s.created_at, s.retired_at, (SELECT count(*) FROM tracker t JOIN record r ON r.id = t.id"
    "  WHERE t.source = s.id AND r.state <> 'retired') AS devices,"
    " (SELECT count(*) FROM quarantine q WHERE q.topic LIKE 's/' || replace(s.key, '_', '\\_') || '/%')"
    "  AS quarantined"
    " FROM tracker_source s LEFT JOIN depot d ON d.id = s.depot WHERE "
)


async def source_list(actor: Actor) -> tuple[SourceLine, ...]:
    """The sources of the reader's agency, those out of use last.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
    """
    require(actor, Permission.TRACKER_SEE, actor.relations(actor.agency))
    rows = await _rows("s.agency = $1 ORDER BY s.retired_at IS NOT NULL, s.name, s.key", actor.agency)
    return tuple(SourceLine(**fields_of(SourceLine, row)) for row in rows)


async def source_page(actor: Actor, key: str) -> SourcePage:
    """One source with its credentials and the devices it speaks for.

    Raises:
        NotFound: unknown, or another agency's: no difference is visible.
        NotAllowed: the reader's role does not see devices.
    """
    rows = await _rows("s.key = $1", key)
    if not rows:
        raise not_found()
    row = rows[0]
    relations = actor.relations(row["agency"])
    require(actor, Permission.TRACKER_SEE, relations)
    may_edit = may(actor, Permission.TRACKER_EDIT, relations) is True
    return SourcePage(
        **fields_of(SourceLine, row),
        may_edit=may_edit,
        credentials=await credentials_of(row["id"]) if may_edit else (),
        tags=await device_lines(f"t.source = $1 ORDER BY t.name, t.id LIMIT {MOST_TAGS}", row["id"]),
    )


async def _rows(where: str, *values: Any) -> Sequence[Any]:
    async with reading() as db:
        return await db.fetch(SOURCES + where, *values)  # type: ignore[no-any-return]
