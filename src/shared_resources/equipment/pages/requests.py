"""Asking for equipment: the request form, and what became of it at each owner."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.choices import select_options, takers
from shared_resources.equipment.pages.free import CLOSES, OPENS, read_instant, shown_instant, usual_period
from shared_resources.equipment.pages.wishes import Row, Wish, rows_of, wishes_of_form, wishes_of_query
from shared_resources.equipment.queries.loans import cart
from shared_resources.equipment.schemas.booking import GROUND_LABELS, BookingDraft, CartMade, Ground, Mode
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.errors import NotAllowed, Refusal, Repeated, SignInNeeded
from shared_resources.kernel.identity.queries import duty_now
from shared_resources.kernel.permissions import Actor, Permission, Relation, require
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

TEXTS = ("codes", "starts_at", "ends_at", "purpose", "ground", "case_no", "place", "serves", "taker", "mode")
FLAGS = ("evidential", "emergency")
PERIOD = ("starts_at", "ends_at")
KNOWN = frozenset({*TEXTS, *FLAGS})
NOT_OURS = (NotAllowed, SignInNeeded, Repeated)
"""Refusals that no correction of the form would mend."""

Entries = dict[str, Any]


@get("/loans/new", include_in_schema=False)
async def request_form(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form, filled with what the address names: a drag in the calendar, a choice of free equipment."""
    require(actor, Permission.LOAN_REQUEST, {Relation.BORROWER})
    query = request.query_params
    given = dict(zip(PERIOD, in_hours(query.get("from", ""), query.get("to", "")), strict=True))
    entries = entries_of(actor, {**given, **{name: query.get(name, "") for name in ("serves", *FLAGS)}})
    return await show_form(request, actor, entries, wishes_of_query(query))


@post("/loans/new", include_in_schema=False)
async def send_request(request: WebRequest, actor: Actor) -> Response[Any]:
    """Ask; or show again what was filled in, with every reason at its field."""
    form = await form_of(request)
    wishes = wishes_of_form(form)
    try:
        made = await request_booking(actor, draft_of(form, wishes), act_id=form.act_id)
    except NOT_OURS:
        raise
    except Refusal as refusal:
        entries = entries_of(actor, {**form.values, "codes": ""})
        return await show_form(request, actor, entries, wishes, refusal)
    return see_other(request, path_of(made), said_of(made))


@get("/carts/{identifier:uuid}", include_in_schema=False)
async def cart_page(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """What each owner makes of its part."""
    return page(request, "equipment/requests/cart.html", loans=await cart(actor, identifier))


async def show_form(
    request: WebRequest, actor: Actor, entries: Entries, wishes: list[Wish], refusal: Refusal | None = None
) -> Response[Any]:
    """The form with entries, wishes by name, duty desks of the owners, and what is not right yet."""
    rows = await rows_of(request, actor, wishes)
    errors = [(field_of(name), said) for name, said in errors_of(request, refusal)] if refusal else []
    return page(
        request,
        "equipment/requests/form.html",
        refusal.status if refusal else 200,
        entries=entries,
        wanted=rows,
        grounds=select_options(GROUND_LABELS, request),
        people=await takers(actor),
        desks=await desks_of(rows),
        errors=errors,
        error_at=together(errors),
        marks={"from": entries["starts_at"], "to": entries["ends_at"], "serves": entries["serves"]},
    )


def entries_of(actor: Actor, given: dict[str, str]) -> Entries:
    """What the fields show: what was given, else what is usual."""
    starts_at, ends_at = usual_period(clock.now())
    usual = {"ground": Ground.OTHER.value, "mode": Mode.LOAN.value, "taker": str(actor.person)}
    texts = {name: given.get(name) or usual.get(name, "") for name in TEXTS}
    texts["starts_at"] = shown_instant(texts["starts_at"], starts_at)
    texts["ends_at"] = shown_instant(texts["ends_at"], ends_at)
    return {**texts, **{name: given.get(name, "") not in ("", "0", "false") for name in FLAGS}}


def in_hours(start: str, end: str) -> tuple[str, str]:
    """Whole days, as the calendar names them, run from nine on the first to six on the last; others stay."""
    first, after = read_instant(start), read_instant(end)
    if isinstance(first, str) or isinstance(after, str):
        return start, end
    first, after = first.astimezone(clock.LOCAL_ZONE), after.astimezone(clock.LOCAL_ZONE)
    if first.time() != time.min or after.time() != time.min or after <= first:
        return start, end
    last = after.date() - timedelta(days=1)
    opens = datetime.combine(first.date(), OPENS, clock.LOCAL_ZONE)
    return opens.isoformat(), datetime.combine(last, CLOSES, clock.LOCAL_ZONE).isoformat()


def draft_of(form: Form, wishes: list[Wish]) -> BookingDraft:
    """The request in the words of the verb.

    Raises:
        Invalid, Refusals: everything that cannot be read, with its field.
    """
    values: dict[str, Any] = {name: form.text(name) for name in TEXTS}
    values |= {name: form.flag(name) for name in FLAGS}
    values |= {name: read_instant(values[name]) for name in PERIOD}
    return parse(BookingDraft, {**values, "wishes": wishes})


def field_of(name: str) -> str:
    """The id of the field that a reason belongs to; everything about what is wished stands at the wishes."""
    return name if name in KNOWN else "wishes" if name.startswith("wishes") else ""


def together(errors: list[tuple[str, str]]) -> dict[str, str]:
    """All sentences of a field as one."""
    found: dict[str, str] = {}
    for name, said in errors:
        found[name] = f"{found[name]} {said}" if name in found else said
    return found


async def desks_of(rows: list[Row]) -> list[tuple[str, Any]]:
    """The duty desks of the owners that are asked, by the owner's name."""
    owners = {row.owner: row.owner_name for row in rows if row.owner is not None}
    return [(name, await duty_now(owner)) for owner, name in owners.items()]


def path_of(made: CartMade) -> str:
    """Where to see what became of it."""
    return f"/loans/{made.loans[0].number}" if len(made.loans) == 1 else f"/carts/{made.cart}"


def said_of(made: CartMade) -> str:
    """What to say once."""
    if all(loan.state == "approved" for loan in made.loans):
        return N_("Approved at once by the owner's rule; it is reserved for you.")
    if len(made.loans) == 1:
        return N_("Requested. The owner has been told.")
    return N_("Requested. Each owner has been told of its part.")


ROUTES: list[HTTPRouteHandler] = [request_form, send_request, cart_page]
