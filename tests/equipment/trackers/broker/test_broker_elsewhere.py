"""A broker elsewhere, kept in step by Mosquitto's own plugin: the real one, with nothing but its administrator."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared_resources.equipment.trackers.broker.dynamic import keep, reconcile
from shared_resources.equipment.trackers.broker.keeping import find_mosquitto
from shared_resources.equipment.trackers.queries.devices import device_page
from shared_resources.equipment.trackers.rules.credentials import Allowed
from shared_resources.equipment.trackers.rules.dynsec import entering, plan
from shared_resources.equipment.trackers.service.credentials import (
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from shared_resources.equipment.trackers.service.dynsec import admin_address, apply
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import WrongState
from shared_resources.settings import settings
from tests.equipment.trackers.broker.conftest import Ours
from tests.equipment.trackers.broker.test_credentials import a_source, credential
from tests.equipment.trackers.mosquitto import comes, guest, is_let_in
from tests.equipment.trackers.register.devices import a_tracker
from tests.people import make_cast
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.usefixtures("needs_mosquitto")
PLUGIN = next(
    Path("/usr/lib").glob("*/mosquitto_dynamic_security.so"), Path("/usr/lib/mosquitto_dynamic_security.so")
)
ADMIN = "it-is-the-administrator"
WORD = "the listener's/word"


def started(folder: str, port: int) -> subprocess.Popen[bytes]:
    """Mosquitto with its plugin and one administrator."""
    file, conf = f"{folder}/dynsec.json", Path(folder) / "mosquitto.conf"
    subprocess.run(["mosquitto_ctrl", "dynsec", "init", file, "admin", ADMIN], check=True, capture_output=True)
    lines = ["user root"] if os.geteuid() == 0 else []
    lines += [f"listener {port} 127.0.0.1", "allow_anonymous false"]
    conf.write_text("\n".join([*lines, f"plugin {PLUGIN}", f"plugin_opt_config_file {file}\n"]))
    return subprocess.Popen([str(find_mosquitto()), "-c", str(conf)], stderr=subprocess.DEVNULL)


@asynccontextmanager
async def elsewhere(patch: pytest.MonkeyPatch) -> AsyncIterator[Ours]:
    """A broker as the guide sets it up, and settings that name it."""
    port = a_port()
    with tempfile.TemporaryDirectory(prefix="sr-dynsec-") as folder:
        process = await asyncio.to_thread(started, folder, port)
        patch.setenv(
            "SHARED_RESOURCES_BROKER_URL", f"mqtt://shared-resources:{quote(WORD, safe='')}@127.0.0.1:{port}"
        )
        patch.setenv("SHARED_RESOURCES_BROKER_ADMIN_URL", f"mqtt://admin:{ADMIN}@127.0.0.1:{port}")
        settings.cache_clear()
        try:
            assert await asyncio.to_thread(comes, lambda: is_let_in(port, "admin", ADMIN))
            yield Ours(port, 0, asyncio.get_running_loop().create_task(asyncio.sleep(0, "")))
        finally:
            process.terminate()
            process.wait()
            patch.delenv("SHARED_RESOURCES_BROKER_URL")
            patch.delenv("SHARED_RESOURCES_BROKER_ADMIN_URL")
            settings.cache_clear()


async def told(*commands: dict[str, Any]) -> list[dict[str, Any]]:
    """The broker's answers to its administrator."""
    admin = admin_address()
    assert admin
    return await asyncio.to_thread(apply, admin, commands)


async def known() -> tuple[set[str], set[str]]:
    """Names and roles that stand at the broker."""
    clients, roles = await told({"command": "listClients"}, {"command": "listRoles"})
    return set(clients["data"]["clients"]), set(roles["data"]["roles"])


async def look() -> tuple[str, ...]:
    """Have it brought in step."""
    admin = admin_address()
    assert admin
    return await reconcile(admin)


async def test_what_is_issued_is_let_in_with_its_own_topics_and_goes_when_revoked(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    async with elsewhere(monkeypatch) as broker:
        assert await look() == ()
        mine = await issue_credential(keeper, tracker=number)
        gateway = await issue_credential(keeper, source=await a_source(keeper))
        assert await broker.lets_in(mine)
        assert await broker.reaches_listener(f"t/{mine.username}/obs", mine)
        assert not await broker.reaches_listener("s/door-1/x", mine)
        assert await broker.reaches_listener("s/door-1/x", gateway)
        assert not await broker.reaches_listener(f"t/{mine.username}/obs", gateway)
        renewed = await rotate_credential(keeper, tracker=number, grace_hours=1)
        before = await known()
        assert await look() == ()
        assert await known() == before
        assert await broker.lets_in(mine)
        assert await broker.lets_in(renewed)
        await revoke_credential(keeper, await credential(mine.username))

        def shut_out() -> bool:
            with guest(broker.port, mine.username, mine.password) as device:
                asyncio.run_coroutine_threadsafe(look(), loop).result()
                return device.gone.wait(5)

        loop = asyncio.get_running_loop()
        assert await asyncio.to_thread(shut_out)
        assert not await broker.lets_in(mine, within=False)
        clients, roles = await known()
        assert mine.username not in clients
        assert {"admin", "shared-resources", gateway.username, renewed.username} <= clients
        assert "admin" in roles


async def test_when_the_broker_does_not_answer_there_are_no_credentials(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    monkeypatch.setenv("SHARED_RESOURCES_BROKER_ADMIN_URL", f"mqtt://admin:x@127.0.0.1:{a_port()}")
    settings.cache_clear()
    try:
        with pytest.raises(WrongState):
            await issue_credential(keeper, tracker=number)
        with pytest.raises(ConnectionRefusedError):
            await look()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    async with reading() as conn:
        assert await conn.fetchval("SELECT count(*) FROM tracker_credential") == 0


async def test_what_a_failed_verb_left_is_replaced_or_taken_away_and_others_are_not_touched(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = (await make_cast()).owner.custodian
    (number, _), (other, _) = await a_tracker(keeper), await a_tracker(keeper)
    key = (await device_page(keeper, number)).key
    stray = (await device_page(keeper, other)).key
    async with elsewhere(monkeypatch) as broker:
        for name in (key, stray):  # as a verb does that then does not commit
            await told(*entering(name, "lost", Allowed(write=("t/#",), read=("#",))))
        await told({"command": "createClient", "username": "somebody", "password": "x"})
        mine = await issue_credential(keeper, tracker=number)
        assert mine.username == key
        assert await broker.lets_in(mine)
        assert await look() == ()
        clients, roles = await known()
        assert clients == {"admin", "somebody", "shared-resources", key}
        assert not any(role.endswith(stray) for role in roles)
        assert await broker.reaches_listener(f"t/{key}/obs", mine)
        assert not await broker.reaches_listener(f"t/{stray}/obs", mine)


async def test_names_that_only_a_renewal_can_bring_are_told(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = (await make_cast()).owner.custodian
    mine = await issue_credential(keeper, tracker=(await a_tracker(keeper))[0])
    async with elsewhere(monkeypatch):
        assert await look() == (mine.username,)


async def test_the_process_hears_of_every_change(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    monkeypatch.setenv("SHARED_RESOURCES_DATABASE_URL", db)
    async with elsewhere(monkeypatch) as broker:
        admin = admin_address()
        assert admin
        running = asyncio.create_task(keep(admin))
        mine = await issue_credential(keeper, tracker=number)
        assert await broker.lets_in(mine)
        assert await asyncio.to_thread(comes, lambda: is_let_in(broker.port, "shared-resources", WORD))
        await revoke_credential(keeper, await credential(mine.username))
        assert not await broker.lets_in(mine, within=False)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    settings.cache_clear()


NAMES = some.sets(some.sampled_from(["a", "b", "a.2", "c"]))


@given(ours=NAMES, wanted=NAMES)
def test_only_what_is_ours_and_not_wanted_goes(ours: set[str], wanted: set[str]) -> None:
    made = plan(wanted, ours)
    assert {one["username"] for one in made.commands if "username" in one} == ours - wanted
    assert set(made.missing) == wanted - ours
