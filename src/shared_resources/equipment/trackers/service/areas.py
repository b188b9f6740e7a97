"""The circles in which the items of a loan may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.trackers.schemas.positions import MOST_AREAS
from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.equipment.trackers.schemas.positions import AreaDraft
    from shared_resources.kernel.journal import Moved


@verb
async def set_loan_areas(
    actor: Actor, number: str, circles: Sequence[AreaDraft], act_id: str | None = None
) -> Moved:
    """Say where the items of a loan may be: these circles replace all others, none at all means anywhere.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the loan is over.
        Invalid: too many circles.
        Repeated: this ``act_id`` was used before.
    """
    loan = await loan_of(number)
    data = {"areas": [area.model_dump() for area in circles]}
    moved = await journal.note_line(LOAN, "set_areas", loan, actor, Permission.AREA_SET, data=data, act_id=act_id)
    if LOAN.states[moved.state].final:
        raise WrongState(N_("This loan is over."), code="loan_over")
    if len(circles) > MOST_AREAS:
        raise Invalid(
            N_("A loan has at most %(most)d areas."), code="too_many_areas", field="areas", most=MOST_AREAS
        )
    await connection().execute("DELETE FROM loan_area WHERE loan = $1", loan)
    await connection().executemany(
        "INSERT INTO loan_area (id, loan, name, latitude, longitude, radius_m, set_by, set_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        [
            (new_id(), loan, one.name, one.latitude, one.longitude, one.radius_m, actor.person, clock.now())
            for one in circles
        ],
    )
    return moved


async def loan_of(number: str) -> UUID:
    """The record of a loan by its number; whether the actor may know of it is asked by what follows.

    Raises:
        NotFound: there is no such loan.
    """
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM record WHERE number = $1 AND kind = 'loan'", number
    )
    if found is None:
        raise not_found()
    return found
