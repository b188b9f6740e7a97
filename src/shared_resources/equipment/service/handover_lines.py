"""What a change of hands does to items: which lines it names, custody, line by line, and the loan's own step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.booking import facts_of
from shared_resources.equipment.queries.handover import LoanRow, line_rows, open_handover_of
from shared_resources.equipment.queries.shelf import OCCUPIES
from shared_resources.equipment.rules.busy import Why, taken
from shared_resources.equipment.rules.handover import CUSTODY_KIND, Line, Sides, check_wiped
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft
from shared_resources.equipment.service.allotment import busy_items
from shared_resources.equipment.service.shared_use import owe_footage
from shared_resources.kernel import clock, custody, deadlines, journal
from shared_resources.kernel.codes import grouped, parse_code
from shared_resources.kernel.custody import Change, Holder, HolderKind
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, Refusal, Taken, raise_all
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.permissions import Actor


BROUGHT_BACK = (
    "WITH line AS (SELECT ll.id, lower(ll.period) AS starts_at,"
    " greatest($3, lower(ll.period) + interval '1 minute') AS ends_at,"
    " make_interval(mins => m.buffer_after_minutes) AS buffer, (SELECT min(lower(n.blocked))"
    " FROM loan_line n WHERE n.owner = ll.owner AND n.item = ll.item AND n.id <> ll.id"
    f" AND n.state IN ({OCCUPIES}) AND n.blocked >> ll.blocked) AS next FROM loan_line ll"
    " JOIN model m ON m.id = ll.model WHERE ll.owner = $1 AND ll.id = ANY($2))"
    " UPDATE loan_line ll SET state = 'back', back_at = $3, checked_in_at = NULL,"
    " period = tstzrange(line.starts_at, least(line.ends_at, line.next)),"
    " blocked = tstzrange(lower(ll.blocked), least(line.ends_at + line.buffer, line.next))"
    " FROM line WHERE ll.owner = $1 AND ll.id = line.id"
)
"""The rest of the time is free. A late return is never refused: it ends on paper where the next booking begins;
``back_at`` keeps the truth."""


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
                item=grouped(busy["code"]),
            )
        )
    if draft.direction is Direction.OUT:
        reasons += await not_here_yet(loan, found)
    raise_all(reasons)
    return found


async def not_here_yet(loan: LoanRow, lines: Sequence[Line]) -> list[Refusal]:
    """Items that the borrower before has not brought back, or that nobody has looked at since."""
    facts = await facts_of(line.item for line in lines)
    busy = await busy_items(facts.values(), loan.starts_at, loan.ends_at, besides=loan.id)
    return [taken(facts[item].code, found) for item, found in busy.items() if found.why is not Why.TAKEN]


async def lines_of(loan: LoanRow) -> list[Line]:
    """The loan's lines as the rules see them, locked."""
    rows = await line_rows(loan, lock=True)
    return [Line(row["id"], row["item"], row["code"], row["state"], row["ready_from"]) for row in rows]


async def move_custody(
    line: Line,
    direction: Direction,
    sides: Sides,
    loan: LoanRow,
    data: Mapping[str, Any],
    note: str | None = None,
) -> None:
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
            note=note,
            data=data,
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
        await connection().execute(BROUGHT_BACK, loan.owner, ids, at)
        await end_checkins(loan.owner, ids)


async def end_checkins(owner: UUID, lines: Sequence[UUID], state: str = "received") -> None:
    """What trackers said of lines that are out no more is over; the check-ins stay as history."""
    await connection().execute(
        "UPDATE checkin SET state = $4, decided_at = $3"
        " WHERE owner = $1 AND line = ANY($2) AND state IN ('proposed', 'confirmed')",
        owner,
        list(lines),
        clock.now(),
        state,
    )


async def step_loan(
    loan: LoanRow,
    direction: Direction,
    lines: Sequence[Line],
    actor: Actor,
    handover: UUID,
    act_id: str | None,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Take the loan's own step: out, passed on, a part back, or all of it back; ``more`` goes into its journal."""
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
        data={"handover": handover, "items": [line.item for line in lines], **(more or {})},
        act_id=act_id,
        due={"return": loan.ends_at},
    )
    if step == "take_back":
        await owe_footage(loan)
    if step == "take_part_back" and loan.state in ("out", "overdue"):
        await rest_checked_in(loan, handover)


async def rest_checked_in(loan: LoanRow, handover: UUID) -> None:
    """With the last item back that was not checked in, the borrower's term is met."""
    rest = await connection().fetchrow(
        "SELECT count(*) AS out, count(checked_in_at) AS home FROM loan_line"
        " WHERE owner = $1 AND loan = $2 AND state = 'out'",
        loan.owner,
        loan.id,
    )
    if rest["out"] and rest["out"] == rest["home"] and await deadlines.running(loan.id, "return"):
        await journal.act(LOAN, "check_in", loan.id, SYSTEM_ACTOR, data={"handover": handover})
