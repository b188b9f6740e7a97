"""What a check of a PDF found. Pure values; they travel as JSON between processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Problem(StrEnum):
    """Why a signature does not count. Only the first that applies is told."""

    CHANGED = "changed"
    ADDED = "added"
    UNKNOWN = "unknown_method"
    UNREADABLE = "unreadable_signature"
    STRANGER = "unknown_authority"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNFIT = "unfit_certificate"
    STAMP = "time_stamp"
    OTHER = "other"


class Verdict(StrEnum):
    """The one word on the whole file."""

    VALID = "valid"
    BROKEN = "broken"
    UNTRUSTED = "untrusted"
    UNVERIFIABLE = "unverifiable"
    UNSIGNED = "unsigned"


class Unreadable(StrEnum):
    """Why a file cannot be checked at all."""

    NO_PDF = "not_a_pdf"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_HARD = "too_hard"


class CannotCheck(ValueError):
    """The file cannot be looked into."""

    def __init__(self, why: Unreadable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Found:
    """One signature in the file: whose, when, and whether it counts (``is_valid``, the only word that does)."""

    field: str
    name: str = ""
    reason: str = ""
    at: datetime | None = None
    is_stamped: bool = False
    subject: str = ""
    authority: str = ""
    serial_no: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    is_test: bool = False
    is_intact: bool = False
    is_trusted: bool = False
    covers_all: bool = False
    changes: str = ""
    is_valid: bool = False
    problem: Problem | None = None


BREAKS = frozenset({Problem.CHANGED, Problem.ADDED, Problem.UNREADABLE, Problem.OTHER})


@dataclass(frozen=True)
class Report:
    """A PDF as it was found. ``revisions`` are the SHA-256 of the file as it was before each later addition."""

    sha256: str
    size: int
    signatures: tuple[Found, ...] = ()
    open_fields: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Valid only when every signature is."""
        problems = {found.problem for found in self.signatures if not found.is_valid}
        if not self.signatures:
            return Verdict.UNSIGNED
        if not problems:
            return Verdict.VALID
        if problems & BREAKS:
            return Verdict.BROKEN
        return Verdict.UNVERIFIABLE if problems == {Problem.UNKNOWN} else Verdict.UNTRUSTED
