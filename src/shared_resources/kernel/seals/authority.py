"""A development authority: vouches for the seals of the demo and of tests, and for nothing in the world.

Its certificates say so in their names, its seals bear 测试专用章, and its root is trusted only in the demo.
"""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from filelock import FileLock

from shared_resources.kernel import clock
from shared_resources.kernel.seals import keys
from shared_resources.kernel.seals.keys import KeyPair

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes

NAME = "development-authority"
CALLED = "执法资源共享测试证书机构（仅供测试）"
TEST_UNIT = "测试专用"
LIFE = timedelta(days=10 * 365)
BEFORE = timedelta(days=500)
"""The demo tells a story of the months before it was loaded; its letters are sealed at their dates."""


def certificate_file() -> Path:
    """The root certificate, for those who wish to trust it elsewhere; it may not be there."""
    return keys.folder() / f"{NAME}.pem"


def root() -> KeyPair:
    """The authority itself, made on first use; two processes that start at once make one."""
    with FileLock(keys.folder() / f".{NAME}.lock"):
        if not certificate_file().exists():
            made = self_signed(CALLED)
            keys.keep(NAME, made)
            _write(certificate_file(), made.certificate.public_bytes(Encoding.PEM))
    return keys.held(NAME)


def self_signed(called: str) -> KeyPair:
    """An authority that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    usage = _usage(signs=False)
    builder = _builder(name, name, key.public_key(), clock.now() - BEFORE, clock.now() + LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    return KeyPair(key, certificate)


def certify(
    vouching: KeyPair, called: str, *, since: datetime | None = None, until: datetime | None = None
) -> KeyPair:
    """A new key for ``called`` with a certificate of ``vouching``; good for three years unless told otherwise."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, called[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, TEST_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, called[:64]),
        ]
    )
    start, end = since or clock.now() - BEFORE, until or clock.now() + timedelta(days=3 * 365)
    builder = _builder(name, vouching.certificate.subject, key.public_key(), start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(vouching.key.public_key())
    builder = builder.add_extension(_usage(signs=True), critical=True).add_extension(own, critical=False)
    return KeyPair(key, builder.sign(vouching.key, hashes.SHA256()))


def made_for_tests(certificate: x509.Certificate) -> bool:
    """Whether a certificate says of itself that it is for tests."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(unit.value == TEST_UNIT for unit in units)


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    public: CertificateIssuerPublicKeyTypes,
    start: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """Sealing letters, or vouching for certificates: nothing else."""
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes) -> None:
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(half).replace(path)
