"""Broker and listener beside the pages: up with them, up again when killed, gone with them even after kill -9."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import fresh_state, serving
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS = 60
COMMANDS = ("broker", "listen")


@pytest.mark.parametrize("program", ["", "none"])
def test_they_come_and_go_with_the_pages(program: str) -> None:
    with fresh_state() as state:
        port = a_port()
        with serving(state, TRACKERS="true", BROKER_PORT=str(port), MOSQUITTO=program) as server:
            assert comes(lambda: "Ctrl-C" in server.output)
            assert f"mqtt://127.0.0.1:{port}" in server.output
            assert ("delivery not guaranteed" in server.output) is bool(program)
            assert comes(lambda: answers(port)), (state / "broker.log").read_text()
            assert comes(lambda: len(children(state, *COMMANDS)) == 2)
            broker = children(state, "broker")[0]
            os.kill(broker, signal.SIGKILL)
            assert comes(lambda: bool(children(state, "broker")) and broker not in children(state, "broker"))
            assert comes(lambda: answers(port)), (state / "broker.log").read_text()
            assert server.end(signal.SIGTERM) == 0, server.output
        assert children(state, *COMMANDS, "mosquitto.conf") == []
        assert not answers(port)
        assert "Traceback" not in (state / "broker.log").read_text()


def test_they_are_gone_when_the_pages_are_killed() -> None:
    with fresh_state() as state:
        port = a_port()
        with serving(state, TRACKERS="true", BROKER_PORT=str(port)) as server:
            assert comes(lambda: answers(port) and len(children(state, *COMMANDS)) == 2)
            server.end(signal.SIGKILL)
            assert comes(lambda: children(state, *COMMANDS, "mosquitto.conf") == [])
            assert not answers(port)


def test_without_the_setting_there_are_none() -> None:
    with fresh_state() as state, serving(state) as server:
        assert comes(lambda: "Ctrl-C" in server.output)
        assert "mqtt://" not in server.output
        assert server.end(signal.SIGTERM) == 0
        assert not (state / "broker.log").exists()


def answers(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def children(state: Path, *last_words: str) -> list[int]:
    """Processes with this state folder whose command line ends in one of the words."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            words = (process / "cmdline").read_bytes().decode().rstrip("\0").split("\0")
            around = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if words[-1].endswith(last_words) and str(state) in around:
            found.append(int(process.name))
    return found


def comes(true: Callable[[], bool]) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
