"""What leaves after the commit, what people are told, what programs may repeat, and stored files."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Boolean, Bytea
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.records import Record


class Outbox(Table):
    """A message to be delivered once: claimed with SKIP LOCKED, retried with back-off, never dropped."""

    id = identifier()
    topic = text()
    key = text(unique=True)
    body = JSONB(default="{}")
    created_at = instant()
    due_at = instant()
    tries = whole(0)
    locked_until = instant(null=True)
    done_at = instant(null=True)
    failed_at = instant(null=True)
    error = text(null=True)


class Notice(Table):
    """What one person was told in the application; the sentence is put into their language on reading."""

    id = identifier()
    person = required(Person)
    record = optional(Record)
    sentence = text()
    params = JSONB(default="{}")
    link = text(null=True)
    created_at = instant()
    read_at = instant(null=True)


class Mail(Table):
    """A mail as it went out: the local mailbox of the demo, the proof of sending elsewhere."""

    id = identifier()
    outbox = required(Outbox)
    sender = text()
    recipient = text()
    subject = text()
    body = text()
    attachment = text(null=True)
    sent_at = instant()


class File(Table):
    """Stored bytes: never changed, known by their SHA-256; ``forgotten_at``: they were deleted by order."""

    id = identifier()
    owner = required(Agency)
    name = text()
    media_type = text()
    size = BigInt(default=0)
    sha256 = Bytea(default=None)
    stored_at = instant()
    stored_by = optional(Person)
    secrecy_declared = Boolean(default=False)
    forgotten_at = instant(null=True)


class Replay(Table):
    """The answer given to an Idempotency-Key, so that a repeated request gets the same one."""

    id = identifier()
    person = required(Person)
    key = text()
    request_hash = Bytea(default=None)
    status = whole(null=True)
    media_type = text(null=True)
    location = text(null=True)
    body = Bytea(null=True, default=None)
    created_at = instant()
