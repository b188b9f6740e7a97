"""Changing hands: proposed by one side, confirmed by the other, one line of custody for each item (form 13).

Nothing changes until the second person confirms; the previous holder stays responsible until then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, handover_row, loan_row
from shared_resources.equipment.rules.handover import Lending, Line, check_handover
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft, ItemState
from shared_resources.equipment.service.handover_lines import (
    lines_of,
    move_custody,
    move_lines,
    named_lines,
    step_loan,
)
from shared_resources.equipment.service.handover_sides import answers, confirmed_sides, sides_of
from shared_resources.equipment.service.incidents import go_on_after_incident
from shared_resources.equipment.service.photos import require_own_photos
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    pass


@verb
async def propose_handover(actor: Actor, number: str, draft: HandoverDraft, act_id: str | None = None) -> UUID:
    """Put a hand-over before the other side; returns its id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Refusals: every reason against it at once.
        Taken: one of the items is in another open hand-over.
    """
    loan = await loan_row(number, lock=True)
    require(actor, Permission.LOAN_HAND_OVER, actor.relations(loan.owner, loan.borrower))
    lines = await named_lines(loan, draft)
    sides = await sides_of(actor, loan, draft)
    raise_all(check_handover(draft.direction, lines, sides, lending(loan), clock.now()))
    await require_own_photos(actor, (state.photo for state in draft.items))
    handover = new_id()
    await connection().execute(
        "INSERT INTO handover (id, loan, direction, state, giver, taker, proposed_by, proposed_at, place, note)"
        " VALUES ($1, $2, $3, 'proposed', $4, $5, $6, $7, $8, $9)",
        handover,
        loan.id,
        draft.direction,
        sides.giver,
        sides.taker,
        actor.person,
        clock.now(),
        draft.place,
        draft.note,
    )
    await connection().executemany(
        "INSERT INTO handover_line (id, handover, line, item, condition, checklist, accessories, wiped, photo,"
        " note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [state_row(handover, line, state) for line, state in zip(lines, draft.items, strict=True)],
    )
    await journal.note_line(
        LOAN,
        f"propose_{draft.direction}",
        loan.id,
        actor,
        Permission.LOAN_HAND_OVER,
        data={"handover": handover, "items": [line.item for line in lines]},
        act_id=act_id,
    )
    await notices.tell_people(
        [draft.other],
        N_("%(name)s asks you to confirm a hand-over of loan %(number)s."),
        {"name": actor.name, "number": loan.number},
        record=loan.id,
        link=f"/handovers/{handover}",
        key=f"handover:{handover}",
    )
    return handover


@verb
async def confirm_handover(actor: Actor, handover: UUID, act_id: str | None = None) -> str:
    """The second signature: custody moves now; returns the loan's number.

    Two people pressing at once, or the same one twice, lead to one change: the second meets ``WrongState``.

    Raises:
        NotFound: no such hand-over, or the actor is not the one who has to confirm it.
        WrongState: it was confirmed, declined or withdrawn before, or an item has moved since.
    """
    return await carry_out(actor, handover, act_id)


@verb
async def confirm_on_device(actor: Actor, handover: UUID, other: Actor) -> str:
    """Confirm for a person who has just proved, on the proposer's device, who they are.

    ``other`` comes from ``identity.confirm_other_person``; the proposer only holds the device.
    """
    row = await handover_row(handover)
    if row is None or row["proposed_by"] != actor.person:
        raise not_found()
    return await carry_out(other, handover, None)


@verb
async def decline_handover(actor: Actor, handover: UUID, reason: str) -> str:
    """Say no to a proposed hand-over; everything stays with whoever holds it. Returns the loan's number."""
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    row = await claimed(handover, actor, "declined")
    await journal.note_line(
        LOAN,
        "decline_handover",
        row["loan"],
        actor,
        Permission.LOAN_HAND_OVER,
        note=reason,
        data={"handover": handover},
    )
    await notices.tell_people(
        [row["proposed_by"]],
        N_("%(name)s declined the hand-over of loan %(number)s: %(reason)s"),
        {"name": actor.name, "number": row["number"], "reason": reason},
        record=row["loan"],
        link=f"/loans/{row['number']}",
        key=f"declined:{handover}",
    )
    return str(row["number"])


@verb
async def withdraw_handover(actor: Actor, handover: UUID) -> str:
    """Take back one's own proposal before the other side confirmed. Returns the loan's number."""
    row = await locked(handover)
    if row is None or row["proposed_by"] != actor.person:
        raise not_found()
    if row["state"] != "proposed":
        raise moved_on()
    await connection().execute("UPDATE handover SET state = 'withdrawn' WHERE id = $1", handover)
    await journal.note_line(
        LOAN, "withdraw_handover", row["loan"], actor, Permission.LOAN_HAND_OVER, data={"handover": handover}
    )
    return str(row["number"])


async def carry_out(actor: Actor, handover: UUID, act_id: str | None) -> str:
    """Move custody, lines and loan for a hand-over that ``actor`` confirms."""
    row = await claimed(handover, actor, "confirmed")
    loan = await loan_row(row["number"], lock=True)
    sides = await confirmed_sides(row, actor)
    direction = Direction(row["direction"])
    states = await connection().fetch("SELECT line FROM handover_line WHERE handover = $1", handover)
    wanted = {state["line"] for state in states}
    lines = [line for line in await lines_of(loan) if line.id in wanted]
    raise_all(check_handover(direction, lines, sides, lending(loan), clock.now()))
    for line in lines:
        await move_custody(line, direction, sides, loan, {"handover": handover})
    await move_lines(loan, lines, direction)
    await step_loan(loan, direction, lines, actor, handover, act_id)
    if direction is Direction.BACK and loan.state == "incident":
        await go_on_after_incident(loan.id)
    return loan.number


async def claimed(handover: UUID, actor: Actor, state: str) -> Any:
    """The hand-over, taken out of ``proposed`` by the one person who may answer it.

    A return that the borrower proposed may be answered by any custodian of the owner, not only the one named.
    """
    row = await locked(handover)
    if row is None or not await answers(row, actor):
        raise not_found()
    if row["state"] != "proposed":
        raise moved_on()
    at_counter = row["direction"] == Direction.BACK and row["proposed_by"] == row["giver"]
    await connection().execute(
        "UPDATE handover SET state = $2, confirmed_at = $3, taker = $4 WHERE id = $1",
        handover,
        state,
        clock.now(),
        actor.person if at_counter else row["taker"],
    )
    return await handover_row(handover)


async def locked(handover: UUID) -> Any | None:
    """The hand-over, locked after its loan as everywhere; None when there is none."""
    row = await handover_row(handover)
    if row is None:
        return None
    await journal.locked(row["loan"], LOAN)
    return await handover_row(handover, lock=True)


def lending(loan: LoanRow) -> Lending:
    """The loan as the rules see it."""
    return Lending(loan.owner, loan.borrower, loan.mode)


def state_row(handover: UUID, line: Line, state: ItemState) -> tuple[Any, ...]:
    """The row of ``handover_line`` for one item's state."""
    return (
        new_id(),
        handover,
        line.id,
        line.item,
        state.condition,
        json.dumps(state.checklist),
        json.dumps(state.accessories),
        state.wiped,
        state.photo,
        state.note,
    )


def moved_on() -> WrongState:
    """The refusal for a hand-over that somebody answered before."""
    return WrongState(
        N_("This hand-over has been answered already."),
        do=N_("Reload the page to see who holds the items now."),
        code="handover_answered",
    )
