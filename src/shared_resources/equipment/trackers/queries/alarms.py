"""Alarms as the owner's people and the borrower's leaders read them. No coordinates leave by here."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import agency_columns, agency_in, fields_of
from shared_resources.equipment.queries.where import Where
from shared_resources.equipment.rules.choices import choice_of
from shared_resources.equipment.trackers.queries.labels import acts_of
from shared_resources.equipment.trackers.rules.procedures import ALARM, ALARM_KINDS
from shared_resources.equipment.trackers.schemas.standing import AlarmLine, AlarmList, AlarmPage
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.dues import dues_of
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.pager import key_of, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.trackers.schemas.standing import AlarmFilter

COORDINATES = frozenset({"latitude", "longitude", "lat", "lon", "accuracy_m", "accuracy"})
ALARMS = (
    "SELECT a.id, r.number, r.title, r.state, r.version, a.kind, tr.number AS tracker_number,"
    " t.name AS tracker_name, i.code, m.name_zh AS model_name_zh, m.name_en AS model_name_en, lr.number AS loan,"
    f" {agency_columns('o', 'owner')}, {agency_columns('b', 'borrower')}, a.seen_at, a.raised_at,"
    " p.name AS taken_by, a.settled_at, a.data FROM alarm a JOIN record r ON r.id = a.id"
    " JOIN tracker t ON t.id = a.tracker JOIN record tr ON tr.id = t.id JOIN agency o ON o.id = a.owner"
    " LEFT JOIN item i ON i.id = a.item LEFT JOIN model m ON m.id = i.model LEFT JOIN loan l ON l.id = a.loan"
    " LEFT JOIN record lr ON lr.id = a.loan LEFT JOIN agency b ON b.id = l.borrower"
    " LEFT JOIN person p ON p.id = a.taken_by WHERE "
)


async def alarm_list(
    actor: Actor, wanted: AlarmFilter, *, cursor: str | None = None, size: int | None = None
) -> AlarmList:
    """One page of the alarms of the reader's agency, as owner or borrower, the latest first.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency, or sees no alarms.
        Invalid: a cursor that is not ours.
    """
    sides = _sides(actor)
    rows_wanted = page_size(size)
    where = Where(actor.agency, *sides)
    where.add("((a.owner = $1 AND $2) OR (l.borrower = $1 AND $3))")
    if wanted.open_only:
        where.add("a.settled_at IS NULL AND r.state IN ('open', 'taken')")
    for column, value in (("a.kind", wanted.kind), ("lr.number", wanted.loan), ("tr.number", wanted.tracker)):
        if value:
            where.add(f"{column} = {{0}}", value)
    key = key_of(cursor, datetime.fromisoformat, UUID)
    if key is not None:
        where.add(where.beyond("a.raised_at, a.id", "<", key))
    rows = await _rows(f"{where} ORDER BY a.raised_at DESC, a.id DESC LIMIT {rows_wanted + 1}", *where.values)
    shown, following = page_of(rows, rows_wanted, lambda row: (row["raised_at"], row["id"]))
    return AlarmList(alarms=tuple(AlarmLine(**_fields(row)) for row in shown), next=following)


async def alarm_page(actor: Actor, number: str) -> AlarmPage:
    """One alarm with its journal and what the reader may do about it.

    Raises:
        NotFound: unknown, or none of the reader's business: no difference is visible.
        NotAllowed: the reader's role does not see alarms.
    """
    rows = await _rows("r.number = $1", number)
    if not rows:
        raise not_found()
    row = rows[0]
    relations = actor.relations(row["owner"], row["borrower"])
    require(actor, Permission.ALARM_SEE, relations)
    data: dict[str, Any] = json.loads(row["data"])
    return AlarmPage(
        **_fields(row),
        version=row["version"],
        side="owner" if actor.agency == row["owner"] else "borrower",
        facts={name: value for name, value in data.items() if name not in COORDINATES},
        dues=await dues_of(row["id"]),
        choices=tuple(choice_of(*found) for found in ALARM.choices(row["state"], actor, relations)),
        journal=await acts_of(row["id"]),
    )


def _sides(actor: Actor) -> tuple[bool, bool]:
    """Whether the reader sees alarms as the owner's person, as the borrower's; at least one."""
    owner, borrower = (
        may(actor, Permission.ALARM_SEE, {side}) is True for side in (Relation.OWNER, Relation.BORROWER)
    )
    if actor.agency is None or not (owner or borrower):
        require(actor, Permission.ALARM_SEE, actor.relations(actor.agency))
        raise NotAllowed(N_("Your role does not see alarms."), code="not_allowed")
    return owner, borrower


async def _rows(where: str, *values: Any) -> Sequence[Any]:
    async with reading() as db:
        return await db.fetch(ALARMS + where, *values)  # type: ignore[no-any-return]


def _fields(row: Any) -> dict[str, Any]:
    """What a list shows of an alarm."""
    state = ALARM.states[row["state"]]
    return fields_of(AlarmLine, row) | {
        "label": state.label,
        "tone": state.tone,
        "kind_label": ALARM_KINDS[row["kind"]],
        "owner": agency_in(row, "owner"),
        "borrower": agency_in(row, "borrower") if row["borrower"] else None,
    }
