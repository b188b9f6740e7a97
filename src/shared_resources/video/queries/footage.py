"""Recordings as lists and pages: those one's agency holds, those that are shared with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.video.queries.visible import visible_footage
from shared_resources.video.rules.sources import true_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.video.queries.visible import SeenFootage

LINES = (
    "SELECT f.id, r.number, r.state, f.name, f.recorded_from, f.recorded_to, f.clock_offset_ms, f.duration_ms,"
    " f.retention, f.keep_until, s.name AS source_name, sr.number AS source, a.name_zh AS holder_name_zh,"
    " a.name_en AS holder_name_en, f.holder, file.size, f.taken_by,"
    " EXISTS (SELECT FROM footage_hold h WHERE h.footage = f.id AND h.released_at IS NULL) AS held"
    " FROM footage f JOIN record r ON r.id = f.id JOIN agency a ON a.id = f.holder JOIN file ON file.id = f.file"
    " LEFT JOIN footage_source s ON s.id = f.source LEFT JOIN record sr ON sr.id = f.source"
)
SHARED = (
    "EXISTS (SELECT FROM footage_share x WHERE x.footage = f.id AND x.agency = $1 AND x.ground = 'shared_use'"
    " AND x.ended_at IS NULL AND x.since <= $2 AND (x.until IS NULL OR x.until > $2))"
)


class FootageFilter(BaseModel):
    """Which recordings: words, of a source or joint use (numbers), on a day, of a state; deleted ones if asked."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    source: str = ""
    use: str = ""
    day: date | None = None
    state: str = ""
    retention: str = ""
    shared: bool = False


@dataclass(frozen=True)
class FootageLine:
    """A recording in a list."""

    id: UUID
    number: str
    state: str
    name: str
    recorded_from: datetime
    recorded_to: datetime
    clock_offset_ms: int
    duration_ms: int
    retention: str
    keep_until: date | None
    source_name: str | None
    source: str | None
    holder_name_zh: str
    holder_name_en: str
    holder: UUID
    size: int
    taken_by: str
    held: bool

    @property
    def truly_from(self) -> datetime:
        """When it began by true time."""
        return true_time(self.recorded_from, self.clock_offset_ms)


@dataclass(frozen=True)
class FootageFacts:
    """A recording with what identifies it."""

    line: FootageLine
    file: UUID
    file_name: str
    media_type: str
    sha256: str
    sm3: str
    width: int
    height: int
    codec: str
    claimed_at: datetime | None
    probe: dict[str, Any]
    declared_by: str
    stored_at: datetime
    shared_use: str | None
    deleted_at: datetime | None


@dataclass(frozen=True)
class ShareLine:
    """Who else sees a recording, on what ground, until when."""

    agency_name_zh: str
    agency_name_en: str
    ground: str
    record: str
    path: str
    since: datetime
    until: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class HoldLine:
    """Why a recording is not deleted."""

    id: UUID
    reason: str
    record: str | None
    placed_by: str | None
    placed_at: datetime


async def footage_list(
    actor: Actor, wanted: FootageFilter, *, cursor: str | None = None, size: int | None = None
) -> tuple[Sequence[FootageLine], str | None]:
    """Recordings that the actor's agency holds or that are shared with it, the newest recording first.

    Raises:
        NotFound, NotAllowed: the actor's role does not see footage.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.FOOTAGE_SEE, {Relation.HOLDER})
    key = key_of(cursor, datetime.fromisoformat, UUID)
    begins = datetime.combine(wanted.day, datetime.min.time(), clock.LOCAL_ZONE) if wanted.day else None
    async with reading() as db:
        rows = await db.fetch(
            f"{LINES} WHERE (f.holder = $1 OR {SHARED}) AND (NOT $3 OR f.holder <> $1)"
            " AND ($4::text IS NULL OR f.name ILIKE $4 OR r.number ILIKE $4 OR s.place ILIKE $4"
            " OR s.name ILIKE $4)"
            " AND ($5 = '' OR sr.number = $5)"
            " AND ($6 = '' OR f.shared_use = (SELECT id FROM record WHERE number = $6))"
            " AND ($7::timestamptz IS NULL OR (f.recorded_from < $8 AND f.recorded_to > $7))"
            " AND CASE WHEN $9 = '' THEN r.state <> 'deleted' ELSE r.state = $9 END"
            " AND ($10 = '' OR f.retention = $10)"
            " AND ($11::timestamptz IS NULL OR (f.recorded_from, f.id) < ($11, $12))"
            " ORDER BY f.recorded_from DESC, f.id DESC LIMIT $13",
            actor.agency,
            clock.now(),
            wanted.shared,
            like(wanted.q) if wanted.q else None,
            wanted.source,
            wanted.use,
            begins,
            begins + timedelta(days=1) if begins else None,
            wanted.state,
            wanted.retention,
            *(key or (None, None)),
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["recorded_from"], row["id"]))
    return [FootageLine(**dict(row)) for row in shown], following


async def footage_page(actor: Actor, number: str) -> tuple[SeenFootage, FootageFacts]:
    """One recording with what identifies it.

    Raises:
        NotFound, NotAllowed: see ``visible_footage``.
    """
    seen = await visible_footage(actor, number)
    async with reading() as db:
        line = await db.fetchrow(f"{LINES} WHERE f.id = $1", seen.id)
        row = await db.fetchrow(
            "SELECT f.file, file.name AS file_name, file.media_type, encode(file.sha256, 'hex') AS sha256,"
            " encode(f.sm3, 'hex') AS sm3, f.width, f.height, f.codec, f.claimed_at, f.probe,"
            " p.name AS declared_by, file.stored_at, u.number AS shared_use, f.deleted_at FROM footage f"
            " JOIN file ON file.id = f.file JOIN person p ON p.id = f.declared_by"
            " LEFT JOIN record u ON u.id = f.shared_use WHERE f.id = $1",
            seen.id,
        )
    facts = {**dict(row), "probe": json.loads(row["probe"])}
    return seen, FootageFacts(line=FootageLine(**dict(line)), **facts)


async def shares_of(footage: UUID) -> Sequence[ShareLine]:
    """Every share of a recording, those that stand first. For its holder."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT a.name_zh AS agency_name_zh, a.name_en AS agency_name_en, s.ground, r.number AS record,"
            " r.kind, s.since, s.until, s.ended_at FROM footage_share s JOIN agency a ON a.id = s.agency"
            " JOIN record r ON r.id = s.record WHERE s.footage = $1"
            " ORDER BY s.ended_at IS NOT NULL, s.since DESC",
            footage,
        )
    paths = {"footage_request": "/footage-requests/", "shared_footage": "/shared-footage/"}
    return [
        ShareLine(
            **{name: value for name, value in row.items() if name != "kind"},
            path=paths.get(row["kind"], "/footage/") + row["record"],
        )
        for row in rows
    ]


async def holds_of(footage: UUID) -> Sequence[HoldLine]:
    """The holds that stand on a recording."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT h.id, h.reason, r.number AS record, p.name AS placed_by, h.placed_at FROM footage_hold h"
            " LEFT JOIN record r ON r.id = h.record LEFT JOIN person p ON p.id = h.placed_by"
            " WHERE h.footage = $1 AND h.released_at IS NULL ORDER BY h.placed_at",
            footage,
        )
    return [HoldLine(**dict(row)) for row in rows]


async def strip_of(footage: UUID) -> Sequence[tuple[int, UUID]]:
    """The pictures of a recording: millisecond and file. For those who have opened it."""
    async with reading() as db:
        rows = await db.fetch("SELECT at_ms, file FROM footage_picture WHERE footage = $1 ORDER BY at_ms", footage)
    return [(row["at_ms"], row["file"]) for row in rows]


async def deletions(actor: Actor) -> Sequence[FootageLine]:
    """Recordings of the actor's agency that wait for an approval of their deletion.

    Raises:
        NotFound, NotAllowed: the actor's role does not decide on it.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.FOOTAGE_DISPOSE, {Relation.HOLDER})
    async with reading() as db:
        rows = await db.fetch(
            f"{LINES} WHERE f.holder = $1 AND r.state IN ('due', 'agreed') ORDER BY f.keep_until, f.id LIMIT 200",
            actor.agency,
        )
    return [FootageLine(**dict(row)) for row in rows]
