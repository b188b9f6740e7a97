"""The register of regulated parties, and who plans to inspect whom when: names and windows, never a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from shared_resources.cases.inspections.rules import INSPECTION, OPEN
from shared_resources.cases.inspections.schemas import PartyView, PlannedWindow, masked
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Permission, Relation, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared_resources.kernel.permissions import Actor

COLUMNS = "id, number, kind, name, code, id_number, address, subfields, version"
WINDOWS = (
    "SELECT w.agency, a.name_zh AS agency_name_zh, a.name_en AS agency_name_en, lower(w.days) AS first,"
    " upper(w.days) - 1 AS last, r.state, r.number, r.id AS plan FROM inspection_window w"
    " JOIN record r ON r.id = w.plan JOIN agency a ON a.id = w.agency WHERE w.party = $1"
)


async def parties(
    actor: Actor, q: str = "", *, cursor: str | None = None, size: int | None = None
) -> tuple[tuple[PartyView, ...], str | None]:
    """Parties by a part of the name, the number, the code, or the whole identity number; and the next cursor.

    Raises:
        NotAllowed, NotFound: the actor has no working role.
        Invalid: not a cursor of ours.
    """
    require(actor, Permission.PARTY_SEE, {Relation.THIRD})
    key, wanted = key_of(cursor, str, UUID), q.strip()[:120]
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT {COLUMNS} FROM regulated_party WHERE ($1 = '' OR name ILIKE $2 OR code ILIKE $2"
            " OR number ILIKE $2 OR id_number = upper($1))"
            " AND ($3::text IS NULL OR (name, id) > ($3, $4::uuid)) ORDER BY name, id LIMIT $5",
            wanted,
            like(wanted),
            key[0] if key else None,
            key[1] if key else None,
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["name"], row["id"]))
    return tuple(_party(row) for row in shown), following


async def party(actor: Actor, number: str) -> PartyView:
    """One party by its number in the register or its credit code.

    Raises:
        NotFound: there is none.
        NotAllowed: the actor has no working role.
    """
    require(actor, Permission.PARTY_SEE, {Relation.THIRD})
    found = await party_named(number)
    if found is None:
        raise not_found()
    return found


async def party_named(word: str) -> PartyView | None:
    """The party with this number or credit code, if any."""
    async with reading() as db:
        row = await db.fetchrow(
            f"SELECT {COLUMNS} FROM regulated_party WHERE number = upper($1) OR code = upper($1)", word.strip()
        )
    return _party(row) if row else None


async def planned_for(actor: Actor, party: UUID) -> tuple[PlannedWindow, ...]:
    """Every inspection of a party, the next first: whose, when; the number only of one's own agency's plans."""
    async with reading() as db:
        rows = await db.fetch(f"{WINDOWS} ORDER BY w.days DESC, w.id", party)
    return tuple(_window(row, actor) for row in rows)


async def others_planning(actor: Actor, party: UUID, first: date, last: date) -> tuple[PlannedWindow, ...]:
    """Other agencies whose open plans share a day with this window: for the warning before saving."""
    rows = await overlapping(party, first, last, actor.agency)
    return tuple(_window(row, actor) for row in rows)


async def overlapping(party: UUID, first: date, last: date, besides: UUID | None) -> Sequence[Any]:
    """Open plans of other agencies than ``besides`` that share a day with ``first`` to ``last``."""
    async with reading() as db:
        rows: Sequence[Any] = await db.fetch(
            f"{WINDOWS} AND w.days && $2 AND w.agency IS DISTINCT FROM $3 AND r.state = ANY($4) ORDER BY r.id",
            party,
            asyncpg.Range(first, last, upper_inc=True),
            besides,
            list(OPEN),
        )
    return rows


async def window_of(plan: UUID) -> Any:
    """Party, agency and days of a plan."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT party, agency, lower(days) AS first, upper(days) - 1 AS last FROM inspection_window"
            " WHERE plan = $1",
            plan,
        )


def _party(row: Any) -> PartyView:
    return PartyView(**{**dict(row), "id_number": masked(row["id_number"])})


def _window(row: Any, actor: Actor) -> PlannedWindow:
    state = INSPECTION.states[row["state"]]
    own = row["agency"] == actor.agency
    return PlannedWindow(
        agency=row["agency"],
        agency_name_zh=row["agency_name_zh"],
        agency_name_en=row["agency_name_en"],
        first=row["first"],
        last=row["last"],
        state_label=state.label,
        tone=state.tone,
        is_open=row["state"] in OPEN,
        number=row["number"] if own else None,
    )
