"""Whether we are well: for probes of load balancers and for people with curl."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

import shared_resources
from shared_resources.kernel.database.transaction import reading


@get("/healthz", include_in_schema=False)
async def healthz() -> Response[dict[str, Any]]:
    """Answers 200 as long as the database does; otherwise the translator says 503."""
    async with reading() as db:
        await db.fetchval("SELECT true", timeout=5)
    return Response({"status": "ok", "version": shared_resources.__version__})


ROUTES: list[HTTPRouteHandler] = [healthz]
