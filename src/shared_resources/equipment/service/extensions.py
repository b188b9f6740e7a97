"""A later return: the borrower asks, the owner decides; whoever has the item next must not be displaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.queries.booking import facts_of
from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.rules.booking import (
    HORIZON,
    check_certificate,
    check_length,
    check_return,
    said_once,
)
from shared_resources.equipment.rules.busy import taken, taken_abroad
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.allotment import (
    LoanItem,
    busy_items,
    lines_of_loan,
    lock_items,
    wanted_of,
)
from shared_resources.equipment.service.decisions import tell_other_side, to_decide
from shared_resources.kernel import clock, deadlines, journal
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Refusal, WrongState, raise_all
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.equipment.schemas.booking import ExtensionDraft

EXTENDED = ("reserved", "out")
"""Lines that a later return is about: with the borrower, or still to be collected."""


@verb
async def ask_extension(
    actor: Actor,
    number: str,
    draft: ExtensionDraft,
    *,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Ask for a later return; a later question replaces the one before it.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Refusal, Refusals: every rule against it, everybody who has an item next.
    """
    loan = await to_decide(actor, number, "ask_extension", version, own=True)
    await check_extension(actor, loan, draft.until)
    await connection().execute("UPDATE loan SET extension_until = $2 WHERE id = $1", loan.id, draft.until)
    data = {"until": draft.until}
    return await journal.act(LOAN, "ask_extension", loan.id, actor, note=draft.reason, data=data, act_id=act_id)


@verb
async def extend_loan(
    actor: Actor,
    number: str,
    until: datetime | None = None,
    *,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Move the agreed return to ``until``, or to what the borrower asked for.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``; NotAllowed also for one's own loan.
        Invalid: nothing was asked for and nothing is said.
        Refusal, Refusals: every rule against it, everybody who has an item next.
    """
    loan = await to_decide(actor, number, "extend", version)
    later = until or loan.extension_until
    if later is None:
        raise Invalid(
            N_("No later return was asked for."),
            do=N_("Say until when the loan is to be extended."),
            code="no_extension",
            field="until",
        )
    lines = await check_extension(actor, loan, later)
    await connection().execute(
        "UPDATE loan_line ll SET period = tstzrange(lower(period), $3), blocked = tstzrange(lower(blocked),"
        " $3 + make_interval(mins => m.buffer_after_minutes)) FROM model m"
        " WHERE m.id = ll.model AND ll.owner = $1 AND ll.id = ANY($2)",
        loan.owner,
        [line.id for line in lines],
        later,
    )
    await connection().execute(
        "UPDATE loan SET ends_at = $2, extension_until = NULL WHERE id = $1", loan.id, later
    )
    data = {"until": later, "was_to": loan.ends_at}
    moved = await journal.act(LOAN, "extend", loan.id, actor, data=data, act_id=act_id)
    await deadlines.extend(loan.id, "return", later, actor)
    return moved


@verb
async def decline_extension(
    actor: Actor, number: str, reason: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Say no to a later return; the agreed one stands.

    Raises:
        NotFound, NotAllowed, Repeated: see ``journal.act``.
        Invalid: no reason given.
        WrongState: nothing was asked for.
    """
    loan = await loan_row(number, lock=True)
    require(actor, Permission.LOAN_APPROVE, actor.relations(loan.owner, loan.borrower))
    if version is not None and version != loan.version:
        raise journal.stale()
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    if loan.extension_until is None:
        raise WrongState(
            N_("No later return was asked for."),
            do=N_("Reload the page to see where it stands."),
            code="no_extension",
        )
    await connection().execute("UPDATE loan SET extension_until = NULL WHERE id = $1", loan.id)
    data = {"until": loan.extension_until}
    moved = await journal.note_line(
        LOAN,
        "decline_extension",
        loan.id,
        actor,
        Permission.LOAN_APPROVE,
        note=reason,
        data=data,
        act_id=act_id,
    )
    sentence = N_("The extension of loan %(number)s “%(title)s” is declined. The reason is on its page.")
    await tell_other_side(loan, actor, sentence, f"declined:{loan.extension_until.isoformat()}")
    return moved


async def check_extension(actor: Actor, loan: LoanRow, until: datetime) -> list[LoanItem]:
    """The lines that a later return is about, their items locked.

    Raises:
        Refusal, Refusals: every rule against it, everybody who has an item next.
    """
    check_later(loan, until)
    lines = await lines_of_loan(loan, EXTENDED)
    await lock_items(line.item for line in lines)
    wanted = wanted_of(loan, ends_at=until)
    facts = await facts_of(line.item for line in lines)
    busy = await busy_items(facts.values(), wanted.starts_at, until, besides=loan.id)
    told = taken if actor.agency == loan.owner else taken_abroad
    reasons: list[Refusal | None] = []
    for item in facts.values():
        reasons += [check_length(wanted, item), check_certificate(wanted, item)]
        reasons += [] if loan.emergency else [check_return(until, item)]
        reasons += [told(item.code, busy[item.id])] if item.id in busy else []
    raise_all(said_once(reason for reason in reasons if reason is not None))
    return lines


def check_later(loan: LoanRow, until: datetime) -> None:
    """A later return is later than the agreed one, and to come."""
    if until <= loan.ends_at or until <= clock.now() or until > clock.now() + HORIZON:
        raise Invalid(
            N_("An extension has to end later than the loan, and from now on."),
            do=N_("Choose a later time of return."),
            code="not_later",
            field="until",
        )
