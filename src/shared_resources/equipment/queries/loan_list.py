"""Lists of loans: open ones first, then the latest start; found by number, purpose, item and model.

Each side and each group is one walk along an index: of the twenty thousand loans of an agency, a page is read.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.loans import loan_rows, with_dues
from shared_resources.equipment.queries.where import Where
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.loans import LoanFilter, LoanList
from shared_resources.kernel.codes import code_in
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLOSED = frozenset(name for name, state in LOAN.states.items() if state.final)
IS_CLOSED = "r.state IN ({})".format(", ".join(f"'{name}'" for name in sorted(CLOSED)))
"""As literals, so that PostgreSQL knows that the index of open loans fits."""
CLOSED_GROUP = "closed"
SIDES = {"lend": ("owner",), "borrow": ("borrower",), None: ("owner", "borrower")}
OPEN = f"open AS MATERIALIZED (SELECT r.id, r.state FROM record r WHERE r.kind = 'loan' AND NOT {IS_CLOSED})"
"""Materialized: PostgreSQL would else look up the state of every loan the agency ever had."""
GROUPS = {False: ("open", "true"), True: ("record", IS_CLOSED)}
"""Where the states of open and of closed loans are looked up."""
FOUND_BY_ITEM = "SELECT ll.loan FROM loan_line ll WHERE ll.item = ANY({0})"
FOUND_BY_NUMBER = " UNION SELECT r.id FROM record r WHERE r.kind = 'loan' AND r.number ILIKE {0}"
FOUND_BY_MODEL = (
    " UNION SELECT ll.loan FROM loan_line ll WHERE ll.owner = $1 AND ll.model = ANY({0})"
    " UNION SELECT ll.loan FROM loan l JOIN loan_line ll ON ll.owner = l.owner AND ll.loan = l.id"
    "  WHERE l.borrower = $1 AND ll.model = ANY({0})"
)
SHORTEST = 3
"""Characters of a number that the index of trigrams finds."""


async def loans(
    actor: Actor, wanted: LoanFilter, *, cursor: str | None = None, size: int | None = None
) -> LoanList:
    """One page of the loans in which the reader's agency takes part, open ones first, then the latest start.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.LOAN_SEE, actor.relations(actor.agency))
    key = key_of(cursor, lambda group: group == CLOSED_GROUP, datetime.fromisoformat, UUID)
    rows_wanted = page_size(size)
    tables, where = await narrowed(actor, wanted)
    walks = [
        walk(side, closed, where, key, rows_wanted + 1)
        for side in SIDES[wanted.side]
        for closed in groups_of(wanted, key)
    ]
    if not walks:
        return LoanList(loans=(), next=None)
    rows = await loan_rows(
        f"l.id IN (WITH {', '.join(tables)} SELECT id FROM ({' UNION ALL '.join(walks)}) walked"
        f" ORDER BY closed, starts_at DESC, id DESC LIMIT {rows_wanted + 1})"
        f" ORDER BY {IS_CLOSED}, l.starts_at DESC, l.id DESC",
        *where.values,
    )
    shown, following = page_of(rows, rows_wanted, _key)
    return LoanList(loans=await with_dues(shown), next=following)


def groups_of(wanted: LoanFilter, key: Sequence[Any] | None) -> Iterator[bool]:
    """Open (False) and closed (True), so far as they can hold what is asked for after ``key``."""
    for closed in (False, True):
        passed = key is not None and key[0] and not closed
        elsewhere = wanted.state is not None and (wanted.state in CLOSED) is not closed
        if not (passed or elsewhere or (closed and wanted.open_only)):
            yield closed


def walk(side: str, closed: bool, where: Where, key: Sequence[Any] | None, limit: int) -> str:
    """SQL: the latest loans of one side and group, after ``key`` if that lies in it."""
    table, condition = GROUPS[closed]
    after = "true"
    if key is not None and key[0] is closed:
        after = where.beyond("l.starts_at, l.id", "<", key[1:])
    return (
        f"(SELECT l.id, l.starts_at, {closed} AS closed FROM loan l JOIN {table} r ON r.id = l.id"
        f" WHERE l.{side} = $1 AND {condition} AND {where} AND {after}"
        f" ORDER BY l.starts_at DESC, l.id DESC LIMIT {limit})"
    )


async def narrowed(actor: Actor, wanted: LoanFilter) -> tuple[list[str], Where]:
    """The tables that a filter needs beforehand, and its conditions; ``$1`` is the reader's agency."""
    tables, where = [OPEN], Where(actor.agency)
    if wanted.state:
        where.add("r.state = {0}", wanted.state)
    if wanted.agency:
        other = "CASE WHEN l.owner = $1 THEN l.borrower ELSE l.owner END"
        where.add(f"{other} = (SELECT id FROM agency WHERE slug = {{0}})", wanted.agency)
    if wanted.q:
        tables.append(f"found(id) AS MATERIALIZED ({await found_by(actor, wanted.q, where)})")
        where.add("(l.purpose ILIKE {0} OR l.id IN (SELECT id FROM found))", like(wanted.q))
    return tables, where


async def found_by(actor: Actor, text: str, where: Where) -> str:
    """SQL: loans by number, item and model, looked up before the walk; purposes are read on the way."""
    models, items = await things_called(actor, text)
    found = FOUND_BY_ITEM.format(where.put(items))
    if text.isascii() and len(text) >= SHORTEST:
        found += FOUND_BY_NUMBER.format(where.put(like(text)))
    if models:
        found += FOUND_BY_MODEL.format(where.put(models))
    return found


async def things_called(actor: Actor, text: str) -> tuple[list[UUID], list[UUID]]:
    """Models of this name; items of this code or, among one's own, with this in their asset number."""
    async with reading() as db:
        models = await db.fetch(
            "SELECT id FROM model WHERE name_zh ILIKE $1 OR name_en ILIKE $1 OR maker ILIKE $1", like(text)
        )
        items = await db.fetch(
            "SELECT id FROM item WHERE code = $1 UNION SELECT id FROM item WHERE owner = $2 AND asset_no ILIKE $3",
            code_in(text),
            actor.agency,
            like(text),
        )
    return [row["id"] for row in models], [row["id"] for row in items]


def _key(row: Any) -> Sequence[Any]:
    return (CLOSED_GROUP if row["state"] in CLOSED else "open", row["starts_at"], row["id"])
