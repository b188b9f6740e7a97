"""Whether a letter bears an electronic seal that holds: for acts that the law ties to it (TR-4b)."""

from __future__ import annotations

import asyncio
import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.seals.certificates import trusted
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.seals.letters import load
from shared_resources.kernel.seals.report import CannotCheck, Verdict
from shared_resources.kernel.storage import open_file

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.seals.letters import SealedLetter


class SignatureState(StrEnum):
    """What the seal of the issuing agency on a letter is worth today."""

    UNSIGNED = "unsigned"
    VALID = "valid"
    BROKEN = "broken"
    SCAN = "scan"


async def signature_state(document: UUID) -> SignatureState:
    """Look at the sealed file itself, not at what we wrote down of it. In or outside a verb; some 50 ms.

    A certificate has to be good at the instant of sealing, which our journal knows. ``BROKEN``: file lost or
    altered, certificate not from a trusted authority, or another one than was written down.

    Raises:
        NotFound: there is no such letter.
    """
    letter = await load(document)
    first = letter.made_by(letter.issuer)
    if first is None:
        return SignatureState.UNSIGNED
    if not first.is_electronic:
        return SignatureState.SCAN
    return SignatureState.VALID if await _holds(letter) else SignatureState.BROKEN


async def _holds(letter: SealedLetter) -> bool:
    newest = letter.newest
    assert newest is not None
    _, path = await open_file(newest.file)
    try:
        data = await asyncio.to_thread(path.read_bytes)
        moments = {made.field: made.at for made in letter.made}
        report = await asyncio.to_thread(check, data, trusted(), clock.now(), moments)
    except (OSError, CannotCheck):
        return False
    written = {made.field: made.serial_no for made in letter.made if made.is_electronic}
    found = {one.field: one.serial_no for one in report.signatures}
    same_bytes = hashlib.sha256(data).digest() == newest.sha256
    return same_bytes and report.verdict is Verdict.VALID and found == written
