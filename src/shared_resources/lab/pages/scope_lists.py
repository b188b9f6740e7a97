"""The scope of a laboratory as a list: read from CSV or XLSX, written as either."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Invalid, Refusal, Refusals, TooLarge, raise_all
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.sheets import XLSX, cells_of, lines_of, workbook
from shared_resources.kernel.web.answers import clean_form, csv_file, form_again
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.language import CHINESE
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_, Sentence
from shared_resources.lab.pages.directory import HERE
from shared_resources.lab.queries.directory import laboratory_page, scope_rows
from shared_resources.lab.rules.scope_list import COLUMNS, REQUIRED, read_scope, scope_lines
from shared_resources.lab.schemas.directory import ScopeRow
from shared_resources.lab.schemas.views import LaboratoryPage, ScopeView
from shared_resources.lab.service.directory import import_scope

PAGE = "lab/scope_import.html"
LARGEST_LIST = 2_000_000


@get(HERE + "/scope.csv", include_in_schema=False)
async def as_csv(request: WebRequest, actor: Actor, number: str) -> Response[bytes]:
    """The scope as CSV."""
    return csv_file(f"{number}-scope.csv", scope_lines(await every_row(actor, number), chinese=chinese(request)))


@get(HERE + "/scope.xlsx", include_in_schema=False)
async def as_workbook(request: WebRequest, actor: Actor, number: str) -> Response[bytes]:
    """The scope as a workbook."""
    lines = scope_lines(await every_row(actor, number), chinese=chinese(request))
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(number)}-scope.xlsx",
        "cache-control": "no-store",
    }
    return Response(workbook(lines, number), media_type=XLSX, headers=headers)


@get(HERE + "/scope/import", include_in_schema=False)
async def start(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The form for a list."""
    shown, _, relations = await laboratory_page(actor, number)
    require(actor, Permission.LABORATORY_EDIT, relations)
    return page(request, PAGE, **words(request, shown), **clean_form())


@post(HERE + "/scope/import", include_in_schema=False)
async def entered(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Enter the rows of a list, or say which line is not right; with a single fault nothing is entered."""
    form = await form_of(request)
    shown, _, relations = await laboratory_page(actor, number)
    require(actor, Permission.LABORATORY_EDIT, relations)
    try:
        certificate = chosen(form, shown)
        rows = checked(read_scope(await list_of(form)))
        count = await import_scope(actor, number, certificate, rows, form.act_id or "")
    except Refusal as refusal:
        return form_again(request, PAGE, form, refusal, **words(request, shown))
    said = Sentence(N_("%(count)s rows are new in the scope."), {"count": count})
    return see_other(request, f"/laboratories/{number}#scope", said)


async def every_row(actor: Actor, number: str) -> list[ScopeView]:
    """The whole scope of a laboratory."""
    _, record, _ = await laboratory_page(actor, number)
    rows: list[ScopeView] = []
    cursor = None
    while True:
        some, cursor = await scope_rows(actor, record, cursor=cursor, size=200)
        rows += some
        if cursor is None:
            return rows


def checked(rows: list[tuple[int, dict[str, Any]]]) -> list[ScopeRow]:
    """Every row as a value.

    Raises:
        Refusals: what is wrong, with its line.
    """
    found, faults = [], []
    for line, values in rows:
        try:
            found.append(parse(ScopeRow, values))
        except Refusal as refusal:
            reasons = refusal.reasons if isinstance(refusal, Refusals) else (refusal,)
            faults += [_in_line(line, reason) for reason in reasons]
    raise_all(list(faults))
    return found


def _in_line(line: int, reason: Refusal) -> Invalid:
    heading = COLUMNS.get(reason.field or "", ("",))[0]
    return Invalid(
        N_("Line %(line)s, %(column)s: %(fault)s"),
        code="line",
        field="file",
        line=line,
        column=heading,
        fault=reason.sentence,
    )


async def list_of(form: Form) -> list[tuple[int, list[str]]]:
    """The list that was uploaded, else the one that was pasted."""
    upload = form.file("file")
    if upload is None:
        if not form.text("text"):
            raise Invalid(N_("No list was given."), do=N_("Choose a file or paste the cells."), field="text")
        return cells_of(form.text("text"))
    data = await upload.read(LARGEST_LIST + 1)
    if len(data) > LARGEST_LIST:
        raise TooLarge(N_("This list is larger than 2 MB."), do=N_("Cut it into several lists."), field="file")
    return lines_of(data)


def chosen(form: Form, shown: LaboratoryPage) -> UUID:
    """The certificate under which the rows stand."""
    for certificate in shown.certificates:
        if str(certificate.id) == form.text("certificate"):
            return certificate.id
    raise Invalid(
        N_("Choose the certificate under which the rows stand."), code="certificate", field="certificate"
    )


def words(request: WebRequest, shown: LaboratoryPage) -> dict[str, Any]:
    """What the page of the import is given besides its entries."""
    place = 0 if chinese(request) else -1
    return {
        "lab": shown.laboratory,
        "certificates": [(str(one.id), one.number) for one in shown.certificates if one.ended_on is None],
        "columns": [(headings[place], name in REQUIRED) for name, headings in COLUMNS.items()],
    }


def chinese(request: WebRequest) -> bool:
    """Whether this reader reads Chinese."""
    return reader_of(request).language.locale == CHINESE


ROUTES: list[HTTPRouteHandler] = [as_csv, as_workbook, start, entered]
