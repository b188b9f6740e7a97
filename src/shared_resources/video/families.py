"""The families of footage: asking for it, preserving it, sharing what joint use recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.casework.family import Family, known, last_filed
from shared_resources.kernel.identity.queries import agencies
from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.words import N_
from shared_resources.video.letters import answering, asking
from shared_resources.video.queries.readers import permits_of_actor
from shared_resources.video.queries.sources import source_page
from shared_resources.video.rules import preservation, request
from shared_resources.video.rules import shared as shared_rules
from shared_resources.video.schemas.preservations import PreservationAsked
from shared_resources.video.schemas.requests import Request
from shared_resources.video.schemas.shared import JointUse
from shared_resources.video.service import preservations, requests, shared

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def prefill(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """An amendment begins with the request as it stands, a partial grant with the spans that were asked for."""
    if step == "amend":
        return {name: value for name, value in request.terms_of(facts).items() if name != "holder"}
    if step == "grant_in_part":
        return {"spans": request.terms_of(facts)["spans"]}
    return last_filed(facts, step, actor)


async def begin_request(actor: Actor, query: Mapping[str, str]) -> Mapping[str, Any]:
    """A request names whoever opens it; asked from a source's page, it names that source and its holder."""
    named = {"officers": [await _self(actor)]}
    if not query.get("source"):
        return named
    source, _, _ = await source_page(actor, query["source"])
    holder = next((one.id for one in await agencies(actor) if one.slug == source.holder_slug), None)
    span = {"source": source.number, "camera": source.name, "begins": "", "ends": ""}
    return named | {"holder": str(holder) if holder else "", "spans": [span]}


async def _self(actor: Actor) -> Mapping[str, str]:
    """The actor as an officer of a form."""
    return {"name": actor.name, "permit_no": min(await permits_of_actor(actor), default=""), "phone": ""}


REQUESTS = known(
    Family(
        procedure=request.REQUEST,
        label=N_("Footage requests"),
        lead=N_("An agency obtains footage from the one that holds it, by statutory procedure."),
        chapter="video/chapter.html",
        see=Permission.FOOTAGE_REQUEST_SEE,
        open=Permission.FOOTAGE_REQUEST_ASK,
        opens_as=Relation.REQUESTING,
        opening=Request,
        title=lambda entries: entries.case_name,
        new_label=N_("Ask for footage"),
        body="video/request.html",
        own=request.shown_of,
        prefill=prefill,
        begin=begin_request,
        acts={"compare": N_("Values compared"), "pack": N_("Packed")},
        blocks=request.blocks,
        effects={
            "draft": requests.drafted,
            "amend": requests.amended,
            "submit": requests.submitted,
            "send": requests.sent,
            "file_papers": requests.sent,
            "call": requests.called,
            "grant": requests.granted,
            "grant_in_part": requests.granted,
            "accept_answer": requests.ended,
            "close_disputed": requests.ended,
            "withdraw": requests.ended,
            "deliver": requests.delivered,
            "take_back": requests.taken_back,
            "sign": requests.signed,
            "extend_share": requests.extended,
            "revoke": requests.share_ended,
            "end_share": requests.share_ended,
            "purpose_done": requests.accounted,
            "dispute": requests.dispute,
            "resume": requests.asked_again,
        },
        letters={
            "footage_request_letter": asking.footage_request_letter,
            "footage_part_grant": answering.footage_part_grant,
            "footage_refusal": answering.footage_refusal,
            "footage_nonexistence": answering.footage_nonexistence,
        },
    )
)

PRESERVATIONS = known(
    Family(
        procedure=preservation.PRESERVATION,
        label=N_("Preservation notices"),
        lead=N_("What a request will ask for is kept from being overwritten at once; nothing is shown by that."),
        chapter="video/chapter.html",
        see=Permission.PRESERVATION_SEE,
        effects={
            "confirm": preservations.confirmed,
            "end": preservations.ended,
            "withdraw": preservations.ended,
        },
        letters={"preservation_notice": asking.preservation_notice},
        opening_document="preservation_notice",
        opening=PreservationAsked,
    )
)

SHARED = known(
    Family(
        procedure=shared_rules.SHARED,
        label=N_("Footage from joint use"),
        lead=N_("What joint use recorded must be shared among the agencies that took part."),
        chapter="video/chapter.html",
        see=Permission.SHARED_FOOTAGE_SEE,
        opening=JointUse,
        title=lambda entries: entries.title,
        blocks=shared_rules.blocks,
        body="video/shared.html",
        effects={"share": shared.shared, "confirm": shared.confirmed},
    )
)

FAMILIES: Sequence[Family] = (REQUESTS, PRESERVATIONS, SHARED)
