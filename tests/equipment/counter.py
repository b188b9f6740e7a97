"""What the tests of the lending doors share: an English browser for an actor, a depot with items, a request."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.schemas.booking import BookingDraft, Wish
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel.web import cookies
from tests.clients import client_for
from tests.equipment.shelf import DAY, NOW, Thing, make_category, make_depot, make_item, make_model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from typing import Any

    from shared_resources.kernel.permissions import Actor
    from tests.clients import Browser
    from tests.people import Team

START = NOW + DAY
"""Wednesday 25 November 2026, 09:00 in Chongqing."""
END = START + timedelta(hours=8)
PERIOD = {"starts_at": "2026-11-25T09:00", "ends_at": "2026-11-25T17:00"}


@asynccontextmanager
async def english(actor: Actor | None) -> AsyncIterator[Browser]:
    """A browser in which ``actor`` reads English."""
    async with client_for(actor) as browser:
        browser.cookies.set(cookies.LOCALE, "en")
        yield browser


async def shelf_of(team: Team, count: int, category: str = "radio", **model: Any) -> list[Thing]:
    """Items of one model in one depot."""
    made = await make_model(await make_category(category), f"{category} TC-800", **model)
    depot = await make_depot(team.agency, f"Depot of {team.slug}")
    return [await make_item(team, made, depot) for _ in range(count)]


async def ask(actor: Actor, *items: Thing, starts_at: datetime = START, ends_at: datetime = END) -> list[str]:
    """A request for these items; the numbers of its loans."""
    draft = BookingDraft(
        wishes=tuple(Wish(item=item.code) for item in items),
        starts_at=starts_at,
        ends_at=ends_at,
        purpose="Night market inspection",
    )
    return [loan.number for loan in (await request_booking(actor, draft)).loans]
