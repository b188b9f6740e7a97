"""Files that people send: checked by their bytes, kept by ``kernel.storage``, owned by the sender's agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.media_types import IMAGES
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.storage import store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from litestar.datastructures import UploadFile

    from shared_resources.kernel.permissions import Actor

CHUNK = 256 * 1024


async def store_upload(actor: Actor, upload: UploadFile, *, images_only: bool = False) -> UUID:
    """Keep an upload and return its id. Call it before the verb that names the file.

    Whoever sends a file declares with it that it holds no state or work secret; every upload form says so.

    Raises:
        TooLarge: more bytes than the limit of the settings.
        Invalid: empty, of a kind that is not kept, or not what it is said to be.
    """
    if actor.agency is None:
        raise not_found()
    try:
        return await store(
            actor.agency,
            upload.filename,
            upload.content_type,
            _chunks(upload),
            actor.person,
            secrecy_declared=True,
            only=IMAGES if images_only else None,
        )
    finally:
        await upload.close()


async def _chunks(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(CHUNK):
        yield chunk
