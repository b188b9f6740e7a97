"""Laboratories with what they may do, delegations as the directory counts them, samples, results, reports.

Who held a sample when is in its custody log, who did what in its journal; both can only grow.
"""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Date, DoublePrecision, Numeric
from piccolo.columns.column_types import Array, Text
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.outgoing import File
from shared_resources.kernel.tables.papers import Document
from shared_resources.kernel.tables.records import Record


class Laboratory(Table):
    """A laboratory of an agency. Its id is that of its record.

    ``turnaround_days``: working days from the receipt of the sample to the report, where a scope row says nothing
    else. ``capacity``: how many delegations it has in work at once.
    """

    id = identifier()
    owner = required(Agency)
    name_zh = text()
    name_en = text()
    address = text()
    contact = text()
    phone = text()
    turnaround_days = whole()
    capacity = whole()
    remarks = text(null=True)


class LabCertificate(Table):
    """What a laboratory is accredited by; first and last day count. ``kind``: cma | cnas."""

    id = identifier()
    laboratory = required(Laboratory)
    kind = text()
    number = text()
    issuer = text()
    valid_from = Date(null=False, default=None)
    valid_to = Date(null=False, default=None)
    ended_on = Date(null=True, default=None)


class LabScope(Table):
    """One row of a certificate's annex: an item in a matrix by a method, its limits and unit (资质认定项目).

    ``price_fen``: in hundredths of a yuan, where it is charged; nothing is charged between agencies.
    ``limits``: what the method can determine ("≥0.005"). ``days``: its own turnaround in working days.
    """

    id = identifier()
    laboratory = required(Laboratory)
    certificate = required(LabCertificate)
    field = text()
    item = text()
    matrix = text()
    method = text()
    limits = text(null=True)
    unit = text(null=True)
    days = whole(null=True)
    price_fen = BigInt(null=True, default=None)
    ended_on = Date(null=True, default=None)


class LabSignatory(Table):
    """A person who may sign reports (授权签字人) in ``fields``; first and last day count."""

    id = identifier()
    laboratory = required(Laboratory)
    person = required(Person)
    fields = Array(base_column=Text(), default=list)
    valid_from = Date(null=False, default=None)
    valid_to = Date(null=False, default=None)
    ended_on = Date(null=True, default=None)


class LabClosure(Table):
    """Days on which a laboratory does not work although the calendar does; both ends count."""

    id = identifier()
    laboratory = required(Laboratory)
    first_day = Date(null=False, default=None)
    last_day = Date(null=False, default=None)
    reason = text()


class LabStore(Table):
    """A place where a laboratory keeps samples; degrees Celsius that it holds. ``keeper`` answers for it."""

    id = identifier()
    laboratory = required(Laboratory)
    name = text()
    lowest_c = DoublePrecision(null=True, default=None)
    highest_c = DoublePrecision(null=True, default=None)
    keeper = required(Person)


class LabDelegation(Table):
    """A delegation as the directory's calendar counts it. Its id is that of its record.

    ``agreed_due``: the day agreed on acceptance. ``ended_at``: the report is there, or it is over otherwise.
    ``signer_not``: whoever signed the report that is tested again may not sign this one. ``site_code``: under
    which the bench knows what is measured on site, where there is no sample.
    """

    id = identifier()
    laboratory = required(Laboratory)
    agreed_due = Date(null=True, default=None)
    accepted_at = instant(null=True)
    ended_at = instant(null=True)
    signer_not = optional(Person)
    site_code = Text(null=True, default=None)


class Sample(Table):
    """A sample or a portion of one (检材, 样品). Its id is that of its record.

    ``code`` is on the label and all that an analyst sees. ``amount``: at first; ``remaining``: what is not yet
    split off or used up, in ``unit``. ``parent``: what it was split from. ``kept_for``: test | retest.
    ``delegation`` is the one it serves now, ``origin`` the one it was taken for. Degrees Celsius. ``photo``: the
    seal as the taking side saw it; ``seen_photo``: as the laboratory saw it on receipt.
    """

    id = identifier()
    code = text(unique=True)
    delegation = required(LabDelegation)
    origin = required(LabDelegation)
    parent = optional(Record)
    material = text()
    bench_name = text()
    amount = Numeric(null=False, default=None)
    remaining = Numeric(null=False, default=None)
    unit = text()
    condition = text()
    kept_for = text()
    wish = text()
    seal_no = text(null=True)
    taken_at = instant()
    taken_where = text()
    taken_by = text()
    second_taker = text()
    lowest_c = DoublePrecision(null=True, default=None)
    highest_c = DoublePrecision(null=True, default=None)
    photo = optional(File)
    seen_photo = optional(File)
    seal_intact = Boolean(null=True, default=None)
    received_condition = text(null=True)
    received_at = instant(null=True)
    keep_until = Date(null=True, default=None)
    cleared_by = optional(Person)


class Shipment(Table):
    """Samples on their way with their manifest, which is locked once sent. Its id is that of its record."""

    id = identifier()
    delegation = required(LabDelegation)
    carrier = text()
    waybill = text(null=True)
    conditions = text(null=True)
    sent_by = required(Person)
    sent_at = instant()
    received_at = instant(null=True)


class ShipmentLine(Table):
    """One sample of a manifest. ``disposition``: arrived | damaged | rejected | missing | unexpected; empty: not
    scanned yet. An unexpected one stands here without having been sent; without ``sample`` it is unknown to us.
    """

    id = identifier()
    shipment = required(Shipment)
    sample = optional(Sample)
    label = text()
    disposition = text(null=True)
    note = text(null=True)
    decided_by = optional(Person)
    decided_at = instant(null=True)


class LabTest(Table):
    """An item that a delegation asks for, by a method; ``scope`` where the laboratory is accredited for it."""

    id = identifier()
    delegation = required(LabDelegation)
    position = whole()
    item = text()
    method = text()
    standard_limit = text(null=True)
    unit = text(null=True)
    scope = optional(LabScope)


class LabResult(Table):
    """What one analyst found on a sample, or on site; never changed: a correction takes its place.

    ``instrument``: record of the item; ``certificate_no`` and ``certificate_to`` of the certificate that was valid
    at ``measured_at``. ``judgement``: conforms | fails | none.
    """

    id = identifier()
    test = required(LabTest)
    sample = optional(Sample)
    used = Numeric(null=True, default=None)
    value = text()
    unit = text(null=True)
    limits = text(null=True)
    uncertainty = text(null=True)
    judgement = text()
    place = text()
    instrument = optional(Record)
    instrument_name = text(null=True)
    certificate_no = text(null=True)
    certificate_to = Date(null=True, default=None)
    measured_at = instant()
    analyst = required(Person)
    recorded_at = instant()
    reviewer = optional(Person)
    reviewed_at = instant(null=True)
    replaced_by = UUID(null=True, default=None)
    replaced_why = text(null=True)


class LabReport(Table):
    """One version of a report as it was signed; ``replaces`` the one before. ``cma_no``: the mark it bears."""

    id = identifier()
    delegation = required(LabDelegation)
    version = whole()
    document = required(Document)
    cma_no = text(null=True)
    results = Array(base_column=UUID(), default=list)
    signed_by = required(Person)
    signed_at = instant()


class LabRecall(Table):
    """A result whose instrument was found out of order afterwards: its client is told (EXPECTATIONS 5)."""

    id = identifier()
    result = required(LabResult)
    delegation = required(LabDelegation)
    instrument = required(Record)
    failed_on = Date(null=False, default=None)
    why = text()
    told_at = instant()
