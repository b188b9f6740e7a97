"""Positions: partitioned, so its migration is written by hand and Piccolo's must not see it."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, DoublePrecision, Real
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, text, whole


class Position(Table):
    """History, thinned on write: of each tracker, five-minute ``slot`` and ``cell`` the earliest observation.

    ``cell`` is a square of about 25 m; negative for what is never thinned (door, tamper). Partitioned by month of
    ``slot``. The rows of one message set are the same in whatever order, batches and repetitions they came.
    """

    tracker = UUID(primary_key=True, default=None, null=False)
    slot = instant()
    cell = BigInt(default=None, null=False)
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


class TrackerBinding(Table):
    """Which tracker was on which item from ``since`` to ``until`` (empty: still): whose track a position is.

    Its migration is written by hand as well: a tracker is on one item at a time, an item carries one tracker.
    """

    id = identifier()
    tracker = UUID(default=None, null=False)
    item = UUID(default=None, null=False)
    since = instant()
    until = instant(null=True)
