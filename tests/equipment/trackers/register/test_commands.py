"""What is asked of a device reaches the broker, newest last, and is shown as pending until the device says so."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from paho.mqtt import subscribe

from shared_resources.equipment.trackers.queries.devices import device_page
from shared_resources.equipment.trackers.schemas.devices import DesiredState, TrackerDraft
from shared_resources.equipment.trackers.service.commands import ask_of_tracker, deliver_desired, desired_handler
from shared_resources.equipment.trackers.service.devices import register_tracker, retire_tracker
from shared_resources.equipment.trackers.service.publishing import publish
from shared_resources.kernel import outbox
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, WrongState
from tests.equipment.trackers.register.devices import a_model, a_tracker, count
from tests.people import make_cast
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("db")
ASKED = DesiredState(interval_seconds=60, find=True)


@dataclass(frozen=True)
class Here:
    """A broker on this machine."""

    port: int
    host: str = "127.0.0.1"
    username: str = "shared-resources"
    password: str = "none"
    tls_ca: None = None


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Here]:
    """A Mosquitto that lets everybody in: here it is about what it keeps."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    assert program, "these tests need mosquitto"
    here, folder = Here(a_port()), tmp_path_factory.mktemp("mosquitto")
    config: Path = folder / "mosquitto.conf"
    config.write_text(f"listener {here.port} 127.0.0.1\nallow_anonymous true\npersistence false\n", "utf-8")
    with subprocess.Popen([program, "-c", str(config)], stderr=subprocess.DEVNULL) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex((here.host, here.port)) == 0:
                    break
            process.poll()
        yield here
        process.terminate()


async def kept(broker: Here, key: str) -> bytes:
    """What the broker keeps for a device: its retained message, empty without one."""
    marker = f"cmd/{key}/marker"
    await asyncio.to_thread(publish, broker, marker, b"end")
    topics = [f"cmd/{key}/desired", marker]
    found = await asyncio.to_thread(
        subscribe.simple, topics, qos=1, msg_count=1, hostname=broker.host, port=broker.port
    )
    return b"" if found.topic == marker else bytes(found.payload)


async def test_what_is_asked_is_pending_until_it_is_reported(broker: Here) -> None:
    """By way of the outbox; a device out of use has nothing kept for it."""
    keeper = (await make_cast()).owner.custodian
    number, tracker = await a_tracker(keeper)
    assert await ask_of_tracker(keeper, number, ASKED) == 1
    page = await device_page(keeper, number)
    assert (page.is_pending, page.desired) == (True, ASKED)
    handlers = {"tracker": desired_handler(lambda: broker)}
    assert await outbox.deliver(handlers) == 1
    assert json.loads(await kept(broker, page.key)) == {"rev": 1, "interval": 60, "find": True}
    async with transaction() as db:
        await db.execute("UPDATE tracker SET reported_rev = 1 WHERE id = $1", tracker)
    assert not (await device_page(keeper, number)).is_pending
    await retire_tracker(keeper, number, "坏了")
    assert await outbox.deliver(handlers) == 1
    assert await kept(broker, page.key) == b""
    assert await count("outbox", "done_at IS NULL") == 0
    with pytest.raises(WrongState):
        await ask_of_tracker(keeper, number, ASKED)


async def test_an_older_wish_never_takes_the_place_of_a_newer(broker: Here) -> None:
    """In whatever order the messages are handled, also at once."""
    keeper = (await make_cast()).owner.custodian
    number, tracker = await a_tracker(keeper)
    for seconds in (30, 60, 90):
        await ask_of_tracker(keeper, number, DesiredState(interval_seconds=seconds))
    await asyncio.gather(*(deliver_desired(tracker, revision, lambda: broker) for revision in (3, 1, 2)))
    page = await device_page(keeper, number)
    assert json.loads(await kept(broker, page.key)) == {"rev": 3, "interval": 90, "find": False}


async def test_a_broker_that_is_away_is_tried_again() -> None:
    """The message stays."""
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    await ask_of_tracker(keeper, number, ASKED)
    assert await outbox.deliver({"tracker": desired_handler(lambda: Here(a_port()))}) == 1
    assert await count("outbox", "done_at IS NULL AND error IS NOT NULL") == 1


async def test_a_phone_takes_no_commands_from_here() -> None:
    """Refused at once, instead of pending for ever."""
    keeper = (await make_cast()).owner.custodian
    model = await a_model(keeper, payload="owntracks")
    phone = await register_tracker(keeper, TrackerDraft(name="手机", model=model))
    with pytest.raises(Invalid):
        await ask_of_tracker(keeper, phone.number, ASKED)
