"""Ports of this machine."""

from __future__ import annotations

import socket


def a_port() -> int:
    """One that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
