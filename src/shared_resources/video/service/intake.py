"""Taking a recording in: its bytes move into the store, its record begins, pictures of its strip lie beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from shared_resources.kernel import clock, markings
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.media_types import JPEG
from shared_resources.kernel.permissions import Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.storage import adopt, keep
from shared_resources.kernel.words import N_
from shared_resources.video.rules.footage import FOOTAGE, RETENTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from shared_resources.video.media import Probed
    from shared_resources.video.media.digests import Digests
    from shared_resources.video.schemas.footage import FootageDraft


@dataclass(frozen=True)
class Arrived:
    """A file that came in whole: where it lies, what it is, what identifies it, pictures of it."""

    path: Path
    file_name: str
    digests: Digests
    probed: Probed
    pictures: Sequence[tuple[int, bytes]] = ()


@verb
async def take_in(actor: Actor, draft: FootageDraft, arrived: Arrived, act_id: str | None = None) -> Moved:
    """Enter a recording for the actor's agency. Its bytes are adopted as they are.

    Raises:
        NotFound: the actor works for no agency.
        NotAllowed: the actor's role does not suffice.
        Invalid: an unknown source or duty, a time in the future, a text that bears a secrecy marking.
        Repeated: this ``act_id`` was used before.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.FOOTAGE_TAKE_IN, {Relation.HOLDER})
    markings.refuse_marked((draft.name, draft.taken_by, arrived.file_name), field="name")
    source = await _source(actor.agency, draft.source)
    shared_use = await _shared_use(actor.agency, draft.shared_use)
    found = arrived.digests
    data = {
        "sha256": found.sha256.hex(),
        "sm3": found.sm3.hex(),
        "size": found.size,
        "duration_ms": arrived.probed.duration_ms,
        "source": source["id"] if source else None,
        "shared_use": shared_use,
        "retention": draft.retention,
        "declared": True,
    }
    parties = {Relation.HOLDER: actor.agency}
    moved = await open_record(FOOTAGE, actor, parties, draft.name, data=data, act_id=act_id)
    file = await adopt(
        arrived.path,
        actor.agency,
        arrived.file_name,
        arrived.probed.media_type,
        sha256=found.sha256,
        size=found.size,
        stored_by=actor.person,
    )
    own = {"id": moved.id, "holder": actor.agency, "file": file.id, "declared_by": actor.person}
    await _insert(own | {"shared_use": shared_use} | _described(draft, source) | _found(draft, arrived))
    await _keep_pictures(moved, arrived, actor)
    return moved


def _described(draft: FootageDraft, source: Any) -> dict[str, Any]:
    """The columns that the sender fills, with what the register knows of the source."""
    offset = draft.clock_offset_ms
    if offset is None:
        offset = (source["clock_offset_ms"] if source else None) or 0
    return {
        "source": source["id"] if source else None,
        "name": draft.name,
        "clock_offset_ms": offset,
        "taken_by": draft.taken_by,
        "retention": draft.retention,
        "keep_until": keep_until(draft.retention, clock.today()),
    }


def _found(draft: FootageDraft, arrived: Arrived) -> dict[str, Any]:
    """The columns that the file itself fills."""
    begins, ends = _span(draft, arrived.probed.duration_ms)
    probed = arrived.probed
    return {
        "recorded_from": begins,
        "recorded_to": ends,
        "claimed_at": probed.claimed_at,
        "duration_ms": probed.duration_ms,
        "width": probed.width,
        "height": probed.height,
        "codec": probed.codec,
        "probe": json.dumps(msgspec.to_builtins(probed)),
        "sm3": arrived.digests.sm3,
        "crc32": arrived.digests.crc32,
    }


async def _keep_pictures(moved: Moved, arrived: Arrived, actor: Actor) -> None:
    """The strip beside the recording."""
    assert actor.agency is not None
    for at, picture in arrived.pictures:
        kept = await keep(actor.agency, f"{moved.number}-{at}.jpg", JPEG, picture, actor.person)
        await connection().execute(
            "INSERT INTO footage_picture (id, footage, at_ms, file) VALUES ($1, $2, $3, $4)",
            new_id(),
            moved.id,
            at,
            kept.id,
        )


def keep_until(retention: str, today: date) -> date | None:
    """The day from which a recording of this class may be deleted; None for good."""
    days = RETENTIONS[retention].days
    return None if days is None else today + timedelta(days=days)


def _span(draft: FootageDraft, duration_ms: int) -> tuple[datetime, datetime]:
    """From when to when, by the recorder's clock.

    Raises:
        Invalid: it begins in the future.
    """
    begins = draft.recorded_from
    if begins > clock.now() + timedelta(days=1):  # its clock may be wrong, but not by that much unnoticed
        raise Invalid(
            N_("This has not happened yet."),
            do=N_("Give the time that the recorder showed."),
            code="future",
            field="recorded_from",
        )
    return begins, draft.recorded_to or begins + timedelta(milliseconds=duration_ms)


async def _source(agency: UUID, number: str | None) -> Any:
    """The agency's own source, or one that it used in a loan.

    Raises:
        Invalid: there is none with this number.
    """
    if not number:
        return None
    row = await connection().fetchrow(
        "SELECT s.id, s.clock_offset_ms FROM footage_source s JOIN record r ON r.id = s.id WHERE r.number = $1"
        " AND (s.holder = $2 OR s.item IN (SELECT c.chain FROM custody_line c JOIN party p ON p.record = c.loan"
        " WHERE p.agency = $2))",
        number,
        agency,
    )
    if row is None:
        raise Invalid(
            N_("There is no such source of footage."),
            do=N_("Choose one from the register, or leave it empty."),
            code="unknown_source",
            field="source",
        )
    return row


async def _shared_use(agency: UUID, number: str | None) -> UUID | None:
    """The duty for which it is taken in.

    Raises:
        Invalid: this agency owes nothing under this number.
    """
    if not number:
        return None
    found = await connection().fetchval(
        "SELECT r.id FROM record r JOIN party p ON p.record = r.id WHERE r.number = $1 AND r.kind ="
        " 'shared_footage' AND p.agency = $2 AND p.part = 'holder'",
        number,
        agency,
    )
    if found is None:
        raise Invalid(
            N_("Your agency owes no footage under this number."),
            do=N_("Choose one from your list of shared use, or leave it empty."),
            code="unknown_duty",
            field="shared_use",
        )
    return UUID(str(found))


async def _insert(values: dict[str, Any]) -> None:
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    await connection().execute(f"INSERT INTO footage ({names}) VALUES ({places})", *values.values())
