"""Whether a reading will stand as evidence: certificates and the days on which they are valid (IN-1a).

Instruments on the compulsory list must not be used unverified (强检办法 7; 计量法 9, 25). First and last day of
a certificate both count, as days of the depot's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

WARN_DAYS = 30
"""How many days before the last one a certificate counts as due (EXPECTATIONS 5)."""


class CertificateKind(StrEnum):
    """Verification passes or fails under a JJG; calibration gives values whose fitness the user confirms."""

    VERIFICATION = "verification"
    CALIBRATION = "calibration"


KIND_LABELS = {
    CertificateKind.VERIFICATION: N_("Verification"),
    CertificateKind.CALIBRATION: N_("Calibration"),
}


@dataclass(frozen=True)
class CertificateSpan:
    """A certificate that was not voided, and the days it covers, first and last included."""

    number: str
    valid_from: date
    valid_to: date
    kind: str = CertificateKind.VERIFICATION


def covering(
    certificates: Sequence[CertificateSpan], start: datetime, end: datetime, zone: ZoneInfo
) -> CertificateSpan | None:
    """The certificate valid through the whole of [``start``, ``end``), the longest one; None when there is none.

    A return at midnight after the last day is in time, one second later is not. Two certificates that only
    together reach over the period do not count: nobody verifies an instrument that is out on loan.
    """
    found = [span for span in certificates if _begins(span, zone) <= start and end <= _lapses(span, zone)]
    return max(found, key=lambda span: span.valid_to, default=None)


def certificate_reason(
    certificates: Sequence[CertificateSpan], start: datetime, end: datetime, zone: ZoneInfo
) -> Sentence | None:
    """Why an evidential booking over [``start``, ``end``) is refused; None when it may go on."""
    if covering(certificates, start, end, zone) is not None:
        return None
    begun = [span for span in certificates if _begins(span, zone) <= start < _lapses(span, zone)]
    if begun:
        last = max(begun, key=lambda span: span.valid_to)
        return Sentence(
            N_("The certificate %(certificate)s lapses on %(day)s, before the return: no evidential use."),
            {"certificate": last.number, "day": last.valid_to.isoformat()},
        )
    return Sentence(N_("There is no valid certificate at the start of the loan: no evidential use."))


def _begins(span: CertificateSpan, zone: ZoneInfo) -> datetime:
    return datetime.combine(span.valid_from, time(), zone).astimezone(UTC)


def _lapses(span: CertificateSpan, zone: ZoneInfo) -> datetime:
    """The first instant at which ``span`` is no longer valid."""
    return datetime.combine(span.valid_to + timedelta(days=1), time(), zone).astimezone(UTC)
