"""The working-day calendar: which days rest, which Saturdays work, by which notice (WORKING-DAYS 3.3)."""

from __future__ import annotations

from piccolo.columns import JSONB, Boolean, Date
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Person
from shared_resources.kernel.tables.records import Record


class CalendarDay(Table):
    """A day that differs from plain Monday to Friday. ``scope`` is CN or a county's division code.

    ``source`` is notice, library or estimate; ``proposed_by`` and ``confirmed_by`` are those of the notice.
    """

    id = identifier()
    date = Date(null=False, default=None)
    kind = text()
    name = text()
    notice_no = text(null=True)
    scope = text()
    source = text()
    proposed_by = optional(Person)
    confirmed_by = optional(Person)
    confirmed_at = instant(null=True)


class CalendarYear(Table):
    """A year and whether the State Council's notice for it is confirmed or the days are estimated."""

    id = identifier()
    year = whole()
    status = text()
    notice_no = text(null=True)
    published_on = Date(null=True, default=None)


class CalendarNotice(Table):
    """A notice as one person typed it; a second person confirms it before a single day counts.

    Where it stands is its record's state; every step is in that record's journal.
    """

    id = identifier()
    record = required(Record)
    year = whole()
    number = text()
    scope = text()
    whole_year = Boolean(default=False)
    published_on = Date(null=False, default=None)
    days = JSONB(default="[]")
    proposed_by = required(Person)
    proposed_at = instant()
    confirmed_by = optional(Person)
    confirmed_at = instant(null=True)
