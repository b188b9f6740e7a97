"""What is wished for, on its way between addresses, forms and the request: texts first, words at the end.

A wish for ``n of a model`` is a number field whose name says model, depot and owner; a wish for one item is a
ticked box whose name says its code. So a form without script carries a whole cart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from shared_resources.equipment.pages.choices import namer
from shared_resources.equipment.queries.catalogue import depots, models
from shared_resources.equipment.queries.register import item_page
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import NotFound
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import Form
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

Wish = dict[str, str]
"""A wish as texts: ``item``, or ``model`` and ``count`` with perhaps ``depot`` and ``owner``."""

COUNTED, SINGLE = "n.", "i."
MOST = 100


@dataclass(frozen=True)
class Row:
    """A wish as the form shows it. ``owner`` is the agency that is asked, where that is known already."""

    name: str
    code: str
    count: str
    label: str
    where: str
    owner: UUID | None = None
    owner_name: str = ""
    error: str = ""


def name_of(wish: Wish) -> str:
    """The name of the field that carries a wish."""
    if "item" in wish:
        return SINGLE + wish["item"]
    return COUNTED + ".".join((wish["model"], wish.get("depot", ""), wish.get("owner", "")))


def wishes_of_form(form: Form) -> list[Wish]:
    """The wishes of a form: counted ones that are not zero, ticked ones, and codes that were typed."""
    found: list[Wish] = []
    for name in form.names:
        if name.startswith(COUNTED) and form.text(name) not in ("", "0"):
            model, depot, owner = [*name.removeprefix(COUNTED).split("."), "", ""][:3]
            found.append(_counted(model, form.text(name), depot, owner))
        elif name.startswith(SINGLE):
            found.append({"item": name.removeprefix(SINGLE)})
    typed = form.text("codes").replace(",", " ").replace("，", " ").replace("、", " ").split()
    return found + [{"item": code} for code in typed]


def wishes_of_query(query: Any) -> list[Wish]:
    """The wishes that an address names: ``item=``, ``model=`` with its count, or ``want=model*count@depot``."""
    found: list[Wish] = [{"item": code} for code in query.getall("item", [])]
    if query.get("model"):
        found.append(
            _counted(query["model"], query.get("count") or "1", query.get("depot", ""), query.get("owner", ""))
        )
    for want in query.getall("want", []):
        model, _, rest = want.partition("*")
        count, _, depot = rest.partition("@")
        found.append(_counted(model, count or "1", depot, ""))
    return found[:MOST]


def address_of(wishes: Iterable[Wish], marks: Mapping[str, str]) -> str:
    """Where these wishes are asked for; ``marks`` are the period and what else the form opens with."""
    wants = [
        ("item", wish["item"]) if "item" in wish else ("want", f"{wish['model']}*{wish['count']}@{wish['depot']}")
        for wish in wishes
    ]
    return "/loans/new?" + urlencode([*wants, *marks.items()])


async def rows_of(request: WebRequest, actor: Actor, wishes: list[Wish]) -> list[Row]:
    """The wishes with their names, in the reader's language."""
    named = namer(request)
    known = {str(model.id): model for model in await models(actor)} if wishes else {}
    stores = {str(depot.id): depot for depot in await depots(actor)} if wishes else {}
    by_slug = {depot.agency_slug: depot for depot in stores.values()}
    rows = []
    for wish in wishes:
        if "item" in wish:
            rows.append(await _row_of_item(request, actor, wish))
            continue
        model, depot = known.get(wish["model"]), stores.get(wish.get("depot", ""))
        place = depot or by_slug.get(wish.get("owner", ""))
        owner_name = named(place, "agency_name") if place else ""
        parts = [owner_name, named(depot) if depot else ""]
        rows.append(
            Row(
                name=name_of(wish),
                code="",
                count=wish["count"],
                label=named(model) if model else wish["model"],
                where=" · ".join(part for part in parts if part),
                owner=place.agency if place else None,
                owner_name=owner_name,
                error="" if model else _say(request, N_("There is no such model.")),
            )
        )
    return rows


async def _row_of_item(request: WebRequest, actor: Actor, wish: Wish) -> Row:
    named = namer(request)
    try:
        item = (await item_page(actor, wish["item"])).item
    except NotFound:
        said = _say(request, N_("No item has this code."))
        return Row(name=name_of(wish), code=wish["item"], count="1", label="", where="", error=said)
    return Row(
        name=SINGLE + item.code,
        code=grouped(item.code),
        count="1",
        label=named(item, "model_name"),
        where=f"{named(item, 'owner_name')} · {named(item, 'depot_name')}",
        owner=item.owner,
        owner_name=named(item, "owner_name"),
    )


def _counted(model: str, count: str, depot: str, owner: str) -> Wish:
    given = {"model": model, "count": count, "depot": depot, "owner": owner}
    return {name: text for name, text in given.items() if text}


def _say(request: WebRequest, msgid: str) -> str:
    return reader_of(request).language.gettext(msgid)
