"""A credential as it is shown, once: to copy, and as a configuration for phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.pages.provisioning import owntracks
from shared_resources.equipment.trackers.service.address import public_address
from shared_resources.kernel.qr import picture

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.service.credentials import Issued

OWNTRACKS = "owntracks"


def shown_once(made: Issued, payload: str, *, is_source: bool) -> dict[str, Any]:
    """What ``parts.secret`` shows of a credential just made."""
    host, port, tls = public_address()
    key = made.username.partition(".")[0]
    told = (
        "" if is_source or payload != OWNTRACKS else owntracks(host, port, made.username, made.password, tls=tls)
    )
    prefix = "s" if is_source else (OWNTRACKS if payload == OWNTRACKS else "t")
    return {
        "username": made.username,
        "password": made.password,
        "topics": f"{prefix}/{key}/…",
        "server": f"{'mqtts' if tls else 'mqtt'}://{host}:{port}",
        "owntracks": told,
        "qr": picture(told) if told else "",
    }
