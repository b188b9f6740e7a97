"""The child process of the demo that moves its trackers: real messages, by each device's own credentials."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from shared_resources.demo.journeys import kept
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.simulate.encoders import Report
from shared_resources.equipment.trackers.simulate.publish import Broker, NotLetIn, Publisher
from shared_resources.equipment.trackers.simulate.schedule import Message
from shared_resources.kernel import clock

if TYPE_CHECKING:
    from shared_resources.demo.journeys import Journey

EVERY_SECONDS = 15.0
STARTING_SECONDS = 60.0
SOON = 0.5


def run() -> None:
    """Let every tracker of the demo report each quarter of a minute, until we are told to end.

    Raises:
        SystemExit: this demo has no trackers, or the broker is not to be had.
    """
    journeys = kept()
    if not journeys:
        raise SystemExit("This demo was loaded without trackers.")
    until = time.monotonic() + STARTING_SECONDS
    with ExitStack() as connections:
        publishers = [_let_in(connections, journey, until) for journey in journeys]
        while True:
            for journey, publisher in zip(journeys, publishers, strict=True):
                publisher.publish(message_of(journey))
                time.sleep(EVERY_SECONDS / len(journeys))


def message_of(journey: Journey) -> Message:
    """Its word of this moment."""
    at = clock.now()
    topic, payload = journey.says(at)
    report = Report(journey.key, 0, at, *journey.at(at), accuracy_m=0, battery_pct=journey.battery)
    return Message(topic, payload, retain=False, at=at, tracker=journey.key, report=report)


def _let_in(connections: ExitStack, journey: Journey, until: float) -> Publisher:
    """A connection of its own. The broker starts at the same time as we do: wait for it."""
    address = broker_address()
    broker = Broker(address.host, address.port, address.tls_ca)
    while True:
        try:
            return connections.enter_context(Publisher(broker, journey.username, journey.password))
        except NotLetIn as error:
            if time.monotonic() > until:
                raise SystemExit(f"{journey.key}: {error}") from None
            time.sleep(SOON)
