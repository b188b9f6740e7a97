"""Commands to a Mosquitto with dynamic security, over MQTT. Blocks: call in a thread."""

from __future__ import annotations

import json
import queue
import secrets
import ssl
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from shared_resources.equipment.trackers.rules.dynsec import HARMLESS, batches
from shared_resources.equipment.trackers.service.address import Address, address_of
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.trackers.rules.dynsec import Command

TOPIC = "$CONTROL/dynamic-security/v1"
SECONDS = 20.0


class DynsecError(OSError):
    """The broker does not do what it was told."""


def admin_address() -> Address | None:
    """The broker as its administrator reaches it; None where its credentials are not kept that way."""
    chosen = settings()
    if chosen.broker_admin_url is None:
        return None
    return address_of(chosen.broker_admin_url.get_secret_value(), "broker_admin_url", chosen)


def apply(broker: Address, commands: Sequence[Command], seconds: float = SECONDS) -> list[dict[str, Any]]:
    """Send commands and wait for the answer to each.

    Raises:
        DynsecError: the broker refuses one of them, or does not let us in.
        OSError: it cannot be reached or does not answer in time.
    """
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client = _client(broker, answers)
    client.connect(broker.host, broker.port, keepalive=30)
    client.loop_start()
    told: list[dict[str, Any]] = []
    try:
        _next(answers, seconds)  # that we hear the answers
        for batch in batches(commands):
            client.publish(TOPIC, json.dumps({"commands": list(batch)}), qos=1)
            told += _next(answers, seconds)["responses"]
    finally:
        client.disconnect()
        client.loop_stop()
    wrong = [one for one in told if one.get("error") and one["error"] not in HARMLESS]
    if wrong:
        raise DynsecError(f"{wrong[0].get('command')}: {wrong[0]['error']}")
    return told


def _client(broker: Address, answers: queue.SimpleQueue[Any]) -> Client:
    name = f"shared-resources-dynsec-{secrets.token_hex(6)}"
    client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv311)
    client.username_pw_set(broker.username, broker.password)
    if broker.tls_ca is not None:
        client.tls_set(str(broker.tls_ca), tls_version=ssl.PROTOCOL_TLS_CLIENT)

    def connected(_: Client, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if reason.is_failure:
            answers.put(DynsecError(f"the broker refuses us: {reason}"))
        else:
            client.subscribe(f"{TOPIC}/response", 1)

    def subscribed(_: Client, __: Any, ___: Any, reasons: Any, ____: Any) -> None:
        refused = any(reason.is_failure for reason in reasons)
        answers.put(DynsecError("we do not administer this broker") if refused else {})

    def came(_: Client, __: Any, message: Any) -> None:
        try:
            answers.put(json.loads(message.payload))
        except ValueError as error:  # an exception here would end paho's thread unseen
            answers.put(DynsecError(str(error)))

    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, came
    return client


def _next(answers: queue.SimpleQueue[Any], seconds: float) -> Any:
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the broker does not answer") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
