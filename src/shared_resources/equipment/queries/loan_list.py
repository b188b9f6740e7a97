"""Lists of loans: open ones first, then the latest start; found by number, purpose, item and model.

Each side and each group is one walk along an index: of the twenty thousand loans of an agency, a page is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.loans import loan_rows, with_dues
from shared_resources.equipment.queries.pager import cursor_after, key_of, like, page_size
from shared_resources.equipment.rules.codes import code_in
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.loans import LoanFilter, LoanList
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLOSED = frozenset(name for name, state in LOAN.states.items() if state.final)
IS_CLOSED = "r.state IN ({})".format(", ".join(f"'{name}'" for name in sorted(CLOSED)))
"""As literals, so that PostgreSQL knows that the index of open loans fits."""
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


@dataclass(frozen=True)
class Place:
    """Where a page ended."""

    closed: bool
    starts_at: datetime
    id: UUID


async def loans(
    actor: Actor, wanted: LoanFilter, *, cursor: str | None = None, size: int | None = None
) -> LoanList:
    """One page of the loans in which the reader's agency takes part, open ones first, then the latest start.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.LOAN_SEE, actor.relations(actor.agency))
    place, rows_wanted = place_of(cursor), page_size(size)
    asked = Asked(actor)
    await asked.narrow(wanted)
    walks = [
        asked.walk(side, closed, place, rows_wanted + 1)
        for side in SIDES[wanted.side]
        for closed in groups_of(wanted, place)
    ]
    if not walks:
        return LoanList(loans=(), next=None)
    rows = await loan_rows(
        f"l.id IN (WITH {', '.join(asked.tables)} SELECT id FROM ({' UNION ALL '.join(walks)}) walked"
        f" ORDER BY closed, starts_at DESC, id DESC LIMIT {rows_wanted + 1})"
        f" ORDER BY {IS_CLOSED}, l.starts_at DESC, l.id DESC",
        *asked.values,
    )
    shown = rows[:rows_wanted]
    following = cursor_after(_key(shown[-1])) if len(rows) > rows_wanted else None
    return LoanList(loans=await with_dues(shown), next=following)


def groups_of(wanted: LoanFilter, place: Place | None) -> Iterator[bool]:
    """Open (False) and closed (True), so far as they can hold what is asked for after ``place``."""
    for closed in (False, True):
        passed = place is not None and place.closed and not closed
        elsewhere = wanted.state is not None and (wanted.state in CLOSED) is not closed
        if not (passed or elsewhere or (closed and wanted.open_only)):
            yield closed


class Asked:
    """A question as it is put together: tables, conditions, values; ``$1`` is the reader's agency."""

    def __init__(self, actor: Actor) -> None:
        self.agency = actor.agency
        self.values: list[Any] = [actor.agency]
        self.tables = [OPEN]
        self.conditions = ["true"]

    def put(self, value: Any) -> str:
        """Take one more value; returns its place."""
        self.values.append(value)
        return f"${len(self.values)}"

    async def narrow(self, wanted: LoanFilter) -> None:
        """The conditions of the filter."""
        if wanted.state:
            self.conditions.append(f"r.state = {self.put(wanted.state)}")
        if wanted.agency:
            other = "CASE WHEN l.owner = $1 THEN l.borrower ELSE l.owner END"
            self.conditions.append(f"{other} = (SELECT id FROM agency WHERE slug = {self.put(wanted.agency)})")
        if wanted.q:
            await self.search(wanted.q)

    async def search(self, text: str) -> None:
        """By purpose while walking; by number, item and model beforehand."""
        models, items = await self.things(text)
        words = self.put(like(text))
        found = FOUND_BY_ITEM.format(self.put(items))
        if text.isascii() and len(text) >= SHORTEST:
            found += FOUND_BY_NUMBER.format(words)
        if models:
            found += FOUND_BY_MODEL.format(self.put(models))
        self.tables.append(f"found(id) AS MATERIALIZED ({found})")
        self.conditions.append(f"(l.purpose ILIKE {words} OR l.id IN (SELECT id FROM found))")

    async def things(self, text: str) -> tuple[list[UUID], list[UUID]]:
        """Models of this name; items of this code or, among one's own, with this in their asset number."""
        async with reading() as db:
            models = await db.fetch(
                "SELECT id FROM model WHERE name_zh ILIKE $1 OR name_en ILIKE $1 OR maker ILIKE $1", like(text)
            )
            items = await db.fetch(
                "SELECT id FROM item WHERE code = $1 UNION SELECT id FROM item WHERE owner = $2"
                " AND asset_no ILIKE $3",
                code_in(text),
                self.agency,
                like(text),
            )
        return [row["id"] for row in models], [row["id"] for row in items]

    def walk(self, side: str, closed: bool, place: Place | None, limit: int) -> str:
        """SQL: the latest loans of one side and group, after ``place`` if that lies in it."""
        table, condition = GROUPS[closed]
        conditions = [f"l.{side} = $1", condition, *self.conditions]
        if place is not None and place.closed is closed:
            conditions.append(f"(l.starts_at, l.id) < ({self.put(place.starts_at)}, {self.put(place.id)})")
        return (
            f"(SELECT l.id, l.starts_at, {closed} AS closed FROM loan l JOIN {table} r ON r.id = l.id"
            f" WHERE {' AND '.join(conditions)} ORDER BY l.starts_at DESC, l.id DESC LIMIT {limit})"
        )


def place_of(cursor: str | None) -> Place | None:
    """The place that a cursor names.

    Raises:
        Invalid: a cursor that is not ours.
    """
    key = key_of(cursor, 3)
    if key is None:
        return None
    try:
        return Place(key[0] == "closed", datetime.fromisoformat(key[1]), UUID(key[2]))
    except ValueError:
        raise Invalid(N_("This place in the list is unknown."), code="cursor") from None


def _key(row: Any) -> Sequence[str]:
    group = "closed" if row["state"] in CLOSED else "open"
    return (group, row["starts_at"].isoformat(), str(row["id"]))
