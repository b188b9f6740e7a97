"""The Piccolo engine and its pool, opened late and closed for sure.

Piccolo's own engine asks the database for its version while it is being imported. Ours waits until
``connect``: the embedded server may not be up yet, and a command that needs no database must not wait for one.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine

APP_ROLE = "shared_resources_app"
"""Verbs run under this role; it can neither change nor remove a line of the journal or of custody."""
CLOSE_SECONDS = 10.0
"""A connection that somebody still holds by then is cut; without a limit asyncpg waits for it for ever."""


class Engine(PostgresEngine):
    """A PostgresEngine that touches no server before ``connect``."""

    async def check_version(self) -> None:
        """Left to the migration, which refuses a server that is too old before it changes anything."""

    async def prep_database(self) -> None:
        """Extensions are made by the first migration, by the owner of the database."""


DB = Engine(config={})


async def connect(dsn: str, *, min_size: int = 1, max_size: int = 8) -> None:
    """Open the pool on ``dsn``; every connection works as the application role, never as the owner.

    Raises:
        OSError, asyncpg.PostgresError: the server does not answer or does not let us in.
    """
    DB.config = {"dsn": dsn}
    settings = {"role": APP_ROLE, "application_name": "shared-resources", "timezone": "UTC"}
    await DB.start_connection_pool(
        min_size=min_size,
        max_size=max_size,
        server_settings={
            **settings,
            "statement_timeout": "30s",
            "idle_in_transaction_session_timeout": "60s",
        },
    )


async def disconnect() -> None:
    """Close the pool; unfinished transactions are rolled back by the server."""
    open_pool = DB.pool
    if open_pool is None:
        return
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await DB.close_connection_pool()
    except TimeoutError:
        open_pool.terminate()
        DB.pool = None


def pool() -> asyncpg.Pool[Any]:
    """The open pool.

    Raises:
        RuntimeError: nobody called ``connect`` yet.
    """
    if DB.pool is None:
        raise RuntimeError("the database pool is not open: call connect() first")
    return DB.pool
