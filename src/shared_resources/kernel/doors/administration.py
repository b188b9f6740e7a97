"""Administration: what this administrator may do, and the agencies themselves."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.calendar.queries import notices as calendar_notices
from shared_resources.kernel.counties import COUNTIES
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import NotAllowed, Refusal
from shared_resources.kernel.identity import create_agency, edit_agency
from shared_resources.kernel.identity.administrators import administrators
from shared_resources.kernel.identity.queries import agencies, agency_page, duty_now, people_of
from shared_resources.kernel.permissions import (
    NOT_YOUR_ROLE,
    Actor,
    Permission,
    Relation,
    Role,
    may,
    require,
)
from shared_resources.kernel.schemas.people import (
    BODY_LABELS,
    LEVEL_LABELS,
    OFFICE_LABELS,
    AgencyDraft,
    AgencyPage,
    Body,
)
from shared_resources.kernel.web.forms import Form, form_of, local_date, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

FIELDS = ("slug", "name_zh", "name_en", "level", "body", "credit_code", "county", "entrusted_by")
DATES = ("valid_from", "valid_to")


@get("/admin", include_in_schema=False)
async def overview(request: WebRequest, actor: Actor) -> Response[Any]:
    """What this person may administer; nothing that they may not."""
    if Role.SYSTEM_ADMIN in actor.roles:
        return page(request, "admin/overview.html", **await of_the_house(actor))
    if actor.agency is None or may(actor, Permission.DUTY_EDIT, {Relation.OWNER}) is not True:
        raise NotAllowed(
            NOT_YOUR_ROLE.sentence.msgid, do=N_("Ask your agency's administrator."), code="not_allowed"
        )
    return page(request, "admin/overview.html", **await of_one_agency(actor))


async def of_the_house(actor: Actor) -> dict[str, Any]:
    """What a system administrator looks after: agencies, administrators, the calendar."""
    waiting = [notice for notice in await calendar_notices(actor) if notice.state == "proposed"]
    found = await agencies(actor)
    return {
        "is_system": True,
        "agencies": found,
        "resting": sum(not agency.is_valid for agency in found),
        "administrators": [person for person in await administrators(actor) if person.is_active],
        "waiting": waiting,
    }


async def of_one_agency(actor: Actor) -> dict[str, Any]:
    """What an agency's own people look after: the agency, its people, its duty desks."""
    assert actor.agency is not None
    people = await people_of(actor, actor.agency)
    return {
        "is_system": False,
        "own": next((line for line in await agencies(actor) if line.id == actor.agency), None),
        "people": people,
        "bare": sum(not person.has_second_factor for person in people),
        "desks": await duty_now(actor.agency),
        "may_appoint": may(actor, Permission.APPOINTMENT_EDIT, {Relation.OWNER}) is True,
    }


@get("/admin/agencies/new", include_in_schema=False)
async def new_agency_form(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for a new agency."""
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    return await agency_form(request, actor, {"level": "municipal", "body": "administrative"})


@post("/admin/agencies/new", include_in_schema=False)
async def new_agency(request: WebRequest, actor: Actor) -> Response[Any]:
    """Take in an agency."""
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    form = await form_of(request)
    try:
        draft = parse(AgencyDraft, written(form))
        await create_agency(actor, draft)
    except KEPT as refusal:
        return await agency_form(request, actor, form.values, refusal=refusal)
    return see_other(request, f"/agencies/{draft.slug}", N_("The agency is entered."))


@get("/admin/agencies/{slug:str}/edit", include_in_schema=False)
async def edit_agency_form(request: WebRequest, actor: Actor, slug: str) -> Response[Any]:
    """The form for an agency as it is."""
    found = await editable(actor, slug)
    return await agency_form(request, actor, values_of(found), found)


@post("/admin/agencies/{slug:str}/edit", include_in_schema=False)
async def change_agency(request: WebRequest, actor: Actor, slug: str) -> Response[Any]:
    """Change an agency; a new Chinese name counts from a day, and the old one is kept."""
    found = await editable(actor, slug)
    form = await form_of(request)
    try:
        draft = parse(AgencyDraft, written(form, found))
        since = local_date(form.text("since"), "since") if form.text("since") else None
        await edit_agency(actor, slug, draft, since)
    except KEPT as refusal:
        values = {**values_of(found), **form.values}
        return await agency_form(request, actor, values, found, refusal)
    return see_other(request, f"/agencies/{draft.slug}", N_("Saved."))


async def agency_form(
    request: WebRequest,
    actor: Actor,
    values: dict[str, Any],
    found: AgencyPage | None = None,
    refusal: Refusal | None = None,
) -> Response[str]:
    """The form for an agency: with what it may choose from."""
    own = found.line.slug if found else None
    entrusting = [a for a in await agencies(actor) if a.body != Body.ENTRUSTED and a.slug != own]
    return form_page(
        request,
        "admin/agency_form.html",
        values,
        refusal,
        agency=found,
        levels=LEVEL_LABELS,
        offices=OFFICE_LABELS,
        bodies=BODY_LABELS,
        counties=COUNTIES.values(),
        entrusting=entrusting,
        is_system=Role.SYSTEM_ADMIN in actor.roles,
    )


async def editable(actor: Actor, slug: str) -> AgencyPage:
    """The agency, if the actor may change it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = await agency_page(actor, slug)
    require(actor, Permission.AGENCY_EDIT, actor.relations(found.line.id))
    return found


def values_of(found: AgencyPage) -> dict[str, Any]:
    """An agency as its form shows it."""
    line = found.line.model_dump(mode="json")
    more = {
        "credit_code": found.credit_code,
        "entrusted_by": found.entrusting_slug,
        "letter_code": found.letter_code,
        "address": found.address,
        "electronic_consent_on": found.electronic_consent_on,
        "office": found.office,
    }
    agreed = {"joins_by_agreement": "1" if found.joins_by_agreement else ""}
    return {name: line.get(name) for name in (*FIELDS, *DATES)} | more | agreed


def written(form: Form, found: AgencyPage | None = None) -> dict[str, Any]:
    """What was typed; fields that this administrator is not shown stay as they are."""
    before = values_of(found) if found else {}
    if form.flag("whole"):
        before["joins_by_agreement"] = ""  # a box that is not ticked sends nothing
    return {**before, **{name: form.text(name) for name in form.names}}


ROUTES: list[HTTPRouteHandler] = [overview, new_agency_form, new_agency, edit_agency_form, change_agency]
