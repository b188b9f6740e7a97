"""Our own broker, kept up to date with the database of the test: Mosquitto with the configuration we ship."""

from __future__ import annotations

import asyncio
import os
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.trackers.broker.keeping import ADDED, find_mosquitto, kept
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.settings import settings
from tests.equipment.trackers.mosquitto import Certificate, Guest, comes, guest, is_let_in
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared_resources.equipment.trackers.service.credentials import Issued


@dataclass(frozen=True)
class Ours:
    """The broker and ways to try it from a thread."""

    port: int
    tls_port: int
    ended: asyncio.Task[str]

    async def lets_in(self, issued: Issued, *, within: bool = True) -> bool:
        """Whether it takes the credentials; waits a little for what the files have yet to say (``within``)."""

        def ask() -> bool:
            return is_let_in(self.port, issued.username, issued.password) is within

        return within if await asyncio.to_thread(comes, ask) else not within

    async def reaches_listener(self, topic: str, who: Issued | Certificate) -> bool:
        """Whether a word of this client on ``topic`` comes to our own listener."""
        return await asyncio.to_thread(self._reaches, topic, who)

    def _reaches(self, topic: str, who: Issued | Certificate) -> bool:
        ours = broker_address()
        with guest(self.port, ours.username, ours.password) as listener:
            listener.hear("t/+/#", "owntracks/+/#", "s/+/#")
            entering: Any = (
                guest(self.tls_port, tls=who)
                if isinstance(who, Certificate)
                else guest(self.port, who.username, who.password)
            )
            with entering as device:
                device.say(topic)
                # The broker keeps the order: when its own word is there, the one before it has come or never will.
                return self._before_the_last(listener, device, topic, who)

    def _before_the_last(self, listener: Guest, device: Guest, topic: str, who: Any) -> bool:
        name = who.name if isinstance(who, Certificate) else who.username.partition(".")[0]
        for prefix in ("t", "s"):
            device.say(f"{prefix}/{name}/last")
        assert comes(lambda: any(heard.endswith("/last") for heard, _ in listener.heard))
        return topic in [heard for heard, _ in listener.heard]


@asynccontextmanager
async def our_broker(patch: pytest.MonkeyPatch, dsn: str, *, added: str = "", **more: str) -> AsyncIterator[Ours]:
    """A broker in a state folder of its own."""
    ports, before = (a_port(), a_port()), os.environ["SHARED_RESOURCES_STATE_DIR"]
    with tempfile.TemporaryDirectory(prefix="sr-broker-") as folder:
        os.chmod(folder, 0o711)  # the broker's user must get through when we are root
        if added:
            os.mkdir(f"{folder}/{ADDED}")
            with open(f"{folder}/{ADDED}/more.conf", "w", encoding="utf-8") as file:  # noqa: ASYNC230 a test
                file.write(added)
        named = {"STATE_DIR": folder, "DATABASE_URL": dsn, "BROKER_PORT": str(ports[0])}
        named |= {"BROKER_TLS_PORT": str(ports[1]), **more}
        for name, value in named.items():
            patch.setenv(f"SHARED_RESOURCES_{name}", value)
        settings.cache_clear()
        try:
            async with kept() as ended:
                yield Ours(*ports, ended)
        finally:
            for name in named:
                patch.delenv(f"SHARED_RESOURCES_{name}")
            patch.setenv("SHARED_RESOURCES_STATE_DIR", before)
            settings.cache_clear()


@pytest.fixture
def needs_mosquitto() -> None:
    """Fails, and does not skip: what is not tried with the real one is not known."""
    assert find_mosquitto(), "these tests need mosquitto. On Debian: apt-get install mosquitto"
