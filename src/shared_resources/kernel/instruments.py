"""Measuring instruments for whoever measures with them: which item, which certificate at that minute, what failed.

The register of equipment keeps items and certificates; a laboratory needs to know of both without knowing that
department. Equipment says here where they stand, laboratories say here who wants to hear of a failed check.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared_resources.kernel.database.transaction import reading


@dataclass(frozen=True)
class Instrument:
    """An item of an agency that one may measure with, and the certificate that held at the minute asked for."""

    record: UUID
    number: str
    name: str
    certificate_no: str | None
    certificate_to: date | None


@dataclass(frozen=True)
class FailedCheck:
    """An instrument failed its check on ``failed_on``; ``since``: the last one it passed, None without any."""

    instrument: UUID
    number: str
    since: date | None
    failed_on: date
    why: str


Listener = Callable[[FailedCheck], Awaitable[None]]
_statements: list[str] = []
_listeners: list[Listener] = []


def instruments_are(statement: str) -> None:
    """Let the register of equipment say what an instrument is.

    Args:
        statement: SQL for record, number, name, certificate_no and certificate_to; ``$1`` what was typed or
            scanned, ``$2`` the agency whose item it must be, ``$3`` the instant of the measurement.
    """
    _statements[:] = [statement]


def on_failed_check(listener: Listener) -> None:
    """Let somebody hear of every failed check, inside the verb that records it."""
    if listener not in _listeners:
        _listeners.append(listener)


async def instrument_at(text: str, agency: UUID, at: datetime) -> Instrument | None:
    """The instrument that was typed or scanned, with the certificate valid at ``at``; None when there is none."""
    async with reading() as db:
        for statement in _statements:
            row = await db.fetchrow(statement, text.strip().upper(), agency, at)
            if row is not None:
                return Instrument(**dict(row))
    return None


async def tell_failed(check: FailedCheck) -> None:
    """Within the running verb: whoever measured with the instrument since learns of it."""
    for listener in _listeners:
        await listener(check)
