"""The unified social credit code of an agency (GB 32100): form and check character. Pure."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def is_credit_code(code: str) -> bool:
    """Whether the code has 18 permitted characters and the right last one (weights 3^i mod 31)."""
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return False
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:-1]))
    return ALPHABET[(31 - total % 31) % 31] == code[-1]
