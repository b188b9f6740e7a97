"""The catalogue for programs: kinds of equipment and models."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter

from shared_resources.equipment.queries.catalogue import categories, model, models
from shared_resources.equipment.schemas.catalogue import (
    CategoryDraft,
    CategoryView,
    Made,
    ModelDraft,
    ModelView,
)
from shared_resources.equipment.service.catalogue import add_category, add_model, edit_model
from shared_resources.kernel.permissions import Actor

KIND = Example(
    value={
        "code": "gas_detector",
        "resource": "instrument",
        "name_zh": "多参数气体检测仪",
        "name_en": "Multi-gas detector",
    }
)
MODEL = Example(
    value={
        "category": "gas_detector",
        "name_zh": "GX-4 四合一气体检测仪",
        "name_en": "GX-4 gas detector",
        "checklist": ["报警声光正常"],
        "accessories": ["采样泵"],
        "buffer_after_minutes": 60,
        "longest_loan_hours": 168,
        "evidence_needs_certificate": True,
    }
)
Draft = Annotated[ModelDraft, Body(examples=[MODEL])]


@get("/api/v1/categories", operation_id="listCategories", summary="Kinds of equipment", tags=["items"])
async def category_list(actor: Actor) -> list[CategoryView]:
    """By family and code, with how many models and items there are."""
    return await categories(actor)


@post("/api/v1/categories", operation_id="addCategory", summary="Add a kind of equipment", tags=["items"])
async def new_category(actor: Actor, data: Annotated[CategoryDraft, Body(examples=[KIND])]) -> Made:
    """For custodians; all agencies see it."""
    return Made(id=await add_category(actor, data))


@get("/api/v1/models", operation_id="listModels", summary="Models of the catalogue", tags=["items"])
async def model_list(
    actor: Actor,
    category: Annotated[str | None, Parameter(description="code of the category", max_length=60)] = None,
    q: Annotated[str | None, Parameter(description="words in a name or the maker", max_length=100)] = None,
) -> list[ModelView]:
    """By category and name."""
    return await models(actor, category=category, q=q)


@post("/api/v1/models", operation_id="addModel", summary="Add a model", tags=["items"])
async def new_model(actor: Actor, data: Draft) -> Made:
    """With its rules of lending."""
    return Made(id=await add_model(actor, data))


@get("/api/v1/models/{identifier:uuid}", operation_id="getModel", summary="One model", tags=["items"])
async def one_model(actor: Actor, identifier: UUID) -> ModelView:
    """With its rules of lending."""
    return await model(actor, identifier)


@put("/api/v1/models/{identifier:uuid}", operation_id="editModel", summary="Change a model", tags=["items"])
async def change_model(actor: Actor, identifier: UUID, data: Draft) -> ModelView:
    """Bookings made before keep their buffers."""
    await edit_model(actor, identifier, data)
    return await model(actor, identifier)


ROUTES: list[HTTPRouteHandler] = [
    category_list,
    new_category,
    model_list,
    new_model,
    one_model,
    change_model,
]
