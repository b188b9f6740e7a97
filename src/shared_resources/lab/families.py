"""The family of delegations: a question put to a laboratory, and the opinion that answers it (IN-1b)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.casework.family import Family, known, last_filed
from shared_resources.kernel.casework.loans import link_booking
from shared_resources.kernel.identity.queries import person_page
from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.words import N_
from shared_resources.lab.letters import commissioning, telling
from shared_resources.lab.queries.delegation import beside
from shared_resources.lab.queries.directory import laboratory_page, scope_row
from shared_resources.lab.rules import delegation
from shared_resources.lab.schemas.delegations import Delegation
from shared_resources.lab.service import delegations, recalls, reports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

HEARS = recalls.recall
"""Imported for what it says: who hears of instruments that failed their check."""


def prefill(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """An amendment begins with the delegation as it stands, a new draft of the report with the last one."""
    asked = delegation.terms_of(facts)
    if step == "amend":
        return asked
    if step == "grant_retest":
        return {"laboratory": asked["laboratory"]}
    if step == "draft_report" and not facts.has("draft_report"):
        methods = "；".join(dict.fromkeys(test["method"] for test in asked["tests"]))
        return {"kind": "report", "basis": methods}
    if step in ("tell_party", "refuse_retest"):
        party = facts.last("object").get("party") or facts.last("tell_period").get("party")
        return {"party": party} if party else None
    return last_filed(facts, step, actor)


async def begin(actor: Actor, query: Mapping[str, str]) -> Mapping[str, Any]:
    """A delegation names whoever opens it; commissioned from an offer, it names laboratory and test."""
    assert actor.person is not None
    person = await person_page(actor, actor.person)
    found: dict[str, Any] = {"contact": person.name, "phone": person.mobile or ""}
    if not query.get("laboratory"):
        return found
    shown, record, _ = await laboratory_page(actor, query["laboratory"])
    found["laboratory"] = shown.laboratory.number
    row = await scope_row(record, query.get("scope", ""))
    if row is not None:
        found["tests"] = [{"item": row.item, "method": row.method}]
        found["needed_by"] = shown.laboratory.finish.isoformat()
    return found


DELEGATIONS = known(
    Family(
        procedure=delegation.DELEGATION,
        label=N_("Appraisal delegations"),
        lead=N_("A laboratory of another agency gives a technical appraisal, which stands as evidence."),
        chapter="lab/chapter.html",
        see=Permission.DELEGATION_SEE,
        open=Permission.DELEGATION_ASK,
        opens_as=Relation.REQUESTING,
        opening=Delegation,
        title=lambda entries: entries.case_name,
        new_label=N_("Commission an appraisal"),
        body="lab/delegation.html",
        own=delegation.shown_of,
        beside=beside,
        prefill=prefill,
        begin=begin,
        beside_opening="lab/choosing.html",
        acts={
            "sample_taken": N_("Sample taken"),
            "shipped": N_("Samples sent"),
            "result": N_("Result recorded"),
            "review": N_("Result reviewed"),
            "recall": N_("An instrument was out of order"),
            "pack": N_("Packed"),
        },
        blocks=delegation.blocks,
        effects={
            "draft": delegations.drafted,
            "amend": delegations.drafted,
            "issue": delegations.issued,
            "accept": delegations.accepted,
            "begin": delegations.begun,
            "decline": delegations.ended,
            "withdraw": delegations.ended,
            "ask_later": delegations.asked_later,
            "agree_later": delegations.agreed_later,
            "link_booking": link_booking,
            "draft_report": reports.drafted,
            "sign": reports.signed,
            "amend_report": delegations.amended,
            "tell_party": delegations.told,
            "object": delegations.objected,
            "grant_retest": delegations.retested,
            "close": delegations.closed,
        },
        letters={
            "lab_delegation_letter": commissioning.lab_delegation_letter,
            "lab_acceptance": commissioning.lab_acceptance,
            "lab_refusal": commissioning.lab_refusal,
            "lab_more_needed": commissioning.lab_more_needed,
            "lab_period_notice": telling.lab_period_notice,
            "lab_result_notice": telling.lab_result_notice,
            "lab_retest_refusal": telling.lab_retest_refusal,
        },
    )
)

FAMILIES: Sequence[Family] = (DELEGATIONS,)
