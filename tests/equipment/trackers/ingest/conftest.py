"""A real Mosquitto of one test, that can be killed and started again; devices that are on the register."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONF = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 5
max_inflight_messages 1000
max_queued_messages 1000000
max_queued_bytes 536870912
upgrade_outgoing_qos true
max_packet_size 65536
log_type none
"""


@dataclass
class Mosquitto:
    """A broker on a port of its own; its session store survives ``restart``."""

    folder: Path
    port: int
    host: str = "127.0.0.1"
    username: str | None = None
    password: str | None = None
    tls_ca: None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        conf = self.folder / "mosquitto.conf"
        user = "" if os.geteuid() else "user root\n"
        conf.write_text(user + CONF.format(port=self.port, folder=self.folder))
        self.process = subprocess.Popen([program, "-c", str(conf)])
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                socket.create_connection((self.host, self.port), 0.2).close()
            except OSError:
                time.sleep(0.01)
            else:
                return
        raise AssertionError("mosquitto did not start")

    def stop(self) -> None:
        """Stop it in order: it saves its sessions."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(5)
            self.process = None

    def restart(self) -> None:
        """Stop and start again on the same port."""
        self.stop()
        self.start()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker for one test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broker = Mosquitto(tmp_path, port)
    broker.start()
    yield broker
    broker.stop()
