"""The thread that listens to the broker. It only hands over: an exception in a callback would end it unseen."""

from __future__ import annotations

import hashlib
import logging
import ssl
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from shared_resources.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path


log = logging.getLogger(__name__)

FILTERS = ("t/+/#", "owntracks/+/#", "s/+/#")
WAITING = 5000
"""Messages in memory at most; then the thread stops reading and TCP tells the broker to wait."""
KEEPALIVE_SECONDS = 60
SILENT_SECONDS = 2.5 * KEEPALIVE_SECONDS
"""A connected thread that neither heard nor said anything for so long hangs; paho itself ends dead connections."""
FIRST_PAUSE, LONGEST_PAUSE = 1, 30


class Address(Protocol):
    """Where the broker is, who we are there, and whose certificate it has to show (a file; empty: no TLS)."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def tls_ca(self) -> Path | None: ...


class Message(NamedTuple):
    """One message as it came; ``generation`` counts the connection it came by."""

    topic: str
    payload: bytes
    retained: bool
    received_at: datetime
    qos: int
    mid: int
    generation: int


class Bridge:
    """One connection to the broker with a session that outlives it. ``wake`` is called from its thread."""

    def __init__(
        self,
        address: Address,
        wake: Callable[[], object],
        *,
        name: str = "shared-resources",
        filters: Sequence[str] = FILTERS,
        waiting: int = WAITING,
    ) -> None:
        # A changed list of filters is another session: the old one's subscriptions would stay in it for ever.
        mark = hashlib.sha256("\n".join(filters).encode()).hexdigest()[:8]
        self.waiting: deque[Message] = deque()
        self.generation = 0
        self.blocked = 0
        self.sessions_found = 0
        self._filters = filters
        self._wake = wake
        self._slots = threading.BoundedSemaphore(waiting)
        self._turn = threading.Lock()
        self._closing = False
        self._heard = time.monotonic()
        self._client = self._made(address, f"{name}-{mark}")
        self._address = address

    def start(self) -> None:
        """Connect, again and again if need be, in a thread of its own."""
        self._client.connect_async(self._address.host, self._address.port, KEEPALIVE_SECONDS)
        self._client.loop_start()

    def stop(self) -> None:
        """End the connection; what was not acknowledged is handed over again to whoever connects next."""
        self._closing = True
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def is_connected(self) -> bool:
        """Whether the broker answers, as far as paho knows."""
        return self._client.is_connected()

    def is_well(self) -> bool:
        """Whether the thread lives, and is seen to do something if it is connected at all."""
        thread: threading.Thread | None = self._client._thread  # paho offers no other way to see that it has died
        if thread is None or not thread.is_alive():
            return False
        heard = max(self._heard, self._client._last_msg_out)  # it pings when there is nothing else to say
        return not self._client.is_connected() or time.monotonic() - heard < SILENT_SECONDS

    def settle(self, batch: Sequence[Message]) -> None:
        """Acknowledge in the order of arrival what came by the present connection, and make room."""
        with self._turn:  # the generation must not change between the question and the answer
            for message in batch:
                if message.qos and message.generation == self.generation:
                    self._client.ack(message.mid, message.qos)
        self._slots.release(len(batch))

    def _made(self, address: Address, client_id: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            manual_ack=True,
        )
        if address.username is not None:
            client.username_pw_set(address.username, address.password)
        if address.tls_ca is not None:
            client.tls_set(str(address.tls_ca), tls_version=ssl.PROTOCOL_TLS_CLIENT)
        client.reconnect_delay_set(FIRST_PAUSE, LONGEST_PAUSE)
        client.on_connect = self._connected
        client.on_disconnect = self._disconnected
        client.on_message = self._came
        return client

    def _connected(self, client: Client, _: Any, flags: Any, reason: Any, __: Any) -> None:
        with self._turn:
            self.generation += 1
        self._heard = time.monotonic()
        if reason.is_failure:
            log.error("the broker refuses us: %s", reason)
        elif flags.session_present:
            self.sessions_found += 1  # subscribing again would bring every retained message again
        else:
            client.subscribe([(one, 1) for one in self._filters])

    def _disconnected(self, _: Client, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        with self._turn:
            self.generation += 1
        if not self._closing:
            log.warning("the broker is gone: %s", reason)

    def _came(self, _: Client, __: Any, message: MQTTMessage) -> None:
        try:
            if not self._slots.acquire(blocking=False):
                self.blocked += 1
                while not self._slots.acquire(timeout=0.2):
                    self._heard = time.monotonic()  # it waits for us, it does not hang
                    if self._closing:
                        return
            self._heard = time.monotonic()
            topic = message._topic.decode("utf-8", "replace")  # its own property raises on what is not UTF-8
            self.waiting.append(
                Message(
                    topic,
                    bytes(message.payload),
                    message.retain,
                    clock.now(),
                    message.qos,
                    message.mid,
                    self.generation,
                )
            )
            self._wake()
        except Exception:
            log.exception("a message could not be handed over; the broker will hand it over again")
