"""The supervisor's figures: who is late and why; each number opens the list behind it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.csv_text import csv_bytes
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.figures import due_facts, figures, paper_facts, table
from shared_resources.kernel.permissions import OFFICES, Actor
from shared_resources.kernel.procedure import known_procedures
from shared_resources.kernel.schemas.figures import DueFact, FiguresFilter, Row
from shared_resources.kernel.web.forms import errors_of, parse
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.words import N_

WHAT_LABELS = {
    "on_time": N_("Met on time"),
    "late": N_("Met late"),
    "open_late": N_("Open and late"),
    "refusal": N_("Refusals"),
    "urgent": N_("Urgent requests"),
}
COUNTS = (
    ("limit_on_time", "on_time", 1),
    ("limit_late", "late", 1),
    ("limit_open_late", "open_late", 1),
    ("target_on_time", "on_time", 0),
    ("target_late", "late", 0),
    ("target_open_late", "open_late", 0),
)
"""Columns of the tables: the field, and the filter of the list behind it."""


def filter_of(request: WebRequest) -> FiguresFilter:
    """What the address asks for; this year so far where it names no months."""
    today = clock.today()
    usual = {"first": f"{today.year}-01", "last": f"{today:%Y-%m}"}
    given = {name: str(value).strip() for name, value in request.query_params.items() if str(value).strip()}
    return parse(FiguresFilter, {**usual, **given})


def address(wanted: FiguresFilter, path: str = "/figures", **more: object) -> str:
    """The address of these figures, or of a part of them."""
    given = {**wanted.model_dump(mode="json", exclude={"what", "statutory", "ground"}), **more}
    return f"{path}?{urlencode({name: value for name, value in given.items() if value not in (None, '')})}"


def kinds_of(actor: Actor) -> Mapping[str, str]:
    """The kinds of records that the reader may count, with their names."""
    office = actor.office if actor.office in OFFICES else None
    found = [each for each in known_procedures() if each.path and (office is None or office in each.offices)]
    return {each.kind: each.label for each in found}


@get("/figures", include_in_schema=False)
async def figures_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """Kept, late and open by agency, month and kind; refusals by ground; the share of urgent requests."""
    try:
        wanted, errors = filter_of(request), []
    except Refusal as refusal:
        today = clock.today()
        wanted = FiguresFilter(first=f"{today.year}-01", last=f"{today:%Y-%m}", what="")
        errors = errors_of(request, refusal)
    return page(
        request,
        "figures/page.html",
        status=422 if errors else 200,
        figures=await figures(actor, wanted),
        wanted=wanted,
        errors=errors,
        kinds=kinds_of(actor),
        counts=COUNTS,
        address=address,
        all_agencies=actor.office in OFFICES,
    )


@get("/figures/records", include_in_schema=False)
async def figures_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """The records behind one number."""
    wanted = filter_of(request)
    return page(
        request,
        "figures/list.html",
        facts=await facts_of_number(actor, wanted),
        wanted=wanted,
        kinds=kinds_of(actor),
        whats=WHAT_LABELS,
        back=address(wanted),
        csv=address(
            wanted, "/figures/records.csv", what=wanted.what, statutory=wanted.statutory, ground=wanted.ground
        ),
    )


@get("/figures.csv", include_in_schema=False)
async def figures_csv(request: WebRequest, actor: Actor) -> Response[bytes]:
    """The figures by agency, month and kind as a table."""
    rows = await table(actor, filter_of(request))
    return csv_of("figures", Row.model_fields, (row.model_dump(mode="json").values() for row in rows))


@get("/figures/records.csv", include_in_schema=False)
async def list_csv(request: WebRequest, actor: Actor) -> Response[bytes]:
    """The list behind one number as a table."""
    facts = await facts_of_number(actor, filter_of(request))
    return csv_of("records", DueFact.model_fields, (fact.model_dump(mode="json").values() for fact in facts))


async def facts_of_number(actor: Actor, wanted: FiguresFilter) -> list[DueFact]:
    """Deadlines, or the papers that refuse or hurry."""
    papers = wanted.what in ("refusal", "urgent")
    return list(await (paper_facts if papers else due_facts)(actor, wanted))


def csv_of(name: str, columns: Iterable[str], lines: Iterable[Iterable[object]]) -> Response[bytes]:
    """A table for spreadsheets."""
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_bytes([columns, *lines]), media_type="text/csv; charset=utf-8", headers=headers)


ROUTES: list[HTTPRouteHandler] = [figures_page, figures_list, figures_csv, list_csv]
