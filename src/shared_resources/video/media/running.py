"""Starting the child, bounding its time, and reading what it says. A hostile file costs us a process, no more."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from shared_resources.kernel.children import die_with_parent
from shared_resources.kernel.words import N_
from shared_resources.video.media.limits import LIMITS
from shared_resources.video.media.orders import Answer, Cover, Made, Order, Probed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.video.schemas.copies import Mask

TOO_HARD = N_("This file cannot be read in reasonable time and memory.")


class Unreadable(Exception):
    """Why a file cannot be worked on; ``sentence`` is a msgid."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


async def probe(path: Path) -> Probed:
    """What the file at ``path`` is.

    Raises:
        Unreadable: no recording, or one made to hurt.
    """
    answer = await _do(Order("probe", str(path)))
    assert answer.probed is not None
    return answer.probed


async def strip(path: Path, duration_ms: int, count: int = 10) -> list[tuple[int, bytes]]:
    """Up to ``count`` pictures at even distances: the millisecond of each and its JPEG.

    Raises:
        Unreadable: see ``probe``.
    """
    with tempfile.TemporaryDirectory(prefix="sr-strip-") as folder:
        answer = await _do(Order("strip", str(path), target=folder, end_ms=duration_ms, count=count))
        return [(at, await asyncio.to_thread(Path(name).read_bytes)) for at, name in answer.pictures]


async def extract(path: Path, start_ms: int, end_ms: int, target: Path) -> Made:
    """An evidence copy of a span at ``target``: bit for bit, so it begins at the key frame before.

    Raises:
        Unreadable: see ``probe``; or there is nothing in the span.
    """
    return await _made(Order("extract", str(path), target=str(target), start_ms=start_ms, end_ms=end_ms))


async def viewing(
    path: Path, start_ms: int, end_ms: int, target: Path, *, mark: Sequence[str], masks: Sequence[Mask] = ()
) -> Made:
    """A viewing copy of a span at ``target``: exact, marked, with ``masks`` filled.

    Raises:
        Unreadable: see ``extract``.
    """
    covers = tuple(Cover(one.x, one.y, one.w, one.h, one.from_ms, one.to_ms) for one in masks)
    order = Order(
        "viewing",
        str(path),
        target=str(target),
        start_ms=start_ms,
        end_ms=end_ms,
        mark=tuple(mark),
        covers=covers,
    )
    return await _made(order)


async def _made(order: Order) -> Made:
    answer = await _do(order)
    assert answer.made is not None
    return answer.made


async def _do(order: Order) -> Answer:
    """Run the child for one order.

    Raises:
        Unreadable: it refused, or it ended without an answer (a limit, a fault, our patience).
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shared_resources.video.media.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        preexec_fn=die_with_parent(),
    )
    said = b""
    try:
        async with asyncio.timeout(LIMITS[order.task].wall_seconds):
            said, _ = await process.communicate(msgspec.json.encode(order))
    except TimeoutError:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    try:
        answer = msgspec.json.decode(said, type=Answer)
    except msgspec.MsgspecError:
        raise Unreadable(TOO_HARD) from None
    if answer.cannot:
        raise Unreadable(answer.cannot)
    return answer
