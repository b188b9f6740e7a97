"""The clock's door to meetings: calendar answers are fetched from the mailbox, where one is named."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.meetings.service.invitations import receive_answer
from shared_resources.kernel import inbound
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.jobs import Job
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)


async def fetch_answers() -> int:
    """Read new calendar answers; how many were put on their meetings. Without a mailbox nothing happens."""
    url = settings().imap_url
    if url is None:
        return 0
    address = url.get_secret_value()
    found = await asyncio.to_thread(inbound.unread_answers, address)
    taken = [await take(text) for _, text in found if text]
    await asyncio.to_thread(inbound.mark_read, address, [number for number, _ in found])
    return sum(taken)


async def take(text: str) -> bool:
    """Put one answer on its meeting; one that cannot be used is logged and left aside."""
    try:
        await receive_answer(SYSTEM_ACTOR, text)
    except Refusal as refusal:
        log.info("a calendar answer was left aside: %s", refusal)
        return False
    return True


JOBS: Sequence[Job] = (Job("fetch_answers", timedelta(minutes=3), fetch_answers),)
