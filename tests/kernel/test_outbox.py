"""The outbox: nothing leaves before the commit, nothing is lost, a repetition is harmless."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from shared_resources.kernel import clock, outbox
from shared_resources.kernel.database.transaction import reading, verb

if TYPE_CHECKING:
    from collections.abc import Mapping


class Receiver:
    """Takes what is delivered; fails as often as it was told to."""

    def __init__(self, failures: int = 0) -> None:
        self.got: list[Mapping[str, Any]] = []
        self.ids: list[UUID] = []
        self.failures = failures

    async def take(self, message: UUID, body: Mapping[str, Any]) -> None:
        self.ids.append(message)
        if self.failures:
            self.failures -= 1
            raise ConnectionError("no answer")
        self.got.append(body)

    async def deliver(self, most: int = 20) -> int:
        return await outbox.deliver({"post": self.take}, most)


@verb
async def post(key: str, topic: str = "post", *, fail: bool = False) -> None:
    await outbox.post(topic, key, {"key": key, "day": clock.today()})
    if fail:
        raise ZeroDivisionError


async def row(key: str = "k") -> Any:
    async with reading() as db:
        return await db.fetchrow("SELECT * FROM outbox WHERE key = $1", key)


async def test_delivered_once_after_the_commit(db: str) -> None:
    receiver = Receiver()
    await post("k")
    await post("k")
    assert await receiver.deliver() == 1
    assert await receiver.deliver() == 0
    assert [body["key"] for body in receiver.got] == ["k"]
    assert (await row())["done_at"] is not None


async def test_act_that_failed_says_nothing(db: str) -> None:
    with pytest.raises(ZeroDivisionError):
        await post("k", fail=True)
    assert await Receiver().deliver() == 0
    assert await row() is None


async def test_one_bad_message_stops_no_other(db: str) -> None:
    receiver = Receiver(failures=1)
    for number in range(3):
        await post(f"k{number}")
    await post("foreign", topic="unknown")
    assert await receiver.deliver() == 4
    assert len(receiver.got) == 2
    assert "KeyError" in (await row("foreign"))["error"]


async def test_crash_after_handling_repeats_with_the_same_id(db: str) -> None:
    """The process died before it could mark the message done: the claim runs out, the message comes again."""
    receiver = Receiver()
    await post("k")
    claimed = await outbox.claim()
    assert claimed is not None
    await receiver.take(claimed["id"], {})
    assert await receiver.deliver() == 0
    with clock.at(clock.now() + timedelta(seconds=outbox.CLAIM_SECONDS + 1)):
        assert await receiver.deliver() == 1
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


async def test_pauses_grow_until_it_is_kept_as_failed(db: str) -> None:
    receiver, pauses = Receiver(failures=100), []
    await post("k")
    at = clock.now()
    for number in range(1, outbox.MOST_TRIES + 1):
        with clock.at(at):
            assert await receiver.deliver() == 1
            assert await receiver.deliver() == 0
        waiting = await row()
        assert waiting["tries"] == number
        pauses.append((waiting["due_at"] - at).total_seconds())
        at = waiting["due_at"]
    assert all(later > 1.2 * sooner for sooner, later in zip(pauses, pauses[2:], strict=False))
    assert (await row())["failed_at"] is not None
    with clock.at(at + timedelta(days=30)):
        assert await receiver.deliver() == 0
    assert "no answer" in (await row())["error"]


async def test_success_after_failures_forgets_the_error(db: str) -> None:
    receiver = Receiver(failures=1)
    await post("k")
    await receiver.deliver()
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert await receiver.deliver() == 1
    delivered = await row()
    assert (delivered["error"], delivered["failed_at"], delivered["tries"]) == (None, None, 2)


async def test_many_deliverers_share_without_repeating(db: str) -> None:
    receiver = Receiver()
    for number in range(40):
        await post(f"k{number}")
    counts = await asyncio.gather(*(receiver.deliver(most=100) for _ in range(4)))
    assert sum(counts) == 40
    assert set(Counter(body["key"] for body in receiver.got).values()) == {1}


async def test_stop_in_the_middle_finishes_the_message_at_hand(db: str) -> None:
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: UUID, __: Mapping[str, Any]) -> None:
        began.set()
        await go_on.wait()

    await post("k0")
    await post("k1")
    delivering = asyncio.create_task(outbox.deliver({"post": slow}))
    await began.wait()
    delivering.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert (await row("k0"))["done_at"] is not None
    waiting = await row("k1")
    assert (waiting["done_at"], waiting["locked_until"], waiting["tries"]) == (None, None, 0)
