"""The calendar in the reader's words: what ``site/templates/timeline.html`` draws, and the same as a list."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from shared_resources.equipment.pages.choices import namer
from shared_resources.equipment.schemas.timeline import TimelineBooking, TimelineColumn, TimelineRow, TimelineView
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.web.formats import WEEKDAYS, instant_text
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

ZOOMS = (
    (N_("Week"), {"scale": "days", "days": 7}),
    (N_("Two weeks"), {"scale": "days", "days": 14}),
    (N_("Month"), {"scale": "days", "days": 31}),
    (N_("Hours"), {"scale": "hours", "days": 1}),
)
BUSY = N_("Busy")


@dataclass(frozen=True)
class Picture:
    """One view, its reader, and the filters that every address on it keeps."""

    request: WebRequest
    view: TimelineView
    filters: dict[str, str]

    def say(self, msgid: str, **values: object) -> str:
        """A msgid in the reader's language."""
        said = reader_of(self.request).language.gettext(msgid)
        return said % values if values else said

    def named(self, thing: object, attribute: str = "name") -> str:
        """A name in the reader's language."""
        return namer(self.request)(thing, attribute)


def address(picture: Picture, **changed: object) -> str:
    """The calendar with something else; ``start`` None is today."""
    values = {**picture.filters, **changed}
    return "/calendar?" + urlencode({name: value for name, value in values.items() if value not in (None, "")})


def drawn(picture: Picture) -> dict[str, Any]:
    """The picture as the grid takes it."""
    view = picture.view
    size = {"scale": view.scale, "days": view.days}
    return {
        "label": picture.say(
            N_("Bookings from %(from)s for %(days)s days"), **{"from": view.first_day, "days": view.days}
        ),
        "start": view.start.isoformat(),
        "unit_minutes": view.unit_minutes,
        "per": view.per,
        "now": view.now,
        "columns": [column(picture, one, place) for place, one in enumerate(view.columns)],
        "groups": [{"label": day_of(picture, group.day), "span": group.span} for group in view.groups],
        "previous": address(picture, **size, start=view.previous),
        "next": address(picture, **size, start=view.following),
        "this": address(picture, **size, start=None),
        "zooms": [(picture.say(label), zoomed(picture, zoom), is_at(view, zoom)) for label, zoom in ZOOMS],
        "new": "/loans/new" if view.may_book else "",
        "rows": [row_of(picture, row) for row in view.rows],
    }


def zoomed(picture: Picture, zoom: dict[str, Any]) -> str:
    """The same beginning at another scale; today's where today is in the picture."""
    view = picture.view
    shown = view.first_day <= view.today <= max(one.day for one in view.columns)
    return address(picture, **zoom, start=None if shown else view.first_day)


def is_at(view: TimelineView, zoom: dict[str, Any]) -> bool:
    """Whether the picture stands at this scale."""
    return view.scale == zoom["scale"] and (view.scale == "hours" or view.days == zoom["days"])


def day_of(picture: Picture, day: date) -> str:
    """``11-24 Tue``."""
    return f"{day:%m-%d} {picture.say(WEEKDAYS[day.weekday()])}"


def column(picture: Picture, one: TimelineColumn, place: int) -> dict[str, Any]:
    """Head of a day, or of an hour; of the hours only the present one stands out."""
    if one.hour is not None:
        now = picture.view.now
        is_now = now is not None and int(now // picture.view.per) == place
        return {"label": f"{one.hour:02d}", "sub": "", "kind": one.kind, "today": is_now}
    first = one.day == picture.view.first_day or one.day.day == 1
    label = f"{one.day.month}-{one.day.day}" if first else str(one.day.day)
    return {"label": label, "sub": picture.say(WEEKDAYS[one.day.weekday()]), "kind": one.kind, "today": one.today}


def row_of(picture: Picture, row: TimelineRow) -> dict[str, Any]:
    """One item and its bookings."""
    where = [row.asset_no or picture.named(row.owner), picture.named(row, "depot_name")]
    return {
        "code": row.code,
        "mark": grouped(row.code),
        "label": picture.named(row, "model_name"),
        "sub": " · ".join(part for part in where if part),
        "href": row.path,
        "tone": row.tone,
        "bookable": row.bookable and picture.view.may_book,
        "closed": [stretch.model_dump() for stretch in row.closed],
        "lanes": row.lanes,
        "bookings": [booking(picture, one) for one in row.bookings],
    }


def booking(picture: Picture, one: TimelineBooking) -> dict[str, Any]:
    """One bar: what stands on it, and what is read out."""
    drawn = one.model_dump(
        include={
            *("s", "n", "number", "buffer_before", "buffer_after", "late", "lane", "state", "tone", "view"),
            *("movable", "extendable", "reassign", "version"),
        }
    )
    state, who = words_of(picture, one)
    period = {"from": instant_text(one.starts_at), "to": instant_text(one.ends_at)}
    told = ", ".join(
        part for part in (one.purpose or "", who, picture.say(N_("%(from)s to %(to)s"), **period)) if part
    )
    return drawn | {
        "label": f"{state} · {who}" if who else state,
        "aria": f"{told}, {state}",
        "href": one.path,
    }


def words_of(picture: Picture, one: TimelineBooking) -> tuple[str, str]:
    """The word of the state, and the other side; strangers learn neither."""
    if one.view == "busy":
        return picture.say(BUSY), ""
    return picture.say(one.label), picture.named(one.other) if one.other else ""


def listed(picture: Picture) -> list[dict[str, str]]:
    """Every booking of the picture as a line, by item and time."""
    lines = []
    for row in picture.view.rows:
        for one in sorted(row.bookings, key=lambda one: one.starts_at):
            state, who = words_of(picture, one)
            lines.append(
                {
                    "code": grouped(row.code),
                    "item": picture.named(row, "model_name"),
                    "item_href": row.path,
                    "from": instant_text(one.starts_at),
                    "to": instant_text(one.ends_at),
                    "label": " · ".join(part for part in (one.purpose or "", who) if part) or state,
                    "state": state,
                    "tone": one.tone,
                    "number": one.number or "",
                    "href": one.path,
                }
            )
    return lines
