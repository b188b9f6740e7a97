"""Hand-overs and inspection for programs."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body

from shared_resources.equipment.queries.counter import counter
from shared_resources.equipment.queries.handover import loan_row
from shared_resources.equipment.queries.loans import handover_page
from shared_resources.equipment.schemas.acts import LoanStands, Noted
from shared_resources.equipment.schemas.counter import Counter, Inspection
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft
from shared_resources.equipment.schemas.loans import HandoverPage
from shared_resources.equipment.service.handover import (
    confirm_handover,
    decline_handover,
    propose_handover,
    withdraw_handover,
)
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.kernel.permissions import Actor

LOAN = "/api/v1/loans/{number:str}"
ONE = "/api/v1/handovers/{handover:uuid}"
TAGS = ["handovers"]
ACT: Any = {"tags": TAGS, "status_code": 200}
"""What all acts but proposing have in common."""
DRAFT = Example(
    value={
        "direction": "out",
        "other": "0199b3f2-0000-7000-8000-000000000001",
        "items": [
            {
                "code": "7Q2MK4V3",
                "condition": "good",
                "checklist": {"报警声光正常": True},
                "accessories": {"采样泵": 1},
            }
        ],
        "place": "江北嘴应急装备库",
    }
)
FINDINGS = Example(value={"findings": [{"code": "7Q2MK4V3", "fit": True}]})
REASON = Example(value={"note": "实到2台，与清单不符。"})


@get(f"{LOAN}/counter", operation_id="getCounter", summary="Who may stand on the other side", tags=TAGS)
async def other_side(actor: Actor, number: str, direction: Direction) -> Counter:
    """The people who may confirm, and who holds each item."""
    return await counter(actor, number, direction)


@post(f"{LOAN}/handovers", operation_id="proposeHandover", summary="Propose a change of hands", tags=TAGS)
async def propose(
    actor: Actor, number: str, data: Annotated[HandoverDraft, Body(examples=[DRAFT])], act_id: str | None
) -> HandoverPage:
    """Nothing moves until ``other`` confirms."""
    handover = await propose_handover(actor, number, data, act_id=act_id)
    return await handover_page(actor, handover)


@get(ONE, operation_id="getHandover", summary="One change of hands", tags=TAGS)
async def one(actor: Actor, handover: UUID) -> HandoverPage:
    """For the two sides of its loan; unknown to everybody else."""
    return await handover_page(actor, handover)


@post(f"{ONE}/confirm", operation_id="confirmHandover", summary="Confirm", **ACT)
async def confirm(actor: Actor, handover: UUID, act_id: str | None) -> HandoverPage:
    """The second signature: custody moves now."""
    await confirm_handover(actor, handover, act_id=act_id)
    return await handover_page(actor, handover)


@post(f"{ONE}/decline", operation_id="declineHandover", summary="Decline", **ACT)
async def decline(actor: Actor, handover: UUID, data: Annotated[Noted, Body(examples=[REASON])]) -> HandoverPage:
    """No, with a reason; everything stays with whoever holds it."""
    await decline_handover(actor, handover, data.note)
    return await handover_page(actor, handover)


@post(
    f"{ONE}/withdraw",
    operation_id="withdrawHandover",
    summary="Take one's proposal back",
    tags=TAGS,
    status_code=200,
)
async def withdraw(actor: Actor, handover: UUID) -> HandoverPage:
    """Before the other side confirmed."""
    await withdraw_handover(actor, handover)
    return await handover_page(actor, handover)


@post(f"{LOAN}/inspection", operation_id="inspectReturn", summary="Findings after return", **ACT)
async def inspect(
    actor: Actor, number: str, data: Annotated[Inspection, Body(examples=[FINDINGS])], act_id: str | None
) -> LoanStands:
    """Fit items are free again; report an incident for each that is not. The last line closes the loan."""
    await inspect_return(actor, number, data.findings, act_id=act_id)
    loan = await loan_row(number)
    return LoanStands(number=loan.number, state=loan.state, version=loan.version)


ROUTES: list[HTTPRouteHandler] = [other_side, propose, one, confirm, decline, withdraw, inspect]
