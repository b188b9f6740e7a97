"""Forms on paper that keep the number of their record: set anew whenever they are asked for, never issued."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from litestar import Response

from shared_resources.kernel import documents
from shared_resources.kernel.media_types import PDF
from shared_resources.kernel.qr import picture
from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.kernel.letters import LetterDraft


async def printed(
    draft: LetterDraft, issuer: str, number: str, path: str, name: str, version: str = ""
) -> Response[bytes]:
    """A form as it comes from the press, with the symbol that leads back to its page ``path``.

    Args:
        name: of the file, without its ending.
        version: of the form, stands at its foot.
    """
    address = f"{settings().address}{path}"
    pdf = await documents.paper(
        draft,
        issuer=issuer,
        number=number,
        foot=f"{address}　版本 {version}" if version else address,
        symbol=str(picture(address)),
    )
    headers = {
        "content-disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}.pdf",
        "cache-control": "private, no-store",
    }
    return Response(pdf, media_type=PDF, headers=headers)
