"""The booking calendar against the same statements through bare asyncpg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.house import bare, part, recorded, replay, timed
from benchmarks.report import Figure
from shared_resources.equipment.queries.timeline import timeline
from shared_resources.equipment.schemas.timeline import TimelineFilter

if TYPE_CHECKING:
    from benchmarks.seed import Town

ROWS, DAYS, TIMES = 1000, 14, 8
MOST_STATEMENTS = 6


async def measure(dsn: str, town: Town) -> list[Figure]:
    """Statements, bookings shown, and the ratio to fetching the same rows."""
    wanted = TimelineFilter(days=DAYS)
    with recorded() as said:
        view = await timeline(town.borrower, wanted, size=ROWS)
    shown = sum(len(row.bookings) for row in view.rows)

    async def ours() -> None:
        await timeline(town.borrower, wanted, size=ROWS)

    async with bare(dsn) as db:

        async def plain() -> None:
            await replay(db, said)

        house, fetch = await timed(ours, TIMES), await timed(plain, TIMES)
    ratio = part(house, 0.5) / part(fetch, 0.5)
    few = len(said) <= MOST_STATEMENTS
    return [
        Figure(f"calendar of {len(view.rows):,} items × {DAYS} days: statements", str(len(said)), "≤ 6", few),
        Figure("calendar: time of a bare fetch of the same rows", f"{ratio:.2f} ×"),
        Figure("calendar: bookings shown, p50", f"{shown:,}, {part(house, 0.5) * 1000:.0f} ms"),
    ]
