"""The receiving side hashes what it got; unequal values are kept, told, and bar the signature (SWITCH 6)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission, not_found
from shared_resources.kernel.roles import LEADING
from shared_resources.kernel.words import N_
from shared_resources.video.queries.copies import copy_shown
from shared_resources.video.queries.visible import visible_copy
from shared_resources.video.rules.request import REQUEST

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor


@verb
async def confirm_copy(
    actor: Actor, number: str, sha256: bytes, sm3: bytes | None = None, act_id: str | None = None
) -> bool:
    """Keep the values that the receiving side computed over what it downloaded; whether they equal ours.

    Args:
        sha256, sm3: the values as bytes; SM3 may be left out where the receiver cannot compute it.

    Raises:
        NotFound: the copy was not handed over to the actor.
        NotAllowed: the actor's role does not suffice.
        Repeated: this ``act_id`` was used before.
    """
    await visible_copy(actor, number)
    copy = await copy_shown(number)
    if copy is None or copy.request_number is None or copy.sha256 is None or copy.sm3 is None:
        raise not_found()
    request = await connection().fetchval("SELECT id FROM record WHERE number = $1", copy.request_number)
    matches = hmac.compare_digest(sha256, copy.sha256) and (sm3 is None or hmac.compare_digest(sm3, copy.sm3))
    await journal.note_line(
        REQUEST,
        "compare",
        request,
        actor,
        Permission.FOOTAGE_REQUEST_RECEIVE,
        data={"copy": number, "sha256": sha256.hex(), "sm3": sm3.hex() if sm3 else None, "matches": matches},
        act_id=act_id,
    )
    await connection().execute(
        "INSERT INTO copy_receipt (id, copy, agency, person, sha256, sm3, matches, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new_id(),
        copy.id,
        actor.agency,
        actor.person,
        sha256,
        sm3,
        matches,
        clock.now(),
    )
    if not matches:
        await _alarm(request, copy.request_number, number)
    return matches


async def _alarm(request: UUID, request_number: str, copy: str) -> None:
    """Both agencies hear of it by the step, the supervisory organ besides."""
    family = family_of("footage_request")
    assert family is not None
    state = await connection().fetchval("SELECT state FROM record WHERE id = $1", request)
    if state == "delivered":
        await move(family, request, "mismatch", SYSTEM_ACTOR)
    rows = await connection().fetch("SELECT id FROM agency WHERE office = 'supervisory_organ'")
    at = clock.now()
    await notices.tell(
        [row["id"] for row in rows],
        LEADING,
        N_("Footage request %(number)s: the values of copy %(copy)s differ after the hand-over."),
        {"number": request_number, "copy": copy},
        record=request,
        link=f"/footage-requests/{request_number}",
        key=f"mismatch:{copy}:{at.timestamp()}",
    )
