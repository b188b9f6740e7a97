"""Setting numbered items aside, within a running verb: lock, look who has them, choose.

Locks are taken in one order, models before items and items by id, so that two verbs seldom wait for each other
crosswise. The exclusion constraint stays the proof; what is looked up here lets the refusal say what else is free.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.queries.booking import Span, busy_in, facts_of, free_of_model
from shared_resources.equipment.rules.allocation import choose
from shared_resources.equipment.rules.booking import (
    ItemFacts,
    Wanted,
    check_certificate,
    check_item,
    check_state,
)
from shared_resources.equipment.rules.busy import taken, taken_abroad
from shared_resources.equipment.schemas.booking import Mode
from shared_resources.kernel import clock
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Refusal, raise_all
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from shared_resources.equipment.queries.handover import LoanRow
    from shared_resources.equipment.rules.busy import Busy

ALTERNATIVES = 3
LIVE = ("asked", "held", "reserved", "conflict")
"""Lines that wait for their hand-over."""


@dataclass(frozen=True)
class LoanItem:
    """One line of a loan as decisions see it."""

    id: UUID
    item: UUID
    model: UUID
    by_model: bool
    state: str
    out_at: datetime | None


@dataclass(frozen=True)
class Fitted:
    """A line and the item that it gets: its own one, or another of the same model."""

    line: LoanItem
    item: ItemFacts

    @property
    def is_new(self) -> bool:
        """Whether the line gets another item than it had."""
        return self.line.item != self.item.id


async def lock_models(models: Iterable[UUID]) -> None:
    """Let no second choice among the items of these models run at the same time."""
    await connection().fetch("SELECT id FROM model WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(models))


async def lock_items(items: Iterable[UUID]) -> None:
    """Hold these items until the verb ends, in the order that everybody uses."""
    await connection().fetch("SELECT id FROM item WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(items))


async def lines_of_loan(loan: LoanRow, states: Collection[str] = LIVE) -> list[LoanItem]:
    """The lines of a loan in these states, locked, in item order."""
    rows = await connection().fetch(
        "SELECT id, item, model, by_model, state, out_at FROM loan_line"
        " WHERE owner = $1 AND loan = $2 AND state = ANY($3) ORDER BY item, id FOR NO KEY UPDATE",
        loan.owner,
        loan.id,
        list(states),
    )
    return [LoanItem(**row) for row in rows]


async def busy_items(
    items: Iterable[ItemFacts], starts_at: datetime, ends_at: datetime, besides: UUID | None = None
) -> dict[UUID, Busy]:
    """Which of these items are not free in that time, buffers included, and why."""
    return await busy_in(
        [Span(item.id, item.owner, *item.blocked(starts_at, ends_at)) for item in items], besides=besides
    )


def wanted_of(
    loan: LoanRow,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    *,
    with_notice: bool = True,
    abroad: bool = False,
) -> Wanted:
    """The loan as the rules see it, over its own period or another one."""
    return Wanted(
        borrower=loan.borrower,
        starts_at=starts_at or loan.starts_at,
        ends_at=ends_at or loan.ends_at,
        mode=Mode(loan.mode),
        evidential=loan.evidential,
        emergency=loan.emergency,
        with_notice=with_notice,
        abroad=abroad,
    )


async def fit(
    loan: LoanRow, lines: Sequence[LoanItem], wanted: Wanted, *, all_rules: bool = False
) -> list[Fitted]:
    """An item for each of these lines over the period of ``wanted``, all of them locked.

    A line that asked for any item of a model gets another one when its own is gone; a line that names its item
    does not, and the refusal says what else is free.

    Args:
        all_rules: whether length, notice and opening hours are asked once more (another period), or only what
            may have changed since the request (the item's state, its certificate).

    Raises:
        Refusal, Refusals: one reason for each line that cannot be served.
    """
    await lock_models({line.model for line in lines if line.by_model})
    await lock_items(line.item for line in lines)
    facts = await facts_of(line.item for line in lines)
    busy = await busy_items(facts.values(), wanted.starts_at, wanted.ends_at, besides=loan.id)
    used = {line.item for line in lines}
    fitted: list[Fitted] = []
    reasons: list[Refusal] = []
    for line in lines:
        own = facts[line.item]
        against = obstacles(own, busy.get(own.id), wanted, all_rules=all_rules)
        item = own if not against else await replacement(loan, line, own, wanted, used, all_rules)
        if item is None:
            codes = await alternatives(own, wanted, owner=loan.owner, besides=used, all_rules=all_rules)
            reasons += [with_alternatives(reason, codes) for reason in against]
        else:
            used.add(item.id)
            fitted.append(Fitted(line, item))
    raise_all(reasons)
    return fitted


def obstacles(item: ItemFacts, busy: Busy | None, wanted: Wanted, *, all_rules: bool) -> list[Refusal]:
    """What speaks against this item for this loan."""
    if all_rules:
        against = check_item(wanted, item, clock.now())
    else:
        checks = (check_state(wanted, item), check_certificate(wanted, item))
        against = [reason for reason in checks if reason is not None]
    if busy is None:
        return against
    return [*against, taken_abroad(item.code, busy) if wanted.abroad else taken(item.code, busy)]


async def replacement(
    loan: LoanRow,
    line: LoanItem,
    own: ItemFacts,
    wanted: Wanted,
    used: Collection[UUID],
    all_rules: bool = False,
) -> ItemFacts | None:
    """Another free item of the line's model, locked; None when the line names its item or nothing is free.

    The same depot is tried first: somebody will go there for the rest.
    """
    if not line.by_model:
        return None
    found = await usable(own.model, wanted, owner=loan.owner, besides=used, all_rules=all_rules)
    near = [item for item in found if item.depot == own.depot]
    for item in [*choose(near, len(near)), *choose(found, len(found))]:
        await lock_items([item.id])
        if not await busy_items([item], wanted.starts_at, wanted.ends_at, besides=loan.id):
            return item
    return None


async def usable(
    model: UUID,
    wanted: Wanted,
    *,
    owner: UUID | None = None,
    besides: Iterable[UUID] = (),
    all_rules: bool = True,
) -> list[ItemFacts]:
    """Free items of a model against which no rule speaks."""
    free = await free_of_model(model, wanted.starts_at, wanted.ends_at, owner=owner, besides=besides)
    return [item for item in free if not obstacles(item, None, wanted, all_rules=all_rules)]


async def alternatives(
    own: ItemFacts,
    wanted: Wanted,
    *,
    owner: UUID | None = None,
    besides: Iterable[UUID] = (),
    all_rules: bool = True,
) -> list[str]:
    """Codes of the first few items of the same model that could be had instead."""
    found = await usable(own.model, wanted, owner=owner, besides=[*besides, own.id], all_rules=all_rules)
    return [grouped(item.code) for item in choose(found, min(ALTERNATIVES, len(found)))]


def with_alternatives(reason: Refusal, codes: Sequence[str]) -> Refusal:
    """The same reason, with what could be had instead."""
    if not codes:
        return reason
    return type(reason)(
        reason.sentence.msgid,
        do=N_("Free instead: %(items)s."),
        code=reason.code,
        field=reason.field,
        items=", ".join(codes),
        **reason.sentence.params,
    )


async def set_aside(loan: LoanRow, fitted: Sequence[Fitted], state: str, wanted: Wanted) -> None:
    """Write the lines as they were fitted: item, state, period, and the time that is blocked for others."""
    starts_at, ends_at = wanted.starts_at, wanted.ends_at
    rows = [
        (loan.owner, line.id, item.id, item.model, state, starts_at, ends_at, *item.blocked(starts_at, ends_at))
        for line, item in ((one.line, one.item) for one in fitted)
    ]
    await connection().executemany(
        "UPDATE loan_line SET item = $3, model = $4, state = $5, period = tstzrange($6, $7),"
        " blocked = tstzrange($8, $9), reason = NULL WHERE owner = $1 AND id = $2",
        rows,
    )


async def end_lines(
    loan: LoanRow, state: str, reason: str | None = None, *, lines: Collection[UUID] | None = None
) -> list[UUID]:
    """End the lines that wait for their hand-over (all, or these), and proposals that nobody can confirm now.

    Returns the items set free.
    """
    rows = await connection().fetch(
        "UPDATE loan_line SET state = $3, reason = coalesce($4, reason) WHERE owner = $1 AND loan = $2"
        " AND state = ANY($5) AND ($6::uuid[] IS NULL OR id = ANY($6)) RETURNING id, item",
        loan.owner,
        loan.id,
        state,
        reason,
        list(LIVE),
        None if lines is None else list(lines),
    )
    await connection().execute(
        "UPDATE handover SET state = 'withdrawn' WHERE loan = $1 AND state = 'proposed' AND EXISTS"
        " (SELECT FROM handover_line hl WHERE hl.handover = handover.id AND hl.line = ANY($2))",
        loan.id,
        [row["id"] for row in rows],
    )
    return [row["item"] for row in rows]
