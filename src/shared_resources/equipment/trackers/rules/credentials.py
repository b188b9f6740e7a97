"""Who may say and hear what at the broker, and how a password is kept: as Mosquitto keeps it, ``$7$``."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LISTENER = "shared-resources"
"""The user name of our own listener; too long a word for a device's key to be taken for it by accident, and
refused as one."""
ROUNDS = 101
"""Mosquitto's own. Few, because a password has 128 random bits and a thousand devices may connect at once."""
SALT_BYTES = 12


@dataclass(frozen=True)
class Allowed:
    """Filters of topics a user may publish to and those it may hear."""

    write: tuple[str, ...]
    read: tuple[str, ...]


LISTENER_MAY = Allowed(write=("cmd/#",), read=("t/#", "owntracks/#", "s/#"))


@dataclass(frozen=True)
class Login:
    """One name that the broker lets in. ``username`` is the key, with ``.2``, ``.3`` … after a renewal."""

    username: str
    hash: str
    key: str
    is_source: bool
    valid_until: datetime | None = None

    @property
    def may(self) -> Allowed:
        """Only what is below its own key."""
        if self.is_source:
            return Allowed(write=(f"s/{self.key}/#",), read=())
        return Allowed(write=(f"t/{self.key}/#", f"owntracks/{self.key}/#"), read=(f"cmd/{self.key}/#",))


def hash_of(password: str, salt: bytes) -> str:
    """The hash that Mosquitto checks a password against."""
    derived = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(derived).decode()}"


def is_password(password: str, kept: str) -> bool:
    """Whether ``password`` is the one that ``kept`` was made of; takes as long for wrong ones."""
    try:
        _, scheme, rounds, salt, derived = kept.split("$")
        wanted = base64.b64decode(derived, validate=True)
        found = hashlib.pbkdf2_hmac(
            "sha512", password.encode(), base64.b64decode(salt, validate=True), int(rounds)
        )
    except ValueError:
        return False
    return scheme == "7" and hmac.compare_digest(found, wanted)


def username_of(key: str, generation: int) -> str:
    """The name of a key's first, second … credential."""
    return key if generation == 1 else f"{key}.{generation}"


def generation_of(username: str) -> int:
    """Which credential of its key this is, counted from one."""
    return int(username.partition(".")[2] or "1")
