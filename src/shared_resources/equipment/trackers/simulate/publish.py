"""Publishes simulated messages to a broker: QoS 1, at their pace, no more under way than the window allows."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from shared_resources.equipment.trackers.simulate.schedule import Message

WINDOW = 200
PATIENCE = 30.0
"""Seconds for the broker to let us in, or to acknowledge anything at all."""


class NotLetIn(ConnectionError):
    """The broker cannot be reached or refuses; its sentence says which."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where to publish. With ``tls_ca`` (a file) the connection is TLS and that authority is trusted, no other."""

    host: str = "127.0.0.1"
    port: int = 1883
    tls_ca: Path | None = None


@dataclass
class Summary:
    """What came of it; ``faults`` counts what befell the messages that were sent."""

    sent: int = 0
    acknowledged: int = 0
    seconds: float = 0
    faults: Counter[str] = field(default_factory=Counter)


class Publisher:
    """One connection as one user."""

    def __init__(self, broker: Broker, user: str | None, password: str | None) -> None:
        self._broker, self._refusal = broker, ""
        self._let_in = threading.Event()
        self._room = threading.BoundedSemaphore(WINDOW)
        self.acknowledged = 0
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, clean_session=True)
        self._client.max_inflight_messages_set(WINDOW)
        if user is not None:
            self._client.username_pw_set(user, password)
        if broker.tls_ca:
            self._client.tls_set(str(broker.tls_ca), tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self._client.on_connect = self._connected
        self._client.on_publish = self._acknowledged

    def __enter__(self) -> Publisher:
        where = f"{self._broker.host}:{self._broker.port}"
        try:
            self._client.connect(self._broker.host, self._broker.port)
        except OSError as error:
            raise NotLetIn(f"{where}: {error}") from None
        self._client.loop_start()
        if not self._let_in.wait(PATIENCE) or self._refusal:
            self.__exit__()
            raise NotLetIn(f"{where}: {self._refusal or 'no answer'}")
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, message: Message) -> None:
        """Hand it to the connection; waits while the window is full."""
        if not self._room.acquire(timeout=PATIENCE):
            raise NotLetIn("the broker acknowledges nothing any more")
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)

    def settle(self) -> None:
        """Wait until everything is acknowledged, or nothing has been for a while."""
        for _ in range(WINDOW):
            if not self._room.acquire(timeout=PATIENCE):
                return
        for _ in range(WINDOW):
            self._room.release()

    def _connected(self, _c: Any, _u: Any, _f: Any, code: Any, _p: Any) -> None:
        self._refusal = str(code) if code.is_failure else ""
        self._let_in.set()

    def _acknowledged(self, *_: Any) -> None:
        self.acknowledged += 1
        self._room.release()


def publish(
    messages: Iterable[Message], publishers: Mapping[str | None, Publisher], *, paced: bool = True
) -> Summary:
    """Send each message when it is due, by its tracker's own connection or by that of ``None``."""
    summary, begun = Summary(), time.monotonic()
    first = None
    for message in messages:
        first = first or message.at
        due = begun + (message.at - first).total_seconds()
        if paced and due > time.monotonic():
            time.sleep(due - time.monotonic())
        (publishers.get(message.tracker) or publishers[None]).publish(message)
        summary.sent += 1
        summary.faults.update(message.faults)
    for publisher in publishers.values():
        publisher.settle()
    summary.acknowledged = sum(publisher.acknowledged for publisher in publishers.values())
    summary.seconds = round(time.monotonic() - begun, 3)
    return summary
