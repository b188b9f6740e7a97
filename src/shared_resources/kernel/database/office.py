"""An office that one process of many holds: an advisory lock on a connection kept for nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg

from shared_resources.kernel.database.engine import APP_ROLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GONE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""How the loss of the connection, and of the office with it, shows."""


@asynccontextmanager
async def office(dsn: str, pause: float, *, lock: int, name: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Wait until the office is ours; it stays so for as long as the connection lasts."""
    server_settings = {"role": APP_ROLE, "application_name": f"shared-resources {name}"}
    connection = await asyncpg.connect(dsn, timeout=10, server_settings=server_settings)
    try:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):  # noqa: ASYNC110
            await asyncio.sleep(pause)
        yield connection
    finally:
        with contextlib.suppress(*GONE):
            await connection.close(timeout=2)
