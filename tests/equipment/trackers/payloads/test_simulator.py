"""Simulated trackers: what is encoded is read back, seeds repeat, faults fall as asked, a broker gets it all."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from shared_resources.cli.commands import PAYLOADS, main
from shared_resources.equipment.trackers.payloads import KINDS, Observation, decode
from shared_resources.equipment.trackers.simulate.encoders import AT_THE_DOOR, ENCODERS, Report, encode, natural_id
from shared_resources.equipment.trackers.simulate.faults import Faults
from shared_resources.equipment.trackers.simulate.schedule import Message, messages, names
from shared_resources.equipment.trackers.simulate.walk import CHONGQING, metres, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START = datetime(2026, 11, 25, 8, tzinfo=UTC)
PROFILES = sorted(ENCODERS)
WHOLE_SECONDS = frozenset({"owntracks", "meshtastic"})
reports = st.builds(
    Report,
    device=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    number=st.integers(0, 2**31),
    at=st.integers(0, 10**12).map(lambda milliseconds: START + timedelta(milliseconds=milliseconds)),
    latitude=st.floats(-90, 90).map(lambda value: round(value, 7)),
    longitude=st.floats(-180, 180).map(lambda value: round(value, 7)).filter(bool),
    accuracy_m=st.floats(1, 500).map(lambda value: round(value, 1)),
    battery_pct=st.integers(0, 100),
    tamper=st.booleans(),
    rssi=st.integers(-120, -1),
    speed=st.floats(0, 40),
)


def read(profile: str, topic: str, payload: bytes) -> tuple[Observation, ...]:
    found = decode(profile, tuple(topic.split("/")), payload, {})
    assert isinstance(found, tuple), found
    return found


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=150, deadline=None)
@given(drawn=reports)
def test_what_is_encoded_is_read_back(profile: str, drawn: Report) -> None:
    told = Report(**{**vars_of(drawn), "device": natural_id(profile, drawn.device)})
    (seen,) = read(profile, *encode(profile, told))
    assert seen.device == told.device
    second = timedelta(seconds=0.5 if profile in WHOLE_SECONDS else 0)
    assert seen.at is not None
    assert abs(seen.at - told.at) <= second
    if profile in AT_THE_DOOR:
        assert seen.by_reader
        assert not seen.has_place
    else:
        assert (seen.latitude, seen.longitude) == (told.latitude, told.longitude)
    if profile not in AT_THE_DOOR | {"meshtastic"}:
        assert seen.accuracy_m == pytest.approx(told.accuracy_m, abs=0.5)
    assert seen.battery_pct == (None if profile == "meshtastic" else told.battery_pct)
    if profile not in {"owntracks", "meshtastic"}:
        assert bool(seen.tamper) == told.tamper
    if profile in {"ble", "chirpstack", "tts", "meshtastic"}:
        assert seen.rssi == told.rssi


def vars_of(report: Report) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__slots__}


@pytest.mark.parametrize("profile", PROFILES)
def test_one_seed_gives_one_stream_and_each_message_its_own_key(profile: str) -> None:
    one, again, other = (list(messages(profile, names(4), seed, start=START)) for seed in (7, 7, 8))
    assert one == again != other
    assert one
    keys = [seen.key for message in one for seen in read(profile, message.topic, message.payload)]
    assert len(set(keys)) == len(keys) == len(one)


def test_a_walk_leaves_home_and_comes_back() -> None:
    depot, stop = (29.5, 106.5), (29.55, 106.6)
    way = walk("camera", depot=depot, stops=[stop], speed=12)
    assert way.at(0) == way.at(way.duration + 1) == way.at(10**6) == depot
    assert way.is_home(0)
    assert not way.is_home(way.duration / 2)
    passed = [way.at(second) for second in range(int(way.duration) + 1)]
    assert min(metres(point, stop) for point in passed) < 1
    assert max(metres(one, two) for one, two in pairwise(passed)) <= 12.01


def test_drawn_walks_stay_about_their_city() -> None:
    for seed in range(50):
        way = walk(seed)
        assert all(metres(point, CHONGQING) < 13_000 for point in (way.depot, *way.stops))


def test_tags_are_read_only_at_the_door() -> None:
    sent = list(messages("ble", ["tag"], 3, start=START, seconds=4 * 3600, walks=[walk(3, depot=CHONGQING)]))
    gaps = [later.at - earlier.at for earlier, later in pairwise(sent)]
    assert max(gaps) > timedelta(minutes=10)
    assert sent[0].at == START


def test_faults_fall_as_often_as_asked() -> None:
    faults = Faults.read("dup=0.05, late=0.1,skew=0.02,garbage=0.01,retained=0.01")
    sent = list(messages("native", names(50), 7, faults, start=START, seconds=3600, interval=30))
    once = [message for message in sent if "copy" not in message.faults]
    counted = Counter(name for message in once for name in message.faults)
    assert len(once) == 50 * 120
    for name, part in (("dup", 0.05), ("late", 0.1), ("skew", 0.02), ("garbage", 0.01), ("retained", 0.01)):
        assert counted[name] / len(once) == pytest.approx(part, rel=0.4)
    assert len(sent) - len(once) == counted["dup"]
    assert {message.retain for message in sent if "retained" in message.faults} == {True}
    late = [message for message in sent if message.faults == ("late",)]
    assert all(message.at - message.report.at >= timedelta(minutes=10) for message in late)
    plain = [message for message in sent if not message.faults]
    assert all(abs(message.at - message.report.at) < timedelta(seconds=1) for message in plain)


@pytest.mark.parametrize("told", ["dup=2", "rain=0.1", "dup", "late=often"])
def test_a_fault_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="write one of dup"):
        Faults.read(told)


def test_garbage_never_stops_a_decoder() -> None:
    for profile in PROFILES:
        for message in messages(profile, names(3), 5, Faults(garbage=1), start=START, seconds=1800):
            decode(profile, tuple(message.topic.split("/")), message.payload, {})


def test_the_command_line_knows_every_profile() -> None:
    assert set(PAYLOADS) == set(ENCODERS) == set(KINDS)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[int]:
    """A Mosquitto that lets anybody in, on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = tmp_path / "mosquitto.conf"
    conf.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\n")
    with subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(conf)], stderr=subprocess.DEVNULL) as running:
        for _ in range(500):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.01)
        yield port
        running.terminate()


def test_a_broker_gets_all_of_it(broker: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrived: list[tuple[str, bytes]] = []
    listening = mqtt.Client(CallbackAPIVersion.VERSION2)
    listening.on_message = lambda _c, _u, message: arrived.append((message.topic, message.payload))
    ready: list[object] = []
    listening.on_subscribe = lambda *told: ready.append(told)
    listening.connect("127.0.0.1", broker)
    listening.subscribe("#", 1)
    while not ready:
        listening.loop(0.1)
    keys = tmp_path / "keys"
    keys.write_text("cam-1 secret one\ncam-2 secret two\n")
    common = ["--rate", "200", "--seconds", "0.5", "--port", str(broker), "--faults", "dup=0.2"]
    main(["simulate-trackers", "--trackers", "5", "--profile", "traccar", "--user", "me", *common])
    main(["simulate-trackers", "--keys-file", str(keys), *common])
    one, two = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    while len(arrived) < one["sent"] + two["sent"] and listening.loop(2) == 0:
        pass
    listening.disconnect()
    assert 100 <= one["sent"] == one["acknowledged"] == 100 + one["faults"]["dup"]
    assert {topic for topic, _ in arrived} == {"s/simulated/positions", "t/cam-1/obs", "t/cam-2/obs"}
    assert len(arrived) == one["acknowledged"] + two["acknowledged"]


def test_no_broker_is_said_in_a_sentence(broker: int) -> None:
    with pytest.raises(SystemExit, match=r"127\.0\.0\.1:1:"):
        main(["simulate-trackers", "--port", "1"])
    with pytest.raises(SystemExit, match="a rate above 0"):
        main(["simulate-trackers", "--rate", "0", "--port", str(broker)])


def test_late_is_of_an_earlier_place() -> None:
    way = walk(3, depot=CHONGQING)
    sent: list[Message] = list(
        messages("native", ["cam"], 3, Faults(late=1), start=START, seconds=way.duration, walks=[way])
    )
    for message in sent:
        there = way.at((message.report.at - START).total_seconds())
        assert metres(there, (message.report.latitude, message.report.longitude)) < 5
