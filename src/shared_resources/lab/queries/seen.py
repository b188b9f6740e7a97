"""Whose results a reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.words import N_
from shared_resources.lab.queries.results import versions_of
from shared_resources.lab.rules.delegation import DELEGATION, LABORATORY

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor


async def delegation_seen(actor: Actor, number: str) -> UUID:
    """The record of a delegation whose results the actor may see.

    Raises:
        NotFound, NotAllowed: see ``visible_record``.
        WrongState: no report is signed yet, and the actor is the client.
    """
    record = await visible_record(actor, number)
    if record.procedure is not DELEGATION:
        raise not_found()
    if LABORATORY not in record.relations and not await versions_of(record.id):
        raise WrongState(
            N_("The results are the laboratory's own until its report is signed."), code="not_reported"
        )
    return record.id
