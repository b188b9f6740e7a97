"""One retained message to the broker, acknowledged by it, over its own connection. Blocks: call in a thread."""

from __future__ import annotations

import secrets
import ssl
import time
from typing import TYPE_CHECKING, Protocol

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 10.0
"""How long the broker has to answer; the outbox tries again later."""


class Broker(Protocol):
    """Where the broker listens, as whom we come, whose certificate it has to show (a file; None: no TLS)."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def tls_ca(self) -> Path | None: ...


def publish(broker: Broker, topic: str, payload: bytes, seconds: float = SECONDS) -> None:
    """Leave a retained message and wait for the broker's word that it has it (QoS 1).

    Raises:
        OSError: the broker cannot be reached.
        TimeoutError: it did not take the message in time, or does not let us in.
    """
    client = Client(
        CallbackAPIVersion.VERSION2, f"shared-resources-desired-{secrets.token_hex(6)}", protocol=MQTTv311
    )
    client.username_pw_set(broker.username, broker.password)
    if broker.tls_ca is not None:
        client.tls_set(str(broker.tls_ca), tls_version=ssl.PROTOCOL_TLS_CLIENT)
    client.connect(broker.host, broker.port, keepalive=30)
    message = client.publish(topic, payload, qos=1, retain=True)
    client.loop_start()
    try:
        until = time.monotonic() + seconds
        while not message.is_published():
            if time.monotonic() > until:
                raise TimeoutError(f"the broker did not acknowledge {topic}")
            time.sleep(0.01)
    finally:
        client.disconnect()
        client.loop_stop()
