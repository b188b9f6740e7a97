"""Words of the register: what comes in, and what goes out to the owner's people and to everybody else.

``ItemPublic`` is all that another agency learns of an item (ROLES.md: type, place, free or busy). It has no
field for a serial or asset number, a keeper, a holder or an address, so nothing can leak by a slip in a template.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.equipment.schemas.handover import Condition
from shared_resources.kernel.words import N_

CONDITION_LABELS = {
    Condition.GOOD: N_("Good"),
    Condition.WORN: N_("Worn, works"),
    Condition.DAMAGED: N_("Damaged"),
}


class Words(BaseModel):
    """A value: checked when made, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Resource(StrEnum):
    """The three families of shared equipment: video (VI), radio (CO), instruments (IN)."""

    VIDEO = "video"
    RADIO = "radio"
    INSTRUMENT = "instrument"


RESOURCE_LABELS = {
    Resource.VIDEO: N_("Video equipment"),
    Resource.RADIO: N_("Dedicated radio equipment"),
    Resource.INSTRUMENT: N_("Inspection and testing instruments"),
}


class ItemDraft(Words):
    """An item to be registered by its owner's custodian."""

    asset_no: str = Field(min_length=1, max_length=60, examples=["YJ-2026-0142"])
    serial: str | None = Field(default=None, max_length=80, examples=["GX4-8812093"])
    model: UUID
    depot: UUID
    keeper: UUID | None = Field(default=None, description="person who keeps it, of the owner's agency")
    condition: Condition = Condition.GOOD


class ItemEdit(Words):
    """What may be corrected of an item. Model and owner stay; the depot changes by moving it."""

    asset_no: str = Field(min_length=1, max_length=60, examples=["YJ-2026-0142"])
    serial: str | None = Field(default=None, max_length=80)
    keeper: UUID | None = None
    condition: Condition = Condition.GOOD


class ItemMove(Words):
    """Where an item in store is to be kept from now on."""

    depot: UUID
    note: str | None = Field(default=None, max_length=2000)


class ItemStep(Words):
    """A step of an item's procedure; ``version`` is the one that was seen."""

    step: str = Field(max_length=40, examples=["send_to_repair"])
    note: str | None = Field(default=None, max_length=2000, examples=["通气测试不合格"])
    version: int | None = None


class PhotoDraft(Words):
    """A picture that was uploaded before."""

    file: UUID
    caption: str | None = Field(default=None, max_length=200)


class CertificateMade(Words):
    """A certificate just recorded."""

    id: UUID


class ItemMade(Words):
    """An item just entered: the code of its label and the number of its record."""

    code: str = Field(examples=["7Q2MK4V3"])
    number: str = Field(examples=["E2026-00042"])


class ImportDraft(Words):
    """A stock list to be checked or entered."""

    text: str = Field(min_length=1, max_length=2_000_000)
    dry_run: bool = True


class CertificateVoid(Words):
    """Why a certificate no longer counts."""

    reason: str = Field(min_length=1, max_length=2000, examples=["录入有误"])


class CertificateDraft(Words):
    """A verification or calibration as its paper says; both days count."""

    kind: str = Field(default="verification", pattern="^(verification|calibration)$", examples=["verification"])
    number: str = Field(min_length=1, max_length=80, examples=["JJG693-2026-00871"])
    issuer: str = Field(min_length=1, max_length=120, examples=["市计量质量检测研究院"])
    valid_from: date
    valid_to: date = Field(description="last day, included")
    file: UUID | None = Field(default=None, description="scan of the paper, uploaded before")


class FailedCheckDraft(Words):
    """An instrument did not pass its verification or calibration (检定结果通知书)."""

    failed_on: date
    notice_no: str = Field(min_length=1, max_length=80, examples=["JJG693-2026-T0017"])
    issuer: str = Field(min_length=1, max_length=120, examples=["市计量质量检测研究院"])
    why: str = Field(min_length=2, max_length=400, examples=["示值误差超出最大允许误差"])


class FailedCheckView(Words):
    """A failed check, and since when everything measured with the item is in doubt."""

    id: UUID
    failed_on: date
    since: date | None
    notice_no: str
    issuer: str
    why: str
    recorded_by_name: str
    recorded_at: datetime


class DoubtfulLoan(Words):
    """A loan in which the item was out since the last check it passed."""

    number: str
    title: str
    borrower_name_zh: str
    borrower_name_en: str
    starts_at: datetime
    ends_at: datetime


class ItemPublic(Words):
    """An item as every working colleague of every agency may see it."""

    code: str = Field(examples=["7Q2MK4V3"])
    owner: UUID
    owner_slug: str
    owner_name_zh: str
    owner_name_en: str
    category: str = Field(examples=["gas_detector"])
    category_name_zh: str
    category_name_en: str
    resource: Resource
    model: UUID
    model_name_zh: str
    model_name_en: str
    depot: UUID
    depot_name_zh: str
    depot_name_en: str
    state: str = Field(examples=["available"])
    is_free: bool = Field(description="whether it could be collected at this moment")
    busy_until: datetime | None = Field(description="end of the occupation that runs now, buffers included")
    needs_certificate: bool = Field(description="whether evidential use needs a valid certificate")
    has_valid_certificate: bool


class ItemOwn(ItemPublic):
    """An item in a list of its owner."""

    id: UUID
    number: str = Field(examples=["E2026-00042"])
    asset_no: str
    serial: str | None
    condition: Condition
    keeper: UUID | None
    keeper_name: str | None
    holder_kind: str | None = Field(examples=["depot"])
    holder_name_zh: str | None
    holder_name_en: str | None
    holder_agency_zh: str | None
    holder_agency_en: str | None
    valid_to: date | None = Field(description="last day of the certificate valid today")
    registered_at: datetime


class CertificateView(Words):
    """One certificate in the history of an item."""

    id: UUID
    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date
    file: UUID | None
    added_at: datetime
    added_by_name: str | None
    voided_at: datetime | None
    is_current: bool


class PhotoView(Words):
    """A picture of an item and when it was taken."""

    id: UUID
    file: UUID
    taken_at: datetime
    caption: str | None


class BusySpan(Words):
    """A stretch in which an item is occupied, buffers included; half-open. To others it is only that."""

    starts_at: datetime
    ends_at: datetime


class OwnSpan(BusySpan):
    """The same for the two sides of the loan."""

    loan: str = Field(examples=["L2026-00017"])
    borrower_name_zh: str
    borrower_name_en: str
    state: str
    is_late: bool = False


class JournalView(Words):
    """One act in the journal of an item. ``step`` is the act's name, ``label`` its msgid where it has one."""

    seq: int
    at: datetime
    step: str
    label: str
    actor_name: str | None
    note: str | None


class ItemFull(ItemOwn):
    """Everything about an item, for the people of its owner."""

    version: int
    depot_address: str
    specification: str | None
    maker: str | None
    checklist: tuple[str, ...]
    accessories: tuple[str, ...]
    certificates: tuple[CertificateView, ...]
    photos: tuple[PhotoView, ...]


class ItemPage(Words):
    """What ``GET /items/{code}`` answers: the item as this reader may see it, and when it is occupied."""

    item: ItemFull | ItemPublic
    busy: tuple[OwnSpan | BusySpan, ...]


class ItemFilter(Words):
    """What a list of items is narrowed to. Slugs and codes, empty for all."""

    agency: str | None = Field(default=None, max_length=60)
    category: str | None = Field(default=None, max_length=60)
    resource: Resource | None = None
    depot: UUID | None = None
    model: UUID | None = None
    state: str | None = Field(default=None, max_length=20)
    q: str | None = Field(default=None, max_length=100)


class StateCount(Words):
    """How many items of a filtered list are in a state."""

    state: str
    items: int


class ItemList(Words):
    """One page of items; ``next`` is the cursor of the page after it."""

    items: tuple[ItemOwn | ItemPublic, ...]
    next: str | None = None


class DueLine(Words):
    """An item whose evidential use ends soon, has ended, or never began."""

    code: str
    asset_no: str
    model_name_zh: str
    model_name_en: str
    depot_name_zh: str
    depot_name_en: str
    state: str
    keeper_name: str | None
    number: str | None
    valid_to: date | None
    days_left: int | None = Field(description="negative once lapsed")


class Label(Words):
    """What one label shows: the symbol as SVG path, and readable words."""

    code: str
    grouped: str
    address: str
    asset_no: str
    owner_name_zh: str
    owner_name_en: str
    model_name_zh: str
    model_name_en: str
    modules: int = Field(description="modules per side, quiet zone included")
    path: str


class Preset(Words):
    """A sheet or roll of labels. Millimetres; ``per_page`` of 1 is a roll."""

    name: str
    label: str
    columns: int
    rows: int
    symbol_mm: int = Field(description="side of the QR symbol, quiet zone included")

    @property
    def per_page(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows


class RowFault(Words):
    """What is wrong with one line of a stock list; ``line`` counts from 1, the heading included."""

    line: int
    column: str | None
    msgid: str
    params: dict[str, str] = Field(default_factory=dict)


class ImportReport(Words):
    """What an import would do or did: all rows or none."""

    rows: int
    faults: tuple[RowFault, ...]
    codes: tuple[str, ...] = ()
    dry_run: bool = True

    @model_validator(mode="after")
    def _all_or_nothing(self) -> ImportReport:
        if self.faults and self.codes:
            raise ValueError("an import with faults writes nothing")
        return self
