"""One set of messages leaves the same rows in whatever order, batches and repetitions it comes."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_resources.equipment.trackers.ingest.storing import store
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from tests.equipment.trackers.ingest.stream import message, rows
from tests.equipment.trackers.register.devices import tracked_loan
from tests.makers import HOUR, START
from tests.people import make_cast

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.ingest.bridge import Message

NOON = START + HOUR
WORDS = st.tuples(
    st.integers(0, 1),
    st.integers(-900, 400),
    st.sampled_from([None, (29.563, 106.551), (29.5631, 106.551), (29.6, 106.6)]),
    st.sampled_from([None, True]),
    st.booleans(),
    st.integers(0, 60),
)


async def keys(trackers: list[Any]) -> list[str]:
    """The keys of trackers, in their order."""
    async with transaction() as db:
        return [await db.fetchval("SELECT key FROM tracker WHERE id = $1", one) for one in trackers]


def said(key: str, at: int, place: Any, tamper: bool | None, retained: bool, after: int) -> Message:
    """One word as it came."""
    fix_at = NOON + timedelta(seconds=at)
    told = {"at": fix_at.timestamp(), "tamper": tamper}
    if place:
        told |= {"lat": place[0], "lon": place[1]}
    received = max(fix_at, NOON) + timedelta(seconds=after)
    return message(f"t/{key}/obs", json.dumps(told).encode(), received, retained=retained)


async def left_by(batches: list[list[Message]]) -> Any:
    """What is in history and state after these batches, from nothing."""
    async with transaction() as db:
        await db.execute("DELETE FROM position")
        await db.execute("DELETE FROM tracker_state")
    with clock.at(NOON + HOUR):
        for batch in batches:
            await store(batch)
    return await rows_of("position"), await rows_of("tracker_state")


async def rows_of(table: str) -> list[str]:
    """Rows as texts, for None has no order."""
    return sorted(map(repr, await rows(table)))


made: dict[str, list[str]] = {}
"""By database: the keys of a tracker whose item is out, and of one whose item is at home."""


async def names_of(db: str) -> list[str]:
    """Two trackers, once for all examples."""
    if db not in made:
        cast = await make_cast()
        await keep_months()
        lent = [(await tracked_loan(cast, state)).tracker for state in ("out", "reserved")]
        made[db] = await keys(lent)
    return made[db]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(WORDS, min_size=1, max_size=12), data=st.data())
async def test_any_order_gives_the_same(db: str, told: list[Any], data: st.DataObject) -> None:
    names = await names_of(db)
    whole = [said(names[who], *more) for who, *more in told]
    again = data.draw(st.lists(st.sampled_from(whole), max_size=6))
    mixed = data.draw(st.permutations([*whole, *again]))
    cut = data.draw(st.integers(1, len(mixed)))
    batches = [mixed[at : at + cut] for at in range(0, len(mixed), cut)]
    assert await left_by(batches) == await left_by([whole])


async def test_coordinates_are_kept_only_while_the_item_is_out(db: str) -> None:
    out, home = await names_of(db)
    place = (29.563, 106.551)
    history, state = await left_by([[said(key, 0, place, None, False, 0) for key in (out, home)]])
    for found in (history, state):
        assert sum("29.563" in row for row in found) == 1
    before = await left_by([[said(out, -7200, place, None, False, 0)]])
    assert not any("29.563" in row for found in before for row in found)
