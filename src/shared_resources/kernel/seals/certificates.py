"""What a certificate says: whose it is, who vouches for it, from when to when. And which authorities we trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from shared_resources.kernel.seals import authority
from shared_resources.settings import settings

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class CertificateFacts:
    """What we write down of a certificate."""

    subject: str
    authority: str
    serial_no: str
    valid_from: datetime
    valid_to: datetime
    is_test: bool


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """The facts of ``certificate``."""
    return CertificateFacts(
        subject=called(certificate.subject),
        authority=called(certificate.issuer),
        serial_no=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        is_test=authority.made_for_tests(certificate),
    )


def facts_of_pem(pem: str | None) -> CertificateFacts | None:
    """The facts of a certificate kept as text; None when there is none."""
    return facts_of(x509.load_pem_x509_certificate(pem.encode())) if pem else None


def called(name: x509.Name) -> str:
    """How somebody is called in a certificate: by common name, else by organisation, else by the whole name."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for part in name.get_attributes_for_oid(kind):
            return str(part.value)
    return name.rfc4514_string()


def pem_of(certificate: x509.Certificate) -> str:
    """The certificate as text."""
    return certificate.public_bytes(Encoding.PEM).decode()


def trusted() -> tuple[bytes, ...]:
    """The certificates (DER) of the authorities that this system trusts.

    The development authority is among them only where the demo runs.

    Raises:
        OSError, ValueError: the setting names something that cannot be read or holds no certificates.
    """
    found = [one for path in _files() for one in x509.load_pem_x509_certificates(path.read_bytes())]
    if settings().demo and authority.certificate_file().exists():
        found += x509.load_pem_x509_certificates(authority.certificate_file().read_bytes())
    return tuple(one.public_bytes(Encoding.DER) for one in found)


def _files() -> list[Path]:
    roots = settings().trust_roots
    if roots is None:
        return []
    if roots.is_dir():
        return sorted(path for path in roots.iterdir() if path.suffix in (".pem", ".crt", ".cer"))
    return [roots]
