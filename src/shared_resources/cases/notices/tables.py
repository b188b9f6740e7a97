"""Which periods of an operation have their notice already."""

from __future__ import annotations

from typing import Any

from piccolo.columns import Date, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, required
from shared_resources.kernel.tables.agencies import Agency
from shared_resources.kernel.tables.records import Record


class NoticePeriod(Table):
    """The notice that an agency owes for a period of an operation: one, however often the clock looks."""

    id = identifier()
    operation = required(Record)
    agency = required(Agency)
    first_day = Date(null=False, default=None)
    last_day = Date(null=False, default=None)
    notice: ForeignKey[Any] = ForeignKey(Record, null=False, default=None, on_delete=OnDelete.restrict)
