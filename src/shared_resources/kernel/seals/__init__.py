"""Electronic seals: put on letters by the agencies, looked at by anybody, told apart from the scan of paper ones.

Verbs: ``sign_letter``, ``countersign_letter``, ``file_scan``. For other acts: ``signature_state``.
"""

from __future__ import annotations

from shared_resources.kernel.seals.service import SealMade, countersign_letter, file_scan, sign_letter
from shared_resources.kernel.seals.state import SignatureState, signature_state

__all__ = ["SealMade", "SignatureState", "countersign_letter", "file_scan", "sign_letter", "signature_state"]
