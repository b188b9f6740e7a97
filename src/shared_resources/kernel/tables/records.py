"""Records, their parties and deadlines: everything one agency lends to, asks of or owes another."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, BigSerial, Boolean, Bytea, Date
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole
from shared_resources.kernel.tables.agencies import Agency, Person


class Record(Table):
    """A thing that follows a procedure. Its state is written by ``journal.act`` and by nothing else."""

    id = identifier()
    number = text(unique=True)
    kind = text(index=True)
    state = text()
    version = whole(0)
    title = text()
    opened_by = optional(Person)
    opened_at = instant()
    changed_at = instant()


class Party(Table):
    """An agency named on a record and the part it plays there (role is per record, not per account)."""

    id = identifier()
    record = required(Record)
    agency = required(Agency)
    part = text()


class Deadline(Table):
    """A budget of time with a ledger; ``due_at`` is derived from it and swept.

    ``statutory`` terms can be breached; the others are internal targets and are labelled so. ``kind`` is the
    record's, so that an inbox of thousands is counted without reading the records.
    """

    id = identifier()
    record = required(Record)
    kind = text()
    term = text()
    rule = text(null=True)
    basis = text()
    statutory = Boolean(default=False)
    owed_by = required(Agency)
    owed_to = optional(Agency)
    started_on = Date(null=False, default=None)
    due_on = Date(null=False, default=None)
    due_at = instant()
    provisional = Boolean(default=False)
    state = text()
    told_at = instant(null=True)


class DeadlineEntry(Table):
    """One line of a deadline's ledger: started, paused, resumed, extended, recalculated, met, breached."""

    id = identifier()
    deadline = required(Deadline)
    seq = whole()
    kind = text()
    at = instant()
    actor = optional(Person)
    before = Date(null=True, default=None)
    after = Date(null=True, default=None)
    note = text(null=True)
    data = JSONB(default="{}")


class JournalLine(Table):
    """One act on one record, chained to the line before it. Append-only by grants and triggers."""

    gseq = BigSerial(primary_key=True)
    chain = required(Record)
    seq = whole()
    prev = Bytea(default=None)
    body = Bytea(default=None)
    hash = Bytea(default=None)
    act = text(index=True)
    step = text()
    actor = optional(Person)
    agency = optional(Agency)
    at = instant()
    note = text(null=True)
    salt = Bytea(null=True, default=None)


class CustodyLine(Table):
    """One change of holder of one thing, chained like the journal. Append-only by grants and triggers."""

    gseq = BigSerial(primary_key=True)
    chain = required(Record)
    seq = whole()
    prev = Bytea(default=None)
    body = Bytea(default=None)
    hash = Bytea(default=None)
    act = text(index=True)
    kind = text()
    loan = optional(Record)
    holder_kind = text()
    holder = text()
    holder_agency = required(Agency)
    giver = optional(Person)
    taker = optional(Person)
    at = instant()
    note = text(null=True)
    salt = Bytea(null=True, default=None)


class ChainHead(Table):
    """The last line of each chain; moved by the triggers of the two ledgers only."""

    id = identifier()
    ledger = text()
    chain = required(Record)
    seq = whole(0)
    hash = Bytea(default=None)


class Checkpoint(Table):
    """A nightly signed statement of every line so far, to be kept outside as well.

    ``root`` is SHA-256 over the root before and the hashes of the lines since, up to ``gseq`` ``journal_to`` and
    ``custody_to`` (``kernel.verify``).
    """

    id = identifier()
    at = instant()
    lines = BigInt(default=0)
    journal_to = BigInt(default=0)
    custody_to = BigInt(default=0)
    root = Bytea(default=None)
    signature = Bytea(default=None)
