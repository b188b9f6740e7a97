"""Who holds a sample: every change is one in the kernel's custody, without a gap (machine 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.custody import Change, Holder, HolderKind, change_holder, holder_of
from shared_resources.kernel.database.transaction import connection

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor


async def begin_custody(sample: UUID, actor: Actor, act_id: str | None = None) -> None:
    """A sample is taken: from now on whoever took it holds it."""
    change = Change(sample, "receive", person(actor), None, actor.person, act_id=act_id)
    await change_holder(change, expected=None)


async def begin_portion(portion: UUID, of: UUID, actor: Actor) -> None:
    """A portion is split off: whoever holds the sample holds the portion."""
    held = await holder_of(of, lock=True)
    assert held is not None, "a sample has a holder from its first minute"
    await change_holder(Change(portion, "receive", held, None, actor.person), expected=None)


async def pass_to(sample: UUID, to: Holder, taker: Actor, kind: str = "move", note: str | None = None) -> None:
    """The holder gives the sample to ``to``; who took it last gives it, ``taker`` takes it."""
    held = await holder_of(sample, lock=True)
    change = Change(sample, kind, to, await last_taker(sample), taker.person, note=note)
    await change_holder(change, expected=held)


async def end_custody(sample: UUID, actor: Actor) -> None:
    """Nobody holds it any more: it is used up, destroyed, or wholly divided."""
    held = await holder_of(sample, lock=True)
    assert held is not None, "a sample has a holder from its first minute"
    to = Holder(HolderKind.ENDED, "", held.agency)
    await change_holder(Change(sample, "correct", to, actor.person, None), expected=held)


async def last_taker(sample: UUID) -> UUID | None:
    """Who took the sample last: that person answers for it until the next one signs."""
    return await connection().fetchval(  # type: ignore[no-any-return]
        "SELECT coalesce(taker, giver) FROM custody_line WHERE chain = $1 ORDER BY seq DESC LIMIT 1", sample
    )


def person(actor: Actor) -> Holder:
    """An actor as a holder."""
    assert actor.agency is not None
    return Holder(HolderKind.PERSON, str(actor.person), actor.agency)


def store_of(store: UUID, agency: UUID) -> Holder:
    """A place of a laboratory as a holder."""
    return Holder(HolderKind.DEPOT, str(store), agency)
