"""Changing a loan: another time, another item, a later return. Whoever else has the item decides by being there.

Who may move what: the owner's side may move a loan that is not out, and waives its own notice by doing so. The
borrower may move a request freely, and an approved loan to any time that is no longer and that nobody else has; a
longer one is a new decision and needs the owner. The other side is told each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.queries.booking import facts_by_code, facts_of
from shared_resources.equipment.queries.handover import LoanRow
from shared_resources.equipment.rules.booking import ItemFacts, Wanted, check_period
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.allotment import (
    LIVE,
    Fitted,
    LoanItem,
    busy_items,
    fit,
    lines_of_loan,
    lock_items,
    obstacles,
    set_aside,
    usable,
    wanted_of,
)
from shared_resources.equipment.service.decisions import tell_other_side, to_decide
from shared_resources.equipment.service.extensions import ask_extension, decline_extension, extend_loan
from shared_resources.kernel import clock, journal
from shared_resources.kernel.codes import grouped, parse_code
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Taken, raise_all
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.schemas.booking import Exchange, MoveDraft

__all__ = ["ask_extension", "decline_extension", "exchange_item", "extend_loan", "move_loan"]

RESERVES = {"approved": "reserved", "conflict": "reserved", "requested": "asked"}
"""What an exchanged line is, by the state of its loan, when it was in conflict before."""


@verb
async def move_loan(actor: Actor, number: str, move: MoveDraft, act_id: str | None = None) -> int:
    """Move a loan that is not out to another time, one line of it to another item if asked; the new version.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Refusal, Refusals: every rule against the new time, everybody who has an item then.
    """
    loan = await to_decide(actor, number, "move", move.version, own=True)
    by_owner = actor.agency == loan.owner
    wanted = wanted_of(loan, move.starts_at, move.ends_at, with_notice=not by_owner, abroad=not by_owner)
    raise_all(check_period(wanted, clock.now()))
    if not by_owner and loan.state != "requested":
        refuse_longer(loan, wanted)
    lines = await lines_of_loan(loan)
    exchanged = await exchanged_line(loan, lines, move)
    fixed = [line for line in lines if line.state == "conflict" and line is not exchanged]
    moving = [line for line in lines if line is not exchanged and line not in fixed]
    for state, fitted in await grouped_fit(loan, moving, wanted):
        await set_aside(loan, fitted, state, wanted)
    await keep_conflicts(loan, fixed, wanted)
    if exchanged is not None and move.to_item is not None:
        await put_in_place(loan, exchanged, await named(loan, lines, move.to_item), wanted, all_rules=True)
    await connection().execute(
        "UPDATE loan SET starts_at = $2, ends_at = $3 WHERE id = $1", loan.id, move.starts_at, move.ends_at
    )
    data = {"from": move.starts_at, "to": move.ends_at, "was_from": loan.starts_at, "was_to": loan.ends_at}
    moved = await journal.act(LOAN, "move", loan.id, actor, data=data, act_id=act_id)
    sentence = N_("Loan %(number)s “%(title)s” is moved; the new time is on its page.")
    await tell_other_side(loan, actor, sentence, f"moved:{moved.version}")
    return moved.version


@verb
async def exchange_item(
    actor: Actor, number: str, exchange: Exchange, *, version: int | None = None, act_id: str | None = None
) -> str:
    """Give one line another item, by code or the least used free one of its model; returns the new code.

    The last line in conflict that gets an item ends the loan's conflict.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: a line that cannot be exchanged, an item of another owner or kind.
        Taken: nothing free, or somebody else has the item.
    """
    loan = await to_decide(actor, number, "reallocate", version, own=True)
    lines = await lines_of_loan(loan)
    line = next((line for line in lines if line.id == exchange.line), None)
    if line is None:
        raise Invalid(
            N_("This line cannot be exchanged any more."),
            do=N_("Reload the page to see where the item is."),
            code="unknown_line",
            field="line",
        )
    wanted = wanted_of(loan)
    item = (
        await named(loan, lines, exchange.to_item) if exchange.to_item else await other(loan, line, lines, wanted)
    )
    await put_in_place(loan, line, item, wanted)
    data = {"line": line.id, "from": line.item, "to": item.id}
    moved = await journal.act(LOAN, "reallocate", loan.id, actor, data=data, act_id=act_id)
    if loan.state == "conflict" and not await lines_of_loan(loan, ("conflict",)):
        moved = await journal.act(LOAN, "resolve", loan.id, actor, data={"items": [item.id]})
    sentence = N_("An item of loan %(number)s “%(title)s” is exchanged for another one.")
    await tell_other_side(loan, actor, sentence, f"exchanged:{moved.version}")
    return item.code


def refuse_longer(loan: LoanRow, wanted: Wanted) -> None:
    """What was approved was approved for its length."""
    if wanted.ends_at - wanted.starts_at > loan.ends_at - loan.starts_at:
        raise Invalid(
            N_("An approved loan may not become longer without its owner."),
            do=N_("Keep its length, ask for an extension, or let the owner move it."),
            code="longer",
            field="ends_at",
        )


async def exchanged_line(loan: LoanRow, lines: Sequence[LoanItem], move: MoveDraft) -> LoanItem | None:
    """The line that ``move`` gives another item; None when it gives none."""
    if move.to_item is None:
        return None
    facts = await facts_of(line.item for line in lines)
    code = parse_code(move.item) if move.item else None
    found = [line for line in lines if code is None or facts[line.item].code == code]
    if len(found) != 1:
        raise Invalid(
            N_("It is not clear which item is to be exchanged."),
            do=N_("Name the item that is on the loan now."),
            code="unknown_line",
            field="item",
        )
    return found[0]


async def grouped_fit(loan: LoanRow, lines: Sequence[LoanItem], wanted: Wanted) -> list[tuple[str, list[Fitted]]]:
    """The lines fitted to another time, by the state that each keeps."""
    fitted = await fit(loan, lines, wanted, all_rules=True)
    return [(state, [one for one in fitted if one.line.state == state]) for state in LIVE]


async def keep_conflicts(loan: LoanRow, lines: Sequence[LoanItem], wanted: Wanted) -> None:
    """Lines in conflict move along and stay what they are: resolving is the owner's act."""
    facts = await facts_of(line.item for line in lines)
    await set_aside(loan, [Fitted(line, facts[line.item]) for line in lines], "conflict", wanted)


async def named(loan: LoanRow, lines: Sequence[LoanItem], text: str) -> ItemFacts:
    """The item of the loan's owner that a code names."""
    item = (await facts_by_code([parse_code(text)])).get(parse_code(text))
    if item is None or item.owner != loan.owner:
        raise Invalid(
            N_("There is no item %(item)s of this owner."),
            do=N_("Choose an item of the agency that lends."),
            code="foreign_item",
            field="to_item",
            item=text,
        )
    if item.id in {line.item for line in lines}:
        raise Invalid(
            N_("Item %(item)s is on this loan already."),
            do=N_("Choose another one."),
            code="duplicate",
            field="to_item",
            item=grouped(item.code),
        )
    return item


async def other(loan: LoanRow, line: LoanItem, lines: Sequence[LoanItem], wanted: Wanted) -> ItemFacts:
    """The least used free item of the line's model."""
    on_loan = [one.item for one in lines]
    for item in await usable(line.model, wanted, owner=loan.owner, besides=on_loan, all_rules=False):
        await lock_items([item.id])
        if not await busy_items([item], wanted.starts_at, wanted.ends_at, besides=loan.id):
            return item
    raise Taken(
        N_("No other item of this model is free in that time."),
        do=N_("Name an item of another model, or move the loan."),
        code="nothing_free",
        field="to_item",
    )


async def put_in_place(
    loan: LoanRow, line: LoanItem, item: ItemFacts, wanted: Wanted, *, all_rules: bool = False
) -> None:
    """Let ``line`` have ``item``: of the same kind, in the pool, certified if need be, free."""
    await lock_items([line.item, item.id])
    facts = await facts_of([line.item, item.id])
    item = facts[item.id]
    if item.category != facts[line.item].category:
        raise Invalid(
            N_("Item %(item)s is of another kind."),
            do=N_("Choose one of the same kind of equipment."),
            code="other_kind",
            field="to_item",
            item=grouped(item.code),
        )
    busy = await busy_items([item], wanted.starts_at, wanted.ends_at, besides=loan.id)
    raise_all(obstacles(item, busy.get(item.id), wanted, all_rules=all_rules))
    state = RESERVES[loan.state] if line.state == "conflict" else line.state
    await set_aside(loan, [Fitted(line, item)], state, wanted)
