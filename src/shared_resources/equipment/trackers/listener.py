"""The entrance for devices: listens to the broker until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.ingest.listening import NotWell, listen_always

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared_resources.equipment.trackers.ingest.bridge import Address


async def run(where: Callable[[], Address]) -> None:
    """Listen until SIGTERM or SIGINT; the pool must be open.

    Raises:
        SystemExit: the connection to the broker cannot be mended from within.
    """
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    listening = asyncio.create_task(listen_always(where))
    stopping = asyncio.create_task(stop.wait())
    print("The listener runs. Ctrl-C stops it.", flush=True)
    await asyncio.wait((listening, stopping), return_when=asyncio.FIRST_COMPLETED)
    for task in (listening, stopping):
        task.cancel()
    ended, _ = await asyncio.gather(listening, stopping, return_exceptions=True)
    if isinstance(ended, NotWell):
        raise SystemExit(1)
    if isinstance(ended, Exception):
        raise ended
