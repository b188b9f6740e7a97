"""The booking verb against the same SQL through bare asyncpg."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.house import bare, part, recorded, replay, timed
from benchmarks.report import Figure
from benchmarks.seed import code
from shared_resources.equipment.schemas.booking import BookingDraft, Wish
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel.database.transaction import transaction

if TYPE_CHECKING:
    from benchmarks.seed import Town

TIMES = 200
COMMITTED = 200
AIM = 2.5
ITEM = 5
"""Neither in repair nor late."""
FAR = timedelta(days=130)
"""After the last booking of the town."""


class Undo(Exception):
    """Ends a transaction that should leave nothing behind."""


async def measure(dsn: str, town: Town) -> list[Figure]:
    """The ratio of the two, and how many bookings a second one client commits."""
    draft = draft_for(town, 0)

    async def verb() -> None:
        await undone(town, draft)

    with recorded() as said:
        await undone(town, draft)
    inner = [one for one in said if one[1] not in ("BEGIN", "ROLLBACK")]
    async with bare(dsn) as db:

        async def plain() -> None:
            await db.execute("BEGIN")
            await replay(db, inner)
            await db.execute("ROLLBACK")

        ours, theirs = await timed(verb, TIMES), await timed(plain, TIMES)
    ratio = part(ours, 0.5) / part(theirs, 0.5)
    began = time.perf_counter()
    for number in range(COMMITTED):
        await request_booking(town.borrower, draft_for(town, number))
    rate = COMMITTED / (time.perf_counter() - began)
    return [
        Figure(
            "booking verb: time of the same SQL through bare asyncpg", f"{ratio:.2f} ×", f"≤ {AIM} ×", ratio <= AIM
        ),
        Figure("booking verb: statements, p50", f"{len(inner)}, {part(ours, 0.5) * 1000:.1f} ms"),
        Figure("booking verb: committed by one client", f"{rate:.0f} /s"),
    ]


def draft_for(town: Town, number: int) -> BookingDraft:
    """One item for two hours, each number at another time."""
    start = town.at + FAR + number * timedelta(hours=4)
    return BookingDraft(
        wishes=(Wish(item=code(ITEM)),), starts_at=start, ends_at=start + timedelta(hours=2), purpose="联合检查"
    )


async def undone(town: Town, draft: BookingDraft) -> None:
    """The verb in a transaction that is rolled back."""
    inside: Any = request_booking.__wrapped__  # type: ignore[attr-defined]
    try:
        async with transaction():
            made = await inside(town.borrower, draft)
            assert [loan.state for loan in made.loans] == ["approved"]
            raise Undo
    except Undo:
        pass
