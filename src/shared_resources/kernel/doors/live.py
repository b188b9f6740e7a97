"""Live word for open pages, as server-sent events: notices that came in, records that changed.

Events: ``notices`` (``{"unread": 3}``) and ``record`` (``{"number": …}``); after a gap in the line ``resync``; and
one for each channel of a department (``trackers``: ``{"ids": […]}``), at most one a second. Events carry no
content: who hears one asks the ordinary doors, which know what may be seen.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from shared_resources.kernel import clock
from shared_resources.kernel.database.listen import Hub, Word
from shared_resources.kernel.notices_read import unread
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.live import current_hub, told_channels

SECONDS = 300.0
"""A stream ends after this; the browser opens the next one, with the permissions of then."""
RETRY_MILLISECONDS = 4000
COMMENT = ": still here\n\n"
COMMENT_SECONDS = 15.0
GATHERED = timedelta(seconds=1)
"""Ids of a department's channel are gathered this long before they are told."""


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
    since = spoken = clock.now()
    gathered = _Gathered(actor)
    async for word in hub.words("notices", "records", *told_channels(), idle=GATHERED.total_seconds()):
        now = clock.now()
        if (now - since).total_seconds() > SECONDS:
            return
        said = [await _said(actor, word)] if word and not gathered.takes(word) else []
        for event in filter(None, [*said, *await gathered.due(now)]):
            yield event
            spoken = now
        if (now - spoken).total_seconds() >= COMMENT_SECONDS:
            yield COMMENT
            spoken = now


class _Gathered:
    """Ids that departments told of, until a second has passed since the last time this reader was told."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._ids: dict[str, set[str]] = {}
        self._told: dict[str, datetime] = {}

    def takes(self, word: Word) -> bool:
        """Whether the word is of a department's channel; a gap there is a matter of the common ``resync``."""
        if word.channel not in told_channels():
            return False
        if not word.is_resync:
            self._ids.setdefault(word.channel, set()).update(json.loads(word.payload))
        return True

    async def due(self, now: datetime) -> list[str]:
        """Events for what this reader may hear of, where enough time has passed."""
        events = []
        for channel, audible in told_channels().items():
            if not self._ids.get(channel) or now - self._told.get(channel, now - GATHERED) < GATHERED:
                continue
            ids = await audible(self._actor, frozenset(self._ids.pop(channel)))
            self._told[channel] = now
            if ids:
                events.append(_event(channel, {"ids": sorted(ids)}))
        return events


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
