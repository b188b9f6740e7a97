"""Alarms: raised and ended by what trackers say, looked into and settled by people of the owner.

There is one open of each kind for a tracker, and a word about which a person did something raises no second one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.rules.procedures import ALARM, TOLD, TRACKER
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.ledger import plain
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shared_resources.kernel.journal import Moved

SENTENCES = {
    "left_early": N_("“%(title)s” left the depot before it was handed over: alarm %(number)s."),
    "outside_area": N_("“%(title)s” is outside the allowed area: alarm %(number)s."),
    "outside_period": N_("“%(title)s” is still out after the end of its loan: alarm %(number)s."),
    "silent": N_("“%(title)s” reports nothing any more: alarm %(number)s."),
    "low_battery": N_("The battery of the tracker on “%(title)s” is low: alarm %(number)s."),
    "tamper": N_("The tracker on “%(title)s” was tampered with: alarm %(number)s."),
    "wrong_holder": N_("“%(title)s” was seen with another holder: alarm %(number)s."),
}
"""What the owner's keepers are told at once, by kind."""


async def raise_alarm(
    *,
    owner: UUID,
    borrower: UUID | None,
    tracker: UUID,
    item: UUID | None,
    loan: UUID | None,
    kind: str,
    title_name: Mapping[str, str] | str,
    seen_at: datetime,
    msg_key: int,
    data: Mapping[str, Any],
) -> bool:
    """Raise an alarm within the running verb and tell the owner's keepers; False when it was raised before.

    Args:
        title_name: what it is about, as text or as ``zh``, ``en``, ``code`` of an item.
        seen_at, msg_key: the word of the tracker that says so.
        data: figures and words, never a place on the map.
    """
    await journal.locked(tracker, TRACKER)  # two that raise at once come one after the other
    if await _raised(tracker, kind, seen_at, msg_key):
        return False
    sides = {Relation.OWNER: owner} | ({Relation.BORROWER: borrower} if borrower and borrower != owner else {})
    title = title_name if isinstance(title_name, str) else f"{title_name['zh']} {title_name['code']}"
    facts = {"kind": kind, "tracker": tracker, "item": item, "loan": loan}
    moved = await open_record(ALARM, SYSTEM_ACTOR, sides, title, data=facts)
    await connection().execute(
        "INSERT INTO alarm (id, owner, tracker, item, loan, kind, seen_at, msg_key, raised_at, data)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        moved.id,
        owner,
        tracker,
        item,
        loan,
        kind,
        seen_at,
        msg_key,
        clock.now(),
        json.dumps(plain(dict(data)), ensure_ascii=False),
    )
    await notices.tell(
        [owner],
        TOLD,
        SENTENCES[kind],
        {"number": moved.number, "title": title},
        record=moved.id,
        link=ALARM.path % {"number": moved.number},
        key=f"alarm:{moved.id}",
    )
    return True


async def clear_alarm(alarm: UUID) -> bool:
    """End an alarm that is over by itself, within the running verb; False when somebody was faster."""
    if (await journal.locked(alarm, ALARM))["state"] not in ("open", "taken"):
        return False
    await journal.act(ALARM, "clear", alarm, SYSTEM_ACTOR)
    await _end(alarm, None)
    return True


@verb
async def take_alarm(actor: Actor, number: str, act_id: str | None = None) -> Moved:
    """Look into an alarm: one's name stands on it. Another may take it over.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is over, or one looks into it already.
        Repeated: this ``act_id`` was used before.
    """
    alarm = await _mine(actor, number, act_id)
    if await connection().fetchval("SELECT taken_by FROM alarm WHERE id = $1", alarm) == actor.person:
        raise WrongState(N_("You look into this alarm already."), code="taken_already")
    moved = await journal.act(ALARM, "take", alarm, actor, act_id=act_id)
    await connection().execute("UPDATE alarm SET taken_by = $2 WHERE id = $1", alarm, actor.person)
    return moved


@verb
async def settle_alarm(actor: Actor, number: str, note: str, act_id: str | None = None) -> Moved:
    """End an alarm with what was found; both sides are told. The next word of the tracker may raise another.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is over.
        Invalid: nothing was written.
        Repeated: this ``act_id`` was used before.
    """
    alarm = await _mine(actor, number, act_id)
    moved = await journal.act(ALARM, "settle", alarm, actor, note=note, act_id=act_id)
    await _end(alarm, actor.person)
    return moved


async def _raised(tracker: UUID, kind: str, seen_at: datetime, msg_key: int) -> bool:
    """Whether one of this kind is open, or this very word raised one that a person dealt with.

    One that was over by itself does not count: words come in any order, and what stands by all of them stands.
    """
    return bool(
        await connection().fetchval(
            "SELECT true FROM alarm WHERE tracker = $1 AND kind = $2"
            " AND (settled_at IS NULL OR (taken_by IS NOT NULL AND seen_at = $3 AND msg_key = $4)) LIMIT 1",
            tracker,
            kind,
            seen_at,
            msg_key,
        )
    )


async def _mine(actor: Actor, number: str, act_id: str | None) -> UUID:
    """The alarm behind a number, locked, if the actor may handle it."""
    alarm: UUID | None = await connection().fetchval(
        "SELECT id FROM record WHERE number = $1 AND kind = 'alarm'", number
    )
    if alarm is None:
        raise not_found()
    await journal.locked(alarm, ALARM)
    parties = await journal.parties_of(alarm)
    require(actor, Permission.ALARM_HANDLE, journal.relations_of(ALARM, actor, parties))
    await journal.refuse_repeated(act_id)
    return alarm


async def _end(alarm: UUID, person: UUID | None) -> None:
    await connection().execute(
        "UPDATE alarm SET settled_at = $2, taken_by = coalesce(taken_by, $3) WHERE id = $1",
        alarm,
        clock.now(),
        person,
    )
