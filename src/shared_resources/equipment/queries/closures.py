"""Closed days of depots."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.rules.hours import Closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID


async def closures_of(
    db: Any, depots: Iterable[UUID], first: date | None = None, last: date | None = None
) -> Mapping[UUID, list[Closure]]:
    """The closures of each depot that touch the days from ``first`` to ``last``; no statement without depots."""
    found: defaultdict[UUID, list[Closure]] = defaultdict(list)
    wanted = list(set(depots))
    if wanted:
        for row in await db.fetch(
            "SELECT depot, first_day, last_day, reason FROM depot_closure WHERE depot = ANY($1)"
            " AND ($2::date IS NULL OR last_day >= $2) AND ($3::date IS NULL OR first_day <= $3)",
            wanted,
            first,
            last,
        ):
            found[row["depot"]].append(Closure(row["first_day"], row["last_day"], row["reason"]))
    return found
