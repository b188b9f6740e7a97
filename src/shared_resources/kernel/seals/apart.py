"""Checking what strangers send: in a process of its own that may neither run long nor take much memory.

A PDF can be made so that reading it never ends or fills the memory; the process dies of it, we do not.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from datetime import datetime

import msgspec

from shared_resources.kernel import clock
from shared_resources.kernel.errors import TooMany
from shared_resources.kernel.seals.certificates import trusted
from shared_resources.kernel.seals.report import CannotCheck, Report, Unreadable
from shared_resources.kernel.words import N_

AT_ONCE = 2
"""Checks that run at the same time; others wait."""
MOST_WAITING = 20
SECONDS = 30
CPU_SECONDS = 20
MEMORY = 1_500_000_000


class Asked(msgspec.Struct):
    """What the process is given besides the file."""

    roots: tuple[bytes, ...]
    now: datetime
    moments: dict[str, datetime]


class Answered(msgspec.Struct):
    """What it gives back: a report, or why there is none."""

    report: Report | None = None
    cannot: Unreadable | None = None


_turns = asyncio.Semaphore(AT_ONCE)


async def check_apart(pdf: bytes, moments: dict[str, datetime] | None = None) -> Report:
    """``checking.check`` in a process of its own.

    Raises:
        CannotCheck: it is no PDF, a damaged or encrypted one, or one that is too hard to read.
        TooMany: too many others wait already.
    """
    if len(_turns._waiters or ()) >= MOST_WAITING:
        raise TooMany(N_("Many files are being checked at this moment. Please try again in a minute."), seconds=60)
    asked = msgspec.json.encode(Asked(trusted(), clock.now(), moments or {}))
    async with _turns:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "shared_resources.kernel.seals.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(SECONDS):
                said, _ = await process.communicate(len(asked).to_bytes(8) + asked + pdf)
        except TimeoutError:
            said = b""
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return _report_of(said)


def _report_of(said: bytes) -> Report:
    try:
        answer = msgspec.json.decode(said, type=Answered)
    except msgspec.MsgspecError:
        raise CannotCheck(Unreadable.TOO_HARD) from None
    if answer.report is None:
        raise CannotCheck(answer.cannot or Unreadable.TOO_HARD)
    return answer.report
