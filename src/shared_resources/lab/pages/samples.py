"""Samples for both sides: taken with a photo of the seal, labelled, followed from hand to hand, ended."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.asks import Asked
from shared_resources.kernel.codes import SAMPLE_PATH, grouped, label_address, label_origin, parse_code
from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from shared_resources.kernel.history import acts_of
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.qr import picture
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.answers import query_of, with_query
from shared_resources.kernel.web.asked import asked
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_
from shared_resources.lab.pages.asking import Choices, again, ask
from shared_resources.lab.queries.samples import custody_of, sample_list, sample_page
from shared_resources.lab.queries.stores import stores_for
from shared_resources.lab.rules.delegation import DELEGATION
from shared_resources.lab.rules.sample import SAMPLE
from shared_resources.lab.schemas.delegations import WISH_LABELS
from shared_resources.lab.schemas.samples import (
    KEPT_LABELS,
    Destroying,
    PuttingAway,
    Retaining,
    SampleLine,
    SampleTaken,
    Splitting,
)
from shared_resources.lab.service.samples import (
    clear,
    destroy,
    put_away,
    retain,
    split,
    take_back,
    take_sample,
)
from shared_resources.settings import settings

HERE = "/samples/{number:str}"
NEW = "/lab-delegations/{number:str}/samples/new"
ACT_LABELS = {
    "take": N_("Taken and sealed"),
    "result": N_("Result recorded"),
    "review": N_("Result reviewed"),
    **{step.name: step.label for step in SAMPLE.steps},
}
FORMS: dict[str, tuple[type[Asked], str, Any]] = {
    "put-away": (PuttingAway, N_("Put away"), put_away),
    "split": (Splitting, N_("Split"), split),
    "retain": (Retaining, N_("Keep"), retain),
    "destroy": (Destroying, N_("Destroy"), destroy),
}
"""Acts with a form, by the word in their address."""
AT_ONCE = {"clear": clear, "take-back": take_back}
OFFERED = {
    "received": ("put-away", "split", "retain", "clear", "destroy"),
    "at_bench": ("put-away",),
    "retained": ("clear", "destroy"),
    "rejected": ("clear", "destroy"),
}
"""Acts of the laboratory, by the state of the sample."""


@get("/samples", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """Samples that one's agency took, or has in its laboratories."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    lines, following = await sample_list(actor, query.get("q", ""), query.get("state", ""), cursor=cursor)
    return page(
        request,
        "lab/samples.html",
        samples=lines,
        query=query,
        states=SAMPLE.states,
        next=with_query("/samples", query, cursor=following) if following else "",
    )


@get(NEW, include_in_schema=False)
async def new(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The form with which a sample is taken, on the phone."""
    return await ask_sample(request, actor, number)


@post(NEW, include_in_schema=False)
async def taken(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take a sample, or say what is not right yet; the label comes next."""
    form = await form_of(request)
    try:
        draft = asked(SampleTaken, form)
        upload = form.file("photo")
        photo = await store_upload(actor, upload, images_only=True) if upload else None
        moved = await take_sample(actor, number, draft, photo, act_id=form.act_id)
    except Refusal as refusal:
        return await ask_sample(request, actor, number, values=again(SampleTaken, form), refusal=refusal)
    return see_other(request, f"/samples/{moved.number}/label", N_("Taken and sealed. Put the label on it."))


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One sample: what it is, where it is, who had it."""
    return await show(request, actor, number)


@get(HERE + "/label", include_in_schema=False)
async def label(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Its label: the code and what is printed beside it; nothing of the case."""
    line, _ = await sample_page(actor, number)
    symbol = picture(
        label_address(label_origin(settings().address, settings().label_host), line.code, SAMPLE_PATH)
    )
    return page(request, "lab/label.html", line=line, symbol=symbol, grouped=grouped(line.code))


@get("/S/{code:str}", include_in_schema=False)
async def scanned(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """What a label opens: the sample's page, or the bench for whoever knows it by its code alone."""
    try:
        line, _ = await sample_page(actor, parse_code(code))
    except (NotAllowed, NotFound):
        if may(actor, Permission.BENCH_SEE, {Relation.LABORATORY}) is True:
            return see_other(request, f"/bench/{parse_code(code)}")
        raise not_found() from None
    except Invalid:
        raise not_found() from None
    return see_other(request, f"/samples/{line.number}")


@get(HERE + "/{act:str}", include_in_schema=False)
async def asking(request: WebRequest, actor: Actor, number: str, act: str) -> Response[Any]:
    """The form of an act."""
    return await ask_act(request, actor, number, act)


@post(HERE + "/{act:str}", include_in_schema=False)
async def acted(request: WebRequest, actor: Actor, number: str, act: str) -> Response[Any]:
    """Do it, or say what is not right yet."""
    form = await form_of(request)
    if act in AT_ONCE:
        try:
            await AT_ONCE[act](actor, number, act_id=form.act_id)
        except Refusal as refusal:
            return await show(request, actor, number, refusal=refusal)
        return see_other(request, f"/samples/{number}", N_("Done."))
    model, _, verb = form_named(act)
    try:
        await verb(actor, number, asked(model, form), act_id=form.act_id)
    except Refusal as refusal:
        return await ask_act(request, actor, number, act, form=form, refusal=refusal)
    return see_other(request, f"/samples/{number}", N_("Done."))


async def show(request: WebRequest, actor: Actor, number: str, *, refusal: Refusal | None = None) -> Response[Any]:
    """The page of a sample; after a refusal with its reason. What no entry can mend passes."""
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code == "repeated"):
        raise refusal
    line, relations = await sample_page(actor, number)
    keeps = may(actor, Permission.SAMPLE_KEEP, relations) is True
    return page(
        request,
        "lab/sample.html",
        refusal.status if refusal else 200,
        line=line,
        grouped=grouped(line.code),
        states=SAMPLE.states,
        custody=await custody_of(line.id),
        wishes=WISH_LABELS,
        kept=KEPT_LABELS,
        acts=[(act, FORMS[act][1]) for act in OFFERED.get(line.state, ()) if keeps and act in FORMS],
        may_clear=keeps and "clear" in OFFERED.get(line.state, ()),
        may_take_back=line.state == "cleared" and may(actor, Permission.SAMPLE_TAKE, relations) is True,
        journal=history_lines(request, await acts_of(line.id, ACT_LABELS), SAMPLE),
        errors=errors_of(request, refusal) if refusal else [],
    )


async def ask_sample(request: WebRequest, actor: Actor, number: str, **more: Any) -> Response[Any]:
    """The form with which a sample is taken."""
    record = await visible_record(actor, number)
    if record.procedure is not DELEGATION:
        raise not_found()
    require(actor, Permission.SAMPLE_TAKE, record.relations)
    begun = {"taken_by": actor.name, "taken_at": clock.now().isoformat(), "kept_for": "test", "wish": "keep"}
    values = more.pop("values", None) or begun
    return ask(
        request,
        SampleTaken,
        path=f"/lab-delegations/{number}/samples/new",
        title=N_("Take a sample"),
        back=(number, f"/lab-delegations/{number}"),
        act=N_("Seal it"),
        template="lab/take.html",
        values=values,
        **more,
    )


async def ask_act(
    request: WebRequest,
    actor: Actor,
    number: str,
    act: str,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response[Any]:
    """The form of an act on a sample."""
    model, title, _ = form_named(act)
    line, relations = await sample_page(actor, number)
    require(actor, Permission.SAMPLE_KEEP, relations)
    return ask(
        request,
        model,
        path=f"/samples/{number}/{act}",
        title=title,
        back=(line.number, f"/samples/{line.number}"),
        act=title,
        values=again(model, form) if form else None,
        choices=await choices_for(line, act),
        refusal=refusal,
    )


async def choices_for(line: SampleLine, act: str) -> Choices:
    """The places of the laboratory that has the sample."""
    return {"store": await stores_for(line.id)} if act == "put-away" else {}


def form_named(act: str) -> tuple[type[Asked], str, Any]:
    """Form, title and verb of an act.

    Raises:
        NotFound: there is none of this name.
    """
    if act not in FORMS:
        raise not_found()
    return FORMS[act]


ROUTES: list[HTTPRouteHandler] = [listed, new, taken, one, label, scanned, asking, acted]
