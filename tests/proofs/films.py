"""The owner's footage in the scene: a source, a recording that is held and opened, a copy, an upload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.video.schemas.copies import CopyDraft
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.schemas.sources import SourceDraft
from shared_resources.video.service.copies import order_copy
from shared_resources.video.service.holds import place_hold
from shared_resources.video.service.openings import open_recording
from shared_resources.video.service.sources import register_source
from shared_resources.video.service.uploads import start_upload
from tests.video.kept import BEGAN, kept

if TYPE_CHECKING:
    from tests.people import Cast


@dataclass(frozen=True)
class Films:
    """Numbers and ids of the owner's footage."""

    source: str
    footage: str
    copy: str
    opening: UUID
    upload: UUID
    hold: UUID


async def lay_films(cast: Cast) -> Films:
    """All of it."""
    owner = cast.owner
    draft = SourceDraft.model_validate(
        {"kind": "fixed_camera", "name": "北口 01", "place": "观音桥", "contact": "张管理", "store_days": 30}
    )
    source = (await register_source(owner.head, draft)).number
    footage = (await kept(owner.officer, source=source)).number
    copy = await order_copy(owner.officer, footage, CopyDraft(kind="extract", start_ms=0, end_ms=500))
    opening = await open_recording(owner.officer, footage, "view", "核对录像内容")
    told = FootageDraft(name="夜市检查", recorded_from=BEGAN, taken_by="王执法", declared=True)
    upload = await start_upload(owner.officer, "a.mp4", 5, told)
    await place_hold(owner.head, footage, "行政复议期间")
    async with reading() as db:
        hold = await db.fetchval("SELECT h.id FROM footage_hold h JOIN record r ON r.id = h.footage")
    return Films(source, footage, copy, opening, upload, hold)
