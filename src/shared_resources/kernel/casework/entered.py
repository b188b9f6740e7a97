"""Days and instants that people enter, held against the clock; agencies held against the register.

Every family's effects ask here, so that the same mistake gets the same sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from shared_resources.kernel.casework.facts import AgencyFacts, Facts


def past_day(day: date, field: str) -> None:
    """Refuse a day that has not come yet.

    Raises:
        Invalid: it lies in the future.
    """
    if day > clock.today():
        raise Invalid(N_("This day has not come yet."), do=N_("Check the date."), code="future", field=field)


def coming_day(day: date, field: str) -> None:
    """Refuse a day that leaves no time.

    Raises:
        Invalid: it is today or has passed.
    """
    if day <= clock.today():
        raise Invalid(N_("This day leaves no time."), do=N_("Choose a later day."), code="past", field=field)


def open_day(day: date, field: str) -> None:
    """Refuse a day that is over; today still counts.

    Raises:
        Invalid: it has passed.
    """
    if day < clock.today():
        raise Invalid(N_("This day has passed."), do=N_("Choose today or later."), code="past", field=field)


def past_instant(at: datetime, field: str, since: datetime | None = None) -> None:
    """Refuse an instant that has not come, or that lies before ``since`` (to the minute).

    Raises:
        Invalid: it is out of order.
    """
    if at > clock.now():
        raise Invalid(
            N_("This has not happened yet."), do=N_("Give the time when it happened."), code="future", field=field
        )
    if since is not None and at < since.replace(second=0, microsecond=0):
        raise Invalid(
            N_("Nothing is received before it was sent."), do=N_("Check the time."), code="too_early", field=field
        )


def other_agency(facts: Facts, agency: UUID, own: UUID | None, field: str) -> AgencyFacts:
    """The agency that a form names: one that exists and is not one's own.

    Raises:
        Invalid: unknown, or one's own.
    """
    found = facts.agencies.get(agency)
    if found is None:
        raise Invalid(
            N_("There is no such agency."), do=N_("Choose one from the list."), code="unknown_agency", field=field
        )
    if agency == own:
        raise Invalid(
            N_("An agency does not turn to itself."),
            do=N_("Choose another agency."),
            code="own_agency",
            field=field,
        )
    return found
