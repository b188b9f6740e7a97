"""Who holds which thing: append-only, both sides confirm, for any instant exactly one holder.

The previous holder stays responsible until the next one signs (PROCEDURES 1.2, machine 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, ledger
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Repeated, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

speaks_for(
    "custody_line_act_once",
    N_("This was already done; nothing was done twice."),
    kind=Repeated,
    code="repeated",
)


class HolderKind(StrEnum):
    """What may hold a thing: a store, a person, or nobody any more: lost, or ended (consumed, destroyed)."""

    DEPOT = "depot"
    PERSON = "person"
    LOST = "lost"
    ENDED = "ended"


@dataclass(frozen=True)
class Holder:
    """Who holds: a depot or person by id, always on behalf of one agency."""

    kind: HolderKind
    id: str
    agency: UUID


@dataclass(frozen=True)
class Change:
    """One change of holder. ``giver`` and ``taker`` are the two persons who confirmed it.

    ``kind`` is one of issue, receive, move, return, inspect, damage, loss, correct (machine 12). One side may
    be missing only where the thing enters the register or is written off.
    """

    thing: UUID
    kind: str
    to: Holder
    giver: UUID | None
    taker: UUID | None
    loan: UUID | None = None
    note: str | None = None
    act_id: str | None = None
    data: Mapping[str, Any] | None = None


async def change_holder(change: Change, *, expected: Holder | None) -> None:
    """Append ``change``; ``expected`` is the holder it starts from, None for a thing new to the ledger.

    Raises:
        WrongState: somebody else holds the thing by now.
        Repeated: this act was recorded before.
    """
    held = await holder_of(change.thing, lock=True)
    if held != expected:
        raise WrongState(
            N_("This item is no longer where this hand-over starts from."),
            do=N_("Scan it again to see who holds it now."),
            code="holder_changed",
        )
    at, act = clock.now(), change.act_id or str(new_id())
    body = {
        "act": act,
        "kind": change.kind,
        "from": None if held is None else f"{held.kind}:{held.id}",
        "to": f"{change.to.kind}:{change.to.id}",
        "agency": change.to.agency,
        "giver": change.giver,
        "taker": change.taker,
        "loan": change.loan,
        "at": at,
        "data": change.data or {},
    }
    columns = {
        "act": act,
        "kind": change.kind,
        "loan": change.loan,
        "holder_kind": change.to.kind.value,
        "holder": change.to.id,
        "holder_agency": change.to.agency,
        "giver": change.giver,
        "taker": change.taker,
        "at": at,
    }
    await ledger.append("custody_line", change.thing, body, columns, change.note)


async def holder_of(thing: UUID, *, lock: bool = False) -> Holder | None:
    """Who holds ``thing`` now; None for a thing the ledger has never seen.

    With ``lock`` the thing's record stays locked until the verb ends, so the answer stays true that long.
    """
    async with reading() as db:
        if lock and not await db.fetchval("SELECT true FROM record WHERE id = $1 FOR NO KEY UPDATE", thing):
            raise not_found()
        row = await db.fetchrow(
            "SELECT holder_kind, holder, holder_agency FROM custody_line"
            " WHERE chain = $1 ORDER BY seq DESC LIMIT 1",
            thing,
        )
    return Holder(HolderKind(row["holder_kind"]), row["holder"], row["holder_agency"]) if row else None


async def log_of(thing: UUID) -> Sequence[Mapping[str, Any]]:
    """Every line of a thing's custody, oldest first."""
    async with reading() as db:
        rows = await db.fetch("SELECT * FROM custody_line WHERE chain = $1 ORDER BY seq", thing)
    return [dict(row) for row in rows]
