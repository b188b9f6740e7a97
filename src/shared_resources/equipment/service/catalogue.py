"""The catalogue's verbs: kinds of equipment and models, shared by all agencies, kept by their custodians."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.schemas.catalogue import CategoryDraft, ModelDraft

speaks_for(
    "category_code_key", N_("There is a category with this code already."), code="category_taken", field="code"
)
speaks_for(
    "model_name_once",
    N_("There is a model with this name in this category already."),
    do=N_("Open that model, or name the version."),
    code="model_taken",
    field="name_zh",
)


@verb
async def add_category(actor: Actor, draft: CategoryDraft) -> UUID:
    """Add a kind of equipment.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Taken: its code is in use.
    """
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    category = new_id()
    await connection().execute(
        "INSERT INTO category (id, code, resource, name_zh, name_en) VALUES ($1, $2, $3, $4, $5)",
        category,
        draft.code,
        draft.resource,
        draft.name_zh,
        draft.name_en,
    )
    return category


@verb
async def add_model(actor: Actor, draft: ModelDraft) -> UUID:
    """Add a model with its rules of lending.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Invalid: unknown category.
        Taken: the category has a model of this name.
    """
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    model = new_id()
    await connection().execute(
        "INSERT INTO model (id, category, name_zh, name_en, maker, specification, checklist, accessories,"
        " buffer_before_minutes, buffer_after_minutes, longest_loan_hours, notice_hours,"
        " evidence_needs_certificate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        model,
        await _category(draft.category),
        *_columns(draft),
    )
    return model


@verb
async def edit_model(actor: Actor, model: UUID, draft: ModelDraft) -> None:
    """Change a model; bookings made before keep the buffers they were made with.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        NotFound: no such model.
        Invalid: unknown category.
        Taken: the category has another model of this name.
    """
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    done = await connection().execute(
        "UPDATE model SET category = $2, name_zh = $3, name_en = $4, maker = $5, specification = $6,"
        " checklist = $7, accessories = $8, buffer_before_minutes = $9, buffer_after_minutes = $10,"
        " longest_loan_hours = $11, notice_hours = $12, evidence_needs_certificate = $13 WHERE id = $1",
        model,
        await _category(draft.category),
        *_columns(draft),
    )
    if done == "UPDATE 0":
        raise not_found()


async def _category(code: str) -> UUID:
    found = await connection().fetchval("SELECT id FROM category WHERE code = $1", code)
    if not isinstance(found, UUID):
        raise Invalid(N_("There is no such category."), code="unknown_category", field="category")
    return found


def _columns(draft: ModelDraft) -> tuple[object, ...]:
    return (
        draft.name_zh,
        draft.name_en,
        draft.maker or None,
        draft.specification or None,
        json.dumps(draft.checklist, ensure_ascii=False),
        json.dumps(draft.accessories, ensure_ascii=False),
        draft.buffer_before_minutes,
        draft.buffer_after_minutes,
        draft.longest_loan_hours,
        draft.notice_hours,
        draft.evidence_needs_certificate,
    )
