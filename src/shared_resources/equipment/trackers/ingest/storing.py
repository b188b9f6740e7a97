"""One batch, one transaction: read, routed, written down, weighed, told."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.payloads import Observation, Unreadable, decode
from shared_resources.equipment.trackers.queries.routes import devices_of, sources_of, stays_of, tags_of
from shared_resources.equipment.trackers.rules.observing import LATE, fixed_at, is_heard, is_word, row_of
from shared_resources.equipment.trackers.service.history import (
    Misread,
    Report,
    check_in,
    keep_reports,
    keep_rows,
    put_aside,
    tell,
)
from shared_resources.equipment.trackers.service.meaning import weigh
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import verb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from shared_resources.equipment.trackers.ingest.bridge import Message
    from shared_resources.equipment.trackers.queries.routes import Source
    from shared_resources.equipment.trackers.rules.observing import Route, Stay

ITSELF = {"t": "native", "owntracks": "owntracks"}
"""Whose topics name the device by their second level, and how it is read."""


@dataclass
class Read:
    """What a batch says, each with the message it came in."""

    seen: list[tuple[Message, Observation, Route]] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)


@verb
async def store(batch: Sequence[Message]) -> Counter[str]:
    """Write down what a batch of messages says, and what it means.

    Returns:
        How many observations were kept, late or from unknown devices, and how many messages were unreadable.
    """
    read = await _read(batch)
    await _keep(read)
    await put_aside(read.misread)
    read.tally["quarantined"] += len(read.misread)
    return read.tally


@verb
async def quarantine(message: Message, reason: str) -> None:
    """Put one message aside that nothing can be done with."""
    await put_aside([_misread(message, reason)])


async def _read(batch: Sequence[Message]) -> Read:
    read = Read()
    topics = [tuple(message.topic.split("/")) for message in batch]
    keys = defaultdict[bool, set[str]](set)
    for topic in topics:
        if len(topic) > 1:
            keys[topic[0] == "s"].add(topic[1].replace("\0", ""))
    devices, sources = await devices_of(keys[False]), await sources_of(keys[True])
    spoken: list[tuple[Message, Observation, Source]] = []
    for message, topic in zip(batch, topics, strict=True):
        source = sources.get(topic[1]) if topic[0] == "s" and len(topic) > 1 else None
        route = devices.get(topic[1]) if topic[0] != "s" and len(topic) > 1 else None
        if source is None and route is None:
            read.tally["unknown"] += 1
            continue
        kind = source.payload if source else ITSELF.get(topic[0], "")
        said = decode(kind, topic, message.payload, source.field_map if source else {})
        if isinstance(said, Unreadable):
            read.misread.append(_misread(message, said.reason))
        elif source is not None:
            spoken += [(message, one, source) for one in said]
        elif route is not None:
            read.seen += [(message, one, route) for one in said]
    tags = await tags_of([(source, one.device) for _, one, source in spoken])
    for message, one, source in spoken:
        tag = tags.get((source.id, one.device))
        if tag is None:
            read.tally["unknown"] += 1  # a stranger's phone or tag: not even its id is kept
        else:
            read.seen.append((message, one, tag))
    return read


async def _keep(read: Read) -> None:
    if not read.seen:
        return
    earliest = min((fixed_at(one.at, message.received_at)[0] for message, one, _ in read.seen))
    stays = await stays_of({route.tracker for _, one, route in read.seen if is_word(one)}, earliest)
    _leave_unheard(read, stays)
    words = [(message, one, route) for message, one, route in read.seen if is_word(one)]
    rows = [
        row_of(one, route, stays.get(route.tracker, ()), message.received_at, message.retained)
        for message, one, route in words
    ]
    changed = await keep_rows(rows)
    await keep_reports(
        Report(route.tracker, fixed_at(one.at, message.received_at)[0], one.revision, one.firmware)
        for message, one, route in read.seen
        if one.revision is not None or one.firmware is not None
    )
    await check_in({route.tracker for message, one, route in read.seen if _is_live(message, one)})
    await weigh({route.tracker for message, _, route in words if not message.retained}, clock.now())
    await tell(changed)
    read.tally["kept"] += len(rows)
    read.tally["late"] += sum(not row.live for row in rows)


def _leave_unheard(read: Read, stays: Mapping[UUID, Sequence[Stay]]) -> None:
    """Drop what doors of others read of items that are not out, without storing it."""
    heard = [
        (message, one, route)
        for message, one, route in read.seen
        if is_heard(route, stays.get(route.tracker, ()), fixed_at(one.at, message.received_at)[0])
    ]
    read.tally["unknown"] += len(read.seen) - len(heard)
    read.seen = heard


def _is_live(message: Message, seen: Observation) -> bool:
    fix_at, _ = fixed_at(seen.at, message.received_at)
    return not message.retained and seen.online is not False and message.received_at - fix_at <= LATE


def _misread(message: Message, reason: str) -> Misread:
    return Misread(message.topic, message.payload, message.retained, reason, message.received_at)
