"""Full text of records for programs."""

from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Parameter

from shared_resources.kernel.fulltext import TextHits, search_records
from shared_resources.kernel.permissions import Actor


@get("/api/v1/records", operation_id="searchRecords", summary="Records with these words", tags=["records"])
async def find_records(
    actor: Actor,
    q: Annotated[
        str,
        Parameter(
            description="words, all of which must be there", max_length=100, examples=[Example(value="非法采砂")]
        ),
    ],
    cursor: str | None = None,
    size: int | None = None,
) -> TextHits:
    """Coordination records that the reader may see, the best first, each with the piece where the words stand."""
    return await search_records(actor, q, cursor=cursor, size=size)


ROUTES: list[HTTPRouteHandler] = [find_records]
