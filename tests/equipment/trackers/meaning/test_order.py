"""Words of ten minutes leave the same alarms and check-ins in whatever order, batches and repetitions."""

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
from tests.equipment.trackers.ingest.stream import message
from tests.equipment.trackers.register.devices import PLACE, tracked_loan
from tests.makers import HOUR, START
from tests.people import make_cast

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.ingest.bridge import Message

NOON = START + HOUR
AWAY = (29.6, 106.6)
WORDS = st.tuples(
    st.integers(0, 599),
    st.sampled_from([None, PLACE, AWAY]),
    st.sampled_from([None, None, True]),
    st.sampled_from([None, 10, 22, 80]),
)
keys: dict[str, str] = {}
"""By database: the key of a tracker whose item is out, away from its depot a while ago."""


async def key_of(db: str) -> str:
    """One tracker, once for all examples; its depot lies at ``PLACE`` and the loan's area is small."""
    if db not in keys:
        await keep_months()
        made = await tracked_loan(await make_cast())
        async with transaction() as connection:
            await connection.execute("UPDATE depot SET latitude = $1, longitude = $2", *PLACE)
            await connection.execute(
                "INSERT INTO loan_area (id, loan, name, latitude, longitude, radius_m, set_by, set_at)"
                " SELECT gen_random_uuid(), id, '沙坪坝', 29.5, 106.5, 500, taker, starts_at FROM loan"
            )
            keys[db] = await connection.fetchval("SELECT key FROM tracker WHERE id = $1", made.tracker)
    return keys[db]


def said(key: str, at: int, place: Any, tamper: bool | None, battery: int | None) -> Message:
    """One live word."""
    fix_at = NOON + timedelta(seconds=at)
    told = {"at": fix_at.timestamp(), "tamper": tamper, "battery": battery}
    if place:
        told |= {"lat": place[0], "lon": place[1]}
    return message(f"t/{key}/obs", json.dumps(told).encode(), fix_at + timedelta(seconds=2))


async def left_by(key: str, batches: list[list[Message]]) -> Any:
    """The alarms and check-ins that stand after these batches, when it had been away the hour before."""
    async with transaction() as db:
        for table in ("position", "tracker_state", "alarm", "checkin"):
            await db.execute(f"DELETE FROM {table}")
        await db.execute("UPDATE loan_line SET checked_in_at = NULL")
    before = [said(key, second, AWAY, None, 80) for second in (-1500, -1400)]
    with clock.at(NOON + timedelta(seconds=-1390)):
        await store(before)
    with clock.at(NOON + timedelta(minutes=10)):
        for batch in batches:
            await store(batch)
    async with transaction() as db:
        alarms = await db.fetch("SELECT kind FROM alarm WHERE settled_at IS NULL ORDER BY kind")
        checkins = await db.fetch("SELECT how, state FROM checkin WHERE state IN ('proposed', 'confirmed')")
        return [*(row["kind"] for row in alarms), *(tuple(row) for row in checkins)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=st.lists(WORDS, min_size=1, max_size=10), data=st.data())
async def test_any_order_means_the_same(db: str, told: list[Any], data: st.DataObject) -> None:
    key = await key_of(db)
    whole = [said(key, *more) for more in told]
    again = data.draw(st.lists(st.sampled_from(whole), max_size=6))
    mixed = data.draw(st.permutations([*whole, *again]))
    cut = data.draw(st.integers(1, len(mixed)))
    batches = [mixed[at : at + cut] for at in range(0, len(mixed), cut)]
    assert await left_by(key, batches) == await left_by(key, [whole])


async def test_standing_still_at_the_depot_proposes_a_check_in(db: str) -> None:
    """What the property compares is not empty."""
    key = await key_of(db)
    told = [said(key, second, PLACE, None, 10) for second in (0, 200, 320)]
    assert await left_by(key, [told]) == ["low_battery", ("dwell", "proposed")]
    assert await left_by(key, [[*told, said(key, 400, AWAY, None, 80), said(key, 420, AWAY, None, 80)]]) == [
        "outside_area"
    ]
