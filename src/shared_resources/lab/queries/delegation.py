"""What the page of a delegation shows beside its papers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission, Relation, may
from shared_resources.lab.queries.results import (
    place_of_delegation,
    scopes_of,
    standing_results,
    tests_of,
    versions_of,
)
from shared_resources.lab.queries.samples import samples_of, shipments_of
from shared_resources.lab.rules.delegation import LABORATORY, stretch_of, terms_of
from shared_resources.lab.rules.laboratory import uncovered
from shared_resources.lab.rules.sample import SAMPLE, SHIPMENT
from shared_resources.lab.schemas.results import JUDGEMENT_LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.words import Sentence


async def beside(actor: Actor, facts: Facts) -> Mapping[str, Any]:
    """Samples, shipments, results, versions of the report, the laboratory's days, instruments that failed since.

    Results are the laboratory's own until the report is signed.
    """
    relations = facts.parties.relations_of(actor)
    async with reading() as db:
        row = await db.fetchrow("SELECT accepted_at, ended_at FROM lab_delegation WHERE id = $1", facts.id)
    versions, place = await versions_of(facts.id), await place_of_delegation(facts.id)
    sees_results = LABORATORY in relations or bool(versions)
    return {
        "place": place,
        "gaps": await _gaps(place.id, facts) if facts.state in ("draft", "submitted") else (),
        "samples": await samples_of(facts.id),
        "sample_states": SAMPLE.states,
        "shipments": await shipments_of(facts.id),
        "shipment_states": SHIPMENT.states,
        "tests": await tests_of(facts.id),
        "results": await standing_results(facts.id) if sees_results else (),
        "judgements": JUDGEMENT_LABELS,
        "versions": versions,
        "stretch": stretch_of(row["accepted_at"], row["ended_at"], facts.today) if row else None,
        "recalls": await recalls_of(facts.id),
        "may_take": may(actor, Permission.SAMPLE_TAKE, relations) is True,
        "may_book": may(actor, Permission.LOAN_REQUEST, {Relation.BORROWER}) is True
        and may(actor, Permission.RECORD_LINK, relations) is True,
        "may_keep": may(actor, Permission.SAMPLE_KEEP, relations) is True,
    }


async def _gaps(laboratory: UUID, facts: Facts) -> list[Sentence]:
    """Why tests are not covered on the day by which the report is needed: told before anybody issues it."""
    asked = terms_of(facts)
    if asked.get("scope_reason"):
        return []
    scopes, day = await scopes_of(laboratory), date.fromisoformat(asked["needed_by"])
    found = [uncovered(scopes, test["item"], test["method"], day) for test in asked["tests"]]
    return [gap for gap in found if gap is not None]


async def recalls_of(delegation: UUID) -> Sequence[Mapping[str, Any]]:
    """Results whose instrument failed its check afterwards."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT t.item, coalesce(s.code, g.site_code) AS code, x.instrument_name, c.failed_on, c.why,"
            " x.replaced_by IS NOT NULL AS is_replaced"
            " FROM lab_recall c JOIN lab_result x ON x.id = c.result JOIN lab_test t ON t.id = x.test"
            " JOIN lab_delegation g ON g.id = c.delegation LEFT JOIN sample s ON s.id = x.sample"
            " WHERE c.delegation = $1 ORDER BY c.told_at, t.position",
            delegation,
        )
    return [dict(row) for row in rows]
