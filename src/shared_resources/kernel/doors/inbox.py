"""The inbox: what we owe, what we are owed, what is late, over all kinds of records."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter
from pydantic import BaseModel, ConfigDict

from shared_resources.kernel.identity.queries import agencies
from shared_resources.kernel.inbox import Inbox, InboxFilter, Side, inbox
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.procedure import known_procedures
from shared_resources.kernel.schemas.dues import DueView
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

SIDES = ((Side.OWE, N_("What we owe")), (Side.OWED, N_("What we are owed")))


class KindCount(BaseModel):
    """Open duties of one side and one kind of record."""

    model_config = ConfigDict(frozen=True)

    side: Side
    kind: str
    open: int
    late: int


class InboxView(BaseModel):
    """Counts, and a page of the side that was asked for."""

    model_config = ConfigDict(frozen=True)

    counts: tuple[KindCount, ...]
    dues: tuple[DueView, ...]
    next: str | None


@get("/inbox", include_in_schema=False)
async def inbox_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """One side at a time, filtered by kind, lateness and the other agency; the address can be kept."""
    query = request.query_params
    names = ("side", "late", "statutory", "kind", "other", "cursor")
    entries = {name: query.get(name, "").strip() for name in names}
    known = {procedure.kind: procedure.label for procedure in known_procedures()}
    wanted = InboxFilter(
        side=Side(entries["side"]) if entries["side"] in tuple(Side) else Side.OWE,
        late=bool(entries["late"]),
        statutory=bool(entries["statutory"]),
        kind=entries["kind"] if entries["kind"] in known else None,
        other=_uuid(entries["other"]),
    )
    found = await inbox(actor, wanted, cursor=entries["cursor"] or None)
    more = {name: text for name, text in entries.items() if text and name != "cursor"}
    return page(
        request,
        "inbox/page.html",
        found=found,
        wanted=wanted,
        entries=entries,
        tabs=tabs(request, found, wanted),
        kinds=kinds(request, found, wanted, known),
        agencies=await others(request, actor),
        next="/inbox?" + urlencode({**more, "cursor": found.next}) if found.next else "",
    )


def tabs(request: WebRequest, found: Inbox, wanted: InboxFilter) -> list[tuple[str, str, bool, int | None]]:
    """Both sides with how much is open."""
    say = reader_of(request).language.gettext
    return [
        (say(label), f"/inbox?side={side}", side is wanted.side, found.total(side).open) for side, label in SIDES
    ]


def kinds(request: WebRequest, found: Inbox, wanted: InboxFilter, known: dict[str, str]) -> list[tuple[str, str]]:
    """Kinds of record with open duties on this side, each with its count."""
    say = reader_of(request).language.gettext
    return [
        (kind, f"{say(known[kind])} ({count.open})")
        for kind, count in found.kinds(wanted.side).items()
        if kind in known
    ]


async def others(request: WebRequest, actor: Actor) -> list[tuple[str, str]]:
    """Agencies that may stand on the other side."""
    named = filters_for(reader_of(request).language)["named"]
    return [(str(line.id), named(line)) for line in await agencies(actor) if line.id != actor.agency]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@get("/api/v1/inbox", operation_id="getInbox", summary="What one's agency owes and is owed", tags=["records"])
async def inbox_api(
    actor: Actor,
    side: Side = Side.OWE,
    late: bool = False,
    statutory: bool = False,
    kind: Annotated[str | None, Parameter(max_length=40)] = None,
    other: UUID | None = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> InboxView:
    """Over all kinds of records, the most urgent first."""
    wanted = InboxFilter(side, late, statutory, kind, other)
    found = await inbox(actor, wanted, cursor=cursor, size=size)
    counts = tuple(
        KindCount(side=where, kind=name, open=count.open, late=count.late)
        for (where, name), count in found.counts.items()
    )
    return InboxView(counts=counts, dues=found.lines, next=found.next)


ROUTES: list[HTTPRouteHandler] = [inbox_page, inbox_api]
