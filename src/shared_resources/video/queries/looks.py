"""Who looked at an agency's footage: read from the journals of its recordings, which nobody changes quietly.

Register of look-ups: person, unit, reason, content (公共安全视频图像信息系统管理条例 16). Offices are listed too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ACTS: Mapping[str, str] = {
    "view": N_("Viewed"),
    "download": N_("Downloaded"),
    "supervise": N_("Viewed for supervision"),
    "copy": N_("Copy ordered"),
    "share": N_("Shared"),
    "pack": N_("Packed"),
}


class LookFilter(BaseModel):
    """Which looks: an act, a recording (number), since a day, until a day, by other agencies only."""

    model_config = ConfigDict(frozen=True)

    act: str = ""
    footage: str = ""
    since: date | None = None
    until: date | None = None
    others: bool = False


@dataclass(frozen=True)
class Look:
    """One look, download, copy or share. ``unit`` is where the person works in the agency, if that is known."""

    gseq: int
    at: datetime
    act: str
    footage: str
    title: str
    copy: str | None
    request: str | None
    person: str
    unit: str
    agency_zh: str
    agency_en: str
    reason: str
    own: bool


async def looks(
    actor: Actor, wanted: LookFilter, *, cursor: str | None = None, size: int | None = None
) -> tuple[Sequence[Look], str | None]:
    """Looks at the recordings of the actor's agency, the newest first.

    Raises:
        NotFound, NotAllowed: the actor's role does not see them.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.FOOTAGE_LOOKS, {Relation.HOLDER})
    key = key_of(cursor, int)
    limit = page_size(size)
    async with reading() as db:
        rows = await db.fetch(
            "SELECT j.gseq, j.at, j.step, r.number, r.title, j.body, p.name AS person, a.name_zh, a.name_en,"
            " j.note, j.agency, (SELECT string_agg(DISTINCT t.unit, ', ') FROM appointment t"
            " WHERE t.person = j.actor AND t.agency = j.agency AND t.unit <> '') AS unit"
            " FROM footage f JOIN journal_line j ON j.chain = f.id JOIN record r ON r.id = f.id"
            " LEFT JOIN person p ON p.id = j.actor LEFT JOIN agency a ON a.id = j.agency"
            " WHERE f.holder = $1 AND j.step = ANY($2) AND ($3 = '' OR r.number = $3)"
            " AND ($4::timestamptz IS NULL OR j.at >= $4) AND ($5::timestamptz IS NULL OR j.at < $5)"
            " AND (NOT $6 OR j.agency IS DISTINCT FROM $1) AND ($7::bigint IS NULL OR j.gseq < $7)"
            " ORDER BY j.gseq DESC LIMIT $8",
            actor.agency,
            [wanted.act] if wanted.act in ACTS else list(ACTS),
            wanted.footage,
            _midnight(wanted.since),
            _midnight(wanted.until + timedelta(days=1) if wanted.until else None),
            wanted.others,
            key[0] if key else None,
            limit + 1,
        )
    shown, following = page_of(rows, limit, lambda row: (row["gseq"],))
    return [_look(row, actor) for row in shown], following


def _look(row: Any, actor: Actor) -> Look:
    data = json.loads(row["body"])["data"]
    request = data.get("request")
    return Look(
        gseq=row["gseq"],
        at=row["at"],
        act=row["step"],
        footage=row["number"],
        title=row["title"],
        copy=data.get("copy"),
        request=request if isinstance(request, str) and request.startswith("VR") else None,
        person=row["person"] or "",
        unit=row["unit"] or "",
        agency_zh=row["name_zh"] or "",
        agency_en=row["name_en"] or "",
        reason=row["note"] or "",
        own=row["agency"] == actor.agency,
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time(), clock.LOCAL_ZONE) if day else None
