"""Pages of the directory: who can do this test by that date, one laboratory, its parts, its scope as a list."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.asks import Asked
from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.history import acts_of
from shared_resources.kernel.identity.queries import agencies, people_of
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.web.answers import query_of, with_query
from shared_resources.kernel.web.asked import asked
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.forms import errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_
from shared_resources.lab.pages.asking import Choices, again, ask
from shared_resources.lab.queries.directory import day_loads, laboratories, laboratory_page, offers, scope_rows
from shared_resources.lab.rules.laboratory import LABORATORY
from shared_resources.lab.schemas.directory import CERTIFICATE_LABELS, PARTS, LaboratoryDraft
from shared_resources.lab.schemas.views import LaboratoryPage, SearchFor
from shared_resources.lab.service.directory import (
    add_part,
    edit_laboratory,
    end_part,
    register_laboratory,
    retire_laboratory,
)

HERE = "/laboratories/{number:str}"
OWN = frozenset({Relation.LABORATORY})
DIRECTORY = (N_("Laboratories"), "/laboratories")
ACT_LABELS = {
    "register": N_("Registered"),
    "edit": N_("Corrected"),
    "add_part": N_("Entry added"),
    "end_part": N_("Entry ended"),
    "import_scope": N_("Scope imported"),
    "retire": N_("Taken out of the directory"),
}
PART_TITLES = {
    "certificates": N_("Add a certificate"),
    "scope": N_("Add a scope row"),
    "signatories": N_("Authorise a signatory"),
    "closures": N_("Announce closed days"),
    "stores": N_("Add a place for samples"),
}


@get("/laboratories", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """Who can do this test by that date; without words every laboratory."""
    query = query_of(request)
    try:
        wanted, errors = parse(SearchFor, query), []
    except Refusal as refusal:
        wanted, errors = parse(SearchFor, {}), errors_of(request, refusal)
    found = await offers(actor, wanted) if wanted.q else None
    named = filters_for(reader_of(request).language)["named"]
    return page(
        request,
        "lab/laboratories.html",
        found=found,
        every=(await laboratories(actor, wanted.owner)).laboratories if found is None else (),
        query=query,
        errors=errors,
        owners=[(agency.slug, named(agency)) for agency in await agencies(actor)],
        may_edit=may(actor, Permission.LABORATORY_EDIT, OWN) is True,
        may_ask=may(actor, Permission.DELEGATION_ASK, {Relation.REQUESTING}) is True,
    )


@get("/laboratories/new", include_in_schema=False)
async def new(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more laboratory."""
    require(actor, Permission.LABORATORY_EDIT, OWN)
    return ask_laboratory(request, "/laboratories/new", N_("Register a laboratory"), DIRECTORY)


@post("/laboratories/new", include_in_schema=False)
async def register(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter a laboratory, or say what is not right yet."""
    form = await form_of(request)
    try:
        moved = await register_laboratory(actor, asked(LaboratoryDraft, form), act_id=form.act_id)
    except Refusal as refusal:
        more = {"values": again(LaboratoryDraft, form), "refusal": refusal}
        return ask_laboratory(request, "/laboratories/new", N_("Register a laboratory"), DIRECTORY, **more)
    return see_other(request, f"/laboratories/{moved.number}", N_("Registered."))


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One laboratory for everybody; its acts and journal for its own agency."""
    return await show(request, actor, number)


@get(HERE + "/edit", include_in_schema=False)
async def correct(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The form with what the directory says."""
    shown, _, relations = await laboratory_page(actor, number)
    require(actor, Permission.LABORATORY_EDIT, relations)
    values = shown.laboratory.model_dump(include=set(LaboratoryDraft.model_fields))
    return ask_laboratory(
        request, f"/laboratories/{number}/edit", N_("Correct"), back_to(request, shown), values=values
    )


@post(HERE + "/edit", include_in_schema=False)
async def corrected(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Correct a laboratory, or say what is not right yet."""
    form = await form_of(request)
    try:
        await edit_laboratory(actor, number, asked(LaboratoryDraft, form), act_id=form.act_id)
    except Refusal as refusal:
        shown, _, _ = await laboratory_page(actor, number)
        more = {"values": again(LaboratoryDraft, form), "refusal": refusal}
        path = f"/laboratories/{number}/edit"
        return ask_laboratory(request, path, N_("Correct"), back_to(request, shown), **more)
    return see_other(request, f"/laboratories/{number}", N_("Corrected."))


@post(HERE + "/retire", include_in_schema=False)
async def retire(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take it out of the directory."""
    form = await form_of(request)
    try:
        await retire_laboratory(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, refusal=refusal)
    return see_other(request, f"/laboratories/{number}", N_("Taken out of the directory."))


@get(HERE + "/add/{part:str}", include_in_schema=False)
async def adding(request: WebRequest, actor: Actor, number: str, part: str) -> Response[Any]:
    """The form for one more certificate, scope row, signatory, closure or store."""
    return await ask_part(request, actor, number, part)


@post(HERE + "/add/{part:str}", include_in_schema=False)
async def added(request: WebRequest, actor: Actor, number: str, part: str) -> Response[Any]:
    """Add it, or say what is not right yet."""
    form, model = await form_of(request), model_of(part)
    try:
        await add_part(actor, number, asked(model, form), act_id=form.act_id)
    except Refusal as refusal:
        return await ask_part(request, actor, number, part, values=again(model, form), refusal=refusal)
    return see_other(request, f"/laboratories/{number}#{part}", N_("Added."))


@post(HERE + "/end/{part:str}/{entry:uuid}", include_in_schema=False)
async def ended(request: WebRequest, actor: Actor, number: str, part: str, entry: UUID) -> Response[Any]:
    """End it from today on."""
    form = await form_of(request)
    await end_part(actor, number, part, entry, act_id=form.act_id)
    return see_other(request, f"/laboratories/{number}#{part}", N_("Ended from today on."))


async def show(request: WebRequest, actor: Actor, number: str, *, refusal: Refusal | None = None) -> Response[Any]:
    """The page of a laboratory; after a refusal with its reason. What no entry can mend passes."""
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code == "repeated"):
        raise refusal
    shown, record, relations = await laboratory_page(actor, number)
    query = query_of(request)
    rows, following = await scope_rows(actor, record, query.get("q", ""), cursor=query.get("cursor"))
    own = Relation.LABORATORY in relations
    return page(
        request,
        "lab/laboratory.html",
        refusal.status if refusal else 200,
        shown=shown,
        lab=shown.laboratory,
        rows=rows,
        query=query,
        next=with_query(f"/laboratories/{number}", query, cursor=following) if following else "",
        days=await day_loads(record, shown.laboratory.capacity),
        certificates=CERTIFICATE_LABELS,
        states=LABORATORY.states,
        own=own,
        may_edit=may(actor, Permission.LABORATORY_EDIT, relations) is True,
        may_ask=may(actor, Permission.DELEGATION_ASK, {Relation.REQUESTING}) is True,
        journal=history_lines(request, await acts_of(record, ACT_LABELS), LABORATORY) if own else [],
        errors=errors_of(request, refusal) if refusal else [],
    )


async def ask_part(request: WebRequest, actor: Actor, number: str, part: str, **more: Any) -> Response[Any]:
    """The form for a part of a laboratory."""
    shown, _, relations = await laboratory_page(actor, number)
    require(actor, Permission.LABORATORY_EDIT, relations)
    return ask(
        request,
        model_of(part),
        path=f"/laboratories/{number}/add/{part}",
        title=PART_TITLES[part],
        back=back_to(request, shown),
        act=N_("Add"),
        choices=await choices_for(actor, shown, part),
        **more,
    )


async def choices_for(actor: Actor, shown: LaboratoryPage, part: str) -> Choices:
    """Certificates of the laboratory, colleagues of the actor: what only the database knows."""
    if part == "scope":
        return {"certificate": [(str(one.id), one.number) for one in shown.certificates if one.ended_on is None]}
    if part in ("signatories", "stores"):
        assert actor.agency is not None
        people = [(str(one.id), one.name) for one in await people_of(actor, actor.agency)]
        return {"person": people, "keeper": people}
    return {}


def ask_laboratory(
    request: WebRequest, path: str, title: str, back: tuple[str, str], **more: Any
) -> Response[Any]:
    """The form of a laboratory."""
    return ask(request, LaboratoryDraft, path=path, title=title, back=back, act=N_("Save"), **more)


def model_of(part: str) -> type[Asked]:
    """The form of a part.

    Raises:
        NotFound: laboratories have no such part.
    """
    if part not in PARTS:
        raise not_found()
    return PARTS[part]


def back_to(request: WebRequest, shown: LaboratoryPage) -> tuple[str, str]:
    """Where a form of a laboratory leads back to."""
    named = filters_for(reader_of(request).language)["named"]
    return named(shown.laboratory), f"/laboratories/{shown.laboratory.number}"


ROUTES: list[HTTPRouteHandler] = [listed, new, register, one, correct, corrected, retire, adding, added, ended]
