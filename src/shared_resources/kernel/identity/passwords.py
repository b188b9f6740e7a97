"""Passwords: argon2id hashes, checked off the event loop, at one price for known and unknown names."""

from __future__ import annotations

import asyncio
import unicodedata

import argon2
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

SHORTEST = 10
LONGEST = 200
HASHER = argon2.PasswordHasher()
"""RFC 9106, second recommended option: 64 MiB, three passes, four lanes."""

# The hash of a random word nobody knows: what an unknown name is compared with.
DUMMY = "$argon2id$v=19$m=65536,t=3,p=4$jSyFm6ZwzK/GrGKHVzIgTQ$yY5jBKT8F/A45x5Qf1IeLU9XnjyP6m6xqn94J1tiE4w"


def normal(password: str) -> str:
    """The same password however the keyboard composed it (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, username: str, field: str = "password") -> None:
    """Refuse a password that is easily guessed.

    Raises:
        Invalid: too short, too long, one character over and over, or holding the sign-in name.
    """
    plain = normal(password)
    if len(plain) < SHORTEST:
        raise Invalid(
            N_("A password needs at least %(count)d characters."),
            do=N_("A short sentence is easy to remember and hard to guess."),
            code="password_short",
            field=field,
            count=SHORTEST,
        )
    if len(plain) > LONGEST:
        raise Invalid(
            N_("A password has at most %(count)d characters."), code="password_long", field=field, count=LONGEST
        )
    if len(set(plain.casefold())) < 4 or username.casefold() in plain.casefold():
        raise Invalid(
            N_("This password is too easy to guess."),
            do=N_("Do not repeat one character and leave out the sign-in name."),
            code="password_weak",
            field=field,
        )


async def make_hash(password: str) -> str:
    """The argon2id hash of a password (about 50 ms in a thread)."""
    return await asyncio.to_thread(HASHER.hash, normal(password))


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; without a hash the same time passes and the answer is no."""
    return await asyncio.to_thread(_matches, password_hash, password[: 2 * LONGEST])


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        HASHER.verify(password_hash or DUMMY, normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None
