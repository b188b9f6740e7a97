"""Verbs on appointments: who holds which role in which agency, from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, Refusal, Taken, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.authority import relations_to, standing_of
from shared_resources.kernel.permissions import Permission, Relation, Role, not_found, require
from shared_resources.kernel.schemas.people import AppointmentDraft
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import date

    from shared_resources.kernel.permissions import Actor


@verb
async def appoint(actor: Actor, person: UUID, draft: AppointmentDraft) -> UUID:
    """Give somebody a role in an agency; returns the appointment's id.

    An agency's administrator appoints the agency's own people; only the system administrator lets somebody serve
    a further agency.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Refusals: every reason against the draft at once.
        Taken: the role is held already on some of these days.
    """
    agency = await agency_to_appoint_in(actor, draft)
    standing = await standing_of(person)
    if standing.is_system_admin:
        raise NotAllowed(
            N_("A system administrator serves no agency."),
            do=N_("Make a second account for this work."),
            code="system_admin",
        )
    if Role.SYSTEM_ADMIN not in actor.roles and relations_to(actor, standing) == {Relation.THIRD}:
        raise not_found()
    return await insert_appointment(person, agency, draft)


@verb
async def end_appointment(actor: Actor, appointment: UUID, last_day: date) -> None:
    """Let an appointment end with ``last_day``, earlier or later than planned.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the last day is before the first.
        Taken: the longer appointment runs into the next one.
    """
    row = await connection().fetchrow(
        "SELECT t.person, t.agency, t.role, t.valid_from FROM appointment t WHERE t.id = $1 FOR NO KEY UPDATE",
        appointment,
    )
    if row is None:
        raise not_found()
    require(actor, Permission.APPOINTMENT_EDIT, actor.relations(row["agency"]))
    if last_day < row["valid_from"]:
        raise Invalid(N_("The last day is before the first."), code="dates", field="valid_to")
    await standing_of(row["person"])
    await _refuse_overlap(row["person"], row["agency"], row["role"], row["valid_from"], last_day, appointment)
    await connection().execute("UPDATE appointment SET valid_to = $2 WHERE id = $1", appointment, last_day)


async def agency_to_appoint_in(actor: Actor, draft: AppointmentDraft) -> UUID:
    """Within the running verb: the agency's id, if the actor may appoint there and the draft is right.

    Raises:
        NotFound, NotAllowed, Refusals: as ``appoint``.
    """
    agency: UUID | None = await connection().fetchval("SELECT id FROM agency WHERE slug = $1", draft.agency)
    if agency is None:
        raise not_found()
    require(actor, Permission.APPOINTMENT_EDIT, actor.relations(agency))
    raise_all(against_appointment(draft))
    return agency


async def insert_appointment(person: UUID, agency: UUID, draft: AppointmentDraft) -> UUID:
    """Within the running verb, with the person locked: write the appointment."""
    await _refuse_overlap(person, agency, draft.role, draft.valid_from, draft.valid_to, None)
    appointment = new_id()
    await connection().execute(
        "INSERT INTO appointment (id, person, agency, role, unit, permit_no, valid_from, valid_to)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        appointment,
        person,
        agency,
        draft.role,
        draft.unit or None,
        draft.permit_no or None,
        draft.valid_from,
        draft.valid_to,
    )
    return appointment


async def _refuse_overlap(
    person: UUID, agency: UUID, role: str, first: date, last: date | None, but: UUID | None
) -> None:
    if await connection().fetchval(
        "SELECT EXISTS (SELECT FROM appointment WHERE person = $1 AND agency = $2 AND role = $3"
        " AND id IS DISTINCT FROM $6 AND daterange(valid_from, valid_to, '[]') && daterange($4, $5, '[]'))",
        person,
        agency,
        role,
        first,
        last,
        but,
    ):
        raise Taken(
            N_("This person holds this role on some of these days already."),
            do=N_("End the earlier appointment first, or choose other days."),
            code="appointed_already",
        )


def against_appointment(draft: AppointmentDraft) -> list[Refusal]:
    """Every reason against a draft."""
    reasons: list[Refusal] = []
    if draft.role == Role.SYSTEM_ADMIN:
        reasons.append(Invalid(N_("This is not a role in an agency."), code="role", field="role"))
    if draft.role == Role.OFFICER and not draft.permit_no:
        reasons.append(
            Invalid(
                N_("An officer needs the number of the enforcement permit."),
                do=N_("Take it from the permit, or choose another role."),
                code="permit_no",
                field="permit_no",
            )
        )
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        reasons.append(Invalid(N_("The last day is before the first."), code="dates", field="valid_to"))
    return reasons
