"""How an agency seals: a key on this machine, a key in a token, or paper. One question, three answers.

A provider for the city's own seal service (remote, SM2) would be a fourth: it gets the PDF and returns it sealed.
"""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, unquote

from cryptography import x509

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.seals import keys, signing
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.kernel.seals.signing import Order


class SealKind(StrEnum):
    """The kinds of a row of ``seal``."""

    PKCS12 = "pkcs12"
    PKCS11 = "pkcs11"
    SCAN = "scan"


class SealProvider(Protocol):
    """One agency's way to seal."""

    async def seal(self, order: Order) -> bytes:
        """The PDF with the seal.

        Raises:
            Invalid: this seal cannot be used now; the sentence says why.
        """
        ...


@dataclass(frozen=True)
class KeySeal:
    """A key on this machine."""

    key: str

    async def seal(self, order: Order) -> bytes:
        """Seal with the held key, in a thread."""
        return await asyncio.to_thread(self._seal, order)

    def _seal(self, order: Order) -> bytes:
        return signing.signed(order, signing.HeldKeySigner(keys.held(self.key)))


@dataclass(frozen=True)
class TokenSeal:
    """A key in a token (PKCS#11); it never leaves it. ``key`` names token and key as RFC 7512 does."""

    key: str

    async def seal(self, order: Order) -> bytes:
        """Seal in the token, in a thread."""
        return await asyncio.to_thread(self._seal, order)

    def _seal(self, order: Order) -> bytes:
        token, label = token_of(self.key)
        tokens = token_library()
        try:
            return bytes(tokens.sealed(order, str(settings().pkcs11_library), token, label, pin_of(token)))
        except tokens.FAULTS as error:
            raise _unavailable(error) from error

    def certificate(self) -> x509.Certificate:
        """The certificate beside the key. Blocks: call it in a thread.

        Raises:
            Invalid: the token does not answer, or holds no such certificate.
        """
        token, label = token_of(self.key)
        tokens = token_library()
        try:
            der = tokens.certificate(str(settings().pkcs11_library), token, label, pin_of(token))
        except tokens.FAULTS as error:
            raise _unavailable(error) from error
        return x509.load_der_x509_certificate(der)


@dataclass(frozen=True)
class PaperSeal:
    """A stamp and a pad: sealed by hand, filed as a scan."""

    async def seal(self, order: Order) -> bytes:
        """Refuse: no machine can do it."""
        raise Invalid(
            N_("Your agency seals on paper."),
            do=N_("Print the letter, seal it by hand and file the scan."),
            code="paper_seal",
        )


def provider_of(kind: str, key: str | None) -> SealProvider:
    """The provider behind a row of ``seal``."""
    match SealKind(kind):
        case SealKind.PKCS12:
            return KeySeal(key or "")
        case SealKind.PKCS11:
            return TokenSeal(key or "")
        case SealKind.SCAN:
            return PaperSeal()


def token_key(token: str, label: str) -> str:
    """Token and key as one text: a PKCS#11 URI."""
    return f"pkcs11:token={quote(token, safe='')};object={quote(label, safe='')}"


def token_of(key: str) -> tuple[str, str]:
    """Token and key that a PKCS#11 URI names."""
    parts = dict(part.partition("=")[::2] for part in key.removeprefix("pkcs11:").split(";"))
    return unquote(parts.get("token", "")), unquote(parts.get("object", ""))


def pin_of(token: str) -> str | None:
    """The PIN of a token: its own among several, or the one for all."""
    secret = settings().pkcs11_pin
    if secret is None:
        return None
    words = secret.get_secret_value().split(" ")
    named = dict(word.rpartition("=")[::2] for word in words if "=" in word)
    return named.get(token.replace(" ", "_")) or (words[0] if len(words) == 1 and not named else None)


def token_library() -> Any:
    """The module that speaks to tokens; it needs an extra of ours, so it is loaded only when somebody has a token.

    Raises:
        Invalid: no library is set, or the extra is not installed.
    """
    if settings().pkcs11_library is None:
        raise Invalid(
            N_("No token library is set up on this machine."),
            do=N_("The operator names it in SHARED_RESOURCES_PKCS11_LIBRARY."),
            code="token_library",
        )
    try:
        return importlib.import_module("shared_resources.kernel.seals.tokens")
    except ImportError as error:
        raise Invalid(
            N_("This machine cannot speak to tokens: the extra “pkcs11” is not installed."),
            do=N_("The operator installs shared-resources[pkcs11]."),
            code="token_extra",
        ) from error


def _unavailable(error: Exception) -> Invalid:
    return Invalid(
        N_("The token with the key of the seal does not answer as it should (%(fault)s)."),
        do=N_("See whether it is plugged in, and whether its name, the key's name and the PIN are right."),
        code="token",
        fault=f"{type(error).__name__} {error}".strip()[:120],
    )
