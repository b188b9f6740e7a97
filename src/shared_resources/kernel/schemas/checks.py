"""What a check of a letter answers to programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from shared_resources.kernel.seals.comparing import Checked


class CheckedSeal(BaseModel):
    """One electronic seal in the file."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(examples=["Seal1"])
    name: str = Field(description="who sealed, as the seal says", examples=["市应急管理局"])
    reason: str = Field(description="what the signer said, with the signer's name")
    at: datetime | None = Field(description="the time stamp's time, else the signer's own claim")
    is_stamped: bool = Field(description="whether a trusted time stamp says so")
    subject: str = Field(description="whom the certificate names")
    authority: str = Field(description="who vouches for it")
    serial_no: str
    valid_from: datetime | None
    valid_to: datetime | None
    is_test: bool = Field(description="the certificate is for tests only")
    is_intact: bool
    is_trusted: bool
    covers_all: bool = Field(description="the seal covers the whole file; earlier seals cover what was there then")
    changes: str = Field(description="what was added after it: none, lta_updates, form_filling, other; or empty")
    is_valid: bool = Field(description="the only word that counts")
    problem: str | None = Field(description="why it is not valid", examples=["changed"])


class KnownLetter(BaseModel):
    """The letter of this system that the file is."""

    model_config = ConfigDict(frozen=True)

    number: str = Field(examples=["渝应急函〔2026〕12号"])
    title: str
    issuer_zh: str
    issuer_en: str
    issued_at: datetime
    copy_of: str = Field(description="original, sealed or scan")
    is_whole: bool = Field(description="false: something was added to it afterwards")
    is_newest: bool = Field(description="false: the letter bears more seals by now")


class CheckReport(BaseModel):
    """What a file is worth."""

    model_config = ConfigDict(frozen=True)

    verdict: str = Field(description="valid, broken, untrusted, unverifiable or unsigned")
    sha256: str
    size: int
    seals: tuple[CheckedSeal, ...]
    open_fields: tuple[str, ...] = Field(description="places of seals that are still awaited")
    letter: KnownLetter | None = Field(description="empty: not issued here")

    @classmethod
    def of(cls, checked: Checked) -> CheckReport:
        """The answer for a check."""
        report, known = checked.report, checked.known
        letter = KnownLetter(copy_of=known.copy.value, **_without(asdict(known))) if known else None
        return cls(
            verdict=report.verdict.value,
            sha256=report.sha256,
            size=report.size,
            seals=tuple(CheckedSeal(**asdict(found)) for found in report.signatures),
            open_fields=report.open_fields,
            letter=letter,
        )


def _without(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("copy", "document")}
