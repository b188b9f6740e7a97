"""Clients of a broker under test: what they were let do, asked of the broker itself."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 10.0


@dataclass
class Guest:
    """A connected client, and what came to it."""

    client: Client
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    gone: threading.Event = field(default_factory=threading.Event)

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False) -> None:
        """Publish and wait for the broker's acknowledgement; it acknowledges what it throws away, too."""
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(SECONDS)

    def hear(self, *filters: str) -> None:
        """Subscribe and wait for the answer."""
        answered = threading.Event()
        self.client.on_subscribe = lambda *_: answered.set()
        self.client.subscribe([(one, 1) for one in filters])
        assert answered.wait(SECONDS)


@dataclass(frozen=True)
class Certificate:
    """Files for TLS: the authority, and the client's own if it has one."""

    authority: Path
    certificate: Path | None = None
    key: Path | None = None

    @property
    def name(self) -> str:
        """The key it is made out to: files are named so."""
        return self.certificate.stem if self.certificate else ""


@contextlib.contextmanager
def guest(
    port: int,
    username: str | None = None,
    password: str | None = None,
    *,
    tls: Certificate | None = None,
    will: str | None = None,
) -> Iterator[Guest]:
    """A client within the block.

    Raises:
        PermissionError: the broker does not let it in.
    """
    client = Client(CallbackAPIVersion.VERSION2, f"guest-{secrets.token_hex(6)}", protocol=MQTTv311)
    made, answer, reasons = Guest(client), threading.Event(), []

    def connected(_: Client, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        reasons.append(reason)
        answer.set()

    client.on_connect = connected
    client.on_message = lambda _, __, message: made.heard.append((message.topic, bytes(message.payload)))

    def disconnected(*_: Any) -> None:
        made.gone.set()
        answer.set()

    client.on_disconnect = disconnected
    if username is not None:
        client.username_pw_set(username, password)
    if tls is not None:
        own = (str(tls.certificate), str(tls.key)) if tls.certificate else (None, None)
        client.tls_set(str(tls.authority), *own)
    if will is not None:
        client.will_set(will, b"gone", qos=1)
    try:
        client.connect("127.0.0.1", port)
        client.loop_start()
        if not answer.wait(SECONDS) or not reasons or reasons[0].is_failure:
            raise PermissionError(str(reasons))
        yield made
    except OSError as error:
        raise PermissionError(str(error)) from error
    finally:
        client.disconnect()
        client.loop_stop()
        client._reset_sockets()  # a client that never came in keeps its pair open


def is_let_in(port: int, username: str, password: str, **more: Any) -> bool:
    """Whether the broker takes these credentials now."""
    try:
        with guest(port, username, password, **more):
            return True
    except PermissionError:
        return False


def comes(true: Any, seconds: float = SECONDS) -> bool:
    """Whether something becomes true in time. Blocks."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return False
