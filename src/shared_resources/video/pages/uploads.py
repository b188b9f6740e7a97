"""Taking a recording in: the form, sent at once without script; how an upload stands."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of
from shared_resources.kernel.web.forms import Form, form_of, local_instant, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_
from shared_resources.settings import settings
from shared_resources.video.queries.shared import owed_by
from shared_resources.video.queries.sources import own_sources
from shared_resources.video.rules.footage import RETENTIONS
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service import uploads

NEW = "video/new.html"
CHUNK = 256 * 1024
OWN = frozenset({Relation.HOLDER})


@get("/footage/new", include_in_schema=False)
async def new(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more recording."""
    require(actor, Permission.FOOTAGE_TAKE_IN, OWN)
    query = query_of(request)
    entered = {name: query.get(name, "") for name in ("source", "shared_use")}
    return page(request, NEW, **clean_form({**entered, "taken_by": actor.name}), **await words(request, actor))


@post("/footage/new", include_in_schema=False)
async def send_at_once(request: WebRequest, actor: Actor) -> Response[Any]:
    """Without script the file comes with the form, up to the ordinary limit."""
    form = await form_of(request)
    try:
        upload = await _take(actor, form)
    except Refusal as refusal:
        return form_again(request, NEW, form, refusal, **await words(request, actor))
    return see_other(request, f"/footage-uploads/{upload}", N_("Arrived. It is being checked."))


@get("/footage-uploads/{upload:uuid}", include_in_schema=False)
async def standing(request: WebRequest, actor: Actor, upload: UUID) -> Response[Any]:
    """How an upload stands; when it is taken in, the recording itself."""
    found = await uploads.upload_of(actor, upload)
    if found.footage:
        return see_other(request, f"/footage/{found.footage}")
    return page(request, "video/upload.html", upload=found)


async def words(request: WebRequest, actor: Actor) -> dict[str, Any]:
    """What the form offers."""
    if actor.agency is None:
        raise not_found()
    say = reader_of(request).language.gettext
    return {
        "sources": await own_sources(actor.agency),
        "uses": [(number, f"{number} {title}") for number, title in await owed_by(actor.agency)],
        "retentions": [(name, say(kind.label)) for name, kind in RETENTIONS.items()],
        "limit_gb": settings().footage_limit_gb,
    }


async def _take(actor: Actor, form: Form) -> UUID:
    """Start an upload with what the form says, and append its file.

    Raises:
        Invalid, Refusals: everything that is wrong, with its field.
    """
    file = form.file("file")
    if file is None:
        raise Invalid(N_("Choose the file of the recording."), code="no_file", field="file")
    begins = form.text("recorded_from")
    values = {
        **form.values,
        "recorded_from": local_instant(begins, "recorded_from").isoformat() if begins else "",
        "declared": form.flag("declared"),
    }
    size = file.file.seek(0, 2)
    file.file.seek(0)
    upload = await uploads.start_upload(actor, file.filename, size, parse(FootageDraft, values))
    try:
        await uploads.append(actor, upload, 0, _pieces(file))
    finally:
        await file.close()
    return upload


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(CHUNK):
        yield piece


ROUTES: list[HTTPRouteHandler] = [new, send_at_once, standing]
