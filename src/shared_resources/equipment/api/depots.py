"""Depots, their closed days, and lending rules, for programs."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from shared_resources.equipment.queries.catalogue import depot, depots, lending_rules
from shared_resources.equipment.schemas.catalogue import (
    ClosureDraft,
    DepotDraft,
    DepotFull,
    DepotPublic,
    Made,
    RuleDraft,
    RuleView,
)
from shared_resources.equipment.service.depots import (
    add_depot,
    close_depot,
    edit_depot,
    remove_lending_rule,
    reopen_depot,
    set_lending_rule,
)
from shared_resources.kernel.permissions import Actor

DEPOT = Example(
    value={
        "name_zh": "江北嘴应急装备库",
        "name_en": "Jiangbeizui emergency depot",
        "address": "江北区江北嘴金融街 1 号",
        "latitude": 29.5717,
        "longitude": 106.5745,
        "hours": {"1": [["08:30", "12:00"], ["14:00", "18:00"]]},
    }
)
CLOSURE = Example(value={"first_day": "2027-02-05", "last_day": "2027-02-12", "reason": "春节"})
RULE = Example(value={"category": "handheld", "automatic_hours": 24, "requests_hold": False, "answer_days": 1})
Draft = Annotated[DepotDraft, Body(examples=[DEPOT])]


@get("/api/v1/depots", operation_id="listDepots", summary="Depots and when they are open", tags=["items"])
async def depot_list(
    actor: Actor,
    agency: Annotated[str | None, Parameter(description="slug of the agency", max_length=60)] = None,
    q: Annotated[str | None, Parameter(description="words in the name", max_length=100)] = None,
) -> list[DepotFull | DepotPublic]:
    """Addresses only of one's own agency."""
    return await depots(actor, agency=agency, q=q)


@post("/api/v1/depots", operation_id="addDepot", summary="Add a depot of one's agency", tags=["items"])
async def new_depot(actor: Actor, data: Draft) -> Made:
    """Hours by ISO weekday, half-open, in the depot's own zone."""
    return Made(id=await add_depot(actor, data))


@get("/api/v1/depots/{identifier:uuid}", operation_id="getDepot", summary="One depot", tags=["items"])
async def one_depot(actor: Actor, identifier: UUID) -> DepotFull | DepotPublic:
    """With the closed days still to come."""
    return await depot(actor, identifier)


@put("/api/v1/depots/{identifier:uuid}", operation_id="editDepot", summary="Change a depot", tags=["items"])
async def change_depot(actor: Actor, identifier: UUID, data: Draft) -> DepotFull | DepotPublic:
    """Bookings made before stay as they are."""
    await edit_depot(actor, identifier, data)
    return await depot(actor, identifier)


@post(
    "/api/v1/depots/{identifier:uuid}/closures",
    operation_id="closeDepot",
    summary="Close for some days",
    tags=["items"],
)
async def close(actor: Actor, identifier: UUID, data: Annotated[ClosureDraft, Body(examples=[CLOSURE])]) -> Made:
    """First and last day included."""
    return Made(id=await close_depot(actor, identifier, data))


@delete(
    "/api/v1/depots/{identifier:uuid}/closures/{closure:uuid}",
    operation_id="reopenDepot",
    summary="Take back a closure",
    tags=["items"],
)
async def reopen(actor: Actor, identifier: UUID, closure: UUID) -> None:
    """The days are open again."""
    await reopen_depot(actor, identifier, closure)


@get("/api/v1/lending-rules", operation_id="listLendingRules", summary="How one's agency answers", tags=["items"])
async def rules(actor: Actor) -> list[RuleView]:
    """The rule for all others, without category, comes last."""
    return await lending_rules(actor)


@put("/api/v1/lending-rules", operation_id="setLendingRule", summary="Set a rule", tags=["items"])
async def set_rule(actor: Actor, data: Annotated[RuleDraft, Body(examples=[RULE])]) -> list[RuleView]:
    """Replaces the rule of the same category."""
    await set_lending_rule(actor, data)
    return await lending_rules(actor)


@delete(
    "/api/v1/lending-rules/{rule:uuid}", operation_id="removeLendingRule", summary="Remove a rule", tags=["items"]
)
async def remove_rule(actor: Actor, rule: UUID) -> None:
    """What it covered follows the rule for all others again."""
    await remove_lending_rule(actor, rule)


ROUTES: list[HTTPRouteHandler] = [
    depot_list,
    new_depot,
    one_depot,
    change_depot,
    close,
    reopen,
    rules,
    set_rule,
    remove_rule,
]
