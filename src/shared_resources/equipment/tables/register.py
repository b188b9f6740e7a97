"""The register: what there is, whose it is, where it is kept, whether its certificate is valid."""

from __future__ import annotations

from piccolo.columns import JSONB, Boolean, Date, DoublePrecision
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.outgoing import File


class Category(Table):
    """A kind of equipment (body camera, handheld radio, gas detector) under video, radio or instrument."""

    id = identifier()
    code = text(unique=True)
    resource = text()
    name_zh = text()
    name_en = text()


class Model(Table):
    """A model with the rules of lending that belong to it. Times in minutes and hours."""

    id = identifier()
    category = required(Category)
    name_zh = text()
    name_en = text()
    maker = text(null=True)
    specification = text(null=True)
    checklist = JSONB(default="[]")
    accessories = JSONB(default="[]")
    buffer_before_minutes = whole(0)
    buffer_after_minutes = whole(0)
    longest_loan_hours = whole()
    notice_hours = whole(0)
    evidence_needs_certificate = Boolean(default=False)


class Depot(Table):
    """A store of an agency. ``hours``: ISO weekday -> list of [opens, closes] in the depot's own zone."""

    id = identifier()
    agency = required(Agency)
    name_zh = text()
    name_en = text()
    address = text()
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    timezone = text()
    hours = JSONB(default="{}")
    phone = text(null=True)


class DepotClosure(Table):
    """Days on which a depot stays closed, first and last included."""

    id = identifier()
    depot = required(Depot)
    first_day = Date(null=False, default=None)
    last_day = Date(null=False, default=None)
    reason = text()


class Item(Table):
    """One numbered thing. Its id is that of its record; ``code`` is what the label shows."""

    id = identifier()
    owner = required(Agency)
    code = text(unique=True)
    asset_no = text()
    serial = text(null=True)
    model = required(Model)
    depot = required(Depot)
    keeper = optional(Person)
    condition = text()
    registered_at = instant()


class ItemPhoto(Table):
    """A picture of an item as it was at one moment."""

    id = identifier()
    item = required(Item)
    file = required(File)
    taken_at = instant()
    caption = text(null=True)


class Certificate(Table):
    """A verification or calibration of one item; the last day counts. Older ones stay as history."""

    id = identifier()
    item = required(Item)
    kind = text()
    number = text()
    issuer = text()
    valid_from = Date(null=False, default=None)
    valid_to = Date(null=False, default=None)
    file = optional(File)
    added_by = optional(Person)
    added_at = instant()
    voided_at = instant(null=True)


class FailedCheck(Table):
    """An instrument did not pass its check; ``since``: first day of the certificate it had passed before.

    Everything measured and every loan since then is in doubt (EXPECTATIONS 5).
    """

    id = identifier()
    item = required(Item)
    failed_on = Date(null=False, default=None)
    since = Date(null=True, default=None)
    notice_no = text()
    issuer = text()
    why = text()
    recorded_by = required(Person)
    recorded_at = instant()


class LendingRule(Table):
    """How an owner answers: by rule or by person, whether a mere request already holds the item.

    ``category`` empty means all others. ``answer_days`` counts working days and is a target, not statutory.
    """

    id = identifier()
    agency = required(Agency)
    category = optional(Category)
    automatic_hours = whole(0)
    requests_hold = Boolean(default=False)
    answer_days = whole(1)
