"""Words of what is read about loans: lists, one loan with everything on it, the timeline, the home page."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.booking import Ground, Mode
from shared_resources.equipment.schemas.handover import Condition, Direction
from shared_resources.equipment.schemas.register import Resource, Words
from shared_resources.kernel.schemas.dues import Count, DueView
from shared_resources.kernel.schemas.history import ActView
from shared_resources.kernel.words import Sentence


class AgencyName(Words):
    """An agency as pages name it."""

    id: UUID
    slug: str
    name_zh: str
    name_en: str


class PersonName(Words):
    """A person as pages name them."""

    id: UUID
    name: str


class LineView(Words):
    """One numbered item on a loan, as both sides see it. ``label`` and ``tone`` are those of its state.

    ``asset_no``, ``serial`` and ``certificate`` are what the loan form prints (form 12); empty until approval
    for the borrower.
    """

    id: UUID
    item: UUID
    code: str
    asset_no: str | None
    serial: str | None
    model: UUID
    model_name_zh: str
    model_name_en: str
    resource: Resource
    depot: UUID
    depot_name_zh: str
    depot_name_en: str
    by_model: bool
    state: str
    label: str
    tone: str
    starts_at: datetime
    ends_at: datetime
    ready_from: datetime = Field(description="when it may be handed out: the period with the buffer before it")
    out_at: datetime | None
    back_at: datetime | None
    checked_in_at: datetime | None = Field(
        default=None, description="when its tracker brought it home; until it is taken in"
    )
    reason: str | None
    certificate: str | None = Field(description="number of the certificate that covers the loan")
    certificate_until: date | None
    checklist: tuple[str, ...]
    accessories: tuple[str, ...]
    holder_name_zh: str | None
    holder_name_en: str | None
    holder_kind: str | None
    is_blocked: bool = Field(default=False, description="a late loan still has this item")
    is_gone: bool = Field(default=False, description="somebody else has what it names, or it left the pool")
    late_before: str | None = Field(default=None, description="number of that loan, for a party of it")


class HandoverStateView(Words):
    """How one item was at a hand-over."""

    code: str
    asset_no: str | None
    model_name_zh: str
    model_name_en: str
    condition: Condition
    checklist: dict[str, bool]
    accessories: dict[str, int]
    wiped: bool
    photo: UUID | None
    note: str | None


class HandoverView(Words):
    """A change of hands, proposed or done. ``waits_for_me`` is true for the reader who has to answer it."""

    id: UUID
    direction: Direction
    state: str
    giver: PersonName
    taker: PersonName
    proposed_by: UUID
    proposed_at: datetime
    confirmed_at: datetime | None
    place: str | None
    note: str | None
    items: tuple[HandoverStateView, ...]
    waits_for_me: bool
    is_mine: bool


class Choice(Words):
    """One act that leaves the present state: ``reason`` (msgid) says why this reader may not take it."""

    step: str
    label: str
    allowed: bool
    reason: str | None = None
    needs_note: bool = False


class LoanLine(Words):
    """A loan in a list."""

    number: str
    title: str
    state: str
    label: str
    tone: str
    version: int
    owner: AgencyName
    borrower: AgencyName
    purpose: str
    mode: Mode
    emergency: bool
    starts_at: datetime
    ends_at: datetime
    items: int
    taker_name: str
    due: DueView | None = Field(description="the next thing owed on it")


class LoanList(Words):
    """One page of loans; ``next`` is the cursor of the page after it."""

    loans: tuple[LoanLine, ...]
    next: str | None = None


class LoanFilter(Words):
    """What a list of loans is narrowed to. ``side``: lend (we own), borrow (we ask), or both."""

    side: str | None = Field(default=None, pattern="^(lend|borrow)$")
    state: str | None = Field(default=None, max_length=20)
    open_only: bool = False
    q: str | None = Field(default=None, max_length=100)
    agency: str | None = Field(default=None, max_length=60, description="slug of the other side")


class SiblingLoan(Words):
    """Another owner's part of the same cart."""

    number: str
    owner: AgencyName
    state: str
    label: str
    tone: str


class Competitor(Words):
    """A request of somebody else for the same item and an overlapping time; shown to the owner only."""

    number: str
    borrower: AgencyName
    code: str
    starts_at: datetime
    ends_at: datetime
    label: str
    tone: str


class IncidentLine(Words):
    """An incident in a list."""

    number: str
    title: str
    code: str
    kind: str
    state: str
    label: str
    tone: str
    loan: str | None
    owner: AgencyName
    reported_at: datetime
    reported_by: str


class IncidentPage(IncidentLine):
    """One incident with everything on it. ``borrower`` is empty when it happened at home."""

    id: UUID
    version: int
    side: str = Field(description="owner or borrower: the reader's side")
    borrower: AgencyName | None
    model_name_zh: str
    model_name_en: str
    description: str
    photo: UUID | None
    holds_data: bool
    settlement: str | None
    cost_yuan: float | None
    journal: tuple[ActView, ...]
    choices: tuple[Choice, ...]


class IncidentList(Words):
    """One page of incidents; ``next`` is the cursor of the page after it."""

    incidents: tuple[IncidentLine, ...]
    next: str | None = None


class LoanPage(Words):
    """One loan with everything on it, as this reader may see it."""

    id: UUID
    number: str
    title: str
    state: str
    label: str
    tone: str
    version: int
    owner: AgencyName
    borrower: AgencyName
    side: str = Field(description="owner or borrower: the reader's side")
    cart: UUID
    asked_by: PersonName
    taker: PersonName
    decided_by: PersonName | None
    ground: Ground
    purpose: str
    case_no: str | None
    place: str | None
    mode: Mode
    evidential: bool
    emergency: bool
    starts_at: datetime
    ends_at: datetime
    extension_until: datetime | None
    papers_filed_at: datetime | None
    opened_at: datetime
    refused_because: str | None = Field(description="note of the last refusing act, for both sides")
    lines: tuple[LineView, ...]
    dues: tuple[DueView, ...]
    handovers: tuple[HandoverView, ...]
    incidents: tuple[IncidentLine, ...]
    siblings: tuple[SiblingLoan, ...]
    competitors: tuple[Competitor, ...]
    journal: tuple[ActView, ...]
    choices: tuple[Choice, ...]


class HandoverPage(Words):
    """One change of hands and the loan it belongs to."""

    handover: HandoverView
    loan: LoanLine


class FreeFilter(Words):
    """What is wanted, date first. ``near`` is a depot from which distances are measured."""

    starts_at: datetime
    ends_at: datetime
    resource: Resource | None = None
    category: str | None = Field(default=None, max_length=60)
    model: UUID | None = None
    agency: str | None = Field(default=None, max_length=60)
    depot: UUID | None = None
    near: UUID | None = None
    evidential: bool = False
    q: str | None = Field(default=None, max_length=100)


class FreeGroup(Words):
    """Free items of one model in one depot: how many, and the codes of the first few, least used first."""

    model: UUID
    model_name_zh: str
    model_name_en: str
    category: str
    category_name_zh: str
    category_name_en: str
    resource: Resource
    owner: AgencyName
    depot: UUID
    depot_name_zh: str
    depot_name_en: str
    free: int
    total: int
    codes: tuple[str, ...]
    distance_km: float | None = Field(description="as the crow flies; empty where a depot has no coordinates")
    needs_certificate: bool
    notice_hours: int
    longest_loan_hours: int
    closed_at_start: Sentence | None = Field(default=None, description="why the depot is closed then")
    closed_at_end: Sentence | None = None


class FreeList(Words):
    """What is free, nearest first; ``next`` is the cursor of the page after it."""

    groups: tuple[FreeGroup, ...]
    next: str | None = None


class HeldItem(Words):
    """An item that the reader holds now."""

    code: str
    model_name_zh: str
    model_name_en: str
    owner: AgencyName
    loan: str | None
    since: datetime
    due_at: datetime | None
    is_late: bool
    is_checked_in: bool = Field(default=False, description="its tracker brought it home; it awaits inspection")


class WaitingHandover(Words):
    """A hand-over that waits for the reader's confirmation."""

    id: UUID
    direction: Direction
    loan: str
    title: str
    from_name: str
    items: int
    proposed_at: datetime


class Home(Words):
    """The home page: what one owes and is owed by due date, what one holds, what is asked of the agency."""

    owe: tuple[DueView, ...]
    owed: tuple[DueView, ...]
    owe_count: Count
    owed_count: Count
    holding: tuple[HeldItem, ...]
    to_confirm: tuple[WaitingHandover, ...]
    asked: tuple[LoanLine, ...]
    pick_up: tuple[LoanLine, ...] = Field(description="approved for the reader's agency, to collect soon")
    to_hand_out: tuple[LoanLine, ...] = Field(description="approved by the reader's agency, to hand out soon")
    to_take_in: tuple[LoanLine, ...] = Field(description="items of these came home by their trackers")
    to_inspect: tuple[LoanLine, ...]
    unpapered: tuple[LoanLine, ...] = Field(description="emergency releases without papers, either side")
    incidents: tuple[IncidentLine, ...]
