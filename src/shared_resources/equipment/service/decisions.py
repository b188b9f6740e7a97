"""Answering requests: approve, offer a part, refuse; accept, withdraw, take back, resolve (VI-1a: a "may").

Requests compete; whoever is approved first has the item. Two people deciding at once lead to one decision: the
record is locked first and its state asked then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.allotment import (
    Fitted,
    LoanItem,
    end_lines,
    fit,
    lines_of_loan,
    set_aside,
    wanted_of,
)
from shared_resources.equipment.service.rivals import tell_losers
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.permissions import FIELD, Actor, Permission, require
from shared_resources.kernel.separation import approver_is_not_requester
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from shared_resources.equipment.schemas.booking import Offer


@verb
async def approve_loan(
    actor: Actor, number: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Lend what is asked for; items of a model that are gone meanwhile are replaced by others of it.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``; NotAllowed also for one's own request.
        Refusal, Refusals: items that somebody else has by now, each with what else is free.
    """
    loan = await to_decide(actor, number, "approve", version)
    return await grant(actor, loan, "approve", act_id=act_id)


@verb
async def offer_part(
    actor: Actor,
    number: str,
    offer: Offer,
    *,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Lend only these lines: they are held until the borrower answers, the others are refused with the reason.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``; NotAllowed also for one's own request.
        Invalid: a line that is not on the loan, or all of them.
        Refusal, Refusals: offered items that somebody else has by now.
    """
    loan = await to_decide(actor, number, "offer", version)
    lines = await lines_of_loan(loan)
    offered = [line for line in lines if line.id in offer.lines]
    if len(offered) != len(set(offer.lines)):
        raise Invalid(
            N_("The offer names something that was not asked for."),
            do=N_("Reload the page, then tick the items again."),
            code="unknown_line",
            field="lines",
        )
    if len(offered) == len(lines):
        raise Invalid(
            N_("This is everything that was asked for."),
            do=N_("Approve the loan instead."),
            code="whole",
            field="lines",
        )
    wanted = wanted_of(loan)
    await set_aside(loan, await fit(loan, offered, wanted), "held", wanted)
    others = {line.id for line in lines} - set(offer.lines)
    await end_lines(loan, "refused", offer.reason, lines=others)
    await decided(loan, actor)
    data = {"offered": [line.item for line in offered], "refused": len(others)}
    return await journal.act(LOAN, "offer", loan.id, actor, note=offer.reason, data=data, act_id=act_id)


@verb
async def refuse_loan(
    actor: Actor, number: str, reason: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Say no, with a plain reason: sharing equipment is a "may".

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: no reason given.
    """
    loan = await to_decide(actor, number, "refuse", version, own=True)
    await end_lines(loan, "refused", reason)
    await decided(loan, actor)
    return await journal.act(LOAN, "refuse", loan.id, actor, note=reason, act_id=act_id)


@verb
async def accept_offer(
    actor: Actor, number: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Take the part that was offered; the loan is approved with it.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Refusal, Refusals: an item that left the pool meanwhile.
    """
    loan = await to_decide(actor, number, "accept", version, own=True)
    return await grant(actor, loan, "accept", act_id=act_id)


@verb
async def withdraw_loan(
    actor: Actor,
    number: str,
    note: str | None = None,
    *,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """The borrower does not need it any more; everything is free again.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
    """
    loan = await to_decide(actor, number, "withdraw", version, own=True)
    await end_lines(loan, "dropped")
    return await journal.act(LOAN, "withdraw", loan.id, actor, note=note, act_id=act_id)


@verb
async def revoke_approval(
    actor: Actor, number: str, reason: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Take an approval back before anything was handed out, with a reason.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: no reason given.
    """
    loan = await to_decide(actor, number, "revoke", version, own=True)
    await end_lines(loan, "refused", reason)
    await decided(loan, actor)
    return await journal.act(LOAN, "revoke", loan.id, actor, note=reason, act_id=act_id)


@verb
async def resolve_conflict(
    actor: Actor,
    number: str,
    *,
    without: Collection[UUID] = (),
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Approve again what had come into conflict: items free again, or others of the same model.

    Args:
        without: lines for which there is no substitute; the loan goes on without them.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: nothing would be left.
        Refusal, Refusals: lines without a substitute, each with what else is free.
    """
    loan = await to_decide(actor, number, "resolve", version, own=True)
    lines = await lines_of_loan(loan)
    left = [line for line in lines if line.id not in without]
    if not left:
        raise Invalid(
            N_("Nothing would be left of this loan."),
            do=N_("Take the approval back instead."),
            code="nothing_left",
        )
    await end_lines(loan, "dropped", lines=[line.id for line in lines if line.id in without])
    return await grant(actor, loan, "resolve", lines=left, act_id=act_id)


async def to_decide(actor: Actor, number: str, step: str, version: int | None, *, own: bool = False) -> LoanRow:
    """The loan, locked, if ``actor`` may take ``step`` on it now as they saw it.

    Args:
        own: whether the person who asked may do this as well.
    """
    loan = await loan_row(number, lock=True)
    permission = LOAN.permission_of(step)
    assert isinstance(permission, Permission)
    require(actor, permission, actor.relations(loan.owner, loan.borrower))
    LOAN.step(step, loan.state)
    if version is not None and version != loan.version:
        raise journal.stale()
    if not own:
        approver_is_not_requester(actor.person, loan.asked_by)
    return loan


async def grant(
    actor: Actor,
    loan: LoanRow,
    step: str,
    *,
    lines: Sequence[LoanItem] | None = None,
    act_id: str | None = None,
) -> Moved:
    """Reserve the loan's lines and take the step that approves it."""
    if loan.ends_at <= clock.now():
        raise WrongState(
            N_("The time that was asked for is over."),
            do=N_("Refuse it, or let the borrower ask anew."),
            code="over",
        )
    wanted = wanted_of(loan, abroad=actor.agency != loan.owner)
    fitted = await fit(loan, await lines_of_loan(loan) if lines is None else lines, wanted)
    await set_aside(loan, fitted, "reserved", wanted)
    await tell_losers(loan.owner, loan.id)
    if step != "accept":
        await decided(loan, actor)
    return await journal.act(LOAN, step, loan.id, actor, data=given(fitted), act_id=act_id)


async def decided(loan: LoanRow, actor: Actor) -> None:
    """Who decided: the name that stands on the form."""
    await connection().execute("UPDATE loan SET decided_by = $2 WHERE id = $1", loan.id, actor.person)


def given(fitted: Sequence[Fitted]) -> dict[str, Any]:
    """What the journal keeps of an approval: the items, and which of them stand in for others."""
    instead = {str(one.line.item): one.item.id for one in fitted if one.is_new}
    return {"items": [one.item.id for one in fitted], "instead": instead or None}


async def tell_other_side(loan: LoanRow, actor: Actor, sentence: str, key: str) -> None:
    """Word to the side that did not act."""
    await notices.tell(
        [loan.borrower if actor.agency == loan.owner else loan.owner],
        FIELD,
        sentence,
        {"number": loan.number, "title": loan.title},
        record=loan.id,
        link=f"/loans/{loan.number}",
        key=f"{loan.id}:{key}",
    )
