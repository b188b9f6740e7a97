"""Keys in tokens and hardware security modules (PKCS#11). Needs the extra ``pkcs11``; see ``providers``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkcs11 import PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from shared_resources.kernel.seals import signing

if TYPE_CHECKING:
    from pkcs11 import Session

    from shared_resources.kernel.seals.signing import Order

FAULTS = (PKCS11Error, SigningError, OSError, RuntimeError)
"""What a missing token, a wrong PIN, an unknown key or a broken library raise."""


def sealed(order: Order, library: str, token: str, label: str, pin: str | None) -> bytes:
    """The PDF sealed in the token; the session lasts as long as the signature."""
    with _session(library, token, pin) as session:
        return signing.signed(order, _signer(session, label))


def certificate(library: str, token: str, label: str, pin: str | None) -> bytes:
    """The certificate (DER) that goes with the key."""
    with _session(library, token, pin) as session:
        found = _signer(session, label).signing_cert
        if found is None:
            raise SigningError("no certificate")
        return bytes(found.dump())


def _session(library: str, token: str, pin: str | None) -> Session:
    return open_pkcs11_session(library, token_criteria=TokenCriteria(label=token), user_pin=pin)


def _signer(session: Session, label: str) -> PKCS11Signer:
    """Most tokens sign digests only, so the digest is made here (``use_raw_mechanism``)."""
    return PKCS11Signer(session, cert_label=label, key_label=label, use_raw_mechanism=True)
