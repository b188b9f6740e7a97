"""The only clock of the house. Instants are UTC, dates are Chongqing's (WORKING-DAYS 3.1)."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL_ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_instant", default=None)


def now() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)  # noqa: TID251 the one permitted place


def today() -> date:
    """Today's date in Chongqing (Asia/Shanghai)."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The Chongqing date of an instant: legal days never follow UTC."""
    return instant.astimezone(LOCAL_ZONE).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Hold the clock at ``instant`` within the block: for loading dated history and for tests."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
