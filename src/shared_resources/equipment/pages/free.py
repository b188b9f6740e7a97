"""What is free from A to B, over all agencies; from here several owners are asked in one go."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.choices import agency_options, depot_options, kind_of, kinds
from shared_resources.equipment.pages.wishes import address_of, wishes_of_form
from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.schemas.loans import FreeFilter, FreeList
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, Refusal, Refusals
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.formats import instant_input
from shared_resources.kernel.web.forms import errors_of, form_of, local_instant, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_, Sentence

TEXTS = ("from", "to", "kind", "near", "agency", "q", "evidential", "serves", "cursor")
FIELDS = {"starts_at": "from", "ends_at": "to", "resource": "kind", "category": "kind"}
PAGE = 100
OPENS, CLOSES = time(9), time(18)

Entries = dict[str, str]


@get("/free", include_in_schema=False)
async def free_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """The list for a time and what else is wanted."""
    query = request.query_params
    return await show(request, actor, {name: query.get(name, "").strip() for name in TEXTS})


@post("/free", include_in_schema=False)
async def choose(request: WebRequest, actor: Actor) -> Response[Any]:
    """Go on to the request with what was chosen."""
    form = await form_of(request)
    entries = with_period({name: form.text(name) for name in TEXTS})
    wishes = wishes_of_form(form)
    if wishes:
        marks = {name: entries[name] for name in ("from", "to", "evidential", "serves") if entries[name]}
        return see_other(request, address_of(wishes, marks))
    nothing = Invalid(N_("Nothing is chosen yet."), do=N_("Write a number beside a model."), code="nothing")
    return await show(request, actor, entries, nothing, counts=form.values)


async def show(
    request: WebRequest,
    actor: Actor,
    entries: Entries,
    refusal: Refusal | None = None,
    counts: Entries | None = None,
) -> Response[Any]:
    """The page, with what speaks against the question where something does."""
    entries = with_period(entries)
    found: FreeList | None = None
    try:
        found = await free(actor, filter_of(entries), cursor=entries["cursor"] or None, size=PAGE)
    except (Invalid, Refusals) as unclear:
        refusal = unclear
    errors = [(FIELDS.get(name, name), said) for name, said in errors_of(request, refusal)] if refusal else []
    more = found.next if found else None
    return page(
        request,
        "equipment/free/page.html",
        refusal.status if refusal else 200,
        entries=entries,
        found=found,
        counts=counts or {},
        choices={
            "kinds": await kinds(request, actor),
            "depots": await depot_options(request, actor),
            "agencies": await agency_options(request, actor),
        },
        periods=common_periods(entries),
        errors=errors,
        error_at=dict(errors),
        next="/free?" + urlencode({**entries, "cursor": more}) if more else "",
    )


def with_period(entries: Entries) -> Entries:
    """The entries, with the usual day where no time is given; instants as the fields show them."""
    starts_at, ends_at = usual_period(clock.now())
    shown = {"from": shown_instant(entries["from"], starts_at), "to": shown_instant(entries["to"], ends_at)}
    return {**entries, **shown}


def usual_period(now: datetime) -> tuple[datetime, datetime]:
    """Tomorrow from nine to six, on Chongqing's clocks."""
    day = (now.astimezone(clock.LOCAL_ZONE) + timedelta(days=1)).date()
    return tuple(datetime.combine(day, hour, clock.LOCAL_ZONE) for hour in (OPENS, CLOSES))  # type: ignore[return-value]


def common_periods(entries: Entries) -> list[tuple[Sentence, str, bool]]:
    """Periods for one tap, all else as it was asked: what it is called, its address, whether it is shown."""
    now = clock.now().astimezone(clock.LOCAL_ZONE)
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=15 * (now.minute // 15 + 1))
    found = []
    for name, (starts_at, ends_at) in (
        (N_("Now, for eight hours"), (soon, soon + timedelta(hours=8))),
        (N_("Tomorrow, nine to six"), usual_period(now)),
    ):
        period = {"from": instant_input(starts_at), "to": instant_input(ends_at)}
        asked = {**entries, **period, "cursor": ""}
        address = "/free?" + urlencode({key: text for key, text in asked.items() if text})
        found.append((Sentence(name), address, all(entries[key] == period[key] for key in period)))
    return found


def shown_instant(text: str, otherwise: datetime) -> str:
    """An instant of an address or a form as the field shows it; what cannot be read stays as it is."""
    if not text:
        return instant_input(otherwise)
    try:
        return instant_input(local_instant(text))
    except Invalid:
        return text


def filter_of(entries: Entries) -> FreeFilter:
    """The question in the words of the query.

    Raises:
        Invalid, Refusals: what cannot be read, with its field.
    """
    return parse(
        FreeFilter,
        {
            "starts_at": read_instant(entries["from"]),
            "ends_at": read_instant(entries["to"]),
            "near": entries["near"],
            "agency": entries["agency"],
            "evidential": bool(entries["evidential"]),
            "q": entries["q"],
            **kind_of(entries["kind"]),
        },
    )


def read_instant(text: str) -> datetime | str:
    """The instant, or the text itself for the model to refuse together with everything else."""
    try:
        return local_instant(text)
    except Invalid:
        return text


ROUTES: list[HTTPRouteHandler] = [free_page, choose]
