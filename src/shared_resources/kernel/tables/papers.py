"""Papers of a record: forms as filed, attachments, letters with their numbers and signatures; links and holds."""

from __future__ import annotations

from typing import Any

from piccolo.columns import JSONB, UUID, Array, Boolean, Bytea, ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.outgoing import File
from shared_resources.kernel.tables.records import Deadline, Record


class Filing(Table):
    """A form as it was filed with one act: never changed; the journal keeps its SHA-256 (over RFC 8785 bytes)."""

    id = identifier()
    record = required(Record)
    step = text()
    form = text()
    body = JSONB(default="{}")
    sha256 = Bytea(default=None)
    agency = optional(Agency)
    person = optional(Person)
    at = instant()


class RecordLink(Table):
    """One record points to another: part_of, about, follows, uses; ``by_hand``, so that no rule acts on it."""

    id = identifier()
    source = required(Record)
    target = required(Record)
    kind = text()
    made_by = optional(Person)
    at = instant()
    by_hand = Boolean(default=False)


class Attachment(Table):
    """A file put on a record, with its class (I, C, S) and the declaration that it holds no secret (ROLES.md)."""

    id = identifier()
    record = required(Record)
    file = required(File)
    label = text()
    confidentiality = text()
    agency = required(Agency)
    declared_by = required(Person)
    at = instant()
    withdrawn_at = instant(null=True)


class Hold(Table):
    """A dispute keeps both sides from acting alone on a record, from ``since`` until ``ended_at``."""

    id = identifier()
    record = required(Record)
    dispute: ForeignKey[Any] = ForeignKey(Record, null=False, default=None, on_delete=OnDelete.restrict)
    since = instant()
    ended_at = instant(null=True)


class LetterSerial(Table):
    """The last number given out by an agency in a year in one series; its row lock makes numbers gapless."""

    id = identifier()
    agency = required(Agency)
    word = text()
    year = whole()
    last = whole(0)


class Document(Table):
    """An issued letter. ``draft`` is what it was made from, ``back`` the deadlines printed on its back.

    ``pdf`` is the unsigned original, whose ``sha256`` is in the journal; signatures add files beside it.
    """

    id = identifier()
    record = required(Record)
    step = text()
    kind = text()
    issuer = required(Agency)
    word = text()
    year = whole()
    serial = whole()
    number = text()
    title = text()
    addressees = Array(base_column=UUID(), default=list)
    draft = JSONB(default="{}")
    back = JSONB(default="[]")
    pdf = required(File)
    sha256 = Bytea(default=None)
    issued_by = optional(Person)
    issued_at = instant()


class Seal(Table):
    """How an agency seals: pkcs12, pkcs11 or scan (paper). Secrets lie elsewhere; ``key`` names them."""

    id = identifier()
    agency = required(Agency)
    kind = text()
    key = text(null=True)
    certificate = text(null=True)
    subject = text(null=True)
    serial_no = text(null=True)
    valid_from = instant(null=True)
    valid_to = instant(null=True)
    made_at = instant()
    ended_at = instant(null=True)


class Signature(Table):
    """One electronic signature on a letter, or the scan of the paper one; ``file`` is the letter with it."""

    id = identifier()
    document = required(Document)
    agency = required(Agency)
    person = optional(Person)
    field = text()
    kind = text()
    subject = text(null=True)
    authority = text(null=True)
    serial_no = text(null=True)
    file = required(File)
    sha256 = Bytea(default=None)
    at = instant()


class Rung(Table):
    """One step of the escalation of a deadline: fires once at ``at`` or as soon after it as somebody looks."""

    id = identifier()
    deadline = required(Deadline)
    name = text()
    at = instant()
    fired_at = instant(null=True)
    dropped_at = instant(null=True)
