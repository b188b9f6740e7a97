"""Administration of people: taken in, appointed, put to rest, and let back in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.doors.people import relations_to
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.doors.sign_in import LINK
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identity import appoint, create_administrator, create_person, end_appointment
from shared_resources.kernel.identity.administrators import administrators
from shared_resources.kernel.identity.queries import agencies, agency_page, people_of, person_page
from shared_resources.kernel.permissions import (
    ROLE_LABELS,
    Actor,
    Permission,
    Relation,
    Role,
    not_found,
    require,
)
from shared_resources.kernel.schemas.people import (
    AgencyLine,
    AppointmentDraft,
    NewPerson,
    PersonDraft,
    PersonPage,
)
from shared_resources.kernel.web.forms import Form, form_of, local_date, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

APPOINTABLE = {role: label for role, label in ROLE_LABELS.items() if role is not Role.SYSTEM_ADMIN}
PERSON_FIELDS = ("username", "name", "email", "mobile", "locale")
APPOINTMENT_FIELDS = ("agency", "role", "unit", "permit_no", "valid_from", "valid_to")


@get("/admin/people", include_in_schema=False)
async def people(
    request: WebRequest, actor: Actor, agency: str = "", past: bool = False, q: str = ""
) -> Response[Any]:
    """The people of one agency; a system administrator chooses which."""
    choices = await agencies_of(actor)
    only = choices[0] if len(choices) == 1 and not agency else None
    chosen = next((line for line in choices if line.slug == agency), only)
    if agency and chosen is None:
        raise not_found()
    found = await people_of(actor, chosen.id, past=past) if chosen else []
    shown = [person for person in found if q.strip().casefold() in f"{person.name} {person.username}".casefold()]
    return page(
        request,
        "admin/people.html",
        people=shown,
        agency=chosen,
        choices=choices,
        past=past,
        q=q.strip(),
        roles=ROLE_LABELS,
    )


@get("/admin/administrators", include_in_schema=False)
async def administrator_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """Every system administrator."""
    return page(request, "admin/administrators.html", people=await administrators(actor))


@get("/admin/administrators/new", include_in_schema=False)
async def new_administrator_form(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for a further system administrator."""
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    return form_page(request, "admin/administrator_form.html", {"locale": "zh_CN"})


@post("/admin/administrators/new", include_in_schema=False)
async def new_administrator(request: WebRequest, actor: Actor) -> Response[Any]:
    """Take in a further system administrator and show their link once."""
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    form = await form_of(request)
    try:
        draft = parse(PersonDraft, typed(form, PERSON_FIELDS))
        made = await create_administrator(actor, draft)
    except KEPT as refusal:
        return form_page(request, "admin/administrator_form.html", form.values, refusal)
    return welcome(request, made, draft.name, draft.username)


@get("/admin/people/new", include_in_schema=False)
async def new_person_form(request: WebRequest, actor: Actor, agency: str = "") -> Response[Any]:
    """The form for a new colleague."""
    values = {"agency": agency, "valid_from": clock.today().isoformat(), "locale": "zh_CN", "role": "officer"}
    return await person_form(request, actor, values)


@post("/admin/people/new", include_in_schema=False)
async def new_person(request: WebRequest, actor: Actor) -> Response[Any]:
    """Take in a colleague with a first role and show their link once."""
    form = await form_of(request)
    try:
        draft = parse(PersonDraft, typed(form, PERSON_FIELDS))
        made = await create_person(actor, draft, await appointment(actor, form))
    except KEPT as refusal:
        return await person_form(request, actor, form.values, refusal)
    return welcome(request, made, draft.name, draft.username)


async def person_form(
    request: WebRequest, actor: Actor, values: dict[str, Any], refusal: Refusal | None = None
) -> Response[str]:
    """The form for a new colleague, with the agencies and roles to choose from."""
    choices = await agencies_of(actor)
    return form_page(request, "admin/person_form.html", values, refusal, choices=choices, roles=APPOINTABLE)


def welcome(request: WebRequest, made: NewPerson, name: str, username: str) -> Response[str]:
    """The one-time link of a new account; this answer is the only place where it is ever shown."""
    link = f"{settings().address}{LINK}{made.link_token}"
    return page(request, "admin/link.html", link=link, name=name, username=username, person=made.id, is_new=True)


@get("/admin/people/{id:uuid}", include_in_schema=False)
async def one_person(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """A person as their administrator meets them: roles, account, and what can be done."""
    return await administered_page(request, actor, await administered(actor, id))


@post("/admin/people/{id:uuid}/appoint", include_in_schema=False)
async def give_role(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Give a person a further role."""
    found = await administered(actor, id)
    form = await form_of(request)
    try:
        await appoint(actor, id, await appointment(actor, form))
    except KEPT as refusal:
        return await administered_page(request, actor, found, form.values, refusal)
    return see_other(request, f"/admin/people/{id}", N_("The role is given."))


@post("/admin/people/{id:uuid}/appointments/{appointment_id:uuid}/end", include_in_schema=False)
async def end_role(request: WebRequest, actor: Actor, id: UUID, appointment_id: UUID) -> Response[Any]:
    """Let a role end with a day."""
    found = await administered(actor, id)
    form = await form_of(request)
    if not any(line.id == appointment_id for line in found.appointments):
        raise not_found()
    try:
        await end_appointment(actor, appointment_id, local_date(form.text("last_day"), "last_day"))
    except KEPT as refusal:
        return await administered_page(request, actor, found, None, refusal)
    return see_other(request, f"/admin/people/{id}", N_("The role ends with that day."))


async def administered_page(
    request: WebRequest,
    actor: Actor,
    found: PersonPage,
    values: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response[str]:
    """A person's page of administration; with ``values`` its form for a role stands open."""
    blank = {"valid_from": clock.today().isoformat(), "role": "officer", "agency": ""}
    return form_page(
        request,
        "admin/person.html",
        values or blank,
        refusal,
        person=found,
        choices=await agencies_of(actor),
        roles=APPOINTABLE,
        labels=ROLE_LABELS,
        is_open=bool(values),
        locked_out=why_not(actor, found),
    )


def why_not(actor: Actor, found: PersonPage) -> str:
    """Why the actor may not touch this person's keys (see ``authority.require_over``); empty when they may."""
    if actor.person == found.id:
        return N_("Nobody administers their own account.")
    today = clock.today()
    lasting = {line.agency for line in found.appointments if line.valid_to is None or line.valid_to >= today}
    served = lasting or {line.agency for line in found.appointments}
    if Role.SYSTEM_ADMIN not in actor.roles and served - {actor.agency}:
        return N_("This person serves another agency as well; ask the system administrator.")
    return ""


async def administered(actor: Actor, id: UUID) -> PersonPage:
    """The person, if the actor administers the people of their agency.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = await person_page(actor, id)
    relations = relations_to(actor, found) - {Relation.SELF}
    require(actor, Permission.PERSON_EDIT, relations or {Relation.THIRD})
    return found


async def agencies_of(actor: Actor) -> list[AgencyLine]:
    """The agencies whose people the actor administers.

    Raises:
        NotAllowed: none.
    """
    if Role.SYSTEM_ADMIN in actor.roles:
        return await agencies(actor)
    require(actor, Permission.APPOINTMENT_EDIT, {Relation.OWNER})
    return [line for line in await agencies(actor) if line.id == actor.agency]


async def appointment(actor: Actor, form: Form) -> AppointmentDraft:
    """The role that was typed; in one's own agency where there is nothing to choose.

    Raises:
        Invalid, Refusals: what cannot be read.
    """
    values = typed(form, APPOINTMENT_FIELDS)
    choices = await agencies_of(actor)
    if len(choices) == 1:
        values["agency"] = values["agency"] or choices[0].slug
    elif values["agency"]:
        await agency_page(actor, values["agency"])
    return parse(AppointmentDraft, values)


def typed(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    """These fields as they were typed."""
    return {name: form.text(name) for name in names}


ROUTES: list[HTTPRouteHandler] = [
    people,
    administrator_list,
    new_administrator_form,
    new_administrator,
    new_person_form,
    new_person,
    one_person,
    give_role,
    end_role,
]
