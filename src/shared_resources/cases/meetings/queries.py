"""What meetings look up: the calendar before a day, people to invite, the person behind a mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.cases.meetings.rules.days import LastDays, earliest_day, last_days
from shared_resources.kernel import clock, working_calendar
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.roles import PAPERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

PEOPLE = (
    "SELECT DISTINCT p.id, p.name, p.email, p.mobile, a.agency FROM appointment a"
    " JOIN person p ON p.id = a.person AND p.is_active WHERE a.agency = ANY($1) AND a.role = ANY($2)"
    " AND a.valid_from <= $3 AND (a.valid_to IS NULL OR a.valid_to >= $3)"
)


@dataclass(frozen=True)
class Invitee:
    """A person who handles papers for an invited agency."""

    person: UUID
    name: str
    email: str | None
    mobile: str | None
    agency: UUID


async def days_before(day: date, agency: UUID) -> LastDays:
    """The last days for a meeting of ``agency`` on ``day``."""
    async with reading() as db:
        calendar = await working_calendar.load_calendar(db)
        return last_days(day, calendar, await working_calendar.county_of(db, agency))


async def first_day(agency: UUID) -> date:
    """The first day for which a notice of today is in time."""
    async with reading() as db:
        calendar = await working_calendar.load_calendar(db)
        return earliest_day(clock.today(), calendar, await working_calendar.county_of(db, agency))


async def invitees(agencies: Sequence[UUID]) -> tuple[Invitee, ...]:
    """Everybody who handles papers for one of ``agencies`` today, with or without a mail address."""
    async with reading() as db:
        rows = await db.fetch(
            f"{PEOPLE} ORDER BY a.agency, p.name, p.id",
            list(agencies),
            [role.value for role in PAPERS],
            clock.today(),
        )
    return tuple(Invitee(row["id"], row["name"], row["email"], row["mobile"], row["agency"]) for row in rows)


async def invitee_with(email: str, agencies: Sequence[UUID]) -> Invitee | None:
    """The invited person with this mail address."""
    found = [each for each in await invitees(agencies) if (each.email or "").lower() == email]
    return found[0] if found else None
