"""Sources of footage, footage on its way in, footage kept, its shares and holds, copies and who opened them.

Who looked at footage is in its journal (chain of the footage's record), which nobody can change quietly.
"""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Boolean, Bytea, Date, DoublePrecision
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.outgoing import File
from shared_resources.kernel.tables.records import Record


class FootageSource(Table):
    """A camera or recorder. Its id is that of its record; ``kind`` is one of ``rules.sources.KINDS``.

    ``store_days``: after how many days it overwrites itself; empty: never by itself (a card that is kept).
    ``clock_offset_ms``: its clock minus true time, as measured at ``offset_measured_at`` (校时).
    ``item``: the record of the equipment item that the recorder is, where it is lent. Degrees of WGS-84.
    """

    id = identifier()
    holder = required(Agency)
    kind = text()
    name = text()
    device_id = text(null=True)
    place = text()
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    store_days = whole(null=True)
    clock_offset_ms = BigInt(null=True, default=None)
    offset_measured_at = instant(null=True)
    contact = text()
    phone = text(null=True)
    item = optional(Record)


class FootageUpload(Table):
    """A file on its way in (tus). Its bytes lie beside the store under its id; their number is the offset.

    ``state``: open | checking | done | failed | given_up. ``draft`` is the form that came with it
    (``schemas.footage.FootageDraft``), ``sent_sha256`` and ``sent_sm3`` what the sender says the bytes are.
    """

    id = identifier()
    agency = required(Agency)
    person = required(Person)
    name = text()
    size = BigInt(null=False, default=None)
    draft = JSONB(default="{}")
    sent_sha256 = Bytea(null=True, default=None)
    sent_sm3 = Bytea(null=True, default=None)
    state = text()
    error = text(null=True)
    footage = optional(Record)
    created_at = instant()
    touched_at = instant()


class Footage(Table):
    """A recording as it came, never touched. Its id is that of its record.

    ``recorded_from`` and ``recorded_to`` are what the recorder's clock said; true time is that minus
    ``clock_offset_ms``. ``claimed_at`` is the time in the file itself, a claim only. ``probe`` is what the child
    found (container, streams). ``keep_until``: the day from which it may be deleted; empty: permanent.
    ``shared_use``: the record of the duty from which it is owed to others (VI-1b).
    """

    id = identifier()
    holder = required(Agency)
    file = required(File)
    source = optional(FootageSource)
    shared_use = optional(Record)
    name = text()
    recorded_from = instant()
    recorded_to = instant()
    clock_offset_ms = BigInt(default=0)
    claimed_at = instant(null=True)
    duration_ms = BigInt(default=0)
    width = whole(0)
    height = whole(0)
    codec = text()
    probe = JSONB(default="{}")
    sm3 = Bytea(default=None)
    crc32 = BigInt(default=0)
    taken_by = text()
    retention = text()
    keep_until = Date(null=True, default=None)
    declared_by = required(Person)
    deleted_at = instant(null=True)


class FootagePicture(Table):
    """One picture of the strip of a recording, ``at_ms`` from its beginning."""

    id = identifier()
    footage = required(Footage)
    at_ms = BigInt(default=0)
    file = required(File)


class FootageShare(Table):
    """An agency may see a recording from ``since`` until ``until`` or ``ended_at``, whichever comes first.

    ``ground``: shared_use (the whole recording) | request (only the copies made for it). ``record`` is the duty or
    the request.
    """

    id = identifier()
    footage = required(Footage)
    agency = required(Agency)
    ground = text()
    record = required(Record)
    since = instant()
    until = instant(null=True)
    ended_at = instant(null=True)
    ended_by = optional(Person)


class FootageHold(Table):
    """A reason not to delete a recording: evidence, dispute, preservation; standing until ``released_at``."""

    id = identifier()
    footage = required(Footage)
    reason = text()
    record = optional(Record)
    placed_by = optional(Person)
    placed_at = instant()
    released_at = instant(null=True)
    released_by = optional(Person)


class FootageCopy(Table):
    """A copy of a part of a recording. ``number`` is its own, on the picture and in every list.

    ``kind``: extract (stream copy, evidence) | viewing (exact, re-encoded, marked) | masked (viewing copy with
    rectangles). ``state``: waiting | making | ready | failed | withdrawn. Milliseconds from the beginning of the
    recording: ``start_ms``/``end_ms`` as asked for, ``got_start_ms``/``got_end_ms`` as made (key frames).
    ``masks``: list of {x, y, w, h (0..1), from_ms, to_ms}. A masked copy needs
    ``approved_by`` before it is handed on.
    """

    id = identifier()
    number = text(unique=True)
    kind = text()
    footage = required(Footage)
    request = optional(Record)
    start_ms = BigInt(default=0)
    end_ms = BigInt(default=0)
    mark = text(null=True)
    masks = JSONB(default="[]")
    state = text()
    tries = whole(0)
    error = text(null=True)
    file = optional(File)
    sm3 = Bytea(null=True, default=None)
    crc32 = BigInt(null=True, default=None)
    got_start_ms = BigInt(null=True, default=None)
    got_end_ms = BigInt(null=True, default=None)
    made_with = JSONB(default="{}")
    asked_by = optional(Person)
    asked_at = instant()
    made_at = instant(null=True)
    approved_by = optional(Person)
    approved_at = instant(null=True)


class CopyReceipt(Table):
    """What the receiving side computed over the bytes it got; ``matches`` both values of ours or not."""

    id = identifier()
    copy = required(FootageCopy)
    agency = required(Agency)
    person = required(Person)
    sha256 = Bytea(default=None)
    sm3 = Bytea(null=True, default=None)
    matches = Boolean(default=False)
    at = instant()


class FootageOpening(Table):
    """A person opened a recording or a copy: the ticket that its bytes are given out against.

    Its line is in the journal of the footage before the first byte; ``bytes_sent`` grows afterwards.
    ``act``: view | download.
    """

    id = identifier()
    footage = required(Footage)
    copy = optional(FootageCopy)
    agency = required(Agency)
    person = required(Person)
    act = text()
    reason = text()
    opened_at = instant()
    last_at = instant()
    bytes_sent = BigInt(default=0)
