"""Keys of seals on this machine: PKCS#12 files below the state folder, encrypted with our secret key.

Who copies the database or a backup of it has no key; who copies the folder needs the secret key as well.
"""

from __future__ import annotations

import functools
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 2048
"""The passphrase is 256 random bits: rounds that slow down guessing would only slow down us."""

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class KeyPair:
    """A private key, its certificate and those of the authorities between it and the root."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


def folder() -> Path:
    """Where keys lie; made on first use, ours alone."""
    found = settings().state_dir / "keys"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def keep(name: str, pair: KeyPair) -> None:
    """Write a key to its place, whole or not at all; one that is there already is replaced."""
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(ROUNDS)
        .key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(_passphrase(name))
    )
    data = pkcs12.serialize_key_and_certificates(
        name.encode(), pair.key, pair.certificate, list(pair.chain), encryption
    )
    handle, half = tempfile.mkstemp(dir=folder(), prefix=".half-")  # mkstemp gives mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(half).replace(folder() / f"{name}.p12")
    held.cache_clear()


@functools.lru_cache(maxsize=256)
def held(name: str) -> KeyPair:
    """A key that was kept; read once by each process and held, because reading costs more than signing.

    Raises:
        Invalid: the key does not lie on this machine, or the secret key has changed since.
    """
    try:
        return opened((folder() / f"{name}.p12").read_bytes(), _passphrase(name))
    except (OSError, ValueError) as error:
        raise Invalid(
            N_("The key of this seal cannot be opened on this machine."),
            do=N_("Ask your agency's administrator to enter the seal again."),
            code="seal_key",
        ) from error


def forget(name: str) -> None:
    """Remove a key for good."""
    (folder() / f"{name}.p12").unlink(missing_ok=True)
    held.cache_clear()


def opened(data: bytes, passphrase: bytes) -> KeyPair:
    """The key pair in a PKCS#12 file.

    Raises:
        ValueError: no such file, another passphrase, or neither RSA nor an elliptic curve.
    """
    key, certificate, chain = pkcs12.load_key_and_certificates(data, passphrase)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or certificate is None:
        raise ValueError("the file holds no key with its certificate that can sign")
    return KeyPair(key, certificate, _without(certificate, chain))


def _without(own: x509.Certificate, chain: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    return tuple(one for one in chain if one != own)


def _passphrase(name: str) -> bytes:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"seal key\0" + name.encode())
    return derived.derive(settings().secret()).hex().encode()
