"""Who held which item from when to when, confirmed by whom: as a page, as a table to take along, as proof."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.custody import (
    as_csv,
    log_of_item,
    log_of_loan,
    owns_item,
    proof_of_item,
    proof_of_loan,
)
from shared_resources.equipment.schemas.custody import CustodyEntry, ProvableLine
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.words import N_

KIND_LABELS = {
    "issue": N_("Handed out"),
    "receive": N_("Entered into the register"),
    "move": N_("Passed on"),
    "return": N_("Returned"),
    "inspect": N_("Inspected"),
    "damage": N_("Damage reported"),
    "loss": N_("Loss reported"),
    "correct": N_("Corrected"),
}


@get("/items/{code:str}/custody", include_in_schema=False)
async def custody_of_item(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Every holder of an item."""
    entries = await log_of_item(actor, code)
    about = {"title": grouped(entries[0].item), "base": f"/items/{entries[0].item}"}
    return show(request, entries, **about, proves=await owns_item(actor, code), of_loan=False)


@get("/items/{code:str}/custody.csv", include_in_schema=False)
async def csv_of_item(actor: Actor, code: str) -> Response[bytes]:
    """The same as a table."""
    return table(f"custody-{code}", await log_of_item(actor, code))


@get("/items/{code:str}/custody.json", include_in_schema=False)
async def proof_file_of_item(actor: Actor, code: str) -> Response[Any]:
    """The same as lines that prove themselves; ``shared-resources verify --file`` reads them."""
    return proof(f"custody-{code}", await proof_of_item(actor, code))


@get("/loans/{number:str}/custody", include_in_schema=False)
async def custody_of_loan(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Every change of hands of a loan."""
    entries = await log_of_loan(actor, number)
    return show(request, entries, title=number, base=f"/loans/{number}", proves=True, of_loan=True)


@get("/loans/{number:str}/custody.csv", include_in_schema=False)
async def csv_of_loan(actor: Actor, number: str) -> Response[bytes]:
    """The same as a table."""
    return table(f"custody-{number}", await log_of_loan(actor, number))


@get("/loans/{number:str}/custody.json", include_in_schema=False)
async def proof_file_of_loan(actor: Actor, number: str) -> Response[Any]:
    """The same as lines that prove themselves."""
    return proof(f"custody-{number}", await proof_of_loan(actor, number))


def show(request: WebRequest, entries: Sequence[CustodyEntry], **about: Any) -> Response[Any]:
    """The log as a page, item by item."""
    return page(request, "equipment/custody/log.html", entries=entries, kinds=KIND_LABELS, **about)


def table(name: str, entries: Sequence[CustodyEntry]) -> Response[bytes]:
    """The log as CSV to save."""
    return Response(as_csv(entries), media_type="text/csv; charset=utf-8", headers=saved_as(f"{name}.csv"))


def proof(name: str, lines: Sequence[ProvableLine]) -> Response[Any]:
    """The hashed lines as JSON to save."""
    rows = [line.model_dump(mode="json") for line in lines]
    return Response(rows, media_type="application/json", headers=saved_as(f"{name}.json"))


def saved_as(name: str) -> dict[str, str]:
    """Headers of a file to save; codes and numbers need no quoting."""
    clean = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-."))
    return {"content-disposition": f'attachment; filename="{clean}"', "cache-control": "no-store"}


ROUTES: list[HTTPRouteHandler] = [
    custody_of_item,
    csv_of_item,
    proof_file_of_item,
    custody_of_loan,
    csv_of_loan,
    proof_file_of_loan,
]
