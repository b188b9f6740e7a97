"""Every act on a loan that is one form: asked at one address, done by the verb that the table names."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.free import read_instant
from shared_resources.equipment.pages.loans import show_loan
from shared_resources.equipment.schemas.booking import Exchange, ExtensionDraft, MoveDraft, Offer
from shared_resources.equipment.service import changes, decisions, emergency
from shared_resources.kernel.errors import NotAllowed, NotFound, Refusal, Repeated, SignInNeeded
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.web.forms import Form, form_of, local_instant, parse
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_

NOT_OURS = (NotAllowed, NotFound, SignInNeeded, Repeated)
"""Refusals that no correction of the form would mend."""

Act = Callable[[Actor, str, Form], Awaitable[str]]


@post("/loans/{number:str}/{step:str}", include_in_schema=False)
async def take_step(request: WebRequest, actor: Actor, number: str, step: str) -> Response[Any]:
    """Do it and say so; or show the loan as it is now, with the reasons and what was typed."""
    act = STEPS.get(step)
    if act is None:
        raise not_found()
    form = await form_of(request)
    try:
        said = await act(actor, number, form)
    except NOT_OURS:
        raise
    except Refusal as refusal:
        return await show_loan(request, actor, number, refusal, step, form)
    return see_other(request, f"/loans/{number}", said)


def version_of(form: Form) -> int | None:
    """The version of the loan that the page showed."""
    text = form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def marks(form: Form) -> dict[str, Any]:
    """What makes an act this one act on that version."""
    return {"version": version_of(form), "act_id": form.act_id}


async def approve(actor: Actor, number: str, form: Form) -> str:
    """The owner lends it."""
    await decisions.approve_loan(actor, number, **marks(form))
    return N_("Approved. The borrower has been told.")


async def offer(actor: Actor, number: str, form: Form) -> str:
    """The owner lends a part."""
    wanted = parse(Offer, {"lines": form.texts("lines"), "reason": form.text("note")})
    await decisions.offer_part(actor, number, wanted, **marks(form))
    return N_("The part is offered. The borrower accepts it or withdraws.")


async def refuse(actor: Actor, number: str, form: Form) -> str:
    """The owner does not lend it."""
    await decisions.refuse_loan(actor, number, form.text("note"), **marks(form))
    return N_("Refused. The borrower sees the reason.")


async def accept(actor: Actor, number: str, form: Form) -> str:
    """The borrower takes the part that is offered."""
    await decisions.accept_offer(actor, number, **marks(form))
    return N_("Accepted. The part is reserved for you.")


async def withdraw(actor: Actor, number: str, form: Form) -> str:
    """The borrower no longer wants it."""
    await decisions.withdraw_loan(actor, number, form.text("note") or None, **marks(form))
    return N_("Withdrawn. The owner has been told.")


async def revoke(actor: Actor, number: str, form: Form) -> str:
    """The owner takes an approval back."""
    await decisions.revoke_approval(actor, number, form.text("note"), **marks(form))
    return N_("The approval is taken back. The borrower sees the reason.")


async def resolve(actor: Actor, number: str, form: Form) -> str:
    """The conflict is over."""
    await decisions.resolve_conflict(actor, number, **marks(form))
    return N_("The conflict is resolved.")


async def release(actor: Actor, number: str, form: Form) -> str:
    """The duty desk lends at once."""
    await emergency.release_loan(actor, number, **marks(form))
    return N_("Released. The papers are due on the next working day.")


async def file_papers(actor: Actor, number: str, form: Form) -> str:
    """The borrower files the papers of an emergency."""
    await emergency.file_papers(actor, number, form.text("note"), **marks(form))
    return N_("The papers are filed.")


async def move(actor: Actor, number: str, form: Form) -> str:
    """Another period."""
    period = {name: read_instant(form.text(name)) for name in ("from", "to")}
    await changes.move_loan(
        actor, number, parse(MoveDraft, {"version": version_of(form), **period}), act_id=form.act_id
    )
    return N_("Moved to the new time.")


async def exchange(actor: Actor, number: str, form: Form) -> str:
    """Another item for one line."""
    wanted = parse(Exchange, {"line": form.text("line"), "to_item": form.text("to_item")})
    await changes.exchange_item(actor, number, wanted, **marks(form))
    return N_("The item is exchanged.")


async def ask_extension(actor: Actor, number: str, form: Form) -> str:
    """The borrower asks for a later return."""
    values = {"until": read_instant(form.text("until")), "reason": form.text("reason")}
    await changes.ask_extension(actor, number, parse(ExtensionDraft, values), **marks(form))
    return N_("The extension is asked for. The owner decides.")


async def extend(actor: Actor, number: str, form: Form) -> str:
    """The owner grants a later return."""
    until = local_instant(form.text("until"), "until") if form.text("until") else None
    await changes.extend_loan(actor, number, until, **marks(form))
    return N_("Extended. The borrower has been told.")


async def decline_extension(actor: Actor, number: str, form: Form) -> str:
    """The owner wants it back as agreed."""
    await changes.decline_extension(actor, number, form.text("note"), **marks(form))
    return N_("The extension is declined. The borrower sees the reason.")


STEPS: Mapping[str, Act] = {
    "approve": approve,
    "offer": offer,
    "refuse": refuse,
    "accept": accept,
    "withdraw": withdraw,
    "revoke": revoke,
    "resolve": resolve,
    "release": release,
    "file_papers": file_papers,
    "move": move,
    "exchange": exchange,
    "ask_extension": ask_extension,
    "extend": extend,
    "decline_extension": decline_extension,
}

ROUTES: list[HTTPRouteHandler] = [take_step]
