"""A recording that is kept, for tests that are about something else."""

from __future__ import annotations

import asyncio
import functools
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.settings import settings
from shared_resources.video.media import probe
from shared_resources.video.media.digests import digests
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service.intake import Arrived, take_in
from tests.video.films import film

if TYPE_CHECKING:
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor

BEGAN = datetime(2026, 11, 20, 20, 15, tzinfo=LOCAL_ZONE)


@functools.cache
def short_film() -> Path:
    """Two seconds, made once for each process of the tests."""
    return film(Path(tempfile.mkdtemp(prefix="sr-film-")) / "夜市 1.mp4", 2)


async def kept(actor: Actor, path: Path | None = None, **more: Any) -> Moved:
    """A recording taken in by ``actor`` for their agency."""
    source = path or await asyncio.to_thread(short_film)
    folder = settings().state_dir / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / f"{actor.person}-{source.stem}"
    await asyncio.to_thread(shutil.copyfile, source, half)
    told = {"name": "观音桥夜市检查", "recorded_from": BEGAN, "taken_by": "王执法", "declared": True}
    draft = FootageDraft.model_validate(told | more)
    return await take_in(actor, draft, Arrived(half, source.name, await digests(half), await probe(half)))
