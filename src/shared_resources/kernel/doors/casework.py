"""The pages of every family: list, new, one record, the form of a step, the preview of its letter."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock, documents
from shared_resources.kernel.asks import Asked, shown
from shared_resources.kernel.casework.acts import open_case, safety_act, take_step
from shared_resources.kernel.casework.covered import form_of_step
from shared_resources.kernel.casework.facts import Facts, Filed
from shared_resources.kernel.casework.family import Family
from shared_resources.kernel.casework.queries import (
    CaseFilter,
    CasePage,
    Choice,
    act_labels,
    case_list,
    case_page,
)
from shared_resources.kernel.doors.redisplay import KEPT
from shared_resources.kernel.doors.story import history_lines, way_of
from shared_resources.kernel.errors import Refusal, Repeated, raise_all
from shared_resources.kernel.identity.queries import agencies
from shared_resources.kernel.papers import papers_for
from shared_resources.kernel.permissions import Actor, may, not_found
from shared_resources.kernel.procedure import Step
from shared_resources.kernel.roles import PART_LABELS, Relation
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.asked import Entered, asked, drawn, entered, opening
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

Options = list[tuple[str, str]]


def doors_of(family: Family) -> list[HTTPRouteHandler]:
    """The routes of one family. Its own pages stand beside them and go before."""
    one = f"{family.address}/{{number:str}}"

    @get(family.address, include_in_schema=False)
    async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
        return await show_list(request, actor, family)

    @get(f"{family.address}/new", include_in_schema=False)
    async def new(request: WebRequest, actor: Actor) -> Response[Any]:
        return await show_new(request, actor, family, about=request.query_params.get("about", ""))

    @post(f"{family.address}/new", include_in_schema=False)
    async def opened(request: WebRequest, actor: Actor) -> Response[Any]:
        return await open_from(request, actor, family)

    @get(one, include_in_schema=False)
    async def shown_one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
        return await show_case(request, actor, family, number)

    @get(one + "/{step:str}", include_in_schema=False)
    async def asked_step(request: WebRequest, actor: Actor, number: str, step: str) -> Response[Any]:
        return await show_step(request, actor, family, number, step)

    @post(one + "/{step:str}", include_in_schema=False)
    async def taken(request: WebRequest, actor: Actor, number: str, step: str) -> Response[Any]:
        return await take_from(request, actor, family, number, step)

    @post(one + "/{step:str}/preview", include_in_schema=False, status_code=200)
    async def previewed(request: WebRequest, actor: Actor, number: str, step: str) -> Response[Any]:
        return await preview_step(request, actor, family, number, step)

    opening: list[HTTPRouteHandler] = [new, opened] if family.open else []
    return [listed, *opening, shown_one, asked_step, taken, previewed]


async def show_list(request: WebRequest, actor: Actor, family: Family) -> Response[Any]:
    """Records of the reader's agency: open ones, unless a state, words or ended ones are asked for."""
    query = request.query_params
    names = ("part", "state", "q", "ended", "cursor")
    entries = {name: query.get(name, "").strip() for name in names}
    parts = [part for part in family.procedure.parties if part.value == entries["part"]]
    state = entries["state"] if entries["state"] in family.procedure.states else None
    wanted = CaseFilter(parts[0] if parts else None, state, entries["q"], bool(entries["ended"]))
    found = await case_list(actor, family, wanted, cursor=entries["cursor"] or None)
    more = {name: text for name, text in entries.items() if text and name != "cursor"}
    say = reader_of(request).language.gettext
    tabs = [(say(N_("All")), family.address, not parts, None)]
    if len(family.procedure.parties) > 1:
        tabs += [
            (say(PART_LABELS[part]), f"{family.address}?part={part}", part in parts, None)
            for part in family.procedure.parties
        ]
    return page(
        request,
        "casework/list.html",
        family=family,
        found=found,
        entries=entries,
        tabs=tabs,
        may_open=family.open is not None and may(actor, family.open, {family.opens_as or Relation.THIRD}) is True,
        part_labels=PART_LABELS,
        next=f"{family.address}?" + urlencode({**more, "cursor": found.next}) if found.next else "",
    )


async def show_new(
    request: WebRequest,
    actor: Actor,
    family: Family,
    *,
    about: str = "",
    values: Entered | None = None,
    refusal: Refusal | None = None,
) -> Response[Any]:
    """The form that opens a record, empty or with what was entered and the reasons against it."""
    assert family.opening is not None
    errors = errors_of(request, refusal) if refusal else []
    given: Any = values
    if given is None and family.begin is not None:
        begun = await family.begin(actor, {name: str(value) for name, value in request.query_params.items()})
        given = opening(family.opening, begun)
    return page(
        request,
        "casework/new.html",
        refusal.status if refusal else 200,
        family=family,
        questions=drawn(family.opening, given or None, errors),
        agencies=await agency_choices(request, actor),
        about=about,
        concerned=await visible_record(actor, about) if about else None,
        errors=errors,
    )


async def open_from(request: WebRequest, actor: Actor, family: Family) -> Response[Any]:
    """Open a record with the form that was sent."""
    assert family.opening is not None
    form = await form_of(request)
    about = form.text("about")
    try:
        entries = asked(family.opening, form)
        moved = await open_case(actor, family, entries, about=about or None, act_id=form.act_id)
    except KEPT as refusal:
        return await show_new(
            request, actor, family, about=about, values=entered(family.opening, form), refusal=refusal
        )
    except Repeated:
        return see_other(request, family.address, N_("This was already done; nothing was done twice."))
    return see_other(request, family.procedure.path % {"number": moved.number}, N_("Opened."))


async def show_case(
    request: WebRequest,
    actor: Actor,
    family: Family,
    number: str,
    *,
    refusal: Refusal | None = None,
    failed: str = "",
    note: str = "",
) -> Response[Any]:
    """One record: where it stands, what to do now, what was filed, what happened."""
    case = await case_page(actor, family, number)
    facts = case.facts
    return page(
        request,
        "casework/record.html",
        refusal.status if refusal else 200,
        case=case,
        facts=facts,
        family=family,
        state=family.procedure.states[facts.state],
        filed=filed_forms(case),
        own={**family.own(facts), **(await family.beside(actor, facts) if family.beside else {})},
        names={str(agency.id): agency for agency in facts.agencies.values()},
        part_labels=PART_LABELS,
        papers=await papers_for(actor, number),
        letters=await documents.letters_of(facts.id),
        way=way_of(request, family.procedure, facts.state, case.journal),
        journal=history_lines(request, case.journal, family.procedure),
        errors=[("", said) for _, said in errors_of(request, refusal)] if refusal else [],
        failed=failed,
        note=note,
    )


def filed_forms(case: CasePage) -> list[dict[str, Any]]:
    """Every form on the record as templates show it, the newest first."""
    labels = act_labels(case.family)
    found = []
    for filed in reversed(case.facts.filings):
        model = form_of_step(case.family, filed.step)
        if model is not None:
            found.append({"filed": filed, "label": labels[filed.step], "pairs": shown(model, filed.body)})
    return found


async def show_step(
    request: WebRequest,
    actor: Actor,
    family: Family,
    number: str,
    name: str,
    *,
    values: Entered | None = None,
    note: str = "",
    refusal: Refusal | None = None,
) -> Response[Any]:
    """The form of a step on a page of its own; a step that cannot be taken now says why, without a form."""
    case = await case_page(actor, family, number)
    choice = choice_of(case, name)
    if choice is None:
        return see_other(request, family.procedure.path % {"number": number})
    errors = errors_of(request, refusal) if refusal else []
    model = choice.step.form
    return page(
        request,
        "casework/step.html",
        refusal.status if refusal else 200,
        case=case,
        facts=case.facts,
        family=family,
        choice=choice,
        questions=drawn(model, values if values is not None else family.prefill(case.facts, name, actor), errors)
        if model
        else (),
        agencies=await agency_choices(request, actor, own=True),
        note=note,
        errors=errors,
    )


def choice_of(case: CasePage, name: str) -> Choice | None:
    """The step ``name`` out of the present state, if it is the reader's side's.

    Raises:
        NotFound: the procedure has no such step.
    """
    if name not in {step.name for step in case.family.procedure.steps}:
        raise not_found()
    return next((choice for choice in case.choices if choice.step.name == name), None)


async def take_from(request: WebRequest, actor: Actor, family: Family, number: str, name: str) -> Response[Any]:
    """Take a step with what was sent; a refusal shows the form again with the reasons."""
    form = await form_of(request)
    path = family.procedure.path % {"number": number}
    if name == "safety_act":
        return await act_for_safety(request, actor, family, number, form)
    step = step_named(family, name)
    note = form.text("note")
    version = int(form.text("version")) if form.text("version").isdigit() else None
    try:
        entries = asked(step.form, form) if step.form else None
        await take_step(
            actor, family, number, name, entries, note=note or None, version=version, act_id=form.act_id
        )
    except KEPT as refusal:
        if step.form is None:
            return await show_case(request, actor, family, number, refusal=refusal, failed=name, note=note)
        filled = entered(step.form, form)
        return await show_step(request, actor, family, number, name, values=filled, note=note, refusal=refusal)
    except Repeated:
        return see_other(request, path, N_("This was already done; nothing was done twice."))
    return see_other(request, path, N_("Done. The other side has been told."))


async def act_for_safety(
    request: WebRequest, actor: Actor, family: Family, number: str, form: Form
) -> Response[Any]:
    """Record an urgent safety act while a dispute is open."""
    path = family.procedure.path % {"number": number}
    try:
        await safety_act(actor, family, number, form.text("note"), act_id=form.act_id)
    except KEPT as refusal:
        note = form.text("note")
        return await show_case(request, actor, family, number, refusal=refusal, failed="safety_act", note=note)
    except Repeated:
        return see_other(request, path, N_("This was already done; nothing was done twice."))
    return see_other(request, path, N_("The safety act is recorded."))


def step_named(family: Family, name: str) -> Step:
    """A step by its name, whatever the state.

    Raises:
        NotFound: the procedure has none.
    """
    for step in family.procedure.steps:
        if step.name == name:
            return step
    raise not_found()


async def preview_step(request: WebRequest, actor: Actor, family: Family, number: str, name: str) -> Response[Any]:
    """The letter that a step would issue, as a draft; elements that are missing are listed instead."""
    form, step = await form_of(request), step_named(family, name)
    case = await case_page(actor, family, number)
    choice = choice_of(case, name)
    if choice is None or not choice.allowed or not step.document:
        raise not_found()
    try:
        entries = asked(step.form, form) if step.form else None
        draft = family.letters[step.document](with_entries(case.facts, name, entries, actor), name, actor)
        raise_all(documents.missing_elements(draft))
        assert actor.agency is not None
        body = await documents.preview(draft, actor.agency, actor, case.facts.id)
    except KEPT as refusal:
        filled = entered(step.form, form) if step.form else {}
        return await show_step(request, actor, family, number, name, values=filled, refusal=refusal)
    headers = {"content-disposition": 'inline; filename="preview.pdf"', "cache-control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)


def with_entries(facts: Facts, step: str, entries: Asked | None, actor: Actor) -> Facts:
    """The facts as they would be once the form is filed."""
    if entries is None:
        return facts
    body = entries.model_dump(mode="json")
    filed = Filed(step, type(entries).__name__, body, actor.agency, actor.person, actor.name, clock.now())
    return facts.with_filing(filed)


async def agency_choices(request: WebRequest, actor: Actor, *, own: bool = False) -> Options:
    """Agencies that take part today, by id, in the reader's language; ``own``: one's own is offered as well.

    Nobody opens a record against their own agency, but a plan gives its own lead duties as well.
    """
    named = filters_for(reader_of(request).language)["named"]
    return [
        (str(line.id), named(line))
        for line in await agencies(actor)
        if line.is_valid and (own or line.id != actor.agency)
    ]
