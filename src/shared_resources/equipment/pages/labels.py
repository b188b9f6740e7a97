"""Labels: choosing what to print, the sheets themselves, and where a scanned one leads."""

import re
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.labels import (
    MOST_LABELS,
    label_landing,
    labels_of_codes,
    labels_of_filter,
)
from shared_resources.equipment.rules.labels import PRESETS, pages_of, preset_named
from shared_resources.equipment.rules.landing import ACT_LABELS, ACT_SENTENCES
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.schemas.register import ItemFilter
from shared_resources.equipment.service.register import note_labels_printed
from shared_resources.kernel.codes import grouped, label_origin, parse_code
from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of, with_query
from shared_resources.kernel.web.dependencies import provide_actor
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_, Sentence
from shared_resources.settings import settings

CHOOSE = "equipment/labels/choose.html"
FILTERS = tuple(ItemFilter.model_fields)
PARTS = re.compile(r"[\s,，;；]+")


def origin() -> str:
    """Scheme and host as labels print them."""
    return label_origin(settings().address, settings().label_host)


@get("/labels", include_in_schema=False)
async def choose(request: WebRequest, actor: Actor) -> Response[str]:
    """Which labels, on which paper, from which place on."""
    require(actor, Permission.LABEL_PRINT, actor.relations(actor.agency))
    query = query_of(request)
    codes = PARTS.split(query.get("codes", "")) if query.get("codes") else []
    if codes:
        found = await labels_of_codes(actor, codes, origin())
    elif any(query.get(name) for name in FILTERS) or "all" in query:
        found = await labels_of_filter(actor, parse(ItemFilter, query), origin())
    else:
        found = []
    entered = clean_form(
        {
            "codes": "\n".join(label.grouped for label in found),
            "preset": query.get("preset", "a4-3x8"),
            "start": "1",
        }
    )
    return page(request, CHOOSE, labels=found, presets=PRESETS, most=MOST_LABELS, **entered)


@post("/labels", include_in_schema=False)
async def print_labels(request: WebRequest, actor: Actor) -> Response[Any]:
    """Note that labels are printed, then show the sheets."""
    form = await form_of(request)
    try:
        codes = [parse_code(code) for code in PARTS.split(form.text("codes")) if code]
        preset, start = preset_named(form.text("preset")), _place(form.text("start"))
        if not codes:
            raise Invalid(N_("No item was chosen."), do=N_("Write one code a line."), field="codes")
        pages_of([], preset, start)
        await labels_of_codes(actor, codes, origin())
        await note_labels_printed(actor, codes[:MOST_LABELS], act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, CHOOSE, form, refusal, labels=[], presets=PRESETS, most=MOST_LABELS)
    return see_other(
        request, with_query("/labels/sheets", {"preset": preset.name, "start": start}, codes=",".join(codes))
    )


@get("/labels/sheets", include_in_schema=False)
async def sheets(request: WebRequest, actor: Actor) -> Response[str]:
    """The sheets in their exact size, to be printed without margins."""
    query = query_of(request)
    paper, first = preset_named(query.get("preset", "")), _place(query.get("start", ""))
    codes = [code for code in PARTS.split(query.get("codes", "")) if code]
    found = await labels_of_codes(actor, codes, origin())
    return page(
        request,
        "equipment/labels/sheets.html",
        labels=found,
        preset=paper,
        sheets=pages_of(found, paper, first),
        back=with_query("/labels", {"codes": ",".join(codes), "preset": paper.name}),
    )


@get(["/t/{code:str}", "/T/{code:str}"], include_in_schema=False)
async def scanned(request: WebRequest, code: str) -> Response[Any]:
    """What a label opens. Who is not signed in learns nothing, whether or not the code exists."""
    if reader_of(request).actor is None:
        return page(request, "equipment/labels/signed_out.html", code=code[:40])
    actor = provide_actor(request)
    parse_code(code)
    found, landing = await label_landing(actor, code)
    return page(
        request,
        "equipment/labels/landing.html",
        item=found.item,
        busy=found.busy,
        state=ITEM.states[found.item.state],
        grouped=grouped(found.item.code),
        landing=landing,
        label=ACT_LABELS[landing.act],
        sentence=Sentence(ACT_SENTENCES[landing.act], dict(landing.params)),
    )


def _place(text: str) -> int:
    if not text:
        return 1
    if not text.isdecimal() or len(text) > 3:
        raise Invalid(N_("This is not a whole number."), code="start", field="start")
    return int(text)


ROUTES: list[HTTPRouteHandler] = [choose, print_labels, sheets, scanned]
