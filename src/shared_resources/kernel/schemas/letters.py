"""Words of issued letters as they are shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.words import N_

LAYOUT_LABELS = {
    "letter": N_("Letter"),
    "document": N_("Official document"),
    "minutes": N_("Minutes"),
    "form": N_("Form"),
}


class AgencyName(BaseModel):
    """An agency that a letter is addressed to."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    slug: str
    name_zh: str
    name_en: str


class LetterLine(BaseModel):
    """An issued letter in a list."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    record: UUID
    kind: str = Field(examples=["assistance_letter"])
    number: str = Field(examples=["渝应急函〔2026〕12号"])
    title: str
    step: str
    issuer: UUID
    issuer_zh: str
    issuer_en: str
    issued_at: datetime
    issued_by: str | None = Field(description="the person who issued it; empty when the clock did")
    sha256: str = Field(description="of the unsigned original, in hexadecimal; the journal of the record holds it")
    signatures: int = Field(description="electronic signatures and scans of signed paper so far")
    record_number: str
    record_title: str


class LetterPage(LetterLine):
    """An issued letter with where it belongs and to whom it goes."""

    record_path: str
    addressees: tuple[AgencyName, ...]
    layout: str = Field(description="letter, document, minutes or form")
    pdf: UUID = Field(description="the file with the unsigned original")
    covered: bool = Field(description="it prints what is for the parties only, and the reader is none: no PDF")
