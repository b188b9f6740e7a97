"""The code on a label: seven random characters and one that proves them, in Crockford's base 32.

The check character follows Damm's scheme over GF(32): every single wrong character and every exchange of two
characters is noticed. Seven characters are 2^35 codes: a register of 50,000 items fills one in 700,000, so
guessing is hopeless, and what a guess would show is decided by permissions anyway.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O (read as 1, 1, 0) and no U."""

RANDOM_CHARACTERS = 7
LENGTH = RANDOM_CHARACTERS + 1
FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
LABEL_PATH, SAMPLE_PATH = "/T/", "/S/"
"""Where the label of an item leads, and that of a sample."""

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_LABEL_URL = re.compile(r"^https?://[^/\s]+/[ts]/([^/?#\s]+)/?(?:[?#].*)?$", re.IGNORECASE)


def check_character(body: str) -> str:
    """The character that makes ``body`` (in the alphabet) a valid code."""
    return ALPHABET[_fold(body)]


def code_of(numbers: Sequence[int]) -> str:
    """The code for seven random numbers from 0 to 31.

    Raises:
        ValueError: not seven of them, or one out of range.
    """
    if len(numbers) != RANDOM_CHARACTERS or not all(0 <= number < len(ALPHABET) for number in numbers):
        raise ValueError(f"a code is made of {RANDOM_CHARACTERS} numbers below {len(ALPHABET)}")
    body = "".join(ALPHABET[number] for number in numbers)
    return body + check_character(body)


def parse_code(text: str) -> str:
    """The stored form of a code that was typed or scanned: bare, grouped or as the address on a label.

    Raises:
        Invalid: too long or too short, a character that no code has, or a slip that the check shows.
    """
    address = _LABEL_URL.match(text.strip())
    code = (address[1] if address else text).strip().upper().translate(_FORGIVEN)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise Invalid(
            N_("This is not a code of ours."),
            do=N_("A code has eight letters and digits, as printed on the label, such as 7Q2M-K4V3."),
            code="unknown_code",
            field="code",
        )
    if _fold(code) != 0:
        raise Invalid(
            N_("This code has a slip in it: no label bears it."),
            do=N_("Compare it with the label, character by character."),
            code="unknown_code",
            field="code",
        )
    return code


def code_in(text: str) -> str | None:
    """The code that somebody scanned or typed into a search field; None when it is none."""
    try:
        return parse_code(text)
    except Invalid:
        return None


def grouped(code: str) -> str:
    """The code as people read it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def label_address(origin: str, code: str, path: str = LABEL_PATH) -> str:
    """What the QR symbol holds. Upper case throughout: QR's alphanumeric mode makes a coarser symbol.

    Args:
        origin: scheme and host, such as ``https://zfld.cq.gov.cn``.
    """
    return f"{origin}{path}{code}".upper()


def label_origin(address: str, host: str | None) -> str:
    """Scheme and host as labels print them; ``host`` is a shorter name for the same place."""
    if not host:
        return address
    return f"{address.partition('://')[0]}://{host}"


def _fold(text: str) -> int:
    """Damm's interim value after ``text``: multiply by x after each character, so that place counts."""
    value = 0
    for character in text:
        value = (value ^ ALPHABET.index(character)) << 1
        if value & 0b100000:
            value ^= FIELD_POLYNOMIAL
    return value
