"""Words of devices: what a keeper says of them, what is asked of them, how they are shown. No coordinates here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from shared_resources.equipment.schemas.loans import Choice
from shared_resources.equipment.schemas.register import Words
from shared_resources.kernel.schemas.history import ActView

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
"""What stands in topics: no wildcard, no level, no space."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class TrackerDraft(Words):
    """A device to be registered. ``source`` (a key) and ``natural_id`` go together: a tag that a source reads."""

    name: Name = Field(examples=["定位器 07"])
    model: UUID
    key: Key | None = Field(default=None, description="stands in its topics; empty: one is made")
    source: Key | None = Field(default=None, description="key of the source that speaks for it")
    natural_id: str | None = Field(default=None, min_length=1, max_length=80, description="MAC, DevEUI, IMEI …")


class TrackerEdit(Words):
    """What may be corrected of a device. Its key stays; ``natural_id`` only where a source speaks for it."""

    name: Name
    model: UUID
    natural_id: str | None = Field(default=None, min_length=1, max_length=80)


class DesiredState(Words):
    """What is asked of a device: how often to report (empty: as its model does), whether to make itself found."""

    interval_seconds: int | None = Field(default=None, ge=10, le=86_400)
    find: bool = False


class SourceEdit(Words):
    """What may be said of a gateway, reader or server."""

    name: Name = Field(examples=["装备库门口读写器"])
    depot: UUID | None = Field(default=None, description="where it stands; empty for a server or a vehicle")
    return_door: bool = Field(default=False, description="a tag read here is checked in at once")
    rssi_floor: int = Field(default=-75, ge=-120, le=0, description="dBm; weaker readings are no sighting")
    sightings_needed: int = Field(default=3, ge=1, le=20)
    sighting_seconds: int = Field(default=20, ge=1, le=600)


class SourceDraft(SourceEdit):
    """A source to be registered; ``payload`` names what it sends (``payloads.KINDS``)."""

    payload: str = Field(max_length=40)
    key: Key | None = Field(default=None, description="stands in its topics; empty: one is made")


class DeviceModelDraft(Words):
    """A model of tracker with its thresholds."""

    name: Name
    payload: str = Field(max_length=40)
    field_map: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, max_length=20, description="for codecs of one's own: our name to JSON pointers"
    )
    interval_seconds: int = Field(default=300, ge=10, le=86_400)
    silent_minutes: int = Field(default=60, ge=1, le=43_200)
    lost_hours: int = Field(default=24, ge=1, le=2160)
    low_battery_pct: int = Field(default=20, ge=0, le=95, multiple_of=5)
    outside_fixes: int = Field(default=2, ge=1, le=20)
    dwell_minutes: int = Field(default=5, ge=1, le=240)
    depot_radius_m: int = Field(default=80, ge=10, le=5000)
    worst_accuracy_m: int = Field(default=200, ge=5, le=10_000)


class DeviceFilter(Words):
    """Which devices to list. ``trouble``: silent, lost, or with an open alarm."""

    state: str | None = Field(default=None, max_length=20)
    q: str | None = Field(default=None, max_length=100)
    trouble: bool = False
    free: bool = Field(default=False, description="on no item and still in use")
    retired: bool = Field(default=False, description="those out of use as well")


class DeviceLine(Words):
    """A device in a list. ``label`` and ``tone`` are those of its state, ``place`` a word, never coordinates."""

    id: UUID
    number: str
    key: str
    name: str
    state: str
    label: str
    tone: str
    model: UUID
    model_name: str
    payload: str
    source_key: str | None
    source_name: str | None
    natural_id: str | None
    code: str | None = Field(description="label code of its item")
    item_name_zh: str | None
    item_name_en: str | None
    seen_at: datetime | None = Field(description="of its newest observation")
    received_at: datetime | None
    live: bool
    place: str | None
    battery_pct: int | None
    is_low: bool = Field(description="battery below its model's threshold")
    clock_suspect: bool
    is_pending: bool = Field(description="asked of it, not yet reported as done")
    alarms: int = Field(description="open alarms")


class DeviceList(Words):
    """One page of devices; ``next`` is the cursor of the page after it."""

    devices: tuple[DeviceLine, ...]
    next: str | None = None


class CredentialView(Words):
    """A credential without its secret."""

    id: UUID
    username: str
    issued_by: str
    issued_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class DevicePage(DeviceLine):
    """One device with what is asked of it, its credentials and its journal."""

    version: int
    bound_at: datetime | None
    desired: DesiredState
    desired_rev: int
    desired_at: datetime | None
    reported_rev: int
    reported_at: datetime | None
    firmware: str | None
    model_interval_seconds: int
    silent_minutes: int
    may_edit: bool
    credentials: tuple[CredentialView, ...] = Field(description="empty for those who may not edit")
    choices: tuple[Choice, ...]
    journal: tuple[ActView, ...]


class SourceLine(Words):
    """A source in a list. ``devices``: how many it speaks for; ``quarantined``: messages nobody could read."""

    id: UUID
    key: str
    name: str
    payload: str
    depot: UUID | None
    depot_name_zh: str | None
    depot_name_en: str | None
    return_door: bool
    rssi_floor: int
    sightings_needed: int
    sighting_seconds: int
    created_at: datetime
    retired_at: datetime | None
    devices: int
    quarantined: int


class SourcePage(SourceLine):
    """One source with its credentials and the devices it speaks for (the first 200)."""

    may_edit: bool
    credentials: tuple[CredentialView, ...]
    tags: tuple[DeviceLine, ...]


class ModelLine(Words):
    """A model of tracker; ``devices`` counts those of the reader's agency."""

    id: UUID
    name: str
    payload: str
    field_map: dict[str, Any]
    interval_seconds: int
    silent_minutes: int
    lost_hours: int
    low_battery_pct: int
    outside_fixes: int
    dwell_minutes: int
    depot_radius_m: int
    worst_accuracy_m: int
    devices: int


class QuarantineCount(Words):
    """How many unreadable messages one sender has sent, and when the last came."""

    key: str
    name: str
    is_source: bool
    messages: int
    last_at: datetime


class QuarantineLine(Words):
    """An unreadable message: who sent it, how large it was, why it was put aside. Not what it says: it may tell
    where somebody was."""

    id: UUID
    topic: str
    key: str
    name: str
    is_source: bool
    size: int
    retained: bool
    reason: str
    received_at: datetime


class QuarantineList(Words):
    """One page of unreadable messages; ``next`` is the cursor of the page after it."""

    messages: tuple[QuarantineLine, ...]
    next: str | None = None


class Health(Words):
    """What is the matter with the devices of an agency; each tuple holds the first 200.

    ``quarantine`` is empty for those who may not edit devices.
    """

    total: int
    silent: tuple[DeviceLine, ...]
    low_battery: tuple[DeviceLine, ...]
    pending: tuple[DeviceLine, ...]
    clock_suspect: tuple[DeviceLine, ...]
    quarantine: tuple[QuarantineCount, ...]
