"""No bytes stop a decoder, and whatever it gives lies where it must."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared_resources.equipment.trackers.payloads import KINDS, Observation, Unreadable, decode
from tests.equipment.trackers.payloads.test_fixtures import CASES, case

TELLING = [told for told in map(case, CASES) if told.get("expect")]
TOPICS = sorted({told["topic"] for told in TELLING})
MANY = settings(max_examples=300, deadline=None)
FRAGMENTS = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"9" * 400,
    b"9" * 5000,
    b'"\\u0000"',
    b'"\\ud800"',
    b"[" * 5000,
    b"\xff",
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
odd = st.one_of(
    anything,
    st.sampled_from(
        [10**400, -1, 0, 91, 181, 1e308, 1e15, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00+14:00", ""]
    ),
)


def check(found: tuple[Observation, ...] | Unreadable) -> None:
    """Every value that could reach the database can be stored and means what it says."""
    if isinstance(found, Unreadable):
        assert 0 < len(found.reason) <= 200
        return
    for seen in found:
        assert seen.device.isprintable()
        assert 0 < len(seen.device) <= 120
        assert 0 <= seen.key < 2**63
        assert seen.at is None or (seen.at.tzinfo is UTC and seen.at >= datetime(1, 1, 1, tzinfo=UTC))
        assert (seen.latitude is None) == (seen.longitude is None)
        assert seen.latitude is None or -90 <= seen.latitude <= 90
        assert seen.longitude is None or -180 <= seen.longitude <= 180
        assert seen.accuracy_m is None or (seen.accuracy_m > 0 and math.isfinite(seen.accuracy_m))
        assert seen.battery_pct is None or (type(seen.battery_pct) is int and 0 <= seen.battery_pct <= 100)
        assert seen.rssi is None or (type(seen.rssi) is int and -200 <= seen.rssi <= 0)
        assert seen.revision is None or 0 <= seen.revision < 2**31
        assert seen.firmware is None or (seen.firmware.isprintable() and len(seen.firmware) <= 120)
        assert {type(seen.tamper), type(seen.online)} <= {bool, type(None)}
        assert type(seen.by_reader) is bool


def as_sent(told: Any) -> bytes:
    return json.dumps(told, allow_nan=True).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("kind", sorted(KINDS))
@MANY
@given(topic=st.sampled_from(TOPICS), payload=st.binary(max_size=200))
@example(topic=("t", "k", "obs"), payload=b"[" * 100_000)
@example(topic=("s", "k", "n", "availability"), payload=b"\xff\xfe")
def test_bytes_never_stop_it(kind: str, topic: tuple[str, ...], payload: bytes) -> None:
    check(decode(kind, topic, payload, {}))


@pytest.mark.parametrize("kind", sorted(KINDS))
@MANY
@given(
    levels=st.lists(st.text(max_size=8), max_size=6), payload=st.sampled_from([case["bytes"] for case in TELLING])
)
def test_topics_never_stop_it(kind: str, levels: list[str], payload: bytes) -> None:
    for root in KINDS[kind].roots:
        check(decode(kind, (root, *levels), payload, {}))


@pytest.mark.parametrize("kind", sorted(KINDS))
@MANY
@given(topic=st.sampled_from(TOPICS), told=anything, pointers=st.lists(st.text(max_size=8), max_size=3))
def test_json_never_stops_it(kind: str, topic: tuple[str, ...], told: Any, pointers: list[str]) -> None:
    check(decode(kind, topic, as_sent(told), {"latitude": pointers, "battery": pointers}))


@MANY
@given(told=st.sampled_from(TELLING), data=st.data())
def test_a_message_with_one_odd_value_never_stops_it(told: dict[str, Any], data: st.DataObject) -> None:
    if not isinstance(told["payload"], dict):
        return
    payload = json.loads(told["bytes"])
    spot = data.draw(st.sampled_from(sorted(spots(payload), key=str)))
    inner = payload
    for step in spot[:-1]:
        inner = inner[step]
    inner[spot[-1]] = data.draw(odd)
    check(decode(told["kind"], told["topic"], as_sent(payload), told.get("field_map", {})))


@pytest.mark.parametrize("told", TELLING, ids=lambda told: " ".join(told["topic"]))
def test_raw_fragments_in_every_place_never_stop_it(told: dict[str, Any]) -> None:
    if not isinstance(told["payload"], dict):
        return
    for spot in spots(told["payload"]):
        payload = json.loads(told["bytes"])
        inner = payload
        for step in spot[:-1]:
            inner = inner[step]
        inner[spot[-1]] = "@@"
        for fragment in FRAGMENTS:
            raw = as_sent(payload).replace(b'"@@"', fragment)
            check(decode(told["kind"], told["topic"], raw, told.get("field_map", {})))


@MANY
@given(told=st.sampled_from(TELLING), data=st.data())
def test_a_message_harmed_on_the_way_never_stops_it(told: dict[str, Any], data: st.DataObject) -> None:
    harmed = bytearray(told["bytes"])
    for _ in range(data.draw(st.integers(1, 6))):
        harmed[data.draw(st.integers(0, len(harmed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(harmed)))
    for payload in (bytes(harmed), told["bytes"][:cut]):
        check(decode(told["kind"], told["topic"], payload, told.get("field_map", {})))


def spots(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where each value of a JSON document stands."""
    if isinstance(told, dict):
        steps: list[Any] = list(told)
    else:
        steps = list(range(len(told))) if isinstance(told, list) else []
    return [spot for step in steps for spot in [(*path, step), *spots(told[step], (*path, step))]]
