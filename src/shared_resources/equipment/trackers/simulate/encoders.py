"""What each profile's publisher would send: the inverse of the decoders, within what its format can say."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Sent = tuple[str, dict[str, Any]]
KNOTS = 1.943844


@dataclass(frozen=True, slots=True)
class Report:
    """One word of one simulated device. ``device``: its key, or its natural id where a source speaks for it."""

    device: str
    number: int
    at: datetime
    latitude: float
    longitude: float
    accuracy_m: float
    battery_pct: int
    tamper: bool = False
    rssi: int = -60
    speed: float = 0


def native(report: Report, _: str) -> Sent:
    """Our own."""
    return f"t/{report.device}/obs", {
        "seq": report.number,
        "at": _iso(report),
        "lat": report.latitude,
        "lon": report.longitude,
        "acc": report.accuracy_m,
        "battery": report.battery_pct,
        "tamper": report.tamper,
    }


def owntracks(report: Report, _: str) -> Sent:
    """The app for phones; whole seconds and metres, km/h, no word of tampering."""
    return f"owntracks/{report.device}/phone", {
        "_type": "location",
        "_id": f"{report.number:08x}",
        "tst": round(report.at.timestamp()),
        "lat": report.latitude,
        "lon": report.longitude,
        "acc": round(report.accuracy_m),
        "batt": report.battery_pct,
        "vel": round(report.speed * 3.6),
        "tid": report.device[:2],
    }


def traccar(report: Report, source: str) -> Sent:
    """A position forwarded, before it has an id; speed in knots."""
    attributes = {"batteryLevel": report.battery_pct, "motion": report.speed > 1, "sequence": report.number}
    return f"s/{source}/positions", {
        "position": {
            "id": 0,
            "deviceId": 1,
            "protocol": "teltonika",
            "fixTime": _iso(report),
            "deviceTime": _iso(report),
            "valid": True,
            "outdated": False,
            "latitude": report.latitude,
            "longitude": report.longitude,
            "accuracy": report.accuracy_m,
            "speed": report.speed * KNOTS,
            "attributes": attributes | ({"alarm": "tampering"} if report.tamper else {}),
        },
        "device": {"id": 1, "uniqueId": report.device, "name": report.device},
    }


def ble(report: Report, source: str) -> Sent:
    """A tag that a gateway hears; no place, and the time that a gateway with a clock adds."""
    return f"s/{source}/depot/BTtoMQTT/{report.device.replace(':', '')}", {
        "id": report.device,
        "rssi": report.rssi,
        "batt": report.battery_pct,
        "tamper": report.tamper,
        "UTCtime": _iso(report),
    }


def chirpstack(report: Report, source: str) -> Sent:
    """An uplink with a decoded object."""
    return f"s/{source}/application/1/device/{report.device}/event/up", {
        "deduplicationId": _digest(f"{report.device} {report.number}", 16),
        "time": _iso(report),
        "deviceInfo": {"devEui": report.device, "tags": {}},
        "fCnt": report.number,
        "fPort": 2,
        "object": _measured(report),
        "rxInfo": [{"gatewayId": "0016c001ff10a235", "rssi": report.rssi}],
    }


def tts(report: Report, source: str) -> Sent:
    """An uplink; a count of 0 is left out, as the stack does."""
    return f"s/{source}/v3/city@tenant/devices/{report.device}/up", {
        "end_device_ids": {"device_id": f"eui-{report.device}", "dev_eui": report.device.upper()},
        "received_at": _iso(report),
        "uplink_message": {
            "session_key_id": base64.b64encode(report.device.encode()).decode(),
            **({"f_cnt": report.number} if report.number else {}),
            "decoded_payload": _measured(report),
            "rx_metadata": [{"gateway_ids": {"gateway_id": "roof"}, "rssi": report.rssi}],
            "received_at": _iso(report),
        },
    }


def meshtastic(report: Report, source: str) -> Sent:
    """A position packet: 1e-7 degrees, whole seconds, no charge."""
    return f"s/{source}/CN/2/json/LongFast/!7efeee00", {
        "from": int(report.device.removeprefix("!"), 16),
        "id": report.number,
        "type": "position",
        "sender": "!7efeee00",
        "rssi": report.rssi,
        "timestamp": round(report.at.timestamp()),
        "payload": {
            "latitude_i": round(report.latitude * 1e7),
            "longitude_i": round(report.longitude * 1e7),
            "time": round(report.at.timestamp()),
            "precision_bits": 32,
        },
    }


def zigbee2mqtt(report: Report, source: str) -> Sent:
    """A sensor's state; no place."""
    return f"s/{source}/{report.device}", {
        "battery": report.battery_pct,
        "tamper": report.tamper,
        "linkquality": 110,
        "last_seen": _iso(report),
    }


ENCODERS: Mapping[str, Callable[[Report, str], Sent]] = {
    "native": native,
    "owntracks": owntracks,
    "traccar": traccar,
    "ble": ble,
    "chirpstack": chirpstack,
    "tts": tts,
    "meshtastic": meshtastic,
    "zigbee2mqtt": zigbee2mqtt,
}
AT_THE_DOOR = frozenset({"ble", "zigbee2mqtt"})
"""Profiles that are heard only where their reader stands."""
BY_THEMSELVES = frozenset({"native", "owntracks"})


def encode(profile: str, report: Report, source: str = "simulated") -> tuple[str, bytes]:
    """Topic and payload of one report; ``source`` is the key of the source where the profile needs one."""
    topic, told = ENCODERS[profile](report, source)
    return topic, json.dumps(told, separators=(",", ":")).encode()


def natural_id(profile: str, key: str) -> str:
    """The id under which the simulated device ``key`` goes at its source; the key itself where it has none."""
    if profile in BY_THEMSELVES or profile == "zigbee2mqtt":
        return key
    digest = _digest(key, 8)
    if profile == "ble":
        return ":".join(digest[i : i + 2].upper() for i in range(0, 12, 2))
    if profile == "traccar":
        return f"35{int(digest, 16) % 10**13:013d}"
    return f"!{digest[:8]}" if profile == "meshtastic" else digest


def _measured(report: Report) -> dict[str, Any]:
    return {
        "latitude": report.latitude,
        "longitude": report.longitude,
        "accuracy": report.accuracy_m,
        "battery": report.battery_pct,
        "tamper": report.tamper,
    }


def _iso(report: Report) -> str:
    return report.at.isoformat(timespec="milliseconds")


def _digest(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()
