"""Verbs about where an agency keeps its equipment and how it answers requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared_resources.equipment.rules.hours import WEEKDAYS, parse_day, written
from shared_resources.equipment.service.register import own_agency
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.schemas.catalogue import ClosureDraft, DepotDraft, RuleDraft

speaks_for(
    "depot_name_once", N_("Your agency has a depot of this name already."), code="depot_taken", field="name_zh"
)


@verb
async def add_depot(actor: Actor, draft: DepotDraft) -> UUID:
    """Add a store of the actor's agency.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Invalid: unknown time zone, opening hours that cannot be.
        Taken: the agency has a depot of this name.
    """
    agency = own_agency(actor, Permission.DEPOT_EDIT)
    depot = new_id()
    await connection().execute(
        "INSERT INTO depot (id, agency, name_zh, name_en, address, latitude, longitude, timezone, hours, phone)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        depot,
        agency,
        *_columns(draft),
    )
    return depot


@verb
async def edit_depot(actor: Actor, depot: UUID, draft: DepotDraft) -> None:
    """Change a depot's name, place, hours or telephone; bookings made before stay as they are.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: unknown time zone, opening hours that cannot be.
        Taken: the agency has another depot of this name.
    """
    await _own_depot(actor, depot)
    await connection().execute(
        "UPDATE depot SET name_zh = $2, name_en = $3, address = $4, latitude = $5, longitude = $6, timezone = $7,"
        " hours = $8, phone = $9 WHERE id = $1",
        depot,
        *_columns(draft),
    )


@verb
async def close_depot(actor: Actor, depot: UUID, draft: ClosureDraft) -> UUID:
    """Close a depot for some days, first and last included.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the last day comes before the first.
    """
    await _own_depot(actor, depot)
    if draft.last_day < draft.first_day:
        raise Invalid(N_("The last day comes before the first."), code="days", field="last_day")
    closure = new_id()
    await connection().execute(
        "INSERT INTO depot_closure (id, depot, first_day, last_day, reason) VALUES ($1, $2, $3, $4, $5)",
        closure,
        depot,
        draft.first_day,
        draft.last_day,
        draft.reason,
    )
    return closure


@verb
async def reopen_depot(actor: Actor, depot: UUID, closure: UUID) -> None:
    """Take back a closure.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also when the depot has no such closure.
    """
    await _own_depot(actor, depot)
    done = await connection().execute("DELETE FROM depot_closure WHERE id = $1 AND depot = $2", closure, depot)
    if done == "DELETE 0":
        raise not_found()


@verb
async def set_lending_rule(actor: Actor, draft: RuleDraft) -> UUID:
    """Say how the actor's agency answers requests for one category, or for all that have no rule of their own.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Invalid: unknown category.
    """
    agency = own_agency(actor, Permission.RULE_EDIT)
    category = None
    if draft.category:
        category = await connection().fetchval("SELECT id FROM category WHERE code = $1", draft.category)
        if category is None:
            raise Invalid(N_("There is no such category."), code="unknown_category", field="category")
    rule: UUID = await connection().fetchval(
        "INSERT INTO lending_rule (id, agency, category, automatic_hours, requests_hold, answer_days)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency, category) DO UPDATE SET"
        " automatic_hours = excluded.automatic_hours, requests_hold = excluded.requests_hold,"
        " answer_days = excluded.answer_days RETURNING id",
        new_id(),
        agency,
        category,
        draft.automatic_hours,
        draft.requests_hold,
        draft.answer_days,
    )
    return rule


@verb
async def remove_lending_rule(actor: Actor, rule: UUID) -> None:
    """Remove a rule: what it covered follows the rule for all others again, or is decided by a person.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also when the agency has no such rule.
    """
    agency = own_agency(actor, Permission.RULE_EDIT)
    done = await connection().execute("DELETE FROM lending_rule WHERE id = $1 AND agency = $2", rule, agency)
    if done == "DELETE 0":
        raise not_found()


async def _own_depot(actor: Actor, depot: UUID) -> Any:
    row = await connection().fetchrow("SELECT * FROM depot WHERE id = $1 FOR NO KEY UPDATE", depot)
    if row is None:
        raise not_found()
    require(actor, Permission.DEPOT_EDIT, actor.relations(row["agency"]))
    return row


def _columns(draft: DepotDraft) -> tuple[object, ...]:
    try:
        ZoneInfo(draft.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid(
            N_("There is no such time zone."),
            do=N_("Write it like Asia/Shanghai."),
            code="timezone",
            field="timezone",
        ) from None
    return (
        draft.name_zh,
        draft.name_en,
        draft.address,
        draft.latitude,
        draft.longitude,
        draft.timezone,
        json.dumps(_checked_hours(draft)),
        draft.phone or None,
    )


def _checked_hours(draft: DepotDraft) -> dict[str, list[list[str]]]:
    """The hours, read once more the way a person would have typed them: one check for form, file and program."""
    if unknown := draft.hours.keys() - WEEKDAYS.keys():
        raise Invalid(N_("There is no weekday %(day)s."), code="hours", field="hours", day=sorted(unknown)[0])
    if any(len(span) != 2 for spans in draft.hours.values() for span in spans):
        raise Invalid(N_("Opening hours need a beginning and an end."), code="hours", field="hours")
    read = {day: parse_day(written(spans), f"hours_{day}") for day, spans in draft.hours.items()}
    return {day: spans for day, spans in sorted(read.items()) if spans}
