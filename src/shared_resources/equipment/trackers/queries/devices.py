"""Devices as the people of their agency read them. No statement here selects a coordinate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import fields_of
from shared_resources.equipment.queries.where import Where, named_in
from shared_resources.equipment.rules.choices import choice_of
from shared_resources.equipment.trackers.queries.labels import acts_of
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.equipment.trackers.schemas.devices import (
    CredentialView,
    DesiredState,
    DeviceLine,
    DeviceList,
    DevicePage,
)
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, may, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.trackers.schemas.devices import DeviceFilter

PENDING = "(t.desired_rev > t.reported_rev AND r.state <> 'retired')"
LOW = "coalesce(s.battery_pct < dm.low_battery_pct, false)"
ALARMS = "(SELECT count(*) FROM alarm a WHERE a.tracker = t.id AND a.settled_at IS NULL)"
COLUMNS = (
    "t.id, r.number, t.key, t.name, r.state, t.model, dm.name AS model_name, dm.payload, so.key AS source_key,"
    " so.name AS source_name, t.natural_id, i.code, m.name_zh AS item_name_zh, m.name_en AS item_name_en,"
    " s.fix_at AS seen_at, s.received_at, coalesce(s.live, false) AS live, s.place, s.battery_pct,"
    f" {LOW} AS is_low, coalesce(s.clock_suspect, false) AS clock_suspect, {PENDING} AS is_pending,"
    f" {ALARMS} AS alarms"
)
TABLES = (
    " FROM tracker t JOIN record r ON r.id = t.id JOIN device_model dm ON dm.id = t.model"
    " LEFT JOIN tracker_source so ON so.id = t.source LEFT JOIN item i ON i.id = t.item"
    " LEFT JOIN model m ON m.id = i.model LEFT JOIN tracker_state s ON s.tracker = t.id WHERE "
)
PAGE = (
    "t.agency, r.version, t.bound_at, t.desired, t.desired_rev, t.desired_at, t.reported_rev, t.reported_at,"
    " t.firmware, dm.interval_seconds AS model_interval_seconds, dm.silent_minutes"
)
IN_TROUBLE = f"(r.state IN ('stale', 'lost_contact') OR {ALARMS} > 0)"
CREDENTIALS = (
    "SELECT c.id, c.username, p.name AS issued_by, c.issued_at, c.valid_until, c.revoked_at, c.last_used_at"
    " FROM tracker_credential c JOIN person p ON p.id = c.issued_by WHERE (c.tracker = $1 OR c.source = $1)"
    " ORDER BY c.issued_at DESC, c.id DESC"
)


async def device_list(
    actor: Actor, wanted: DeviceFilter, *, cursor: str | None = None, size: int | None = None
) -> DeviceList:
    """One page of the devices of the reader's agency, the latest registered first.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.TRACKER_SEE, actor.relations(actor.agency))
    rows_wanted = page_size(size)
    where = Where(actor.agency)
    where.add("t.agency = $1")
    if wanted.state:
        where.add("r.state = {0}", wanted.state)
    elif not wanted.retired:
        where.add("r.state <> 'retired'")
    if wanted.free:
        where.add("t.item IS NULL AND r.state <> 'retired'")
    if wanted.trouble:
        where.add(IN_TROUBLE)
    if wanted.q:
        where.add(named_in("r.number", "t.key", "t.name", "t.natural_id", "i.code", "dm.name"), like(wanted.q))
    key = key_of(cursor, UUID)
    if key is not None:
        where.add(where.beyond("t.id", "<", key))
    lines = await device_lines(f"{where} ORDER BY t.id DESC LIMIT {rows_wanted + 1}", *where.values)
    shown, following = page_of(lines, rows_wanted, lambda line: (line.id,))
    return DeviceList(devices=tuple(shown), next=following)


async def device_lines(where: str, *values: Any) -> tuple[DeviceLine, ...]:
    """The devices that ``where`` leaves. The caller has made sure that the reader may see them."""
    async with reading() as db:
        rows = await db.fetch(f"SELECT {COLUMNS}{TABLES}{where}", *values)
    return tuple(DeviceLine(**_fields(row)) for row in rows)


async def device_page(actor: Actor, number: str) -> DevicePage:
    """One device with what is asked of it, its credentials and its journal.

    Raises:
        NotFound: unknown, or another agency's: no difference is visible.
        NotAllowed: the reader's role does not see devices.
    """
    async with reading() as db:
        row = await db.fetchrow(f"SELECT {COLUMNS}, {PAGE}{TABLES}r.number = $1", number)
    if row is None:
        raise not_found()
    relations = actor.relations(row["agency"])
    require(actor, Permission.TRACKER_SEE, relations)
    may_edit = may(actor, Permission.TRACKER_EDIT, relations) is True
    return DevicePage(
        **fields_of(DevicePage, row)
        | _fields(row)
        | {"desired": DesiredState(**_asked(json.loads(row["desired"])))},
        may_edit=may_edit,
        credentials=await credentials_of(row["id"]) if may_edit else (),
        choices=tuple(choice_of(*found) for found in TRACKER.choices(row["state"], actor, relations)),
        journal=await acts_of(row["id"]),
    )


async def credentials_of(owner: UUID) -> tuple[CredentialView, ...]:
    """The credentials of a device or source, the latest first. The caller has made sure that the reader may."""
    async with reading() as db:
        rows: Sequence[Any] = await db.fetch(CREDENTIALS, owner)
    return tuple(CredentialView(**row) for row in rows)


def _asked(desired: dict[str, Any]) -> dict[str, Any]:
    return {"interval_seconds": desired.get("interval"), "find": bool(desired.get("find"))}


def _fields(row: Any) -> dict[str, Any]:
    """What a list shows of a device."""
    state = TRACKER.states[row["state"]]
    return fields_of(DeviceLine, row) | {"label": state.label, "tone": state.tone}
