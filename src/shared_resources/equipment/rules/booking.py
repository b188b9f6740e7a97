"""What speaks against a booking: every reason at once, each with its own sentence (VI-1a, CO-1, IN-1a).

Pure: the instant, the items with their depots and certificates come in as arguments. Whether somebody else has
the item in that time is not asked here; the database knows that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.rules.certificates import CertificateSpan, certificate_reason
from shared_resources.equipment.rules.hours import Closure, check_open
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.schemas.booking import Mode
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Invalid, Refusal, WrongState
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

GRACE = timedelta(minutes=15)
"""How long a start may lie back: filling in a form takes a while."""
HORIZON = timedelta(days=2 * 366)
"""Nobody plans further ahead; a slip in the year is more likely."""
LENDABLE = frozenset({"available"})
LENDABLE_IN_EMERGENCY = LENDABLE | {"standby"}
"""Emergency reserve is what it says (CO-1b)."""


@dataclass(frozen=True)
class ItemFacts:
    """What a decision needs of one item: whose and where it is, its model's rules, its certificates.

    ``uses`` counts its changes of hands; ``depot_name`` is Chinese, as on the depot's door.
    """

    id: UUID
    code: str
    owner: UUID
    model: UUID
    model_name: str
    category: UUID
    depot: UUID
    depot_name: str
    state: str
    buffer_before: timedelta
    buffer_after: timedelta
    longest: timedelta
    notice: timedelta
    needs_certificate: bool
    hours: Mapping[str, Sequence[Sequence[str]]]
    zone: ZoneInfo
    closures: tuple[Closure, ...] = ()
    certificates: tuple[CertificateSpan, ...] = ()
    uses: int = 0

    def blocked(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """The time in which nobody else may have the item: the period with the model's buffers."""
        return starts_at - self.buffer_before, ends_at + self.buffer_after


@dataclass(frozen=True)
class Wanted:
    """What is asked for, besides the items.

    ``with_notice`` is false where the owner itself sets the time; ``abroad`` is true where the other side reads
    why not: whose loan has an item is none of its business.
    """

    borrower: UUID
    starts_at: datetime
    ends_at: datetime
    mode: Mode = Mode.LOAN
    evidential: bool = False
    emergency: bool = False
    with_notice: bool = True
    abroad: bool = False

    @property
    def lendable(self) -> frozenset[str]:
        """Item states from which it may be lent."""
        return LENDABLE_IN_EMERGENCY if self.emergency else LENDABLE


@dataclass(frozen=True)
class LendingTerms:
    """How an owner answers for one kind of equipment; the values of an owner without a rule by default."""

    automatic: timedelta = timedelta()
    requests_hold: bool = False
    answer_days: int = 1


def check_request(wanted: Wanted, items: Sequence[ItemFacts], at: datetime) -> list[Refusal]:
    """Every reason against borrowing ``items`` as ``wanted``; the same reason for many items is said once."""
    reasons = check_period(wanted, at)
    if reasons:
        return reasons
    found = [*check_mode(wanted), *check_duplicates(items)]
    for item in items:
        found += check_item(wanted, item, at)
    return said_once(found)


def check_period(wanted: Wanted, at: datetime) -> list[Refusal]:
    """Whether the period makes sense at all."""
    if wanted.ends_at <= wanted.starts_at:
        return [
            Invalid(
                N_("The return lies before the collection."),
                do=N_("Exchange the two times, or correct one of them."),
                code="inverted",
                field="ends_at",
            )
        ]
    if wanted.starts_at < at - GRACE:
        return [
            Invalid(
                N_("The collection lies in the past."),
                do=N_("Choose a time from now on."),
                code="past",
                field="starts_at",
            )
        ]
    if wanted.ends_at > at + HORIZON:
        return [
            Invalid(
                N_("That is more than two years ahead."),
                do=N_("Check the year."),
                code="too_far",
                field="ends_at",
            )
        ]
    return []


def check_mode(wanted: Wanted) -> list[Refusal]:
    """Shared use needs the owner's operator beside it; a duty desk cannot promise one."""
    if wanted.emergency and wanted.mode is Mode.SHARED_USE:
        return [
            Invalid(
                N_("An emergency release is a loan: the duty desk cannot send an operator along."),
                do=N_("Choose loan, or ask without emergency."),
                code="mode",
                field="mode",
            )
        ]
    return []


def check_duplicates(items: Iterable[ItemFacts]) -> list[Refusal]:
    """No item twice in one cart."""
    counted = Counter(item.code for item in items)
    return [
        Invalid(
            N_("Item %(item)s is in the list twice."),
            do=N_("Remove one of the two lines."),
            code="duplicate",
            field="wishes",
            item=grouped(code),
        )
        for code, count in counted.items()
        if count > 1
    ]


def check_item(wanted: Wanted, item: ItemFacts, at: datetime) -> list[Refusal]:
    """Every reason against lending this item over this period."""
    own = check_own(wanted, item)
    if own is not None:
        return [own]
    checks = [check_state(wanted, item), check_length(wanted, item), check_certificate(wanted, item)]
    if not wanted.emergency:
        checks += [check_notice(wanted, item, at), *check_hours(wanted, item)]
    return [reason for reason in checks if reason is not None]


def check_own(wanted: Wanted, item: ItemFacts) -> Refusal | None:
    """An agency does not lend to itself."""
    if item.owner != wanted.borrower:
        return None
    return Invalid(
        N_("Item %(item)s belongs to your own agency; an agency does not lend to itself."),
        do=N_("Take it from your depot without a loan."),
        code="own_item",
        field="wishes",
        item=grouped(item.code),
    )


def check_state(wanted: Wanted, item: ItemFacts) -> Refusal | None:
    """In repair, damaged, set aside: not to be lent."""
    if item.state in wanted.lendable:
        return None
    return WrongState(
        N_("Item %(item)s cannot be lent now: it is “%(state)s”."),
        do=N_("Choose another item of this model."),
        code="not_lendable",
        field="wishes",
        item=grouped(item.code),
        state=ITEM.states[item.state].label,
    )


def check_length(wanted: Wanted, item: ItemFacts) -> Refusal | None:
    """Not longer than the model may be away."""
    if wanted.ends_at - wanted.starts_at <= item.longest:
        return None
    return Invalid(
        N_("%(model)s may be lent for %(hours)s hours at most."),
        do=N_("Choose an earlier return."),
        code="too_long",
        field="ends_at",
        model=item.model_name,
        hours=int(item.longest.total_seconds() // 3600),
    )


def check_notice(wanted: Wanted, item: ItemFacts, at: datetime) -> Refusal | None:
    """Early enough for the owner to get it ready."""
    if not wanted.with_notice or wanted.starts_at >= at + item.notice - GRACE:
        return None
    return Invalid(
        N_("%(model)s has to be asked for %(hours)s hours ahead."),
        do=N_("Choose a later collection; if it cannot wait, ask for an emergency release."),
        code="short_notice",
        field="starts_at",
        model=item.model_name,
        hours=int(item.notice.total_seconds() // 3600),
    )


def check_certificate(wanted: Wanted, item: ItemFacts) -> Refusal | None:
    """Readings that are to stand as evidence need a certificate for the whole time (IN-1a)."""
    if not (wanted.evidential and item.needs_certificate):
        return None
    why = certificate_reason(item.certificates, wanted.starts_at, wanted.ends_at, item.zone)
    if why is None:
        return None
    return Invalid(
        N_("Item %(item)s: %(why)s"),
        do=N_("Choose another item, a shorter time, or use it without evidential value."),
        code="certificate",
        field="wishes",
        item=grouped(item.code),
        why=why,
    )


def check_hours(wanted: Wanted, item: ItemFacts) -> list[Refusal]:
    """The depot's counter has to be open at collection and at return."""
    return [reason for reason in (check_pick_up(wanted, item), check_return(wanted.ends_at, item)) if reason]


def check_pick_up(wanted: Wanted, item: ItemFacts) -> Refusal | None:
    """Open when it is to be collected."""
    why = check_open(item.hours, item.closures, item.zone, wanted.starts_at)
    if why is None:
        return None
    return Invalid(
        N_("Collection from %(depot)s: %(why)s"),
        do=N_("Choose a time of collection in its opening hours."),
        code="closed_at_start",
        field="starts_at",
        depot=item.depot_name,
        why=why,
    )


def check_return(ends_at: datetime, item: ItemFacts) -> Refusal | None:
    """Open when it is to come back."""
    why = check_open(item.hours, item.closures, item.zone, ends_at, closing=True)
    if why is None:
        return None
    return Invalid(
        N_("Return to %(depot)s: %(why)s"),
        do=N_("Choose a time of return in its opening hours."),
        code="closed_at_end",
        field="ends_at",
        depot=item.depot_name,
        why=why,
    )


def said_once(reasons: Iterable[Refusal]) -> list[Refusal]:
    """The reasons in order, each sentence once."""
    return list({str(reason): reason for reason in reasons}.values())
