"""Custody for programs: who held what, and the lines that prove it."""

from litestar import get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.custody import log_of_item, log_of_loan, proof_of_item, proof_of_loan
from shared_resources.equipment.schemas.custody import CustodyEntry, ProvableLine
from shared_resources.kernel.permissions import Actor

TAGS = ["handovers"]


@get("/api/v1/items/{code:str}/custody", operation_id="getItemCustody", summary="Holders of an item", tags=TAGS)
async def of_item(actor: Actor, code: str) -> list[CustodyEntry]:
    """All of them for the owner; a borrower sees those of its own loans."""
    return list(await log_of_item(actor, code))


@get("/api/v1/items/{code:str}/custody/proof", operation_id="getItemProof", summary="Hashed lines", tags=TAGS)
async def proof_for_item(actor: Actor, code: str) -> list[ProvableLine]:
    """For the owner; `shared-resources verify --file` checks them."""
    return list(await proof_of_item(actor, code))


@get("/api/v1/loans/{number:str}/custody", operation_id="getLoanCustody", summary="Holders on a loan", tags=TAGS)
async def of_loan(actor: Actor, number: str) -> list[CustodyEntry]:
    """Every change of hands, item by item."""
    return list(await log_of_loan(actor, number))


@get("/api/v1/loans/{number:str}/custody/proof", operation_id="getLoanProof", summary="Hashed lines", tags=TAGS)
async def proof_for_loan(actor: Actor, number: str) -> list[ProvableLine]:
    """Journal and custody of the loan."""
    return list(await proof_of_loan(actor, number))


ROUTES: list[HTTPRouteHandler] = [of_item, proof_for_item, of_loan, proof_for_loan]
