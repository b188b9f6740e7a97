"""Pages of recordings: the list, one with its copies, shares and holds, those due for deletion, who looked."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.history import acts_of
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.storage import remove_contents
from shared_resources.kernel.web.answers import csv_file, query_of, with_query
from shared_resources.kernel.web.forms import Form, errors_of, form_of, local_date, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_
from shared_resources.video.queries.copies import copies_of_footage
from shared_resources.video.queries.footage import (
    FootageFilter,
    deletions,
    footage_list,
    footage_page,
    holds_of,
    shares_of,
)
from shared_resources.video.queries.looks import ACTS, Look, LookFilter, looks
from shared_resources.video.rules.footage import FOOTAGE, RETENTIONS
from shared_resources.video.schemas.copies import KIND_LABELS
from shared_resources.video.service.copies import approve_copy, retry_copy, withdraw_copy
from shared_resources.video.service.holds import lift_hold, place_hold
from shared_resources.video.service.retention import approve_deletion, delete_footage, keep_longer

HERE = "/footage/{number:str}"
COPY = "/footage-copies/{copy:str}"
ACT_LABELS = {
    "take_in": N_("Taken in"),
    **ACTS,
    **{step.name: step.label for step in FOOTAGE.steps},
    "end_share": N_("Share ended"),
    "hold": N_("Held"),
    "lift_hold": N_("Hold lifted"),
    "copy_made": N_("Copy made"),
    "approve_copy": N_("Masked copy approved"),
    "withdraw_copy": N_("Copy withdrawn"),
    "retry_copy": N_("Copy ordered again"),
}
MOST_LOOKS = 5000
"""Lines of the register of looks that one table holds."""


@get("/footage", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """Recordings that one's agency holds or that are shared with it."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    found, following = await footage_list(actor, parse(FootageFilter, query), cursor=cursor)
    say = reader_of(request).language.gettext
    return page(
        request,
        "video/footage_list.html",
        lines=found,
        query=query,
        states=FOOTAGE.states,
        state_options=[(name, say(state.label)) for name, state in FOOTAGE.states.items()],
        retentions=[(name, say(kind.label)) for name, kind in RETENTIONS.items()],
        labels=RETENTIONS,
        next=with_query("/footage", query, cursor=following) if following else "",
    )


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One recording: what identifies it, its copies, who sees it, why it is kept, its journal."""
    return await show(request, actor, number)


@post(HERE + "/hold", include_in_schema=False)
async def hold(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Hold it as evidence."""
    form = await form_of(request)
    try:
        await place_hold(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage/{number}#holds", N_("Held."))


@post(HERE + "/holds/{hold_id:uuid}/lift", include_in_schema=False)
async def lift(request: WebRequest, actor: Actor, number: str, hold_id: UUID) -> Response[Any]:
    """Lift a hold."""
    form = await form_of(request)
    try:
        await lift_hold(actor, number, hold_id, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage/{number}#holds", N_("The hold is lifted."))


@post(HERE + "/approve_deletion", include_in_schema=False)
async def approve(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The first approval of a deletion."""
    form = await form_of(request)
    try:
        await approve_deletion(actor, number, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage/{number}", N_("Approved. A second person approves again and deletes it."))


@post(HERE + "/delete", include_in_schema=False)
async def delete(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The second approval, by another person."""
    form = await form_of(request)
    try:
        contents = await delete_footage(actor, number, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    await remove_contents(contents)
    return see_other(request, f"/footage/{number}", N_("The recording is deleted; its record stays."))


@post(HERE + "/keep_longer", include_in_schema=False)
async def longer(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Keep it until a later day."""
    form = await form_of(request)
    try:
        until: date = local_date(form.text("until"), "until")
        await keep_longer(actor, number, until, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage/{number}", N_("It is kept longer."))


@post(COPY + "/approve", include_in_schema=False)
async def approve_masked(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Approve what a masked copy covers."""
    form = await form_of(request)
    await approve_copy(actor, copy, act_id=form.act_id)
    return see_other(request, f"/footage/{copy.rpartition('-')[0]}#copies", N_("The masked copy is approved."))


@post(COPY + "/withdraw", include_in_schema=False)
async def withdraw(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Withdraw a copy."""
    form = await form_of(request)
    await withdraw_copy(actor, copy, form.text("note"), act_id=form.act_id)
    return see_other(request, f"/footage/{copy.rpartition('-')[0]}#copies", N_("The copy is withdrawn."))


@post(COPY + "/retry", include_in_schema=False)
async def retry(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Try again to make a copy that failed."""
    form = await form_of(request)
    await retry_copy(actor, copy, act_id=form.act_id)
    return see_other(request, f"/footage/{copy.rpartition('-')[0]}#copies", N_("The copy is ordered again."))


@get("/footage-deletions", include_in_schema=False)
async def due_for_deletion(request: WebRequest, actor: Actor) -> Response[Any]:
    """Recordings that wait for an approval of their deletion."""
    return page(
        request,
        "video/deletions.html",
        lines=await deletions(actor),
        states=FOOTAGE.states,
        labels=RETENTIONS,
    )


@get("/footage-looks", include_in_schema=False)
async def looked(request: WebRequest, actor: Actor) -> Response[Any]:
    """Who looked at one's agency's footage."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    found, following = await looks(actor, parse(LookFilter, query), cursor=cursor)
    say = reader_of(request).language.gettext
    return page(
        request,
        "video/looks.html",
        looks=found,
        query=query,
        acts=[(name, say(label)) for name, label in ACTS.items()],
        labels=ACTS,
        next=with_query("/footage-looks", query, cursor=following) if following else "",
        table=with_query("/footage-looks.csv", query),
    )


@get("/footage-looks.csv", include_in_schema=False)
async def looked_csv(request: WebRequest, actor: Actor) -> Response[bytes]:
    """The same as a table."""
    say = reader_of(request).language.gettext
    wanted, cursor = parse(LookFilter, query_of(request)), None
    lines: list[tuple[object, ...]] = []
    while len(lines) < MOST_LOOKS:
        found, cursor = await looks(actor, wanted, cursor=cursor, size=200)
        lines += [row_of(one, say) for one in found]
        if cursor is None:
            break
    heads = (N_("Time"), N_("Act"), N_("Number"), N_("Recording"), N_("Copy"), N_("Request"))
    more = (N_("Person"), N_("Unit"), N_("Agency"), N_("Reason"))
    return csv_file("footage-looks.csv", [[say(head) for head in heads + more], *lines])


def row_of(one: Look, say: Callable[[str], str]) -> tuple[object, ...]:
    """A look as a line of the table."""
    what = (one.at.isoformat(), say(ACTS[one.act]), one.footage, one.title, one.copy, one.request)
    return (*what, one.person, one.unit, one.agency_zh, one.reason)


async def show(
    request: WebRequest, actor: Actor, number: str, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page of a recording; after a refusal with why. What no entry can mend passes."""
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code == "repeated"):
        raise refusal
    seen, facts = await footage_page(actor, number)
    mine = seen.holder == actor.agency
    choices = FOOTAGE.choices(seen.state, actor, seen.relations) if mine else []
    return page(
        request,
        "video/footage.html",
        status=refusal.status if refusal else 200,
        seen=seen,
        facts=facts,
        line=facts.line,
        mine=mine,
        copies=await copies_of_footage(seen.id) if mine else [],
        shares=await shares_of(seen.id) if mine else [],
        holds=await holds_of(seen.id) if mine else [],
        choices=[(step.name, step.label, answer) for step, answer in choices],
        may_view=seen.may(actor, Permission.FOOTAGE_VIEW),
        may_hold=seen.may(actor, Permission.FOOTAGE_HOLD),
        may_share=seen.may(actor, Permission.FOOTAGE_SHARE),
        may_cut=seen.may(actor, Permission.FOOTAGE_CUT),
        states=FOOTAGE.states,
        retention=RETENTIONS[facts.line.retention],
        kinds=KIND_LABELS,
        journal=history_lines(request, await acts_of(seen.id, ACT_LABELS), FOOTAGE) if mine else [],
        errors=errors_of(request, refusal) if refusal else [],
        entered=form.values if form else {},
    )


ROUTES: list[HTTPRouteHandler] = [
    listed,
    one,
    hold,
    lift,
    approve,
    delete,
    longer,
    approve_masked,
    withdraw,
    retry,
    due_for_deletion,
    looked,
    looked_csv,
]
