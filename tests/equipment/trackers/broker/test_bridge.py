"""A bridge as the guide sets it up brings the words of a server elsewhere below its source's key."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.trackers.broker.keeping import find_mosquitto
from shared_resources.equipment.trackers.service.address import broker_address
from tests.equipment.trackers.broker.conftest import our_broker
from tests.equipment.trackers.mosquitto import comes, guest, is_let_in
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("needs_mosquitto")
BRIDGE = """
connection tts-1
address 127.0.0.1:{port}
remote_username app@tenant
remote_password key
cleansession false
notifications false
try_private false
topic v3/app@tenant/devices/+/up in 0 s/tts-1/ ""
"""


@contextlib.contextmanager
def things_stack(port: int, folder: Path) -> Iterator[None]:
    """A server elsewhere that takes everybody."""
    conf = folder / "elsewhere.conf"
    conf.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nlog_type none\n")
    with subprocess.Popen([str(find_mosquitto()), "-c", str(conf)], stderr=subprocess.DEVNULL) as process:
        assert comes(lambda: is_let_in(port, "x", "x"))
        yield
        process.terminate()


def comes_over(theirs: int, ours: int) -> bool:
    """Whether a word said there is heard here. It is said until it comes: a bridge takes its time to connect."""
    address = broker_address()
    topic = "v3/app@tenant/devices/d1/up"
    with guest(ours, address.username, address.password) as listener, guest(theirs, "x", "x") as server:
        listener.hear("s/+/#")

        def said() -> bool:
            server.say(topic, b"{}")
            return (f"s/tts-1/{topic}", b"{}") in listener.heard

        return comes(said)


async def test_what_a_server_elsewhere_says_comes_below_its_sources_key(
    db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    theirs = a_port()
    with things_stack(theirs, tmp_path):
        async with our_broker(monkeypatch, db, added=BRIDGE.format(port=theirs)) as broker:
            assert await asyncio.to_thread(comes_over, theirs, broker.port)
