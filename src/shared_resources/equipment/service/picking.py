"""From wishes to numbered items: free, allowed by every rule, locked. Within a running verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.queries.booking import facts_by_code, free_of_model
from shared_resources.equipment.rules.allocation import choose
from shared_resources.equipment.rules.booking import (
    ItemFacts,
    Wanted,
    check_item,
    check_request,
    said_once,
)
from shared_resources.equipment.rules.busy import taken_abroad
from shared_resources.equipment.service.allotment import (
    alternatives,
    busy_items,
    lock_items,
    lock_models,
    with_alternatives,
)
from shared_resources.kernel import clock
from shared_resources.kernel.codes import grouped, parse_code
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, Refusal, Taken, raise_all
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.schemas.booking import BookingDraft, Wish

ROUNDS = 5
"""How often a choice among items of a model is repeated when named bookings take them meanwhile."""


@dataclass(frozen=True)
class Pick:
    """One item of the cart, and whether any other of its model would do as well."""

    item: ItemFacts
    by_model: bool


async def pick(draft: BookingDraft, wanted: Wanted) -> list[Pick]:
    """Concrete, free, locked items for every wish.

    Raises:
        Refusal, Refusals: every reason at once.
    """
    reasons: list[Refusal] = []
    named = await named_items(draft.wishes, reasons)
    by_model = [wish for wish in draft.wishes if wish.model is not None]
    await lock_models({wish.model for wish in by_model if wish.model is not None})
    await lock_items(item.id for item in named)
    named = list((await facts_by_code([item.code for item in named])).values()) if named else []
    reasons += check_request(wanted, repeated(named, draft.wishes), clock.now())
    busy = await busy_items(named, wanted.starts_at, wanted.ends_at)
    for item in named:
        if item.id in busy and item.owner != wanted.borrower:
            codes = await alternatives(item, wanted, besides=await own_items(item.model, wanted.borrower))
            reasons.append(with_alternatives(taken_abroad(item.code, busy[item.id]), codes))
    picks = [Pick(item, by_model=False) for item in named]
    for wish in by_model:
        picks += await some_of(wish, wanted, [one.item.id for one in picks], reasons)
    raise_all(said_once(reasons))
    return picks


async def named_items(wishes: Sequence[Wish], reasons: list[Refusal]) -> list[ItemFacts]:
    """The items that the wishes name by code, each once; unknown codes go to ``reasons``."""
    codes: dict[str, str] = {}
    for wish in wishes:
        if wish.item is not None:
            try:
                codes[parse_code(wish.item)] = wish.item
            except Invalid as slip:
                slip.field = "wishes"
                reasons.append(slip)
    found = await facts_by_code(codes)
    for code in codes.keys() - {code for code, item in found.items() if item.state not in ("lost", "retired")}:
        found.pop(code, None)
        reasons.append(
            Invalid(
                N_("There is no item %(item)s that could be borrowed."),
                do=N_("Compare the code with the label, or search for what is free."),
                code="unknown_item",
                field="wishes",
                item=grouped(code),
            )
        )
    return sorted(found.values(), key=lambda item: item.id)


def repeated(named: Sequence[ItemFacts], wishes: Sequence[Wish]) -> list[ItemFacts]:
    """The named items as often as they were named: the rules refuse doubles."""
    items = {item.code: item for item in named}
    again = []
    for wish in wishes:
        try:
            code = parse_code(wish.item) if wish.item is not None else ""
        except Invalid:
            continue
        again += [items[code]] if code in items else []
    return again


async def some_of(wish: Wish, wanted: Wanted, used: Sequence[UUID], reasons: list[Refusal]) -> list[Pick]:
    """``wish.count`` free items of a model, locked; what stands in the way goes to ``reasons``."""
    assert wish.model is not None
    model = await connection().fetchval("SELECT name_zh FROM model WHERE id = $1", wish.model)
    owner = await owner_of(wish)
    if model is None or (wish.owner and owner is None):
        reasons.append(Invalid(N_("There is no such model or agency."), code="unknown_model", field="wishes"))
        return []
    besides = [*used, *await own_items(wish.model, wanted.borrower)]
    free = await free_of_model(
        wish.model, wanted.starts_at, wanted.ends_at, owner=owner, depot=wish.depot, besides=besides
    )
    fit = [item for item in free if not check_item(wanted, item, clock.now())]
    for _ in range(ROUNDS):
        chosen = choose(fit, wish.count)
        if len(chosen) < wish.count:
            break
        await lock_items(item.id for item in chosen)
        busy = await busy_items(chosen, wanted.starts_at, wanted.ends_at)
        if not busy:
            return [Pick(item, by_model=True) for item in chosen]
        fit = [item for item in fit if item.id not in busy]
    if len(free) >= wish.count:
        reasons += [reason for item in free if item not in fit for reason in check_item(wanted, item, clock.now())]
    else:
        reasons.append(not_enough(model, len(fit), wish.count))
    return []


def not_enough(model: str, free: int, count: int) -> Refusal:
    """Fewer items are free than are asked for."""
    return Taken(
        N_("Of %(model)s only %(free)s are free in that time, not %(count)s."),
        do=N_("Ask for fewer, choose another time, or look at other agencies and depots."),
        code="not_enough",
        field="wishes",
        model=model,
        free=free,
        count=count,
    )


async def owner_of(wish: Wish) -> UUID | None:
    """The agency from which a wish is to be answered; None for any, or for one that does not exist."""
    found = await connection().fetchval("SELECT id FROM agency WHERE slug = $1", wish.owner)
    return found if isinstance(found, UUID) else None


async def own_items(model: UUID, agency: UUID) -> list[UUID]:
    """Items of this model that the borrower has itself."""
    rows = await connection().fetch("SELECT id FROM item WHERE model = $1 AND owner = $2", model, agency)
    return [row["id"] for row in rows]
