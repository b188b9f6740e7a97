"""Verbs on agencies: made and dated by the system administrator, named by their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.credit_code import is_credit_code
from shared_resources.kernel.permissions import Permission, Relation, not_found, require
from shared_resources.kernel.schemas.people import AgencyDraft, Body, Level
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import date

    from shared_resources.kernel.permissions import Actor

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DIVISION = re.compile(r"\d{6}")
COLUMNS = (
    "slug",
    "name_zh",
    "name_en",
    "level",
    "body",
    "credit_code",
    "county",
    "valid_from",
    "valid_to",
    "joins_by_agreement",
    "letter_code",
    "address",
    "electronic_consent_on",
    "office",
)
OWN_FIELDS = frozenset({"name_zh", "name_en", "credit_code", "letter_code", "address", "electronic_consent_on"})

speaks_for(
    "agency_office_once",
    N_("Another agency holds this office."),
    do=N_("End it there first."),
    code="office_taken",
    field="office",
)
speaks_for("agency_slug_key", N_("There is an agency with this address already."), code="slug_taken", field="slug")


@verb
async def create_agency(actor: Actor, draft: AgencyDraft) -> UUID:
    """Take in an agency; returns its id.

    Raises:
        NotAllowed: not the system administrator.
        Refusals: every reason against the draft at once.
        Taken: the slug is in use.
    """
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    raise_all(against_agency(draft))
    values = {**draft.model_dump(include=set(COLUMNS)), "entrusted_by": await _entrusting(draft)}
    agency = new_id()
    await connection().execute(
        f"INSERT INTO agency (id, is_sample, {', '.join(values)})"
        f" VALUES ($1, false, {', '.join(f'${n}' for n in range(2, len(values) + 2))})",
        agency,
        *values.values(),
    )
    return agency


@verb
async def edit_agency(actor: Actor, slug: str, draft: AgencyDraft, since: date | None = None) -> None:
    """Change an agency. A new Chinese name counts from ``since`` (default today); the old one is kept.

    The agency's own administrator may change its names, its codes, its address and its consent to electronic
    transfers; who it is and until when it is valid is for the system administrator: no entrusted body prolongs its
    own entrustment.

    Raises:
        NotFound: there is no such agency.
        NotAllowed: a change beyond the actor's part.
        Refusals: every reason against the draft at once.
    """
    before = await connection().fetchrow("SELECT * FROM agency WHERE slug = $1 FOR NO KEY UPDATE", slug)
    if before is None:
        raise not_found()
    require(actor, Permission.AGENCY_EDIT, actor.relations(before["id"]))
    values = {**draft.model_dump(include=set(COLUMNS)), "entrusted_by": await _entrusting(draft)}
    changed = {column for column, value in values.items() if before[column] != value}
    if changed - OWN_FIELDS:
        require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    raise_all(against_agency(draft))
    if values["entrusted_by"] == before["id"]:
        raise _entrusting_missing()
    if "name_zh" in changed:
        await _keep_name(before, since or clock.today())
    await connection().execute(
        "UPDATE agency SET "
        + ", ".join(f"{column} = ${n}" for n, column in enumerate(values, 2))
        + " WHERE id = $1",
        before["id"],
        *values.values(),
    )


async def _keep_name(before: Any, since: date) -> None:
    """Write the name so far into the former names, up to the day before ``since``."""
    last = await connection().fetchval("SELECT max(valid_to) FROM agency_name WHERE agency = $1", before["id"])
    first, until = last + timedelta(days=1) if last else before["valid_from"], since - timedelta(days=1)
    if since > clock.today() or (first is not None and until < first):
        raise Invalid(
            N_("The new name cannot count from this day."),
            do=N_("Choose a day up to today, after the day from which the present name counts."),
            code="since",
            field="since",
        )
    await connection().execute(
        "INSERT INTO agency_name (id, agency, name_zh, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        before["id"],
        before["name_zh"],
        first,
        until,
    )


async def _entrusting(draft: AgencyDraft) -> UUID | None:
    """The id of the entrusting agency, itself not entrusted (处罚法 20 forbids passing an entrustment on)."""
    if not draft.entrusted_by:
        return None
    agency: UUID | None = await connection().fetchval(
        "SELECT id FROM agency WHERE slug = $1 AND body <> $2", draft.entrusted_by, Body.ENTRUSTED
    )
    if agency is None:
        raise _entrusting_missing()
    return agency


def _entrusting_missing() -> Invalid:
    return Invalid(
        N_("An entrusted organisation needs the agency that entrusts it."),
        do=N_("Choose an agency that is not itself entrusted."),
        code="entrusted_by",
        field="entrusted_by",
    )


def against_agency(draft: AgencyDraft) -> list[Refusal]:
    """Every reason against a draft."""
    reasons: list[Refusal] = []
    if not SLUG.fullmatch(draft.slug):
        reasons.append(
            Invalid(
                N_("The address of an agency has small letters, digits and single hyphens."),
                do=N_("Write it like cq-em."),
                code="slug",
                field="slug",
            )
        )
    reasons += [
        Invalid(N_("A name is needed."), code="name", field=field)
        for field in ("name_zh", "name_en")
        if not getattr(draft, field)
    ]
    if draft.credit_code and not is_credit_code(draft.credit_code):
        reasons.append(
            Invalid(
                N_("This is not a unified social credit code."),
                do=N_("Compare all 18 characters; the last one does not fit the others."),
                code="credit_code",
                field="credit_code",
            )
        )
    if (draft.level == Level.COUNTY) != bool(draft.county) or (
        draft.county and not DIVISION.fullmatch(draft.county)
    ):
        reasons.append(
            Invalid(
                N_("A county agency, and no other, needs the six digits of its county."),
                do=N_("Write it like 500103."),
                code="county",
                field="county",
            )
        )
    return reasons + _against_dates(draft)


def _against_dates(draft: AgencyDraft) -> list[Refusal]:
    reasons: list[Refusal] = []
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        reasons.append(Invalid(N_("The last day is before the first."), code="dates", field="valid_to"))
    entrusted = draft.body == Body.ENTRUSTED
    if entrusted and draft.valid_to is None:
        reasons.append(
            Invalid(
                N_("An entrustment needs its last day."),
                do=N_("Take it from the letter of entrustment."),
                code="entrusted_until",
                field="valid_to",
            )
        )
    if entrusted != bool(draft.entrusted_by):
        reasons.append(_entrusting_missing())
    return reasons
