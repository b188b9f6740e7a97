"""Lending: carts, loans and their lines, hand-overs, incidents, calendar feeds (VI-1a, CO-1, IN-1a)."""

from __future__ import annotations

from piccolo.columns import JSONB, UUID, Boolean, Bytea
from piccolo.table import Table

from shared_resources.equipment.tables.register import Item, Model
from shared_resources.kernel.database.columns import (
    TstzRange,
    identifier,
    instant,
    optional,
    required,
    text,
    whole,
)
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.tables.agencies import Agency, Person
from shared_resources.kernel.tables.outgoing import File
from shared_resources.kernel.words import N_

speaks_for(
    "loan_line_no_overlap",
    N_("Somebody else was faster: the item is taken in that time."),
    do=N_("Look once more for what is free, then choose another item or another time."),
    code="item_taken",
)
speaks_for(
    "loan_two_agencies",
    N_("An agency does not lend to itself."),
    do=N_("Take your own items without a loan."),
    kind=Invalid,
    code="own_item",
)
speaks_for("loan_period", N_("The end is before the beginning."), kind=Invalid, code="inverted", field="ends_at")
speaks_for("handover_line_once", N_("An item is named twice."), kind=Invalid, code="duplicate_item", field="items")


class Cart(Table):
    """One request as the borrower made it; it falls into one loan for each owner."""

    id = identifier()
    borrower = required(Agency)
    asked_by = required(Person)
    purpose = text()
    created_at = instant()


class Loan(Table):
    """What one owner lends one borrower for one period. Its id is that of its record.

    ``ground`` is the scope ground of SCP-1; ``mode`` is ``loan`` or ``shared_use`` (the owner keeps custody).
    """

    id = identifier()
    owner = required(Agency)
    borrower = required(Agency)
    cart = required(Cart)
    asked_by = required(Person)
    taker = required(Person)
    ground = text()
    purpose = text()
    case_no = text(null=True)
    place = text(null=True)
    mode = text()
    evidential = Boolean(default=False)
    emergency = Boolean(default=False)
    starts_at = instant()
    ends_at = instant()
    decided_by = optional(Person)
    extension_until = instant(null=True)
    papers_filed_at = instant(null=True)


class LoanLine(Table):
    """One numbered item on a loan. ``blocked`` is ``period`` with the buffers; it may never overlap.

    ``owner`` leads the primary key and the exclusion constraint, so that the table can be spread by owner.
    ``checked_in_at``: its tracker says that it is home; it stays ``out`` until a person has taken it in.
    """

    id = UUID(primary_key=True, default=None, null=False)
    owner = required(Agency)
    loan = required(Loan)
    model = required(Model)
    item = required(Item)
    by_model = Boolean(default=False)
    state = text()
    period = TstzRange(null=False)
    blocked = TstzRange(null=False)
    out_at = instant(null=True)
    back_at = instant(null=True)
    checked_in_at = instant(null=True)
    reason = text(null=True)


class Handover(Table):
    """A change of hands in the making: proposed by one side, confirmed by the other (SWITCH 6).

    ``direction``: out (depot to borrower), back (borrower to depot), move (person to person).
    """

    id = identifier()
    loan = required(Loan)
    direction = text()
    state = text()
    giver = required(Person)
    taker = required(Person)
    proposed_by = required(Person)
    proposed_at = instant()
    confirmed_at = instant(null=True)
    place = text(null=True)
    note = text(null=True)


class HandoverLine(Table):
    """The state of one item at a hand-over: condition, checklist, accessories, photo, note (form 13)."""

    id = identifier()
    handover = required(Handover)
    line = UUID(default=None, null=False)
    item = required(Item)
    condition = text()
    checklist = JSONB(default="{}")
    accessories = JSONB(default="{}")
    wiped = Boolean(default=False)
    photo = optional(File)
    note = text(null=True)


class Incident(Table):
    """Damage or loss of an item. Its id is that of its record."""

    id = identifier()
    owner = required(Agency)
    item = required(Item)
    loan = optional(Loan)
    line = UUID(default=None, null=True)
    kind = text()
    description = text()
    photo = optional(File)
    reported_by = required(Person)
    reported_at = instant()
    holds_data = Boolean(default=False)
    cost_cents = whole(null=True)
    settlement = text(null=True)


class Feed(Table):
    """A secret, revocable iCalendar address; only the hash of its token is kept."""

    id = identifier()
    token_hash = Bytea(unique=True, default=None)
    person = required(Person)
    agency = required(Agency)
    kind = text()
    subject = text()
    created_at = instant()
    revoked_at = instant(null=True)
    last_used_at = instant(null=True)
