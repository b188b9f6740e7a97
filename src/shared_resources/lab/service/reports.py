"""The report: drafted over reviewed results, signed in scope on the day only, never changed (FORMS 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import issue_also
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.words import N_
from shared_resources.lab.letters.reporting import lab_report
from shared_resources.lab.queries.results import (
    authorisations_of,
    place_of_delegation,
    samples_told,
    scopes_of,
    standing_results,
    tests_of,
    versions_of,
)
from shared_resources.lab.rules.delegation import terms_of
from shared_resources.lab.rules.laboratory import CMA, covering, uncovered, unsigned_fields
from shared_resources.lab.schemas.results import ReportContent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.permissions import Actor
    from shared_resources.lab.queries.results import Place, Test
    from shared_resources.lab.rules.laboratory import Scope
    from shared_resources.lab.schemas.results import ResultView


async def drafted(happening: Happening) -> Outcome | None:
    """A report is drafted over results that are all there, all reviewed, none of a failed instrument."""
    await _finished(happening.record)
    return None


async def signed(happening: Happening) -> Outcome | None:
    """Sign and issue: in scope and by somebody authorised for it on this very day."""
    record, today, actor = happening.record, clock.today(), happening.actor
    results, tests = await _finished(happening.record), await tests_of(record)
    place = await place_of_delegation(record)
    scopes = await scopes_of(place.id)
    rows = {test.id: covering(scopes, test.item, test.method, today) for test in tests}
    if not terms_of(happening.facts).get("scope_reason"):
        _refuse_uncovered(tests, scopes, today)
    await _refuse_signatory(place, actor, record, [row.field for row in rows.values() if row])
    if actor.person in {one.analyst for one in results}:
        raise NotAllowed(
            N_("Whoever measured does not sign the report as well."),
            do=N_("Ask another authorised signatory."),
            code="own_result",
        )
    versions = await versions_of(record)
    why = happening.facts.last("amend_report").get("reason", "")
    content = ReportContent(
        laboratory_zh=place.name_zh,
        address=place.address,
        phone=place.phone,
        samples=await samples_told(record),
        results=tuple(results),
        cma_no=_mark(rows),
        outside=tuple(test.item for test in tests if rows[test.id] is None),
        signatory=actor.name,
        signed_at=clock.now(),
        version=len(versions) + 1,
        amends=(versions[0].number, why) if versions else None,
    )
    return await _issue(happening, content)


async def _issue(happening: Happening, content: ReportContent) -> Outcome:
    family, record = family_of("lab_delegation"), happening.record
    assert family is not None, "families are loaded with the verbs"
    document = await issue_also(family, lab_report(happening.facts, content), happening)
    await connection().execute(
        "INSERT INTO lab_report (id, delegation, version, document, cma_no, results, signed_by, signed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        new_id(),
        record,
        content.version,
        document.id,
        content.cma_no,
        [one.id for one in content.results],
        happening.actor.person,
        content.signed_at,
    )
    await connection().execute("UPDATE lab_delegation SET ended_at = $2 WHERE id = $1", record, content.signed_at)
    return Outcome(data={"version": content.version, "report": document.id, "cma": content.cma_no})


async def _finished(record: UUID) -> Sequence[ResultView]:
    """The results of a delegation, if every test has one and every one is reviewed.

    Raises:
        WrongState: one is missing, not reviewed, or of an instrument that was out of order.
    """
    results = await standing_results(record)
    found = {one.test for one in results}
    for test in await tests_of(record):
        if test.id not in found:
            raise WrongState(
                N_("There is no result for %(item)s yet."),
                do=N_("Record it at the bench."),
                code="result_missing",
                item=test.item,
            )
    for one in results:
        if one.reviewer is None:
            raise WrongState(
                N_("The result for %(item)s on %(sample)s is not reviewed yet."),
                do=N_("Let a second person review it at the bench."),
                code="not_reviewed",
                item=one.item,
                sample=one.sample_code,
            )
        if one.is_recalled:
            raise WrongState(
                N_("The instrument used for %(item)s on %(sample)s has failed its check since."),
                do=N_("Measure again with a verified instrument, and replace the result."),
                code="recalled",
                item=one.item,
                sample=one.sample_code,
            )
    return results


def _refuse_uncovered(tests: Sequence[Test], scopes: Sequence[Scope], day: date) -> None:
    gaps = [uncovered(scopes, test.item, test.method, day) for test in tests]
    raise_all(
        [
            Invalid(gap.msgid, do=N_("It cannot be signed today."), code="not_covered", **gap.params)
            for gap in gaps
            if gap is not None
        ]
    )


async def _refuse_signatory(place: Place, actor: Actor, record: UUID, fields: list[str]) -> None:
    """Refuse whoever is not authorised for the fields of the tests on this day, or signed what is tested again.

    Raises:
        NotAllowed: the actor is not authorised, or must be another.
    """
    held = await authorisations_of(place.id, actor.person)
    today = clock.today()
    gaps = unsigned_fields(held, fields, today)
    if gaps or not any(one.span.holds(today) for one in held):
        raise NotAllowed(
            N_("You are not an authorised signatory today for: %(fields)s."),
            do=N_("Ask one of the signatories of the laboratory."),
            code="not_signatory",
            fields="、".join(gaps or fields),
        )
    other = await connection().fetchval("SELECT signer_not FROM lab_delegation WHERE id = $1", record)
    if other is not None and other == actor.person:
        raise NotAllowed(
            N_("A re-test in the same laboratory is signed by another signatory."),
            do=N_("Ask another authorised signatory."),
            code="same_signatory",
        )


def _mark(rows: Mapping[UUID, Scope | None]) -> str | None:
    """The number of the CMA mark; only where every test is covered by the CMA scope on this day."""
    held = list(rows.values())
    if any(row is None or row.certificate_kind != CMA for row in held):
        return None
    return "、".join(sorted({row.certificate_no for row in held if row is not None}))
