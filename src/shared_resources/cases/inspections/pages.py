"""The register of regulated parties, and planning an inspection with the warning before it is saved."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from shared_resources.cases.inspections.family import FAMILY
from shared_resources.cases.inspections.queries import others_planning, parties, party, planned_for
from shared_resources.cases.inspections.schemas import (
    PARTY_KIND_LABELS,
    InspectionOpening,
    PartyDraft,
    PartyView,
    PlannedWindow,
)
from shared_resources.cases.inspections.service import add_party, edit_party
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, require
from shared_resources.kernel.schemas.asked import SUBFIELD_LABELS
from shared_resources.kernel.web.asked import asked, drawn, entered
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

FORM, PLAN = "cases/inspections/party_form.html", "cases/inspections/plan.html"
WORDS: dict[str, Any] = {"kinds": PARTY_KIND_LABELS, "subfields": SUBFIELD_LABELS}
EVERYBODY = frozenset({Relation.THIRD})


@get("/parties", include_in_schema=False)
async def party_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """Regulated parties by name, number or code."""
    q = request.query_params.get("q", "").strip()[:120]
    found, following = await parties(actor, q, cursor=request.query_params.get("cursor") or None)
    more = "/parties?" + urlencode({"q": q, "cursor": following}) if following else ""
    may_edit = may(actor, Permission.PARTY_EDIT, EVERYBODY) is True
    return page(request, "cases/inspections/parties.html", found=found, q=q, next=more, may_edit=may_edit, **WORDS)


@get("/parties/new", include_in_schema=False)
async def new_party(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more party."""
    require(actor, Permission.PARTY_EDIT, EVERYBODY)
    return form_page(request, FORM, {"kind": "organisation"}, party=None, ticked=[], **WORDS)


@post("/parties/new", include_in_schema=False)
async def save_party(request: WebRequest, actor: Actor) -> Response[Any]:
    """Take a party into the register, or say what is not right yet."""
    form = await form_of(request)
    try:
        number = await add_party(actor, draft_of(form), act_id=form.act_id)
    except KEPT as refusal:
        ticked = form.texts("subfields")
        return form_page(request, FORM, form.values, refusal, party=None, ticked=ticked, **WORDS)
    return see_other(request, f"/parties/{number}", N_("The party is in the register."))


@get("/parties/{number:str}", include_in_schema=False)
async def one_party(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """One party: who inspects it when; of other agencies no more than that."""
    found = await party(actor, number)
    return page(
        request,
        "cases/inspections/party.html",
        party=found,
        plans=await planned_for(actor, found.id),
        may_edit=may(actor, Permission.PARTY_EDIT, EVERYBODY) is True,
        may_plan=may(actor, Permission.INSPECTION_PLAN, {Relation.PLANNING}) is True,
        **WORDS,
    )


@get("/parties/{number:str}/edit", include_in_schema=False)
async def change_party(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """The form with what the register says; an identity number is never shown again."""
    require(actor, Permission.PARTY_EDIT, EVERYBODY)
    found = await party(actor, number)
    values = {name: value or "" for name, value in found.model_dump(mode="json").items()}
    ticked = [subfield.value for subfield in found.subfields]
    return form_page(request, FORM, {**values, "id_number": ""}, party=found, ticked=ticked, **WORDS)


@post("/parties/{number:str}/edit", include_in_schema=False)
async def save_change(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """Change an entry."""
    form, version = await form_of(request), None
    if form.text("version").isdigit():
        version = int(form.text("version"))
    try:
        await edit_party(actor, number, draft_of(form), version)
    except KEPT as refusal:
        found, ticked = await party(actor, number), form.texts("subfields")
        return form_page(request, FORM, form.values, refusal, party=found, ticked=ticked, **WORDS)
    return see_other(request, f"/parties/{number}", N_("The change is saved."))


@get("/parties/{number:str}/plan", include_in_schema=False)
async def plan_form(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """The form of a plan, and who else plans to inspect this party."""
    require(actor, Permission.INSPECTION_PLAN, {Relation.PLANNING})
    return await show_plan(request, actor, await party(actor, number))


@post("/parties/{number:str}/plan", include_in_schema=False)
async def save_plan(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """Plan an inspection; where another agency plans one in these days, that is said before anything is saved."""
    form, found = await form_of(request), await party(actor, number)
    values = {**entered(InspectionOpening, form), "party": found.number}
    try:
        entries = asked(InspectionOpening, form)
        others = await others_planning(actor, found.id, entries.first, entries.last)
        if others and not form.flag("in_spite"):
            return await show_plan(request, actor, found, values, others=others)
        moved = await open_case(actor, FAMILY, entries, act_id=form.act_id)
    except KEPT as refusal:
        return await show_plan(request, actor, found, values, refusal)
    return see_other(request, f"/inspections/{moved.number}", N_("The inspection is planned."))


async def show_plan(
    request: WebRequest,
    actor: Actor,
    found: PartyView,
    values: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
    others: tuple[PlannedWindow, ...] = (),
) -> Response[Any]:
    """The form, what is wrong with it, and which windows it meets."""
    errors = errors_of(request, refusal) if refusal else []
    fields = drawn(InspectionOpening, values, errors)
    plans = await planned_for(actor, found.id)
    return page(
        request,
        PLAN,
        refusal.status if refusal else 409 if others else 200,
        party=found,
        questions=[field for field in fields if field.id != "party"],
        errors=errors,
        others=others,
        plans=[plan for plan in plans if plan.is_open],
    )


def draft_of(form: Form) -> PartyDraft:
    """What was entered.

    Raises:
        Invalid, Refusals: what is wrong with it.
    """
    return parse(PartyDraft, {**form.values, "subfields": form.texts("subfields")})


ROUTES: list[HTTPRouteHandler] = [
    party_list,
    new_party,
    save_party,
    one_party,
    change_party,
    save_change,
    plan_form,
    save_plan,
]
