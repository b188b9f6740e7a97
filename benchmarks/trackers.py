"""The stream of trackers against a bare paho receiver, and reads on a history of ten million positions."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.house import bare, part, timed
from benchmarks.report import Figure
from benchmarks.seed import name
from shared_resources.equipment.trackers.ingest.batches import Batcher
from shared_resources.equipment.trackers.ingest.bridge import FILTERS, Bridge
from shared_resources.equipment.trackers.queries.tracks import POINTS
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

TRACKERS = 10_000
MESSAGES = 60_000
POSITIONS = 10_000_000
TIMES = 200
SHARE, READ = 0.5, 0.010
CONF = """
listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_inflight_messages 1000
max_queued_messages 1000000
log_type none
"""
REGISTERED = """
SET session_replication_role = replica;
INSERT INTO device_model SELECT '{model}', 'm', 'native', '{{}}', 300, 60, 24, 20, 2, 5, 80, 200;
INSERT INTO record (id, kind, number, title, state, version, opened_at, changed_at)
    SELECT md5('t' || n)::uuid, 'tracker', 'K-' || n, 't', 'online', 1, now(), now()
    FROM generate_series(1, {n}) n;
INSERT INTO tracker (id, agency, key, name, model, desired, desired_rev, reported_rev)
    SELECT md5('t' || n)::uuid, '{agency}', 't' || n, 't', '{model}', '{{}}', 0, 0 FROM generate_series(1, {n}) n;
"""
HISTORY = """
INSERT INTO position (tracker, slot, cell, fix_at, msg_key, received_at, live, latitude, longitude, tamper, place,
    clock_suspect)
SELECT md5('t' || t)::uuid, at, n, at, n, at, true, 29.5 + random() / 10, 106.5 + random() / 10, false, 'allowed',
    false
FROM generate_series(0, {slots} - 1) n, generate_series(1, {n}) t,
    LATERAL (SELECT to_timestamp(({now} / 300 - n) * 300) AS at) AS slot ON CONFLICT DO NOTHING;
DELETE FROM tracker_state;
INSERT INTO tracker_state (tracker, fix_at, msg_key, received_at, live, latitude, longitude, tamper, place,
    clock_suspect)
SELECT DISTINCT ON (tracker) tracker, fix_at, msg_key, received_at, live, latitude, longitude, tamper, place,
    clock_suspect
FROM position WHERE slot = to_timestamp({now} / 300 * 300) ON CONFLICT DO NOTHING;
ANALYZE position; ANALYZE tracker_state;
"""
MAP = (
    "SELECT tracker, latitude, longitude, fix_at, place FROM tracker_state"
    " WHERE latitude BETWEEN $1 AND $2 AND longitude BETWEEN $3 AND $4"
)


@dataclass(frozen=True)
class Broker:
    """Where the broker of this run listens."""

    port: int
    host: str = "127.0.0.1"
    username: str | None = None
    password: str | None = None
    tls_ca: None = None


async def measure(dsn: str, scale: float) -> list[Figure]:
    """Messages a second of both receivers, then the reads."""
    trackers = max(100, int(TRACKERS * scale))
    async with bare(dsn, owner=True) as db:
        await db.execute(REGISTERED.format(n=trackers, model=name("model", 0), agency=name("agency", 0)))
    await keep_months()
    return [*await _stream(trackers, max(2000, int(MESSAGES * scale))), *await _reads(dsn, trackers, scale)]


async def _stream(trackers: int, messages: int) -> list[Figure]:
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        return []
    with _mosquitto() as broker:
        batcher = Batcher()
        bridge = Bridge(broker, batcher.wake)
        bridge.start()
        while not bridge.is_connected:  # noqa: ASYNC110 another thread connects
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        bridge.stop()
        await asyncio.to_thread(_bare, broker, 0)
        await asyncio.to_thread(_publish, broker, trackers, messages)
        rate = messages / await asyncio.to_thread(_bare, broker, messages)
        batcher = Batcher()
        bridge = Bridge(broker, batcher.wake)
        began = time.perf_counter()
        task = asyncio.create_task(batcher.run(bridge))
        bridge.start()
        while batcher.counts["committed"] < messages:  # noqa: ASYNC110 the batcher has no end to wait for
            await asyncio.sleep(0.02)
        ours = messages / (time.perf_counter() - began)
        task.cancel()
        await asyncio.to_thread(bridge.stop)
    share = ours / rate
    return [
        Figure(
            "trackers, broker to disk: rate of a bare paho receiver",
            f"{share:.0%}",
            f"≥ {SHARE:.0%}",
            share >= SHARE,
        ),
        Figure(f"trackers: messages of {trackers:,} devices stored", f"{ours:,.0f} /s"),
        Figure("bare paho receiver", f"{rate:,.0f} /s"),
    ]


async def _reads(dsn: str, trackers: int, scale: float) -> list[Figure]:
    now = clock.now()
    async with bare(dsn, owner=True) as db:
        slots = max(300, int(POSITIONS * scale) // trackers)
        await db.execute(HISTORY.format(n=trackers, slots=slots, now=int(now.timestamp())), timeout=1200)
        rows = await db.fetchval("SELECT count(*) FROM position")
        one = await db.fetchval("SELECT md5('t' || $1::int)::uuid", trackers // 2)
        day = (now - timedelta(days=1), now)

        async def track() -> None:
            await db.fetch(POINTS, [0], [one], [day[0]], [day[1]])

        async def shown() -> None:
            await db.fetch(MAP, 29.52, 29.54, 106.52, 106.54)

        drawn, boxed = await timed(track, TIMES), await timed(shown, TIMES)
    return [
        Figure(f"track of a day of {rows:,} positions: p95", *_read(drawn)),
        Figure(f"box of the map over {trackers:,} devices: p95", *_read(boxed)),
    ]


def _read(seconds: list[float]) -> tuple[str, str, bool]:
    found = part(seconds, 0.95)
    return f"{found * 1000:.1f} ms", f"< {READ * 1000:.0f} ms", found < READ


@contextmanager
def _mosquitto() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        broker = Broker(free.getsockname()[1])
        free.close()
        conf = Path(folder) / "mosquitto.conf"
        conf.write_text(CONF.format(port=broker.port))
        program = shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") or "mosquitto"
        process = subprocess.Popen([program, "-c", str(conf)])  # noqa: S603 ours
        time.sleep(0.5)
        try:
            yield broker
        finally:
            process.terminate()
            process.wait(5)


def _publish(broker: Broker, trackers: int, messages: int) -> None:
    client = Client(CallbackAPIVersion.VERSION2, "publisher")
    client.max_queued_messages_set(0)
    client.max_inflight_messages_set(1000)
    client.connect(broker.host, broker.port)
    client.loop_start()
    now = int(clock.now().timestamp())
    for n in range(messages):
        told: dict[str, Any] = {
            "seq": n,
            "at": now - n // trackers * 300,
            "lat": 29.5,
            "lon": 106.5,
            "battery": 80,
        }
        sent = client.publish(f"t/t{n % trackers + 1}/obs", json.dumps(told), 1)
    sent.wait_for_publish(120)
    client.disconnect()
    client.loop_stop()


def _bare(broker: Broker, messages: int) -> float:
    """Seconds that a receiver which only counts takes; with none to wait for it leaves a session behind."""
    client = Client(CallbackAPIVersion.VERSION2, "bare", clean_session=False)
    done, count = threading.Event(), [0]

    def came(*_: Any) -> None:
        count[0] += 1
        if count[0] == messages:
            done.set()

    client.on_message = came
    client.on_connect = lambda *_: client.subscribe([(one, 1) for one in FILTERS])
    if not messages:
        client.on_subscribe = lambda *_: done.set()
    client.connect(broker.host, broker.port)
    began = time.perf_counter()
    client.loop_start()
    done.wait(120)
    seconds = time.perf_counter() - began
    client.disconnect()
    client.loop_stop()
    return seconds
