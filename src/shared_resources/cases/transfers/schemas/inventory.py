"""The inventory of a transferred case (移送清单, FORMS 4): papers, goods, and measures that go on running."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared_resources.cases.transfers.schemas.common import Line
from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Officer
from shared_resources.kernel.words import N_


class Original(StrEnum):
    """Whether a paper is the original."""

    ORIGINAL = "original"
    COPY = "copy"


ORIGINAL_LABELS: Mapping[Original, str] = {Original.ORIGINAL: N_("Original"), Original.COPY: N_("Photocopy")}


class Medium(StrEnum):
    """What a document is kept on."""

    PAPER = "paper"
    DISC = "disc"
    FILE = "file"
    OTHER = "other"


MEDIUM_LABELS: Mapping[Medium, str] = {
    Medium.PAPER: N_("On paper"),
    Medium.DISC: N_("Disc or card"),
    Medium.FILE: N_("Electronic file"),
    Medium.OTHER: N_("Another medium"),
}


class DocumentRow(Asked):
    """One paper or file."""

    name: Annotated[Line, Ask(N_("Name"))]
    doc_no: Annotated[str | None, Ask(N_("Document number"))] = Field(default=None, max_length=60)
    copies: Annotated[int, Ask(N_("Copies"))] = Field(default=1, ge=1, le=999)
    pages: Annotated[int, Ask(N_("Number of pages"))] = Field(default=1, ge=1, le=99999)
    original: Annotated[Original, Ask(N_("Original or copy"), labels=ORIGINAL_LABELS)] = Original.ORIGINAL
    medium: Annotated[Medium, Ask(N_("Medium"), labels=MEDIUM_LABELS)] = Medium.PAPER
    sha256: Annotated[str | None, Ask(N_("SHA-256 of the file"))] = Field(
        default=None, pattern=r"^[0-9a-fA-F]{64}$"
    )
    remark: Annotated[str | None, Ask(N_("Remark"))] = Field(default=None, max_length=200)


class GoodsRow(Asked):
    """One kind of goods that go with the case."""

    name: Annotated[Line, Ask(N_("Name"))]
    spec: Annotated[str | None, Ask(N_("Specification"))] = Field(default=None, max_length=100)
    quantity: Annotated[str, Ask(N_("Quantity"))] = Field(pattern=r"^\d{1,9}(\.\d{1,4})?$")
    unit: Annotated[str, Ask(N_("Unit of quantity"))] = Field(min_length=1, max_length=10)
    state: Annotated[Line, Ask(N_("State"))]
    place: Annotated[Line, Ask(N_("Place kept"))]
    seal_no: Annotated[str | None, Ask(N_("Seal number"))] = Field(default=None, max_length=60)
    measure: Annotated[str | None, Ask(N_("Measure"))] = Field(default=None, max_length=100)
    expires_on: Annotated[date | None, Ask(N_("Measure expires on"))] = None


class Measure(StrEnum):
    """Measures whose time goes on running while a case travels."""

    SEALING = "sealing_up"
    SEIZURE = "seizure"
    REGISTRATION = "registration"
    SAMPLING = "sampling"
    OTHER = "other"


MEASURE_LABELS: Mapping[Measure, str] = {
    Measure.SEALING: N_("Sealing up"),
    Measure.SEIZURE: N_("Seizure"),
    Measure.REGISTRATION: N_("Prior registration and preservation"),
    Measure.SAMPLING: N_("Sampling for evidence"),
    Measure.OTHER: N_("Another measure"),
}


class MeasureRow(Asked):
    """A measure that was taken, and until when it holds."""

    measure: Annotated[Measure, Ask(N_("Measure"), labels=MEASURE_LABELS)]
    subject: Annotated[Line, Ask(N_("Object"))]
    doc_no: Annotated[str | None, Ask(N_("Document number"))] = Field(default=None, max_length=60)
    taken_on: Annotated[date, Ask(N_("Taken on"))]
    expires_on: Annotated[date | None, Ask(N_("Expires on"))] = None


class Inventory(Asked):
    """Everything that goes with the letter."""

    documents: Annotated[
        tuple[DocumentRow, ...], Ask(N_("Documents"), widget="rows"), Field(min_length=1, max_length=200)
    ]
    goods: Annotated[tuple[GoodsRow, ...], Ask(N_("Goods"), widget="rows"), Field(max_length=200)] = ()
    measures: Annotated[
        tuple[MeasureRow, ...], Ask(N_("Measures already taken"), widget="rows"), Field(max_length=50)
    ] = ()
    officers: Annotated[
        tuple[Officer, ...],
        Ask(N_("Officers"), hint=N_("Two at least."), widget="rows", rows=2),
        Field(min_length=2, max_length=10),
    ]


class MoreDocuments(Asked):
    """What was missing and comes after."""

    documents: Annotated[
        tuple[DocumentRow, ...], Ask(N_("Documents"), widget="rows"), Field(min_length=1, max_length=200)
    ]
    goods: Annotated[tuple[GoodsRow, ...], Ask(N_("Goods"), widget="rows"), Field(max_length=200)] = ()
