"""Verbs on duty desks: the telephone answered at any hour, and who sits beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Taken, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.actors import serving
from shared_resources.kernel.permissions import Permission, not_found, require
from shared_resources.kernel.schemas.people import DeskDraft, ShiftDraft
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

LONGEST_SHIFT = timedelta(days=7)


@verb
async def create_desk(actor: Actor, draft: DeskDraft) -> UUID:
    """Open a duty desk in one's own agency; returns its id.

    Raises:
        NotAllowed: see ``permissions.require``.
        Invalid: no name or telephone.
    """
    require(actor, Permission.DUTY_EDIT, actor.relations(actor.agency))
    _check_desk(draft)
    desk = new_id()
    await connection().execute(
        "INSERT INTO duty_desk (id, agency, name, phone) VALUES ($1, $2, $3, $4)",
        desk,
        actor.agency,
        draft.name,
        draft.phone,
    )
    return desk


@verb
async def edit_desk(actor: Actor, desk: UUID, draft: DeskDraft) -> None:
    """Change name and telephone of a desk.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: no name or telephone.
    """
    await _own_desk(actor, desk)
    _check_desk(draft)
    await connection().execute(
        "UPDATE duty_desk SET name = $2, phone = $3 WHERE id = $1", desk, draft.name, draft.phone
    )


@verb
async def plan_shift(actor: Actor, desk: UUID, draft: ShiftDraft) -> UUID:
    """Put a colleague at a desk for a time; several may sit there at once. Returns the shift's id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: inverted, over already, longer than a week, or a person of another agency.
        Taken: this person sits there already in that time.
    """
    agency = await _own_desk(actor, desk)
    await _check_shift(agency, draft)
    if await connection().fetchval(
        "SELECT EXISTS (SELECT FROM duty_shift"
        " WHERE desk = $1 AND person = $2 AND starts_at < $4 AND ends_at > $3)",
        desk,
        draft.person,
        draft.starts_at,
        draft.ends_at,
    ):
        raise Taken(N_("This person is on duty there already in that time."), code="on_duty_already")
    shift = new_id()
    await connection().execute(
        "INSERT INTO duty_shift (id, desk, person, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
        shift,
        desk,
        draft.person,
        draft.starts_at,
        draft.ends_at,
    )
    return shift


@verb
async def cancel_shift(actor: Actor, shift: UUID) -> None:
    """Take a shift out of the plan; one that has begun ends now, so that it stays known who was on duty.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the shift is over.
    """
    row = await connection().fetchrow("SELECT desk, starts_at, ends_at FROM duty_shift WHERE id = $1", shift)
    if row is None:
        raise not_found()
    await _own_desk(actor, row["desk"])
    at = clock.now()
    if row["ends_at"] <= at:
        raise WrongState(N_("This shift is over."), code="shift_over")
    if row["starts_at"] <= at:
        await connection().execute("UPDATE duty_shift SET ends_at = $2 WHERE id = $1", shift, at)
    else:
        await connection().execute("DELETE FROM duty_shift WHERE id = $1", shift)


async def _own_desk(actor: Actor, desk: UUID) -> UUID:
    """The agency of a desk, locked, if the actor may plan its duty."""
    agency: UUID | None = await connection().fetchval(
        "SELECT agency FROM duty_desk WHERE id = $1 FOR NO KEY UPDATE", desk
    )
    if agency is None:
        raise not_found()
    require(actor, Permission.DUTY_EDIT, actor.relations(agency))
    return agency


def _check_desk(draft: DeskDraft) -> None:
    if not draft.name or not draft.phone:
        raise Invalid(
            N_("A duty desk needs a name and a telephone number."),
            code="desk",
            field="phone" if draft.name else "name",
        )


async def _check_shift(agency: UUID, draft: ShiftDraft) -> None:
    if draft.ends_at <= draft.starts_at:
        raise Invalid(N_("The end is before the beginning."), code="inverted", field="ends_at")
    if draft.ends_at <= clock.now():
        raise Invalid(N_("This time is over already."), code="past", field="ends_at")
    if draft.ends_at - draft.starts_at > LONGEST_SHIFT:
        raise Invalid(
            N_("A shift lasts a week at most."),
            do=N_("Plan several shifts."),
            code="shift_long",
            field="ends_at",
        )
    if await serving(draft.person, agency, clock.local_date(draft.starts_at)) is None:
        raise Invalid(
            N_("This person does not serve your agency on that day."),
            do=N_("Choose a colleague, or check the dates of the appointment."),
            code="not_serving",
            field="person",
        )
