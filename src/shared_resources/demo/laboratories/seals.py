"""Pictures of seals: drawn, so that no photo of anything real is in the demo."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.storage import keep

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor

PAPER, RED, INK = (250, 246, 232), (176, 32, 36), (40, 40, 40)


def drawn(number: str, *, torn: bool = False) -> bytes:
    """A strip of paper across a bag with its number; ``torn``: it is not whole any more."""
    picture = Image.new("RGB", (640, 400), (186, 190, 196))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((90, 40, 550, 380), 24, fill=(222, 226, 230), outline=(150, 154, 160), width=3)
    pen.rectangle((40, 150, 600, 250), fill=PAPER, outline=RED, width=6)
    pen.text((150, 178), f"No. {number}", fill=INK, font=ImageFont.load_default(40))
    if torn:
        pen.polygon([(330, 150), (352, 150), (338, 196), (360, 250), (336, 250), (318, 200)], fill=(186, 190, 196))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


@verb
async def seal_photo(actor: Actor, number: str, *, torn: bool = False) -> UUID:
    """A stored picture of a seal, of the actor's agency."""
    assert actor.agency is not None
    file = await keep(actor.agency, f"{number}.jpg", "image/jpeg", drawn(number, torn=torn), actor.person)
    await connection().execute("UPDATE file SET secrecy_declared = true WHERE id = $1", file.id)
    return file.id
