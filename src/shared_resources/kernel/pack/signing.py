"""The key that signs packs: derived from the house's secret; its public half is for everybody (RFC 8032)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def _key() -> Ed25519PrivateKey:
    seed = hmac.digest(settings().secret(), b"shared-resources pack key 1", "sha256")
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """The public key in hex, to be compared with the one in a pack."""
    return _key().public_key().public_bytes_raw().hex()


def sign(message: bytes) -> Mapping[str, str]:
    """The signature over a manifest, as ``signature.json`` holds it."""
    return {"algorithm": "Ed25519", "key": public_key(), "signature": _key().sign(message).hex()}
