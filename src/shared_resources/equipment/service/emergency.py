"""Emergency borrowing: released at once by whoever is on duty, papers by the next working day (CO-1b)."""

from __future__ import annotations

from dataclasses import replace

from shared_resources.equipment.queries.handover import loan_row
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.decisions import grant, to_decide
from shared_resources.equipment.service.incidents import close_if_finished
from shared_resources.kernel import clock, deadlines, journal
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import NotAllowed, WrongState
from shared_resources.kernel.identity.queries import duty_officers
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.permissions import DECIDING, SYSTEM_ACTOR, Actor, Permission, require
from shared_resources.kernel.words import N_


@verb
async def release_loan(
    actor: Actor, number: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Release an emergency request at once; the borrower owes its papers by the next working day.

    Who decides on loans anyway may do this at any hour; an officer only while on duty at the owner's desk.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``; NotAllowed also for an officer who is
            not on duty and for one's own request.
        Refusal, Refusals: items that somebody else has by now, each with what else is free.
    """
    loan = await to_decide(actor, number, "release", version)
    if not loan.emergency:
        raise WrongState(
            N_("This is no emergency request."),
            do=N_("Approve or refuse it in the ordinary way."),
            code="ordinary",
        )
    if not actor.roles & DECIDING and actor.person not in await duty_officers(loan.owner):
        raise NotAllowed(
            N_("You are not on duty now, so you cannot release equipment."),
            do=N_("Call your agency's duty desk."),
            code="not_on_duty",
        )
    return await grant(actor, loan, "release", act_id=act_id)


@verb
async def file_papers(
    actor: Actor, number: str, note: str, *, version: int | None = None, act_id: str | None = None
) -> Moved:
    """Hand in the papers of an emergency release; ``note`` names the document.

    A loan that waited only for them closes.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``; WrongState also when none are due.
        Invalid: nothing written.
    """
    loan = await loan_row(number, lock=True)
    require(actor, Permission.LOAN_ACCEPT, actor.relations(loan.owner, loan.borrower))
    if not await deadlines.running(loan.id, "papers"):
        raise WrongState(
            N_("No papers are due on this loan."), do=N_("Reload the page to see what is due."), code="no_papers"
        )
    moved = await journal.act(LOAN, "file_papers", loan.id, actor, note=note, act_id=act_id, version=version)
    await connection().execute("UPDATE loan SET papers_filed_at = $2 WHERE id = $1", loan.id, clock.now())
    return replace(moved, state=await close_if_finished(loan, SYSTEM_ACTOR))
