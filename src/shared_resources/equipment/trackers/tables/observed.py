"""What trackers said and what came of it: state, history, quarantine, check-ins, alarms, looks, evidence."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, DoublePrecision, Real, Varchar
from piccolo.table import Table

from shared_resources.equipment.tables.lending import Loan
from shared_resources.equipment.tables.register import Item
from shared_resources.equipment.trackers.tables.devices import Tracker, TrackerSource
from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person


class TrackerState(Table):
    """The newest observation of one tracker by (``fix_at``, ``msg_key``).

    ``live``: it was neither retained nor late when it came. ``place``: ``depot``, ``allowed``, ``outside`` or
    empty when unknown. Coordinates only while the item is on loan.
    """

    tracker = UUID(primary_key=True, default=None, null=False)
    fix_at = instant()
    msg_key = BigInt(default=None, null=False)
    received_at = instant()
    live = Boolean(default=True)
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    accuracy_m = Real(null=True, default=None)
    battery_pct = whole(null=True)
    tamper = Boolean(default=False)
    place = text(null=True)
    source = UUID(default=None, null=True)
    rssi = whole(null=True)
    clock_suspect = Boolean(default=False)


class Quarantine(Table):
    """A message that could not be understood: bounded in size, number and age; its topic tells who sent it."""

    id = identifier()
    topic = Varchar(length=300, default=None)
    payload = Bytea(default=None)
    size = whole()
    retained = Boolean(default=False)
    reason = text()
    received_at = instant()


class Checkin(Table):
    """A loan line that came home by itself: ``proposed``, ``confirmed``, ``undone``, ``declined``, ``received``.

    ``how``: ``door`` (a tag at a reader) or ``dwell`` (standing still at the depot).
    """

    id = identifier()
    owner = required(Agency)
    loan = required(Loan)
    line = UUID(default=None, null=False)
    item = required(Item)
    tracker = required(Tracker)
    source = optional(TrackerSource)
    how = text()
    state = text()
    seen_at = instant()
    msg_key = BigInt(default=None, null=False)
    made_at = instant()
    confirmed_at = instant(null=True)
    decided_by = optional(Person)
    decided_at = instant(null=True)


class Alarm(Table):
    """Something about a tracker that a person has to look at. Its id is that of its record.

    While ``settled_at`` is empty there is no second of its kind for the tracker.
    """

    id = identifier()
    owner = required(Agency)
    tracker = required(Tracker)
    item = optional(Item)
    loan = optional(Loan)
    kind = text()
    seen_at = instant()
    msg_key = BigInt(default=None, null=False)
    raised_at = instant()
    taken_by = optional(Person)
    settled_at = instant(null=True)
    data = JSONB(default="{}")


class PositionLook(Table):
    """Somebody looked at positions: who, for which agency, of which loan, by which page (EXPECTATIONS 12)."""

    id = identifier()
    person = required(Person)
    agency = required(Agency)
    loan = required(Loan)
    tracker = required(Tracker)
    view = text()
    at = instant()


class PositionHold(Table):
    """The track of a loan kept as evidence: not deleted while ``released_at`` is empty."""

    id = identifier()
    loan = required(Loan)
    reason = text()
    held_by = required(Person)
    held_at = instant()
    released_by = optional(Person)
    released_at = instant(null=True)
