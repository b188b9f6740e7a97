"""Credentials as the broker knows them: let in with its own topics only, renewed with a grace, shut out at once.

Everything here holds for Mosquitto and for the stand-in in Python alike.
"""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from shared_resources.equipment.trackers.queries.devices import device_page
from shared_resources.equipment.trackers.schemas.devices import SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.service.credentials import (
    Issued,
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from shared_resources.equipment.trackers.service.devices import register_tracker, retire_tracker
from shared_resources.equipment.trackers.service.sources import register_source, retire_source
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Taken, WrongState
from tests.equipment.trackers.broker.conftest import our_broker
from tests.equipment.trackers.mosquitto import comes, guest
from tests.equipment.trackers.register.devices import a_model, a_tracker, count
from tests.people import make_cast

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.equipment.trackers.broker.conftest import Ours

pytestmark = pytest.mark.usefixtures("needs_mosquitto")
BROKERS = pytest.mark.parametrize("program", ["mosquitto", "none"])


async def a_source(keeper: Actor, key: str = "door-1") -> str:
    """A gateway at no depot."""
    return await register_source(keeper, SourceDraft(key=key, name="门口", payload="ble"))


async def credential(username: str) -> UUID:
    """The id behind a name."""
    async with reading() as db:
        found: UUID = await db.fetchval("SELECT id FROM tracker_credential WHERE username = $1", username)
    return found


def wrong(issued: Issued) -> Issued:
    """The same name with another password."""
    return Issued(issued.username, issued.password + "x")


@BROKERS
async def test_a_device_is_let_in_and_reaches_only_its_own_topics(
    db: str, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    keeper = (await make_cast()).owner.custodian
    async with our_broker(monkeypatch, db, MOSQUITTO=program) as broker:
        (one, _), (other, _) = await a_tracker(keeper), await a_tracker(keeper)
        mine, theirs = await issue_credential(keeper, tracker=one), await issue_credential(keeper, tracker=other)
        assert await broker.lets_in(mine)
        assert await broker.lets_in(theirs)
        assert not await broker.lets_in(wrong(mine), within=False)
        assert await broker.reaches_listener(f"t/{mine.username}/obs", mine)
        assert await broker.reaches_listener(f"owntracks/{mine.username}/phone", mine)
        assert not await broker.reaches_listener(f"t/{theirs.username}/obs", mine)
        assert not await broker.reaches_listener(f"owntracks/{theirs.username}/phone", mine)
        assert not await broker.reaches_listener("s/door-1/x", mine)
        await asyncio.to_thread(hears_only_its_own, broker, mine, theirs)
        await asyncio.to_thread(leaves_no_will_for_others, broker, mine, theirs)


def hears_only_its_own(broker: Ours, mine: Issued, theirs: Issued) -> None:
    """What is asked of a device comes to it; what others say or are asked does not."""
    ours = broker_address()
    with guest(broker.port, mine.username, mine.password) as device:
        for topic in (f"cmd/{mine.username}/#", f"cmd/{theirs.username}/#", "cmd/+/desired", "t/#", "#"):
            device.hear(topic)
        with guest(broker.port, ours.username, ours.password) as listener:
            listener.say(f"cmd/{theirs.username}/desired", b"theirs")
            with guest(broker.port, theirs.username, theirs.password) as another:
                another.say(f"t/{theirs.username}/obs")
            listener.say(f"cmd/{mine.username}/desired", b"mine")
        assert comes(lambda: (f"cmd/{mine.username}/desired", b"mine") in device.heard)
        assert {topic for topic, _ in device.heard} == {f"cmd/{mine.username}/desired"}


def leaves_no_will_for_others(broker: Ours, mine: Issued, theirs: Issued) -> None:
    """A last will on a topic of another device is never told."""
    ours = broker_address()
    with guest(broker.port, ours.username, ours.password) as listener:
        listener.hear("t/+/#")
        for key in (theirs.username, mine.username):
            try:
                with guest(broker.port, mine.username, mine.password, will=f"t/{key}/status") as device:
                    device.client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
                    assert comes(device.gone.is_set)
            except PermissionError:
                assert key == theirs.username
        assert comes(lambda: bool(listener.heard))
        assert {topic for topic, _ in listener.heard} == {f"t/{mine.username}/status"}


@BROKERS
async def test_a_revoked_device_is_shut_out_at_once_and_the_others_stay(
    db: str, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    keeper = (await make_cast()).owner.custodian
    async with our_broker(monkeypatch, db, MOSQUITTO=program) as broker:
        (one, _), (other, _) = await a_tracker(keeper), await a_tracker(keeper)
        mine, theirs = await issue_credential(keeper, tracker=one), await issue_credential(keeper, tracker=other)
        assert await broker.lets_in(mine)
        assert await broker.lets_in(theirs)
        with (
            guest(broker.port, mine.username, mine.password) as device,
            guest(broker.port, theirs.username, theirs.password) as another,
        ):
            await revoke_credential(keeper, await credential(mine.username))
            assert await asyncio.to_thread(comes, device.gone.is_set)
            await asyncio.to_thread(another.say, f"t/{theirs.username}/obs")
            assert not another.gone.is_set()
        assert not await broker.lets_in(mine, within=False)
        await retire_tracker(keeper, other, "拆除")
        assert not await broker.lets_in(theirs, within=False)


@BROKERS
async def test_new_credentials_and_the_old_ones_both_do_until_the_grace_ends(
    db: str, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    keeper = (await make_cast()).owner.custodian
    async with our_broker(monkeypatch, db, MOSQUITTO=program) as broker:
        number, _ = await a_tracker(keeper)
        old = await issue_credential(keeper, tracker=number)
        new = await rotate_credential(keeper, tracker=number, grace_hours=24)
        assert new.username == f"{old.username}.2"
        assert await broker.lets_in(new)
        assert await broker.lets_in(old)
        topic = f"t/{old.username}/obs"
        assert await broker.reaches_listener(topic, new)
        assert await broker.reaches_listener(topic, old)
        await pass_grace()
        assert not await broker.lets_in(old, within=False)
        assert await broker.lets_in(new)


async def pass_grace() -> None:
    """A day and an hour later, as the rows see it."""
    async with transaction() as conn:
        await conn.execute("UPDATE tracker_credential SET valid_until = valid_until - interval '25 hours'")
        await conn.execute("SELECT pg_notify('broker', '')")


async def test_a_gateway_speaks_below_its_key_only(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = (await make_cast()).owner.custodian
    async with our_broker(monkeypatch, db) as broker:
        issued = await issue_credential(keeper, source=await a_source(keeper))
        assert await broker.lets_in(issued)
        newer = await rotate_credential(keeper, source="door-1")
        assert await broker.lets_in(newer)
        for one in (issued, newer):
            assert await broker.reaches_listener("s/door-1/home/BTtoMQTT/AA", one)
            assert not await broker.reaches_listener("s/door-2/home/BTtoMQTT/AA", one)
        await retire_source(keeper, "door-1")
        assert not await broker.lets_in(newer, within=False)


async def test_what_is_kept_is_no_password_and_the_journal_says_who(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    issued = await issue_credential(keeper, tracker=number)
    newer = await rotate_credential(keeper, tracker=number)
    await revoke_credential(keeper, await credential(newer.username))
    assert issued.password not in repr(issued)
    assert len({issued.password, newer.password}) == 2
    async with reading() as conn:
        kept = await conn.fetch("SELECT * FROM tracker_credential")
        lines = await conn.fetch("SELECT * FROM journal_line")
    everything = repr([[*map(dict, kept)], [*map(dict, lines)]])
    assert issued.password not in everything
    assert newer.password not in everything
    assert all(row["hash"].startswith("$7$101$") for row in kept)
    page = await device_page(keeper, number)
    assert [one.username for one in page.credentials] == [newer.username, issued.username]
    for name in ("issue_credential", "rotate_credential", "revoke_credential"):
        assert name in everything


async def test_who_may_not_and_what_cannot(db: str) -> None:
    cast = await make_cast()
    keeper = cast.owner.custodian
    number, _ = await a_tracker(keeper)
    with pytest.raises(WrongState):
        await rotate_credential(keeper, tracker=number)
    with pytest.raises(NotFound):
        await issue_credential(cast.borrower.custodian, tracker=number)
    issued = await issue_credential(keeper, tracker=number)
    with pytest.raises(WrongState):
        await issue_credential(keeper, tracker=number)
    with pytest.raises(Invalid):
        await rotate_credential(keeper, tracker=number, grace_hours=-1)
    with pytest.raises((NotFound, NotAllowed)):
        await revoke_credential(cast.borrower.custodian, await credential(issued.username))
    await revoke_credential(keeper, await credential(issued.username))
    with pytest.raises(WrongState):
        await revoke_credential(keeper, await credential(issued.username))
    again = await issue_credential(keeper, tracker=number)
    assert again.username == f"{issued.username}.2"
    await retire_tracker(keeper, number, "拆除")
    assert await count("tracker_credential", "revoked_at IS NULL") == 0
    with pytest.raises(WrongState):
        await issue_credential(keeper, tracker=number)


async def test_a_tagged_device_has_no_credentials_of_its_own(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    key, model = await a_source(keeper), await a_model(keeper, payload="ble")
    draft = TrackerDraft(name="标签", model=model, source=key, natural_id="AA:BB:CC:DD:EE:01")
    moved = await register_tracker(keeper, draft)
    with pytest.raises(WrongState):
        await issue_credential(keeper, tracker=moved.number)


async def test_no_device_and_gateway_share_a_name_at_the_broker(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    model = await a_model(keeper)
    await a_source(keeper, "one")
    with pytest.raises(Taken):
        await register_tracker(keeper, TrackerDraft(name="x", model=model, key="one"))
    await register_tracker(keeper, TrackerDraft(name="x", model=model, key="two"))
    with pytest.raises(Taken):
        await a_source(keeper, "two")
    with pytest.raises(Taken):
        await register_tracker(keeper, TrackerDraft(name="x", model=model, key="shared-resources"))
