"""Where the broker is: for our own connection, and as devices are told."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shared_resources.equipment.trackers.rules.credentials import LISTENER
from shared_resources.settings import Settings, SettingsError, settings, variable

KEPT = "broker.key"
"""File of the state folder with the listener's password at our own broker."""
PORTS = {"mqtt": 1883, "mqtts": 8883}
SYSTEM_AUTHORITIES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/certs/ca-bundle.crt"))


@dataclass(frozen=True)
class Address:
    """Where the broker listens and as whom we come; ``tls_ca``: whose certificates it has to show, if any."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls_ca: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.tls_ca is not None


def broker_address() -> Address:
    """The broker as listener and worker reach it.

    Raises:
        SettingsError: an address that cannot be read.
    """
    chosen = settings()
    if chosen.broker_url is not None:
        return address_of(chosen.broker_url.get_secret_value(), "broker_url", chosen)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(chosen.broker_host, chosen.broker_host)  # noqa: S104
    return Address(host, chosen.broker_port, LISTENER, chosen.kept_secret(KEPT).decode())


def public_address() -> tuple[str, int, bool]:
    """Host, port and whether with TLS, as it is entered in a device."""
    told = settings().broker_public_url
    if told is not None:
        parts = urlsplit(told)
        return parts.hostname or "", parts.port or PORTS[parts.scheme], parts.scheme == "mqtts"
    ours = broker_address()
    return ours.host, ours.port, ours.tls


def address_of(url: str, name: str, chosen: Settings) -> Address:
    """What ``mqtt(s)://user:password@host:port`` says; ``name`` is the setting's, for the complaint.

    Raises:
        SettingsError: it says something else.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
        host, user, password = parts.hostname or "", unquote(parts.username or ""), unquote(parts.password or "")
    except (KeyError, ValueError):
        host = user = password = ""
        port = 0
    if not (host and user and password):
        raise SettingsError(f"{variable(name)}: wanted mqtt://user:password@host:port, or mqtts://…")
    return Address(host, port, user, password, _authorities(chosen) if parts.scheme == "mqtts" else None)


def _authorities(chosen: Settings) -> Path:
    if chosen.broker_ca is not None:
        return chosen.broker_ca
    known: str | None = ssl.get_default_verify_paths().cafile
    files = (Path(known), *SYSTEM_AUTHORITIES) if known else SYSTEM_AUTHORITIES
    for file in files:
        if file.exists():
            return file
    raise SettingsError(f"{variable('broker_ca')}: this machine names no authorities; name a file")
