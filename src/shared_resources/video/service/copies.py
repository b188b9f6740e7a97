"""Copies of recordings: ordered, approved where masked, withdrawn; made one after the other by ``making``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Permission, not_found, require
from shared_resources.kernel.words import N_
from shared_resources.video.queries.visible import visible_footage
from shared_resources.video.rules.copies import MOST_MS, copy_number
from shared_resources.video.rules.footage import FOOTAGE
from shared_resources.video.service.shares import standing_footage

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor
    from shared_resources.video.schemas.copies import CopyDraft

SUPPLYING = ("received", "oral", "granted", "delivered")
"""States of a request for which copies are made."""


@verb
async def order_copy(actor: Actor, footage: str, draft: CopyDraft, act_id: str | None = None) -> str:
    """Order a copy of a part of a recording; its number. It is made as soon as its turn comes.

    Raises:
        NotFound, NotAllowed: see ``visible_footage``; also for a request that is not addressed to this holder.
        Invalid: the span lies outside the recording, or is longer than one copy may be.
        WrongState: the recording is deleted.
        Repeated: this ``act_id`` was used before.
    """
    seen = await visible_footage(actor, footage, Permission.FOOTAGE_CUT)
    moved = await standing_footage(seen.id)
    await journal.refuse_repeated(act_id)
    _refuse_span(draft, await connection().fetchval("SELECT duration_ms FROM footage WHERE id = $1", seen.id))
    request = await _request(actor, draft.request)
    serial = await connection().fetchval("SELECT count(*) + 1 FROM footage_copy WHERE footage = $1", seen.id)
    number = copy_number(moved.number, serial)
    data = {"copy": number, "kind": draft.kind, "start_ms": draft.start_ms, "end_ms": draft.end_ms}
    await journal.note_line(
        FOOTAGE,
        "copy",
        seen.id,
        actor,
        Permission.FOOTAGE_CUT,
        data=data | {"request": request},
        act_id=act_id,
    )
    await connection().execute(
        "INSERT INTO footage_copy (id, number, kind, footage, request, start_ms, end_ms, masks, state, tries,"
        " made_with, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, '{}', $9, $10)",
        new_id(),
        number,
        draft.kind,
        seen.id,
        request,
        draft.start_ms,
        draft.end_ms,
        json.dumps([mask.model_dump() for mask in draft.masks]),
        actor.person,
        clock.now(),
    )
    await connection().execute("SELECT pg_notify('footage_copies', $1)", number)
    return number


@verb
async def approve_copy(actor: Actor, number: str, act_id: str | None = None) -> None:
    """Approve what a masked copy covers, so that it may be handed on: by another person than who ordered it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is no masked copy that waits for this, or one's own.
        Repeated: this ``act_id`` was used before.
    """
    row = await _own_copy(actor, number, Permission.FOOTAGE_SHARE)
    if row["kind"] != "masked" or row["state"] != "ready" or row["approved_at"] is not None:
        raise WrongState(N_("There is nothing to approve on this copy."), code="nothing_to_approve")
    if row["asked_by"] == actor.person:
        raise WrongState(
            N_("Whoever covered the places does not approve them as well."),
            do=N_("Ask a colleague who may approve."),
            code="own_copy",
        )
    await journal.note_line(
        FOOTAGE,
        "approve_copy",
        row["footage"],
        actor,
        Permission.FOOTAGE_SHARE,
        data={"copy": number},
        act_id=act_id,
    )
    await connection().execute(
        "UPDATE footage_copy SET approved_by = $2, approved_at = $3 WHERE id = $1",
        row["id"],
        actor.person,
        clock.now(),
    )


@verb
async def withdraw_copy(actor: Actor, number: str, reason: str, act_id: str | None = None) -> None:
    """Withdraw a copy: nobody opens it any more, its bytes go with those of its recording.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is withdrawn already.
        Invalid: no reason given.
        Repeated: this ``act_id`` was used before.
    """
    row = await _own_copy(actor, number, Permission.FOOTAGE_CUT)
    if row["state"] == "withdrawn":
        raise WrongState(N_("This copy is withdrawn."), code="copy_withdrawn")
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    await journal.note_line(
        FOOTAGE,
        "withdraw_copy",
        row["footage"],
        actor,
        Permission.FOOTAGE_CUT,
        note=reason,
        data={"copy": number},
        act_id=act_id,
    )
    await connection().execute("UPDATE footage_copy SET state = 'withdrawn' WHERE id = $1", row["id"])


@verb
async def retry_copy(actor: Actor, number: str, act_id: str | None = None) -> None:
    """Let a copy that could not be made have another try.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it has not failed.
        Repeated: this ``act_id`` was used before.
    """
    row = await _own_copy(actor, number, Permission.FOOTAGE_CUT)
    if row["state"] != "failed":
        raise WrongState(N_("This copy has not failed."), code="copy_not_failed")
    await journal.note_line(
        FOOTAGE, "retry_copy", row["footage"], actor, Permission.FOOTAGE_CUT, data={"copy": number}, act_id=act_id
    )
    await connection().execute(
        "UPDATE footage_copy SET state = 'waiting', tries = 0, error = NULL WHERE id = $1", row["id"]
    )
    await connection().execute("SELECT pg_notify('footage_copies', $1)", number)


async def _own_copy(actor: Actor, number: str, permission: Permission) -> Any:
    """The row of a copy, locked until the verb ends, if the actor may do this to its recording.

    Raises:
        NotFound: unknown, or of footage that is none of the actor's business: no difference is visible.
    """
    footage = await connection().fetchval(
        "SELECT r.number FROM footage_copy c JOIN record r ON r.id = c.footage WHERE c.number = $1", number
    )
    if footage is None:
        raise not_found()
    seen = await visible_footage(actor, footage, permission)
    require(actor, permission, seen.relations)
    await journal.standing(FOOTAGE, seen.id)  # the recording first, then its copies: everybody in this order
    return await connection().fetchrow(
        "SELECT * FROM footage_copy WHERE number = $1 FOR NO KEY UPDATE",
        number,
    )


async def _request(actor: Actor, number: str | None) -> UUID | None:
    """The request that a copy is for, if it is addressed to the actor's agency and open.

    Raises:
        NotFound: unknown, or addressed to somebody else.
        WrongState: it is refused, ended or not sent.
    """
    if not number:
        return None
    row = await connection().fetchrow(
        "SELECT r.id, r.state FROM record r JOIN party p ON p.record = r.id WHERE r.number = $1"
        " AND r.kind = 'footage_request' AND p.part = 'holder' AND p.agency = $2",
        number,
        actor.agency,
    )
    if row is None:
        raise not_found()
    if row["state"] not in SUPPLYING:
        raise WrongState(N_("No copies are made for this request any more."), code="request_ended")
    return row["id"]  # type: ignore[no-any-return]


def _refuse_span(draft: CopyDraft, duration_ms: int) -> None:
    if draft.start_ms >= duration_ms or draft.end_ms > duration_ms + 1000:
        raise Invalid(
            N_("The recording has nothing in this span."),
            do=N_("Choose a beginning and an end inside the recording."),
            code="span",
            field="end_ms",
        )
    if draft.end_ms - draft.start_ms > MOST_MS:
        raise Invalid(
            N_("One copy holds at most six hours."),
            do=N_("Ask for the minutes that matter, or make several copies."),
            code="span_long",
            field="end_ms",
        )
