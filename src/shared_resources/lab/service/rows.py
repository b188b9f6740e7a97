"""Rows that the verbs of laboratories begin with: locked, and only for those who may."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.codes import ALPHABET, RANDOM_CHARACTERS, code_in, code_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.journal import parties_of
from shared_resources.kernel.permissions import Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

IN_HANDS = frozenset({Permission.SAMPLE_KEEP, Permission.BENCH_WORK})
"""Acts of a laboratory on what it holds."""
SAMPLE = (
    "SELECT s.*, r.number, r.state, d.number AS delegation_number, d.state AS delegation_state, l.laboratory,"
    " b.owner AS lab_owner, c.holder_agency FROM sample s JOIN record r ON r.id = s.id"
    " JOIN record d ON d.id = s.delegation"
    " JOIN lab_delegation l ON l.id = s.delegation JOIN laboratory b ON b.id = l.laboratory"
    " LEFT JOIN LATERAL (SELECT holder_agency FROM custody_line WHERE chain = s.id ORDER BY seq DESC LIMIT 1) c"
    " ON true"
)


async def delegation_row(actor: Actor, number: str, permission: Permission) -> Any:
    """A delegation, locked until the verb ends, if the actor may do this to it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    row = await connection().fetchrow(
        "SELECT r.id, r.number, r.state, r.title, d.laboratory, d.agreed_due, d.signer_not, l.owner AS lab_owner"
        " FROM record r JOIN lab_delegation d ON d.id = r.id JOIN laboratory l ON l.id = d.laboratory"
        " WHERE r.number = $1 FOR NO KEY UPDATE OF r",
        number,
    )
    if row is None:
        raise not_found()
    require(actor, permission, (await parties_of(row["id"])).relations_of(actor))
    return row


async def sample_row(actor: Actor, name: str, permission: Permission) -> Any:
    """A sample by its number or the code on its label, locked, if the actor may do this to it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: only a laboratory that holds the sample does this, and another one does.
    """
    row = await connection().fetchrow(
        f"{SAMPLE} WHERE r.number = $1 OR s.code = $2 FOR NO KEY UPDATE OF r, s", name, code_in(name)
    )
    if row is None:
        raise not_found()
    require(actor, permission, (await parties_of(row["id"])).relations_of(actor))
    if permission in IN_HANDS and row["holder_agency"] != actor.agency:
        raise WrongState(
            N_("This sample is not in your hands."),
            do=N_("Open its page to see who holds it now."),
            code="not_held_here",
        )
    return row


async def new_code() -> str:
    """A code that no sample and no work on site has: random, so that it tells nothing of the client."""
    while True:
        code = code_of([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_CHARACTERS)])
        if not await connection().fetchval(
            "SELECT true FROM sample WHERE code = $1"
            " UNION ALL SELECT true FROM lab_delegation WHERE site_code = $1",
            code,
        ):
            return code
