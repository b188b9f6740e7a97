"""``python -m benchmarks [--scale 0.01] [--only free]``: measure, print, and write ``benchmarks/README.md``.

Only a run of everything at full scale is written down.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from typing import TYPE_CHECKING

from benchmarks import (
    availability,
    booking,
    calendar,
    footage,
    inbox,
    laboratories,
    ledger,
    letters,
    report,
    trackers,
)
from benchmarks.house import database, server
from benchmarks.seed import Size, seed_lending

if TYPE_CHECKING:
    from benchmarks.report import Figure
    from shared_resources.kernel.database.cluster import Cluster

LENDING = {"booking": booking.measure, "free": availability.measure, "calendar": calendar.measure}
ALL = (*LENDING, "ledger", "inbox", "letters", "trackers", "footage", "laboratories")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size, 0.01 to try it out")
    parser.add_argument("--only", choices=ALL, action="append", help="one of the measurements; may be repeated")
    asked = parser.parse_args()
    size, chosen = Size.of(asked.scale), tuple(asked.only or ALL)
    began = time.perf_counter()
    with server() as cluster:
        figures = asyncio.run(measured(cluster, size, chosen))
    seconds = time.perf_counter() - began
    print(report.as_text(figures, size, seconds))
    if size == Size() and chosen == ALL:
        report.write(figures, size, seconds)


async def measured(cluster: Cluster, size: Size, chosen: tuple[str, ...]) -> list[Figure]:
    """The figures of the chosen measurements."""
    figures: list[Figure] = []
    if set(chosen) & LENDING.keys():
        async with database(cluster, "lending") as dsn:
            town = await seed_lending(dsn, size)
            for name in (name for name in LENDING if name in chosen):
                figures += await LENDING[name](dsn, town)
    if "ledger" in chosen:
        async with database(cluster, "ledger") as dsn:
            figures += await ledger.measure(dsn, size)
    if "inbox" in chosen:
        async with database(cluster, "inbox") as dsn:
            figures += await inbox.measure(dsn, size.items / Size().items)
    if "letters" in chosen:
        figures += letters.measure()
    if "trackers" in chosen:
        async with database(cluster, "trackers") as dsn:
            figures += await trackers.measure(dsn, size.items / Size().items)
    if "footage" in chosen:
        async with database(cluster, "footage"):
            figures += await footage.measure(size.items / Size().items)
    if "laboratories" in chosen:
        async with database(cluster, "laboratories"):
            figures += await laboratories.measure(size.items / Size().items)
    return figures


if __name__ == "__main__":
    main()
