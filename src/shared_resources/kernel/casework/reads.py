"""Gathering the facts of a record: always the same few statements, whatever lies on it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, links
from shared_resources.kernel.casework.facts import AgencyFacts, Facts, Filed, Letter
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.journal import parties_of
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.roles import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.journal import Moved

RECORD = "SELECT id, number, kind, title, state, version, opened_at, opened_by FROM record WHERE id = $1"
FILINGS = (
    "SELECT f.step, f.form, f.body, f.agency, f.person, coalesce(p.name, '') AS person_name, f.at"
    " FROM filing f LEFT JOIN person p ON p.id = f.person WHERE f.record = $1 ORDER BY f.at, f.id"
)
LETTERS = (
    "SELECT id, kind, number, title, issuer, step, issued_at FROM document"
    " WHERE record = $1 ORDER BY issued_at, id"
)
AGENCIES = (
    "SELECT id, slug, name_zh, name_en, letter_code, address, office, electronic_consent_on, level,"
    " joins_by_agreement FROM agency"
)


async def facts_of(record: UUID) -> Facts:
    """Everything that rules, letters and pages look at, inside a verb or outside.

    Raises:
        NotFound: there is no such record.
    """
    async with reading() as db:
        row = await db.fetchrow(RECORD, record)
        if row is None:
            raise not_found()
        filings = await db.fetch(FILINGS, record)
        letters = await db.fetch(LETTERS, record)
    return Facts(
        **dict(row),
        parties=await parties_of(record),
        agencies=await agency_facts(),
        filings=tuple(Filed(**{**dict(filed), "body": json.loads(filed["body"])}) for filed in filings),
        letters=tuple(Letter(**dict(letter)) for letter in letters),
        links=await links.links_of(record),
        now=clock.now(),
        today=clock.today(),
    )


async def agency_facts() -> Mapping[UUID, AgencyFacts]:
    """Every agency: about a hundred, and any of them may be named in a form."""
    async with reading() as db:
        rows = await db.fetch(AGENCIES)
    return {row["id"]: _agency(row) for row in rows}


async def before_opening(moved: Moved, kind: str, opened_by: UUID | None) -> Facts:
    """The facts of a record that was entered a moment ago: nothing lies on it yet."""
    return Facts(
        id=moved.id,
        number=moved.number,
        kind=kind,
        title=moved.title,
        state=moved.state,
        version=moved.version,
        opened_at=clock.now(),
        opened_by=opened_by,
        parties=moved.parties,
        agencies=await agency_facts(),
        filings=(),
        letters=(),
        links=await links.links_of(moved.id),
        now=clock.now(),
        today=clock.today(),
    )


def _agency(row: Any) -> AgencyFacts:
    office = row["office"]
    return AgencyFacts(**{**dict(row), "office": Relation(office) if office else None})
