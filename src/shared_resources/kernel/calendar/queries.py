"""The calendar as pages show it: years and days to everybody signed in, notices to those who load them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.calendar.notices import spans_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.schemas.calendar import DayView, NoticeView, Tally, YearView
from shared_resources.kernel.workdays import NATION

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTICES = (
    "SELECT r.number, r.state, n.number AS notice_no, n.year, n.published_on, n.scope, n.whole_year, n.days,"
    " proposer.name AS proposed_by, n.proposed_by AS proposed_by_id, n.proposed_at,"
    " confirmer.name AS confirmed_by, n.confirmed_at"
    " FROM calendar_notice n JOIN record r ON r.id = n.record JOIN person proposer ON proposer.id = n.proposed_by"
    " LEFT JOIN person confirmer ON confirmer.id = n.confirmed_by"
)


async def years() -> list[YearView]:
    """Every year of the calendar, the latest first."""
    async with reading() as db:
        rows = await db.fetch("SELECT year, status, notice_no, published_on FROM calendar_year ORDER BY year DESC")
    return [YearView(**row) for row in rows]


async def days_of(year: int, county: str | None = None) -> list[DayView]:
    """The days of ``year`` that differ from plain Monday to Friday: the nation's and those of ``county``."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT date, kind, name, scope, notice_no, source FROM calendar_day"
            " WHERE date_part('year', date) = $1 AND scope = ANY($2) ORDER BY date, scope",
            year,
            [scope for scope in (NATION, county) if scope],
        )
    return [DayView(**row) for row in rows]


async def notices(actor: Actor) -> list[NoticeView]:
    """Every notice that was ever entered, waiting ones first, then the latest.

    Raises:
        NotAllowed: the actor may not edit the calendar.
    """
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    async with reading() as db:
        rows = await db.fetch(f"{NOTICES} ORDER BY r.state <> 'proposed', n.proposed_at DESC")
    return [view(row) for row in rows]


async def notice(actor: Actor, number: str) -> NoticeView:
    """One notice, for the second person to read beside the original.

    Raises:
        NotAllowed: the actor may not edit the calendar.
        NotFound: there is no such notice.
    """
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    async with reading() as db:
        row = await db.fetchrow(f"{NOTICES} WHERE r.number = $1", number)
    if row is None:
        raise not_found()
    return view(row)


async def moved_by(notice_no: str) -> Tally:
    """What a notice did to deadlines, as their ledgers tell; those it left alone have no line."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT count(*) FILTER (WHERE before <> after) AS moved,"
            " count(*) FILTER (WHERE before = after) AS settled FROM deadline_entry"
            " WHERE kind = 'recalculated' AND note = $1",
            notice_no,
        )
    return Tally(moved=row["moved"], settled=row["settled"]) if row else Tally()


def view(row: Mapping[str, Any]) -> NoticeView:
    """A row as a page shows it."""
    values = dict(row)
    spans = spans_of(values.pop("days"))
    return NoticeView(**values, spans=spans)
