"""iCalendar text from events (RFC 5545): UTC instants, stable UID, rising SEQUENCE, cancelled events kept."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared_resources.equipment.schemas.feeds import FeedEvent

PAST, AHEAD = timedelta(days=30), timedelta(days=180)
"""How far a feed reaches: clients poll, so old history stays out."""

STATUS_OF = {
    "requested": "TENTATIVE",
    "offered": "TENTATIVE",
    "conflict": "TENTATIVE",
    "approved": "CONFIRMED",
    "out": "CONFIRMED",
    "overdue": "CONFIRMED",
    "returned": "CONFIRMED",
    "incident": "CONFIRMED",
    "closed": "CONFIRMED",
    "refused": "CANCELLED",
    "withdrawn": "CANCELLED",
    "lapsed": "CANCELLED",
}


def calendar_text(name: str, events: Iterable[FeedEvent]) -> bytes:
    """The feed as ``text/calendar`` bytes; equal events give equal bytes, so an ETag means something."""
    calendar = Calendar()
    calendar.add("prodid", "-//Shared Resources//Equipment//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(component(event))
    return bytes(calendar.to_ical())


def component(event: FeedEvent) -> Event:
    """One VEVENT; a private one tells nothing but that the time is taken."""
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.changed_at.astimezone(UTC))
    entry.add("last-modified", event.changed_at.astimezone(UTC))
    entry.add("dtstart", event.day or event.starts_at.astimezone(UTC))
    entry.add("dtend", event.day + timedelta(days=1) if event.day else event.ends_at.astimezone(UTC))
    entry.add("summary", event.summary)
    entry.add("status", event.status)
    entry.add("transp", "TRANSPARENT" if event.day or event.status == "CANCELLED" else "OPAQUE")
    if event.private:
        entry.add("class", "PRIVATE")
        return entry
    if event.description:
        entry.add("description", event.description)
    if event.location:
        entry.add("location", event.location)
    entry.add("url", event.url)
    return entry
