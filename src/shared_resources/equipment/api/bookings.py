"""Asking for equipment, for programs: one cart, one loan for each owner."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body

from shared_resources.equipment.queries.loans import cart
from shared_resources.equipment.schemas.booking import BookingDraft, CartMade
from shared_resources.equipment.schemas.loans import LoanLine
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel.permissions import Actor

DRAFT = Example(
    summary="One numbered item and two of a model from one owner",
    value={
        "wishes": [
            {"item": "7Q2M-K4V3"},
            {"model": "0192f1c2-0000-7000-8000-000000000001", "count": 2, "owner": "cq-em"},
        ],
        "starts_at": "2026-12-01T01:00:00Z",
        "ends_at": "2026-12-01T10:00:00Z",
        "purpose": "夜间食品摊点联合检查",
        "ground": "campaign",
        "evidential": True,
    },
)


@post(
    "/api/v1/bookings",
    operation_id="requestBooking",
    summary="Ask for equipment; several owners at once",
    tags=["loans"],
)
async def request(
    actor: Actor, data: Annotated[BookingDraft, Body(examples=[DRAFT])], act_id: str | None
) -> CartMade:
    """The loans that came of it, one for each owner; approved already where an owner's rule says so."""
    return await request_booking(actor, data, act_id=act_id)


@get(
    "/api/v1/bookings/{identifier:uuid}",
    operation_id="getBooking",
    summary="What became of a cart at each owner",
    tags=["loans"],
)
async def booking(actor: Actor, identifier: UUID) -> tuple[LoanLine, ...]:
    """All loans of the cart for the borrower, an owner's own part for that owner."""
    return await cart(actor, identifier)


ROUTES: list[HTTPRouteHandler] = [request, booking]
