"""Live word for open pages, as server-sent events: notices that came in, records that changed.

Events: ``notices`` (``{"unread": 3}``) and ``record`` (``{"number": …}``); after a gap in the line ``resync``.
Events carry no content: who hears one asks the ordinary doors, which know what may be seen.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from shared_resources.kernel import clock
from shared_resources.kernel.database.listen import Hub, Word
from shared_resources.kernel.notices_read import unread
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.live import current_hub

SECONDS = 300.0
"""A stream ends after this; the browser opens the next one, with the permissions of then."""
RETRY_MILLISECONDS = 4000
COMMENT = ": still here\n\n"


@get("/live", include_in_schema=False)
async def live(actor: Actor) -> Stream:
    """The stream of one browser."""
    return Stream(
        _events(actor, current_hub()), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _events(actor: Actor, hub: Hub | None) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    if hub is None or actor.person is None:
        return
    yield _event("notices", {"unread": await unread(actor.person)})
    since = clock.now()
    async for word in hub.words("notices", "records"):
        if (clock.now() - since).total_seconds() > SECONDS:
            return
        said = await _said(actor, word) if word else COMMENT
        if said:
            yield said


async def _said(actor: Actor, word: Word) -> str | None:
    """What this reader hears of a word; nothing when it is not for them."""
    if word.channel == "notices":
        if actor.person is None or (not word.is_resync and word.payload != str(actor.person)):
            return None
        return _event("notices", {"unread": await unread(actor.person)})
    if word.is_resync:
        return _event("resync", {})
    told: dict[str, Any] = json.loads(word.payload)
    if str(actor.agency) not in told.get("agencies", ()):
        return None
    return _event("record", {"number": told.get("number"), "kind": told.get("kind")})


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


ROUTES: list[HTTPRouteHandler] = [live]
