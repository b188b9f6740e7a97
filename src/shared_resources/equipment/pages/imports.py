"""Entering a whole stock list: paste or upload, look at the faults, enter all or nothing."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.labels import MOST_LABELS
from shared_resources.equipment.rules.stock_list import COLUMNS, REQUIRED, template
from shared_resources.equipment.schemas.register import ImportReport
from shared_resources.equipment.service.imports import import_items
from shared_resources.kernel.errors import Invalid, Refusal, TooLarge
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.sheets import decoded
from shared_resources.kernel.web.answers import clean_form, csv_file, form_again, with_query
from shared_resources.kernel.web.forms import Form, form_of
from shared_resources.kernel.web.language import CHINESE
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_, Sentence

PAGE = "equipment/imports/page.html"
LARGEST_LIST = 2_000_000
"""Bytes; two thousand rows are a tenth of it."""


@get("/items/import", include_in_schema=False)
async def start(request: WebRequest, actor: Actor) -> Response[str]:
    """The form for a list."""
    require(actor, Permission.ITEM_EDIT, actor.relations(actor.agency))
    return page(request, PAGE, report=None, faults=[], columns=columns(request), required=REQUIRED, **clean_form())


@get("/items/import/template.csv", include_in_schema=False)
async def template_file(request: WebRequest, actor: Actor) -> Response[bytes]:
    """A list to start from: headings and one example."""
    require(actor, Permission.ITEM_EDIT, actor.relations(actor.agency))
    return csv_file("items-template.csv", template(reader_of(request).language.locale))


@post("/items/import", include_in_schema=False)
async def enter_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """Check a list, or enter it when that was asked and nothing is wrong."""
    form = await form_of(request)
    context: dict[str, Any] = {"columns": columns(request), "required": REQUIRED}
    try:
        text = await list_text(form)
        dry_run = form.text("act") != "enter"
        report = await import_items(actor, text, dry_run=dry_run, act_id=None if dry_run else form.act_id)
    except Refusal as refusal:
        return form_again(request, PAGE, form, refusal, report=None, faults=[], **context)
    if report.codes:
        return entered(request, report)
    faults = fault_lines(request, report)
    status = 422 if report.faults else 200
    return page(
        request, PAGE, status=status, report=report, faults=faults, **context, **clean_form({"text": text})
    )


def entered(request: WebRequest, report: ImportReport) -> Response[Any]:
    """On to the labels of what was entered."""
    said = Sentence(N_("%(count)s items are entered. Print their labels now."), {"count": len(report.codes)})
    codes = ",".join(report.codes[:MOST_LABELS])
    return see_other(request, with_query("/labels", {"codes": codes}), said)


async def list_text(form: Form) -> str:
    """The list that was uploaded, else the one that was pasted."""
    upload = form.file("file")
    if upload is None:
        text = form.text("text")
        if not text:
            raise Invalid(N_("No list was given."), do=N_("Choose a file or paste the cells."), field="text")
        return text
    data = await upload.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        raise TooLarge(N_("This list is larger than 2 MB."), do=N_("Cut it into several lists."), field="file")
    return decoded(data)


def fault_lines(request: WebRequest, report: ImportReport) -> list[tuple[int, str, str]]:
    """Line, heading and sentence of every fault, in the reader's language."""
    say, headings = reader_of(request).language.say, columns(request)
    return [
        (found.line, headings.get(found.column or "", ""), say(Sentence(found.msgid, dict(found.params))))
        for found in report.faults
    ]


def columns(request: WebRequest) -> dict[str, str]:
    """Our columns by the heading that this reader uses."""
    place = 0 if reader_of(request).language.locale == CHINESE else -1
    return {name: headings[place] for name, headings in COLUMNS.items()}


ROUTES: list[HTTPRouteHandler] = [start, template_file, enter_list]
