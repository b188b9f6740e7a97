"""Changing hands: proposed by one side, confirmed by the other, one line of custody for each item (form 13).

Nothing changes until the second person confirms; the previous holder stays responsible until then.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import (
    LoanRow,
    handover_row,
    line_rows,
    loan_row,
    open_handover_of,
)
from shared_resources.equipment.rules.codes import parse_code
from shared_resources.equipment.rules.handover import (
    CUSTODY_KIND,
    Lending,
    Line,
    Sides,
    check_handover,
    check_wiped,
)
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft, ItemState
from shared_resources.kernel import clock, custody, journal, notices
from shared_resources.kernel.custody import Change, Holder, HolderKind
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Refusal, Taken, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity import serving
from shared_resources.kernel.permissions import Actor, Permission, may, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence


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
        "INSERT INTO handover_line (id, handover, line, item, condition, checklist, accessories, wiped, photo, note)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
        link=f"/loans/{loan.number}",
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
    row = await handover_row(handover, lock=True)
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
        await move_custody(line, direction, sides, loan, handover)
    await move_lines(loan, lines, direction)
    await step_loan(loan, direction, lines, actor, handover, act_id)
    return loan.number


async def claimed(handover: UUID, actor: Actor, state: str) -> Any:
    """The hand-over, taken out of ``proposed`` by the one person who may answer it.

    A return that the borrower proposed may be answered by any custodian of the owner, not only the one named.
    """
    row = await handover_row(handover, lock=True)
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


async def answers(row: Any, actor: Actor) -> bool:
    """Whether ``actor`` is the other side of this proposal."""
    if actor.person == row["proposed_by"]:
        return False
    if actor.person in (row["giver"], row["taker"]):
        return True
    at_counter = row["direction"] == Direction.BACK and row["proposed_by"] == row["giver"]
    return at_counter and may(actor, Permission.LOAN_GIVE, actor.relations(row["owner"])) is True


async def named_lines(loan: LoanRow, draft: HandoverDraft) -> list[Line]:
    """The loan's lines that the draft names by code, in the draft's order, none of them in another hand-over."""
    rows = {row["code"]: row for row in await line_rows(loan, lock=True)}
    reasons: list[Refusal] = []
    found: list[Line] = []
    for state in draft.items:
        row = rows.get(parse_code(state.code))
        if row is None:
            reasons.append(
                Invalid(
                    N_("Item %(item)s is not on this loan."),
                    do=N_("Scan the item that is meant, or open its own page."),
                    code="foreign_item",
                    item=state.code,
                )
            )
            continue
        wiped = check_wiped(draft.direction, row["resource"], state.wiped, state.code)
        reasons += [wiped] if wiped else []
        found.append(Line(row["id"], row["item"], row["code"], row["state"], row["ready_from"]))
    busy = await open_handover_of([line.id for line in found])
    if busy is not None:
        reasons.append(
            Taken(
                N_("Item %(item)s already waits for somebody to confirm its hand-over."),
                do=N_("Let that person answer, or withdraw that proposal first."),
                code="handover_open",
                item=busy["code"],
            )
        )
    raise_all(reasons)
    return found


async def lines_of(loan: LoanRow) -> list[Line]:
    """The loan's lines as the rules see them, locked."""
    rows = await line_rows(loan, lock=True)
    return [Line(row["id"], row["item"], row["code"], row["state"], row["ready_from"]) for row in rows]


async def sides_of(actor: Actor, loan: LoanRow, draft: HandoverDraft) -> Sides:
    """Who gives and who takes: the actor is one of them, ``draft.other`` the other."""
    assert actor.person is not None
    assert actor.agency is not None
    outside = loan.owner if loan.mode == "shared_use" else loan.borrower
    gives = {
        Direction.OUT: actor.agency == loan.owner and actor.person != loan.taker,
        Direction.BACK: actor.agency == outside and not await keeps(actor, loan),
        Direction.MOVE: True,
    }[draft.direction]
    far = {
        Direction.OUT: outside if gives else loan.owner,
        Direction.BACK: loan.owner if gives else outside,
        Direction.MOVE: outside,
    }[draft.direction]
    other = await serving(draft.other, far)
    if other is None or may(other, Permission.LOAN_TAKE, other.relations(loan.owner, loan.borrower)) is not True:
        raise Invalid(
            N_("That person cannot take part in this hand-over."),
            do=N_("Choose somebody of the other agency who works with equipment."),
            code="other_person",
            field="other",
        )
    near = (actor.person, actor.agency)
    giver, taker = (near, (draft.other, far)) if gives else ((draft.other, far), near)
    return Sides(*giver, *taker)


async def keeps(actor: Actor, loan: LoanRow) -> bool:
    """Whether ``actor`` stands behind the owner's counter: gives out and does not hold anything of this loan."""
    if may(actor, Permission.LOAN_GIVE, actor.relations(loan.owner)) is not True:
        return False
    held = await connection().fetchval(
        "SELECT true FROM loan_line ll JOIN LATERAL (SELECT holder FROM custody_line c WHERE c.chain = ll.item"
        " ORDER BY seq DESC LIMIT 1) last ON true"
        " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state = 'out' AND last.holder = $3 LIMIT 1",
        loan.owner,
        loan.id,
        str(actor.person),
    )
    return not held


async def confirmed_sides(row: Any, actor: Actor) -> Sides:
    """The sides of a hand-over at the moment of its confirmation."""
    outside = row["owner"] if row["mode"] == "shared_use" else row["borrower"]
    agencies = {
        Direction.OUT: (row["owner"], outside),
        Direction.BACK: (outside, row["owner"]),
        Direction.MOVE: (outside, outside),
    }[Direction(row["direction"])]
    require(actor, Permission.LOAN_HAND_OVER, actor.relations(row["owner"], row["borrower"]))
    return Sides(row["giver"], agencies[0], row["taker"], agencies[1])


async def move_custody(line: Line, direction: Direction, sides: Sides, loan: LoanRow, handover: UUID) -> None:
    """One line of custody: from whoever held the item to the taker, or home to its depot."""
    depot = await connection().fetchval("SELECT depot FROM item WHERE id = $1", line.item)
    home = Holder(HolderKind.DEPOT, str(depot), loan.owner)
    person = Holder(HolderKind.PERSON, str(sides.taker), sides.taker_agency)
    giver = Holder(HolderKind.PERSON, str(sides.giver), sides.giver_agency)
    await custody.change_holder(
        Change(
            thing=line.item,
            kind=CUSTODY_KIND[direction],
            to=home if direction is Direction.BACK else person,
            giver=sides.giver,
            taker=sides.taker,
            loan=loan.id,
            data={"handover": handover},
        ),
        expected=home if direction is Direction.OUT else giver,
    )


async def move_lines(loan: LoanRow, lines: Sequence[Line], direction: Direction) -> None:
    """Write what the hand-over means for the lines: out, or back with the rest of their time set free."""
    ids, at = [line.id for line in lines], clock.now()
    if direction is Direction.OUT:
        await connection().execute(
            "UPDATE loan_line SET state = 'out', out_at = $3 WHERE owner = $1 AND id = ANY($2)",
            loan.owner,
            ids,
            at,
        )
    elif direction is Direction.BACK:
        await connection().execute(
            "UPDATE loan_line ll SET state = 'back', back_at = $3,"
            " period = tstzrange(lower(period), greatest($3, lower(period) + interval '1 minute')),"
            " blocked = tstzrange(lower(blocked), greatest($3, lower(period) + interval '1 minute')"
            " + make_interval(mins => m.buffer_after_minutes))"
            " FROM model m WHERE m.id = ll.model AND ll.owner = $1 AND ll.id = ANY($2)",
            loan.owner,
            ids,
            at,
        )


async def step_loan(
    loan: LoanRow, direction: Direction, lines: Sequence[Line], actor: Actor, handover: UUID, act_id: str | None
) -> None:
    """Take the loan's own step: out, passed on, a part back, or all of it back."""
    still_out = await connection().fetchval(
        "SELECT count(*) FROM loan_line WHERE owner = $1 AND loan = $2 AND state IN ('out', 'reserved')",
        loan.owner,
        loan.id,
    )
    whole = still_out == 0 and loan.state in ("out", "overdue")
    step = {
        Direction.OUT: "hand_out",
        Direction.MOVE: "pass_on",
        Direction.BACK: "take_back" if whole else "take_part_back",
    }[direction]
    await journal.act(
        LOAN,
        step,
        loan.id,
        actor,
        data={"handover": handover, "items": [line.item for line in lines]},
        act_id=act_id,
        due={"return": loan.ends_at},
    )


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
