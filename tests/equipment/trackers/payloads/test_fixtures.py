"""Each kind of message of the field, written by us from its publisher's documentation, and what it says to us."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict, fields

from shared_resources.equipment.trackers.payloads import KINDS, Observation, Unreadable, decode, normal_id

CASES = sorted((Path(__file__).parent / "data").glob("*.json"))


def case(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    payload = told["payload"]
    told["bytes"] = payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()
    told["topic"] = tuple(told["topic"].split("/"))
    return told


def read(told: dict[str, Any]) -> tuple[Observation, ...] | Unreadable:
    return decode(told["kind"], told["topic"], told["bytes"], told.get("field_map", {}))


def shown(seen: Observation) -> dict[str, Any]:
    """What an observation says, without its key and what it leaves unsaid."""
    plain = asdict(seen)
    silent = {field.name: field.default for field in fields(seen)}
    return {name: value for name, value in plain.items() if name != "key" and value != silent[name]}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_says_what_its_documentation_says(path: Path) -> None:
    told = case(path)
    found = read(told)
    if "unreadable" in told:
        assert isinstance(found, Unreadable)
        assert told["unreadable"] in found.reason
        return
    assert isinstance(found, tuple), found
    expected = [{**one, "at": datetime.fromisoformat(one["at"])} if "at" in one else one for one in told["expect"]]
    assert [shown(seen) for seen in found] == expected


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_copies_have_one_key_and_messages_each_their_own(kind: str) -> None:
    keys: dict[int, str] = {}
    for path in (path for path in CASES if path.name.startswith(kind)):
        told = case(path)
        found = read(told)
        if isinstance(found, Unreadable):
            continue
        assert found == read(told)
        for seen in found:
            assert 0 <= seen.key < 2**63
            mine = f"{told['payload'].get('id') if kind == 'meshtastic' else path.stem} {seen.device}"
            assert keys.setdefault(seen.key, mine) == mine


def test_every_kind_has_its_cases() -> None:
    assert {case(path)["kind"] for path in CASES} == set(KINDS)
    assert {kind for kind, about in KINDS.items() if about.by_itself} == {"native", "owntracks"}


def test_gateways_that_hear_one_packet_do_not_make_it_two() -> None:
    packet = b'{"from":17,"id":9,"type":"position","rssi":-%d,"sender":"!%d","payload":{"time":1}}'
    keys = set()
    for gateway in (1, 2):
        found = decode("meshtastic", ("s", "mesh", "2", "json", "LF", f"!{gateway}"), packet % (90, gateway), {})
        assert isinstance(found, tuple)
        keys.add(found[0].key)
    assert len(keys) == 1


def test_one_message_at_two_sources_is_two() -> None:
    found = [decode("ble", ("s", door, "BTtoMQTT", "AABBCCDDEEFF"), b'{"rssi":-60}', {}) for door in ("a", "b")]
    assert len({seen.key for one in found if isinstance(one, tuple) for seen in one}) == 2


def test_a_kind_is_read_only_on_its_own_topics() -> None:
    location = b'{"_type":"location","lat":29.5,"lon":106.5,"tst":1795593600}'
    assert isinstance(decode("owntracks", ("s", "gate", "phone"), location, {}), Unreadable)
    assert isinstance(decode("owntracks", ("t", "gate", "phone"), location, {}), Unreadable)
    assert isinstance(decode("traccar", ("t", "gate", "positions"), location, {}), Unreadable)
    assert isinstance(decode("nonsense", ("t", "gate", "obs"), location, {}), Unreadable)


@pytest.mark.parametrize(
    ("kind", "typed", "meant"),
    [
        ("ble", " aa-bb-cc-dd-ee-ff", "AA:BB:CC:DD:EE:FF"),
        ("ble", "E2C56DB5-DFFB-48D2-B060-D0F5A71096E0-1-7", "e2c56db5dffb48d2b060d0f5a71096e0-1-7"),
        ("ble", "something", "something"),
        ("chirpstack", "70-B3-D5-7E-D0-00-00-17", "70b3d57ed0000017"),
        ("tts", "case-7", "case-7"),
        ("meshtastic", "7EFEEE00", "!7efeee00"),
        ("meshtastic", "!7efeee00", "!7efeee00"),
        ("traccar", "356807050000017 ", "356807050000017"),
    ],
)
def test_ids_are_taken_as_people_write_them(kind: str, typed: str, meant: str) -> None:
    assert normal_id(kind, typed) == meant
