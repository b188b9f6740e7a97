"""What Mosquitto reads, as pure functions: its configuration, the passwords and who may say and hear what."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.rules.credentials import LISTENER, LISTENER_MAY, generation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.trackers.rules.credentials import Allowed, Login

HEAD = "# Written by shared-resources; changes here are lost.\n"
PATTERNS = "pattern write t/%u/#\npattern write owntracks/%u/#\npattern write s/%u/#\npattern read cmd/%u/#\n"
"""What every user may: below its own name, which no other device or source has for a key."""


@dataclass(frozen=True)
class Listening:
    """Where the broker listens and where its files are; ``tls_port``: where it wants certificates, if anywhere."""

    folder: str
    host: str
    port: int
    tls_port: int | None = None
    revoked: bool = False
    """Whether there is a list of revoked certificates."""


def configuration(where: Listening) -> str:
    """The whole configuration file."""
    parts = ["mosquitto.conf"] if where.tls_port is None else ["mosquitto.conf", "mosquitto-tls.conf"]
    room = resources.files(__package__ or "")
    text = "".join((room / part).read_text("utf-8") for part in parts)
    if where.tls_port is not None and where.revoked:
        text += "crlfile $folder/crl.pem\n"
    return Template(text).substitute(
        folder=where.folder, host=where.host, port=where.port, tls_port=where.tls_port or 0
    )


def passwords(logins: Sequence[Login], listener_hash: str) -> str:
    """The password file: a name and its hash in each line."""
    lines = [f"{LISTENER}:{listener_hash}", *(f"{one.username}:{one.hash}" for one in logins)]
    return "".join(f"{line}\n" for line in lines)


def access(logins: Sequence[Login]) -> str:
    """The file of who may say and hear what. First credentials are named like their key: patterns suffice."""
    blocks = [_block(LISTENER, LISTENER_MAY)]
    blocks += [_block(one.username, one.may) for one in logins if generation_of(one.username) > 1]
    return HEAD + PATTERNS + "".join(blocks)


def access_by_certificate() -> str:
    """The same for users that a certificate names: nobody comes as the listener that way."""
    return HEAD + PATTERNS


def _block(username: str, may: Allowed) -> str:
    lines = [f"topic write {topic}" for topic in may.write] + [f"topic read {topic}" for topic in may.read]
    return "".join(f"{line}\n" for line in ("", f"user {username}", *lines))
