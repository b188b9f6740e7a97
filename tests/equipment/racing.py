"""Many at once: the same act tried again and again by tasks of this process, or by several processes.

Run as ``python -m tests.equipment.racing DSN MODE TRIES`` with a race in JSON on standard input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.service.decisions import approve_loan
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identity.actors import serving
from tests.makers import MONDAY, draft_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

AT_ONCE = 8


async def outcomes(acts: Iterable[Awaitable[object]]) -> Counter[str]:
    """How often each outcome came: ``done``, the code of a refusal, or the class of any other error."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(act: Awaitable[object]) -> str:
        async with gate:
            try:
                await act
            except Refusal as refusal:
                return refusal.code
            except Exception as error:
                return f"{type(error).__name__}: {error}"
            return "done"

    return Counter(await asyncio.gather(*map(one, acts)))


async def outcomes_of_processes(dsn: str, mode: str, processes: int, race: dict[str, Any]) -> Counter[str]:
    """``outcomes`` of ``race`` run by several processes; ``race["tries"]`` is dealt out among them."""
    children = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.equipment.racing", dsn, mode),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    shares = [{**race, "tries": race["tries"][place::processes]} for place in range(processes)]
    answers = await asyncio.gather(
        *(
            child.communicate(json.dumps(share, default=str).encode())
            for child, share in zip(children, shares, strict=True)
        )
    )
    total: Counter[str] = Counter()
    for out, _ in answers:
        total.update(json.loads(out))
    return total


async def child(dsn: str, mode: str, race: dict[str, Any]) -> Counter[str]:
    """One process of a race."""
    await connect(dsn, max_size=AT_ONCE)
    try:
        actor = await serving(UUID(race["person"]), UUID(race["agency"]))
        assert actor is not None
        with clock.at(datetime.fromisoformat(race.get("at", MONDAY.isoformat()))):
            if mode == "request":
                return await outcomes(request_booking(actor, draft_of(code)) for code in race["tries"])
            return await outcomes(approve_loan(actor, number) for number in race["tries"])
    finally:
        await disconnect()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(child(sys.argv[1], sys.argv[2], json.load(sys.stdin)))))
