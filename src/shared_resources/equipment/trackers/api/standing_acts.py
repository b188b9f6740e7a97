"""What a person does about alarms and check-ins, for programs."""

from typing import Annotated
from uuid import UUID

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body

from shared_resources.equipment.queries.handover import loan_row
from shared_resources.equipment.schemas.acts import LoanStands
from shared_resources.equipment.trackers.api.devices import Why
from shared_resources.equipment.trackers.queries.alarms import alarm_page
from shared_resources.equipment.trackers.schemas.standing import AlarmPage, TakenIn
from shared_resources.equipment.trackers.service.alarms import settle_alarm, take_alarm
from shared_resources.equipment.trackers.service.checkins import confirm_checkin, decline_checkin, undo_checkin
from shared_resources.equipment.trackers.service.taking_in import take_in_checked
from shared_resources.kernel.permissions import Actor

TAGS = ["trackers"]
ALARM, CHECKIN = "/api/v1/alarms/{number:str}", "/api/v1/checkins/{identifier:uuid}"
FOUND = Example(value={"items": [{"code": "7Q2MK4V3", "condition": "good", "accessories": {"采样泵": 1}}]})


@post(f"{ALARM}/take", operation_id="takeAlarm", summary="Look into it", tags=TAGS, status_code=200)
async def take(actor: Actor, number: str, act_id: str | None) -> AlarmPage:
    """One's name stands on it."""
    await take_alarm(actor, number, act_id=act_id)
    return await alarm_page(actor, number)


@post(f"{ALARM}/settle", operation_id="settleAlarm", summary="Settle it", tags=TAGS, status_code=200)
async def settle(actor: Actor, number: str, data: Why, act_id: str | None) -> AlarmPage:
    """With what was found."""
    await settle_alarm(actor, number, data.note, act_id=act_id)
    return await alarm_page(actor, number)


@post(f"{CHECKIN}/confirm", operation_id="confirmCheckin", summary="It is here", tags=TAGS, status_code=204)
async def confirm(actor: Actor, identifier: UUID, act_id: str | None) -> None:
    """The line is checked in, awaiting inspection."""
    await confirm_checkin(actor, identifier, act_id=act_id)


@post(f"{CHECKIN}/decline", operation_id="declineCheckin", summary="It is not here", tags=TAGS, status_code=204)
async def decline(actor: Actor, identifier: UUID, data: Why, act_id: str | None) -> None:
    """It is still out."""
    await decline_checkin(actor, identifier, data.note, act_id=act_id)


@post(f"{CHECKIN}/undo", operation_id="undoCheckin", summary="Undo it", tags=TAGS, status_code=204)
async def undo(actor: Actor, identifier: UUID, data: Why, act_id: str | None) -> None:
    """Within ten minutes, by the keeper or the borrower."""
    await undo_checkin(actor, identifier, data.note, act_id=act_id)


@post(
    "/api/v1/loans/{number:str}/take-in",
    operation_id="takeIn",
    summary="Take in what trackers brought home",
    tags=TAGS,
    status_code=200,
)
async def take_in(
    actor: Actor, number: str, data: Annotated[TakenIn, Body(examples=[FOUND])], act_id: str | None
) -> LoanStands:
    """By the keeper alone: custody moves now, the borrower is told."""
    await take_in_checked(actor, number, data.items, act_id=act_id)
    loan = await loan_row(number)
    return LoanStands(number=loan.number, state=loan.state, version=loan.version)


ROUTES: list[HTTPRouteHandler] = [take, settle, confirm, decline, undo, take_in]
