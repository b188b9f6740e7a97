"""The stand-in where Mosquitto is missing: amqtt, in a process of its own, with the files written for Mosquitto.

For a demo on one machine. It loses messages under load and forgets its sessions when it ends (measured), so its
starter says so. SIGHUP has it read the files again and shuts out whom they no longer let in.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin

from shared_resources.equipment.trackers.broker.access import Access, parse
from shared_resources.equipment.trackers.rules.credentials import is_password

if TYPE_CHECKING:
    from amqtt.session import Session

HERE = "shared_resources.equipment.trackers.broker.fallback"


@dataclass
class Known:
    """What the files say at the moment."""

    hashes: dict[str, str]
    access: Access

    def read(self, folder: Path) -> None:
        """Read the files anew."""
        lines = (folder / "passwords").read_text("utf-8").splitlines()
        self.hashes = dict(line.split(":", 1) for line in lines if ":" in line)
        self.access = parse((folder / "acl").read_text("utf-8"))


KNOWN = Known({}, Access((), {}))


class ByPassword(BaseAuthPlugin):  # type: ignore[misc]
    """Lets in whom the password file names, if the last will too is within what the user may say."""

    async def authenticate(self, *, session: Session) -> bool:
        """Whether name and password fit."""
        name, kept = session.username or "", KNOWN.hashes.get(session.username or "", "")
        if not is_password(session.password or "", kept):
            return False
        will = session.will_topic if session.will_flag else None
        return will is None or KNOWN.access.may_write(name, will)


class ByFile(BaseTopicPlugin):  # type: ignore[misc]
    """Lets say and hear what the access file allows."""

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool:
        """Whether the user may do so with the topic or filter."""
        name = session.username if session is not None else None
        if not name or topic is None or name not in KNOWN.hashes:
            return False
        if action == Action.PUBLISH:
            return KNOWN.access.may_write(name, topic)
        return KNOWN.access.may_read(name, topic)


async def run(folder: Path, host: str, port: int) -> None:
    """Serve until SIGTERM."""
    loop, stop, again = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGHUP, again.set)
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    KNOWN.read(folder)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"{host}:{port}"}},
            "plugins": {f"{HERE}.ByPassword": {}, f"{HERE}.ByFile": {}},
        }
    )
    await broker.start()
    reading = asyncio.create_task(_read_again(broker, folder, again))
    await stop.wait()
    reading.cancel()
    with suppress(TimeoutError):
        async with asyncio.timeout(3):
            await broker.shutdown()


async def _read_again(broker: Broker, folder: Path, again: asyncio.Event) -> None:
    while True:
        await again.wait()
        again.clear()
        before = dict(KNOWN.hashes)
        KNOWN.read(folder)
        for session, handler in list(broker.sessions.values()):
            name = session.username or ""
            if session.transitions.is_connected() and before.get(name) != KNOWN.hashes.get(name):
                await _shut_out(handler)


async def _shut_out(handler: Any) -> None:
    if handler.writer is not None:
        await handler.writer.close()


def main(arguments: list[str]) -> None:
    """``folder host port``."""
    logging.basicConfig(level=logging.ERROR)
    folder, host, port = arguments
    # Plugins name this module by its path; run with -m it would otherwise be there twice, each with its own KNOWN.
    sys.modules[HERE] = sys.modules[__name__]
    with suppress(asyncio.CancelledError):
        asyncio.run(run(Path(folder), host, int(port)))


if __name__ == "__main__":
    main(sys.argv[1:])
