"""Counting what the database is asked."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

RESET = "SELECT pg_advisory_unlock_all"
"""The pool's own farewell to a connection."""
METHODS = ("execute", "fetch", "fetchrow", "fetchval", "executemany")


@asynccontextmanager
async def counted() -> AsyncIterator[list[str]]:
    """Every statement that is sent while the block runs, in order."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in METHODS:
            patch.setattr(asyncpg.Connection, name, _listening(getattr(asyncpg.Connection, name), said))
        yield said


def _listening(method: Callable[..., Any], said: list[str]) -> Callable[..., Any]:
    async def listen(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        if not query.startswith(RESET):
            said.append(query)
        return await method(self, query, *args, **kwargs)

    return listen
