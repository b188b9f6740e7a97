"""Devices and what lets them in: models of trackers, sources, trackers, credentials, the areas of a loan."""

from __future__ import annotations

from piccolo.columns import JSONB, Boolean, DoublePrecision
from piccolo.table import Table

from shared_resources.equipment.tables.lending import Loan
from shared_resources.equipment.tables.register import Depot, Item
from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person


class DeviceModel(Table):
    """A model of tracker with its thresholds. ``payload`` names the decoder (``payloads.KINDS``).

    ``field_map``: for codecs of one's own, our name of a value to the JSON pointers where it may stand.
    """

    id = identifier()
    name = text(unique=True)
    payload = text()
    field_map = JSONB(default="{}")
    interval_seconds = whole(300)
    silent_minutes = whole(60)
    lost_hours = whole(24)
    low_battery_pct = whole(20)
    outside_fixes = whole(2)
    dwell_minutes = whole(5)
    depot_radius_m = whole(80)
    worst_accuracy_m = whole(200)


class TrackerSource(Table):
    """A gateway, reader or server that publishes on behalf of tags below ``s/<key>/``.

    ``return_door``: a tag read here is checked in at once; otherwise check-in is only proposed. ``rssi_floor``
    (dBm) and ``sightings_needed`` within ``sighting_seconds`` keep an item that drives by from being returned.
    ``depot`` empty: the source stands at no depot (a server, a vehicle).
    """

    id = identifier()
    agency = required(Agency)
    key = text(unique=True)
    name = text()
    payload = text()
    depot = optional(Depot)
    return_door = Boolean(default=False)
    rssi_floor = whole(-75)
    sightings_needed = whole(3)
    sighting_seconds = whole(20)
    created_by = required(Person)
    created_at = instant()
    retired_at = instant(null=True)


class Tracker(Table):
    """One device. Its id is that of its record (machine 21); ``key`` stands in its topics.

    ``source`` and ``natural_id``: for a device that a source speaks for, its id there (MAC, DevEUI, IMEI); a
    device that publishes itself has neither. ``desired`` is what we asked of it at ``desired_rev``; it has done
    so when ``reported_rev`` has come as far.
    """

    id = identifier()
    agency = required(Agency)
    key = text(unique=True)
    name = text()
    model = required(DeviceModel)
    source = optional(TrackerSource)
    natural_id = text(null=True)
    item = optional(Item)
    bound_at = instant(null=True)
    desired = JSONB(default="{}")
    desired_rev = whole(0)
    desired_at = instant(null=True)
    reported_rev = whole(0)
    reported_at = instant(null=True)
    firmware = text(null=True)


class TrackerCredential(Table):
    """A password of one tracker or source: shown once, kept only as Mosquitto's PBKDF2 hash.

    ``username`` is the key, with ``.2``, ``.3`` … after a rotation; ``valid_until`` ends its grace.
    """

    id = identifier()
    tracker = optional(Tracker)
    source = optional(TrackerSource)
    username = text(unique=True)
    hash = text()
    issued_by = required(Person)
    issued_at = instant()
    valid_until = instant(null=True)
    revoked_at = instant(null=True)
    last_used_at = instant(null=True)


class LoanArea(Table):
    """A circle in which the items of a loan may be; none at all means anywhere. Metres, degrees of WGS-84."""

    id = identifier()
    loan = required(Loan)
    name = text()
    latitude = DoublePrecision(null=False, default=None)
    longitude = DoublePrecision(null=False, default=None)
    radius_m = whole()
    set_by = required(Person)
    set_at = instant()
