"""Pages about people: whom they serve and how to reach them; one's own contact details."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identity import edit_person
from shared_resources.kernel.identity.queries import person_page
from shared_resources.kernel.permissions import ROLE_LABELS, Actor, Permission, Relation, Role, may, require
from shared_resources.kernel.schemas.people import PersonEdit, PersonPage
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_


@get("/people/{id:uuid}", include_in_schema=False)
async def person(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """One person: roles and, for colleagues, contacts."""
    found = await person_page(actor, id)
    relations = relations_to(actor, found)
    return page(
        request,
        "people/page.html",
        person=found,
        roles=ROLE_LABELS,
        is_self=actor.person == found.id,
        may_edit=may(actor, Permission.PERSON_EDIT, relations) is True,
        may_administer=may(actor, Permission.PERSON_EDIT, relations - {Relation.SELF}) is True,
    )


@get("/people/{id:uuid}/edit", include_in_schema=False)
async def edit_form(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """The form for name and contacts."""
    found = await editable(actor, id)
    values = {"name": found.name, "email": found.email, "mobile": found.mobile}
    return form_page(request, "people/edit.html", values, person=found, is_self=actor.person == id)


@post("/people/{id:uuid}/edit", include_in_schema=False)
async def edit(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Change name and contacts; one's own name stands on papers and is an administrator's to change."""
    found = await editable(actor, id)
    form = await form_of(request)
    try:
        await edit_person(actor, id, parse(PersonEdit, written(form, found)))
    except KEPT as refusal:
        return again(request, actor, found, form, refusal)
    return see_other(request, f"/people/{id}", N_("Saved."))


def again(request: WebRequest, actor: Actor, found: PersonPage, form: Form, refusal: Refusal) -> Response[str]:
    """The form once more."""
    return form_page(
        request, "people/edit.html", form.values, refusal, person=found, is_self=actor.person == found.id
    )


def written(form: Form, found: PersonPage) -> dict[str, str | None]:
    """What was typed; where the name cannot be typed it stays as it is."""
    name = form.text("name") if "name" in form.values else found.name
    return {"name": name, "email": form.text("email") or None, "mobile": form.text("mobile") or None}


async def editable(actor: Actor, id: UUID) -> PersonPage:
    """The person, if the actor may change them.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = await person_page(actor, id)
    require(actor, Permission.PERSON_EDIT, relations_to(actor, found))
    return found


def relations_to(actor: Actor, found: PersonPage) -> frozenset[Relation]:
    """What the actor is to a person: themselves, their agency, or neither."""
    relations = {Relation.SELF} if actor.person == found.id else set()
    if actor.agency is not None and any(line.agency == actor.agency for line in found.appointments):
        relations.add(Relation.OWNER)
    if not relations or Role.SYSTEM_ADMIN in actor.roles:
        relations.add(Relation.THIRD)
    return frozenset(relations)


ROUTES: list[HTTPRouteHandler] = [person, edit_form, edit]
