"""What is typed or scanned into a device so that it may speak to the broker."""

from __future__ import annotations

import base64
import json
from typing import Any

LOCATOR_SECONDS = 60
SIGNIFICANT = 1
MQTT = 0


def owntracks(host: str, port: int, username: str, password: str, *, tls: bool) -> str:
    """The address that OwnTracks on a phone takes its configuration from: ``owntracks:///config?inline=…``.

    The topic is ours, not the app's habit: the key of the tracker stands in it and the broker holds to that.
    """
    key = username.partition(".")[0]
    told: dict[str, Any] = {
        "_type": "configuration",
        "mode": MQTT,
        "host": host,
        "port": port,
        "tls": tls,
        "auth": True,
        "username": username,
        "password": password,
        "deviceId": "phone",
        "tid": key[-2:],
        "clientId": f"{username}-phone",
        "pubTopicBase": f"owntracks/{key}/phone",
        "pubQos": 1,
        "pubRetain": False,
        "cmd": False,
        "monitoring": SIGNIFICANT,
        "locatorInterval": LOCATOR_SECONDS,
    }
    packed = base64.b64encode(json.dumps(told, separators=(",", ":")).encode()).decode()
    return "owntracks:///config?inline=" + packed.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
