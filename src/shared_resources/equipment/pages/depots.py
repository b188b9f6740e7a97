"""Depots with their hours and closed days, and how an agency answers requests."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.catalogue import categories, depot, depots, lending_rules
from shared_resources.equipment.rules.hours import WEEKDAYS, parse_day, written
from shared_resources.equipment.schemas.catalogue import (
    ClosureDraft,
    DepotDraft,
    DepotFull,
    DepotPublic,
    RuleDraft,
)
from shared_resources.equipment.service.depots import (
    add_depot,
    close_depot,
    edit_depot,
    remove_lending_rule,
    reopen_depot,
    set_lending_rule,
)
from shared_resources.kernel.errors import Invalid, Refusal, Refusals, raise_all
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

PAGE, FORM, RULES = "equipment/depots/page.html", "equipment/depots/form.html", "equipment/depots/rules.html"
USUAL_HOURS = {f"hours_{day}": "08:30-12:00, 14:00-18:00" for day in "12345"}


@get("/depots", include_in_schema=False)
async def depot_list(request: WebRequest, actor: Actor) -> Response[str]:
    """Depots of all agencies; addresses only of one's own."""
    query = query_of(request)
    every = await depots(actor, q=query.get("q", "")[:100])
    agencies = list({found.agency_slug: found for found in every}.values())
    shown = [found for found in every if query.get("agency") in (None, "", found.agency_slug)]
    shown.sort(key=lambda found: found.agency != actor.agency)
    return page(request, "equipment/depots/list.html", depots=shown, agencies=agencies, query=query, week=week)


@get("/depots/new", include_in_schema=False)
async def new_depot(request: WebRequest, actor: Actor) -> Response[str]:
    """The form for one more depot."""
    require(actor, Permission.DEPOT_EDIT, actor.relations(actor.agency))
    return page(
        request, FORM, depot=None, weekdays=WEEKDAYS, **clean_form({"timezone": "Asia/Shanghai", **USUAL_HOURS})
    )


@post("/depots/new", include_in_schema=False)
async def save_depot(request: WebRequest, actor: Actor) -> Response[Any]:
    """Add a depot, or say what is not right yet."""
    form = await form_of(request)
    try:
        made = await add_depot(actor, draft_of(form))
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, depot=None, weekdays=WEEKDAYS)
    return see_other(request, f"/depots/{made}", N_("The depot is added."))


@get("/depots/{identifier:uuid}", include_in_schema=False)
async def one_depot(request: WebRequest, actor: Actor, identifier: UUID) -> Response[str]:
    """One depot: hours, closed days, and for its own agency where it is."""
    found = await depot(actor, identifier)
    return page(request, PAGE, **shown(found), **clean_form())


def shown(found: DepotFull | DepotPublic) -> dict[str, Any]:
    """What the page of a depot is given."""
    return {
        "depot": found,
        "is_own": isinstance(found, DepotFull),
        "weekdays": [(label, written(found.hours.get(day, []))) for day, label in WEEKDAYS.items()],
    }


def week(found: DepotPublic) -> list[tuple[str, str, str]]:
    """The hours of a week, days with the same hours together: first day, last day, hours."""
    spans: list[tuple[str, str, str]] = []
    for day, label in WEEKDAYS.items():
        hours = written(found.hours.get(day, []))
        if spans and spans[-1][2] == hours:
            spans[-1] = (spans[-1][0], label, hours)
        else:
            spans.append((label, label, hours))
    return [span for span in spans if span[2]]


@get("/depots/{identifier:uuid}/edit", include_in_schema=False)
async def change_depot(request: WebRequest, actor: Actor, identifier: UUID) -> Response[str]:
    """The form that changes a depot."""
    found = await own(actor, identifier)
    hours = {f"hours_{day}": written(spans) for day, spans in found.hours.items()}
    entered = clean_form({**found.model_dump(exclude={"hours", "closures"}), **hours})
    return page(request, FORM, depot=found, weekdays=WEEKDAYS, **entered)


@post("/depots/{identifier:uuid}/edit", include_in_schema=False)
async def save_change(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """Change a depot, or say what is not right yet."""
    form, found = await form_of(request), await own(actor, identifier)
    try:
        await edit_depot(actor, identifier, draft_of(form))
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, depot=found, weekdays=WEEKDAYS)
    return see_other(request, f"/depots/{identifier}", N_("Changed. Bookings made before stay as they are."))


@post("/depots/{identifier:uuid}/closures", include_in_schema=False)
async def close(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """Close a depot for some days."""
    form, found = await form_of(request), await own(actor, identifier)
    try:
        await close_depot(actor, identifier, parse(ClosureDraft, form.values))
    except Refusal as refusal:
        return form_again(request, PAGE, form, refusal, **shown(found))
    return see_other(request, f"/depots/{identifier}", N_("These days are closed now."))


@post("/depots/{identifier:uuid}/closures/{closure:uuid}/remove", include_in_schema=False)
async def reopen(request: WebRequest, actor: Actor, identifier: UUID, closure: UUID) -> Response[Any]:
    """Take back a closure."""
    await reopen_depot(actor, identifier, closure)
    return see_other(request, f"/depots/{identifier}", N_("These days are open again."))


@get("/lending-rules", include_in_schema=False)
async def rules(request: WebRequest, actor: Actor) -> Response[str]:
    """How the reader's agency answers requests."""
    return page(request, RULES, **await rule_page(actor), **clean_form({"automatic_hours": 0, "answer_days": 1}))


@post("/lending-rules", include_in_schema=False)
async def set_rule(request: WebRequest, actor: Actor) -> Response[Any]:
    """Set the rule for one kind of equipment, or for all others."""
    form = await form_of(request)
    try:
        hold = {"requests_hold": form.flag("requests_hold")}
        await set_lending_rule(actor, parse(RuleDraft, {**form.values, **hold}))
    except Refusal as refusal:
        return form_again(request, RULES, form, refusal, **await rule_page(actor))
    return see_other(request, "/lending-rules", N_("The rule is set; it counts for requests from now on."))


@post("/lending-rules/{rule:uuid}/remove", include_in_schema=False)
async def remove_rule(request: WebRequest, actor: Actor, rule: UUID) -> Response[Any]:
    """Remove a rule."""
    await remove_lending_rule(actor, rule)
    return see_other(request, "/lending-rules", N_("The rule is removed."))


async def rule_page(actor: Actor) -> dict[str, Any]:
    """What the page of the rules is given."""
    return {"rules": await lending_rules(actor), "categories": await categories(actor)}


async def own(actor: Actor, identifier: UUID) -> DepotFull:
    """A depot of the reader's agency, which they may change.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = await depot(actor, identifier)
    if not isinstance(found, DepotFull):
        raise not_found()
    require(actor, Permission.DEPOT_EDIT, actor.relations(found.agency))
    return found


def draft_of(form: Form) -> DepotDraft:
    """What was entered; every day whose hours cannot be read is named.

    Raises:
        Invalid, Refusals: what is wrong with it.
    """
    reasons: list[Refusal] = []
    hours: dict[str, list[list[str]]] = {}
    for day in WEEKDAYS:
        try:
            hours[day] = parse_day(form.text(f"hours_{day}"), f"hours_{day}")
        except Invalid as refusal:
            reasons.append(refusal)
    try:
        draft = parse(DepotDraft, {**form.values, "hours": hours})
    except (Invalid, Refusals) as refusal:
        raise_all([*reasons_of(refusal), *reasons])
        raise
    raise_all(reasons)
    return draft


def reasons_of(refusal: Refusal) -> Iterable[Refusal]:
    """One refusal or the several that it holds."""
    return refusal.reasons if isinstance(refusal, Refusals) else (refusal,)


ROUTES: list[HTTPRouteHandler] = [
    depot_list,
    new_depot,
    save_depot,
    one_depot,
    change_depot,
    save_change,
    close,
    reopen,
    rules,
    set_rule,
    remove_rule,
]
