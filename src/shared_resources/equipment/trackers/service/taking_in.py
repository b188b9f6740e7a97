"""Taking in what trackers brought home, by a keeper alone: nobody hands it over, so the record says that.

Custody ends here and not at the check-in. Whoever held an item is named as giver, the journal and the hand-over
say that the keeper stood alone, and the borrower is told at once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.rules.handover import Sides, check_handover
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft
from shared_resources.equipment.service.handover import lending, state_row
from shared_resources.equipment.service.handover_lines import move_custody, move_lines, named_lines, step_loan
from shared_resources.equipment.service.incidents import go_on_after_incident
from shared_resources.equipment.service.photos import require_own_photos
from shared_resources.kernel import clock, custody, journal, notices
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.custody import HolderKind
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import FIELD, Actor, Permission, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.equipment.rules.handover import Line
    from shared_resources.equipment.schemas.handover import ItemState

ALONE = N_("Its tracker brought it home; the keeper took it in alone.")
"""The remark on the hand-over and on the line of custody."""


@verb
async def take_in_checked(
    actor: Actor, number: str, states: Sequence[ItemState], act_id: str | None = None
) -> tuple[UUID, ...]:
    """Take in items that are checked in, with the state in which the keeper found them.

    Returns:
        The hand-overs, one for each person who held some of them.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also for a keeper who holds the item on this loan.
        Invalid: nothing was named, an item that is not on the loan, one that still holds case data.
        WrongState: an item that is not checked in, or was taken in before.
        Refusals: several of these at once.
        Repeated: this ``act_id`` was used before.
    """
    loan = await loan_row(number, lock=True)
    require(actor, Permission.CHECKIN_DECIDE, actor.relations(loan.owner, loan.borrower))
    await journal.refuse_repeated(act_id)
    if not states:
        raise Invalid(N_("Nothing is ticked."), do=N_("Tick what you have before you."), code="nothing")
    assert actor.person is not None
    draft = HandoverDraft(direction=Direction.BACK, other=actor.person, items=tuple(states))
    lines = await named_lines(loan, draft)
    checkins = await _standing(loan, lines)
    await require_own_photos(actor, (state.photo for state in states))
    given: defaultdict[UUID, list[tuple[Line, ItemState]]] = defaultdict(list)
    for line, state in zip(lines, states, strict=True):
        given[await _holder(line)].append((line, state))
    made = []
    for place, (giver, found) in enumerate(sorted(given.items()), 1):
        once = act_id if place == len(given) else None  # the act's id stands on one journal line
        made.append(await _take_in(actor, loan, giver, found, checkins, once))
    await _received(actor, checkins)
    if loan.state == "incident":
        await go_on_after_incident(loan.id)
    return tuple(made)


async def _standing(loan: LoanRow, lines: Sequence[Line]) -> dict[UUID, UUID]:
    """The standing check-in of each line, by line.

    Raises:
        Refusals: one or more have none.
    """
    rows = await connection().fetch(
        "SELECT line, id FROM checkin WHERE owner = $1 AND line = ANY($2) AND state = 'confirmed'",
        loan.owner,
        [line.id for line in lines],
    )
    found = {row["line"]: row["id"] for row in rows}
    raise_all(
        [
            WrongState(
                N_("Item %(item)s is not checked in."),
                do=N_("Reload the page to see where it is; at the counter its holder hands it over."),
                code="not_checked_in",
                item=grouped(line.code),
            )
            for line in lines
            if line.id not in found
        ]
    )
    return found


async def _holder(line: Line) -> UUID:
    """The person who answers for an item until now."""
    held = await custody.holder_of(line.item, lock=True)
    if held is None or held.kind is not HolderKind.PERSON:
        raise WrongState(
            N_("This item is no longer where this hand-over starts from."),
            do=N_("Scan it again to see who holds it now."),
            code="holder_changed",
        )
    return UUID(held.id)


async def _take_in(
    actor: Actor,
    loan: LoanRow,
    giver: UUID,
    found: Sequence[tuple[Line, ItemState]],
    checkins: Mapping[UUID, UUID],
    act_id: str | None,
) -> UUID:
    """What one person held: hand-over, custody, lines, the loan's own step, word to the borrower."""
    assert actor.person is not None
    outside = loan.owner if loan.mode == "shared_use" else loan.borrower
    sides = Sides(giver, outside, actor.person, loan.owner)
    lines = [line for line, _ in found]
    raise_all(check_handover(Direction.BACK, lines, sides, lending(loan), clock.now()))
    handover = await _written(actor, loan, giver, found)
    for line in lines:
        data = {"handover": handover, "checkin": checkins[line.id]}
        await move_custody(line, Direction.BACK, sides, loan, data, note=ALONE)
    await move_lines(loan, lines, Direction.BACK)
    said: dict[str, Any] = {"alone": True, "checkins": [checkins[line.id] for line in lines]}
    await step_loan(loan, Direction.BACK, lines, actor, handover, act_id, said)
    await _tell_borrower(actor, loan, giver, handover, lines)
    return handover


async def _written(actor: Actor, loan: LoanRow, giver: UUID, found: Sequence[tuple[Line, ItemState]]) -> UUID:
    """The hand-over with the state of each item: proposed and confirmed by the keeper in one act."""
    handover = new_id()
    await connection().execute(
        "INSERT INTO handover (id, loan, direction, state, giver, taker, proposed_by, proposed_at, confirmed_at,"
        " note) VALUES ($1, $2, 'back', 'confirmed', $3, $4, $4, $5, $5, $6)",
        handover,
        loan.id,
        giver,
        actor.person,
        clock.now(),
        ALONE,
    )
    await connection().executemany(
        "INSERT INTO handover_line (id, handover, line, item, condition, checklist, accessories, wiped, photo,"
        " note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [state_row(handover, line, state) for line, state in found],
    )
    return handover


async def _tell_borrower(actor: Actor, loan: LoanRow, giver: UUID, handover: UUID, lines: Sequence[Line]) -> None:
    """Whoever held the items, and the borrower's people, hear what was taken in without them."""
    sentence = N_(
        "%(name)s took in %(items)s of loan %(number)s “%(title)s” alone: the tracker had brought it home."
        " Look at the state that was written down."
    )
    values = {
        "name": actor.name,
        "items": "、".join(grouped(line.code) for line in lines),
        "number": loan.number,
        "title": loan.title,
    }
    link, key = f"/handovers/{handover}", f"taken-in:{handover}"
    await notices.tell_people([giver], sentence, values, record=loan.id, link=link, key=key)
    await notices.tell(
        [loan.borrower], FIELD, sentence, values, record=loan.id, link=link, key=f"{key}:all", besides=[giver]
    )


async def _received(actor: Actor, checkins: Mapping[UUID, UUID]) -> None:
    """Say who took them in."""
    await connection().execute(
        "UPDATE checkin SET state = 'received', decided_by = $2, decided_at = $3 WHERE id = ANY($1)",
        list(checkins.values()),
        actor.person,
        clock.now(),
    )
