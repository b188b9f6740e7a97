"""What the steps of a delegation do beyond moving the record (machine 13)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.casework.acts import begin
from shared_resources.kernel.casework.entered import coming_day, open_day, past_day, past_instant
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.journal import join
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD
from shared_resources.lab.queries.results import place_of, place_of_delegation, scopes_of, versions_of
from shared_resources.lab.rules.delegation import LABORATORY, REQUESTING, terms_of
from shared_resources.lab.rules.laboratory import covering, uncovered
from shared_resources.lab.rules.sample import ACCOUNTED
from shared_resources.lab.schemas.delegations import Delegation
from shared_resources.lab.service.rows import new_code
from shared_resources.lab.service.samples import serve_retest
from shared_resources.lab.service.shipments import are_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.deadlines import Due
    from shared_resources.lab.queries.results import Place


FIVE_DAYS = FWD(5)
"""For handing over the samples; on site there are none."""


async def drafted(happening: Happening) -> Outcome | None:
    """A delegation is drafted: the laboratory is there, and the day lies ahead."""
    place = await _laboratory(happening.entries.laboratory)
    open_day(happening.entries.needed_by, "needed_by")
    await connection().execute(
        "INSERT INTO lab_delegation (id, laboratory) VALUES ($1, $2)"
        " ON CONFLICT (id) DO UPDATE SET laboratory = excluded.laboratory",
        happening.record,
        place.id,
    )
    return Outcome(data={"laboratory": place.number})


async def issued(happening: Happening) -> Outcome | None:
    """Out of scope, after expiry or with an interest only with a recorded reason; the laboratory sees it now."""
    asked = terms_of(happening.facts)
    place = await _laboratory(asked["laboratory"])
    if (asked.get("conflict") or place.owner == happening.facts.parties[REQUESTING]) and not asked.get(
        "conflict_reason"
    ):
        raise Invalid(
            N_("The laboratory has an interest in the case, or is your own agency's."),
            do=N_("Send the draft back: record why it is commissioned all the same, or choose another."),
            code="conflict",
            field="conflict_reason",
        )
    await _refuse_uncovered(place.id, asked, date.fromisoformat(asked["needed_by"]), asked.get("scope_reason"))
    await join(happening.record, LABORATORY, place.owner)
    return None


async def accepted(happening: Happening) -> Outcome | None:
    """Agreed: the day of the report, and what is tested by which row of the scope."""
    due, asked, record = happening.entries.agreed_due, terms_of(happening.facts), happening.record
    coming_day(due, "agreed_due")
    place = await place_of_delegation(record)
    await _refuse_uncovered(place.id, asked, due, asked.get("scope_reason"))
    await connection().execute(
        "UPDATE lab_delegation SET agreed_due = $2, accepted_at = $3 WHERE id = $1", record, due, clock.now()
    )
    scopes = await scopes_of(place.id)
    rows = []
    for position, test in enumerate(asked["tests"], 1):
        row = covering(scopes, test["item"], test["method"], due)
        limit = test.get("standard_limit")
        rows.append((new_id(), record, position, test["item"], test["method"], limit, row.id if row else None))
    await connection().executemany(
        "INSERT INTO lab_test (id, delegation, position, item, method, standard_limit, scope)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        rows,
    )
    ends: dict[str, Due] = {"report": due}
    if not asked.get("on_site"):
        ends["samples"] = Counted(since=clock.today(), rule=FIVE_DAYS)
    return Outcome(due=ends, then="samples_in" if await are_in(record) else "")


async def begun(happening: Happening) -> Outcome | None:
    """Work on site gets a code of its own, by which the bench knows it."""
    if terms_of(happening.facts).get("on_site"):
        await connection().execute(
            "UPDATE lab_delegation SET site_code = coalesce(site_code, $2) WHERE id = $1",
            happening.record,
            await new_code(),
        )
    return None


async def ended(happening: Happening) -> Outcome | None:
    """Declined or withdrawn: it takes no place in the laboratory any more."""
    await _set_ended(happening.record, ended=True)
    return None


async def asked_later(happening: Happening) -> Outcome | None:
    """The later day lies ahead."""
    coming_day(happening.entries.until, "until")
    return None


async def agreed_later(happening: Happening) -> Outcome | None:
    """Both sides agree on a later day."""
    wish = happening.facts.last("ask_later")
    until = date.fromisoformat(wish["until"])
    end = deadlines.end_of(until) - timedelta(microseconds=1)
    await deadlines.extend(happening.record, "report", end, happening.actor, wish["reason"])
    await connection().execute("UPDATE lab_delegation SET agreed_due = $2 WHERE id = $1", happening.record, until)
    return None


async def amended(happening: Happening) -> Outcome | None:
    """The report is worked on again: a new version will take its place."""
    await _set_ended(happening.record, ended=False)
    return None


async def told(happening: Happening) -> Outcome | None:
    """The party was told, and has some days to object."""
    past_instant(happening.entries.told_at, "told_at")
    coming_day(happening.entries.objection_by, "objection_by")
    return None


async def objected(happening: Happening) -> Outcome | None:
    """The objection was made."""
    past_day(happening.entries.objected_on, "objected_on")
    return None


async def retested(happening: Happening) -> Outcome | None:
    """A new delegation for the re-test, which the kept portions serve from now on."""
    facts, entries = happening.facts, happening.entries
    family, report = family_of("lab_delegation"), (await versions_of(happening.record))[0]
    assert family is not None, "families are loaded with the verbs"
    old, new = await place_of_delegation(happening.record), await _laboratory(entries.laboratory)
    form = Delegation.model_validate(
        {
            **terms_of(facts),
            "laboratory": new.number,
            "needed_by": entries.needed_by,
            "outline": f"{terms_of(facts)['outline']}\n重新鉴定：{entries.reason}"[:2000],
        }
    )
    opened = await begin(
        family,
        happening.actor,
        form,
        parties={REQUESTING: facts.parties[REQUESTING]},
        title=facts.title,
        links_to=(("follows", happening.record),),
    )
    if old.id == new.id:
        await connection().execute(
            "UPDATE lab_delegation SET signer_not = $2 WHERE id = $1", opened.id, report.signed_by
        )
    kept = await serve_retest(happening.record, opened.id)
    return Outcome(data={"retest": opened.id, "samples": list(kept)})


async def closed(happening: Happening) -> Outcome | None:
    """Every sample is accounted for: returned, destroyed, used up, or kept."""
    left = await connection().fetchval(
        "SELECT r.number FROM sample s JOIN record r ON r.id = s.id"
        " WHERE s.delegation = $1 AND NOT r.state = ANY($2) ORDER BY r.number LIMIT 1",
        happening.record,
        list(ACCOUNTED),
    )
    if left is not None:
        raise WrongState(
            N_("Sample %(sample)s is not accounted for yet."),
            do=N_("Let it be returned, destroyed or kept, then close."),
            code="sample_open",
            sample=left,
        )
    return None


async def _laboratory(number: str) -> Place:
    """The laboratory that a form names.

    Raises:
        Invalid: there is none with this number, or it accepts nothing any more.
    """
    place = await place_of(number)
    if place is None or place.state != "active":
        raise Invalid(
            N_("There is no laboratory with this number."),
            do=N_("Take the number from the directory of laboratories."),
            code="unknown_laboratory",
            field="laboratory",
        )
    return place


async def _refuse_uncovered(laboratory: UUID, asked: Mapping[str, Any], day: date, reason: str | None) -> None:
    """Refuse tests that the laboratory is not accredited for on ``day``, unless a reason is recorded.

    Raises:
        Refusals: one for each such test.
    """
    scopes = await scopes_of(laboratory)
    gaps = [uncovered(scopes, test["item"], test["method"], day) for test in asked["tests"]]
    if reason:
        return
    raise_all(
        [
            Invalid(
                gap.msgid,
                do=N_("Choose another laboratory or day, or record a reason in the delegation."),
                code="not_covered",
                field="scope_reason",
                **gap.params,
            )
            for gap in gaps
            if gap is not None
        ]
    )


async def _set_ended(record: UUID, *, ended: bool) -> None:
    at = clock.now() if ended else None
    await connection().execute("UPDATE lab_delegation SET ended_at = $2 WHERE id = $1", record, at)
