"""Tracks kept as evidence: not deleted, and readable after the loan is closed, as long as the hold stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.trackers.service.areas import loan_of
from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.journal import Moved

speaks_for("position_hold_standing", N_("The track of this loan is kept as evidence already."), code="held")


@verb
async def hold_track(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Keep the track of a loan as evidence until the same agency releases it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: no reason was given.
        Taken: it is kept already.
        Repeated: this ``act_id`` was used before.
    """
    loan = await loan_of(number)
    moved = await journal.note_line(
        LOAN, "hold_track", loan, actor, Permission.POSITION_HOLD, note=reason, act_id=act_id
    )
    await connection().execute(
        "INSERT INTO position_hold (id, loan, reason, held_by, held_at) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        loan,
        _given(reason),
        actor.person,
        clock.now(),
    )
    return moved


@verb
async def release_track(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """End a hold; what is older than its time is deleted by the next sweep.

    Raises:
        NotFound: see ``permissions.require``.
        NotAllowed: the actor's role does not suffice, or the other side keeps the track.
        WrongState: it is not kept.
        Invalid: no reason was given.
        Repeated: this ``act_id`` was used before.
    """
    loan = await loan_of(number)
    moved = await journal.note_line(
        LOAN, "release_track", loan, actor, Permission.POSITION_HOLD, note=_given(reason), act_id=act_id
    )
    holder = await connection().fetchval(
        "SELECT agency FROM journal_line WHERE chain = $1 AND step = 'hold_track' ORDER BY seq DESC LIMIT 1", loan
    )
    if holder not in (None, actor.agency):
        raise NotAllowed(
            N_("The other agency keeps this track."), do=N_("Ask it to release the track."), code="not_your_hold"
        )
    done = await connection().execute(
        "UPDATE position_hold SET released_by = $2, released_at = $3 WHERE loan = $1 AND released_at IS NULL",
        loan,
        actor.person,
        clock.now(),
    )
    if done == "UPDATE 0":
        raise WrongState(N_("The track of this loan is not kept as evidence."), code="not_held")
    return moved


def _given(reason: str) -> str:
    """The reason, if there is one."""
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    return reason.strip()
