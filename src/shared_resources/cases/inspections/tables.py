"""Regulated parties (管理相对人), and which agency plans to inspect them when."""

from __future__ import annotations

from piccolo.columns import Array, Text
from piccolo.table import Table

from shared_resources.kernel.database.columns import (
    DateRange,
    identifier,
    instant,
    optional,
    required,
    text,
    whole,
)
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.records import Record


class RegulatedParty(Table):
    """A person or an organisation under supervision. ``code`` is the unified social credit code (GB 32100).

    ``id_number`` is a person's: always shown masked, found by the whole number only.
    """

    id = identifier()
    number = text(unique=True)
    kind = text()
    name = text()
    code = text(null=True)
    id_number = text(null=True)
    address = text(null=True)
    subfields = Array(base_column=Text(), default=list)
    version = whole(0)
    kept_by = required(Agency)
    made_by = optional(Person)
    made_at = instant()
    changed_at = instant()


class InspectionWindow(Table):
    """The days on which an agency plans to inspect a party; its plan's state says whether it still stands."""

    id = identifier()
    plan = required(Record)
    party = required(RegulatedParty)
    agency = required(Agency)
    days = DateRange()
