"""The catalogue as everybody sees it, and depots and lending rules as each reader may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import fields_of
from shared_resources.equipment.schemas.catalogue import (
    CategoryView,
    ClosureView,
    DepotFull,
    DepotPublic,
    ModelView,
    RuleView,
)
from shared_resources.equipment.schemas.register import Resource
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import like
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPOTS = (
    "SELECT d.*, a.slug AS agency_slug, a.name_zh AS agency_name_zh, a.name_en AS agency_name_en,"
    " (SELECT count(*) FROM item i JOIN record r ON r.id = i.id"
    "  WHERE i.depot = d.id AND r.state NOT IN ('lost', 'retired')) AS items"
    " FROM depot d JOIN agency a ON a.id = d.agency"
)


async def categories(actor: Actor) -> list[CategoryView]:
    """Every kind of equipment with the number of its models and of items in use.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    async with reading() as db:
        rows = await db.fetch(
            "SELECT c.*, (SELECT count(*) FROM model m WHERE m.category = c.id) AS models,"
            " (SELECT count(*) FROM item i JOIN model m ON m.id = i.model JOIN record r ON r.id = i.id"
            "  WHERE m.category = c.id AND r.state NOT IN ('lost', 'retired')) AS items"
            " FROM category c ORDER BY array_position($1::text[], c.resource), c.code",
            [resource.value for resource in Resource],
        )
    return [CategoryView(**row) for row in rows]


async def models(
    actor: Actor, *, category: str | None = None, q: str | None = None, model: UUID | None = None
) -> list[ModelView]:
    """Models of the catalogue, of one category or with these words in their name.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    async with reading() as db:
        rows = await db.fetch(
            "SELECT m.*, c.code AS category_code, c.name_zh AS category_name_zh, c.name_en AS category_name_en,"
            " c.resource, n.items, n.own_items FROM model m JOIN category c ON c.id = m.category"
            " LEFT JOIN LATERAL (SELECT count(*) AS items, count(*) FILTER (WHERE i.owner = $1) AS own_items"
            "  FROM item i JOIN record r ON r.id = i.id"
            "  WHERE i.model = m.id AND r.state NOT IN ('lost', 'retired')) n ON true"
            " WHERE ($2::text IS NULL OR c.code = $2) AND ($4::uuid IS NULL OR m.id = $4)"
            " AND ($3::text IS NULL OR m.name_zh ILIKE $3 OR m.name_en ILIKE $3 OR m.maker ILIKE $3)"
            " ORDER BY c.code, m.name_zh",
            actor.agency,
            category or None,
            like(q) if q else None,
            model,
        )
    return [_model(row) for row in rows]


async def model(actor: Actor, identifier: UUID) -> ModelView:
    """One model.

    Raises:
        NotFound: there is none.
    """
    found = await models(actor, model=identifier)
    if not found:
        raise not_found()
    return found[0]


async def depots(
    actor: Actor, *, agency: str | None = None, q: str | None = None, depot: UUID | None = None
) -> list[DepotFull | DepotPublic]:
    """Depots with their hours and the closures still to come; addresses only of the reader's own agency.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    async with reading() as db:
        rows = await db.fetch(
            f"{DEPOTS} WHERE ($1::text IS NULL OR a.slug = $1) AND ($3::uuid IS NULL OR d.id = $3)"
            " AND ($2::text IS NULL OR d.name_zh ILIKE $2 OR d.name_en ILIKE $2)"
            " ORDER BY a.slug, d.name_zh",
            agency or None,
            like(q) if q else None,
            depot,
        )
        closures = await db.fetch(
            "SELECT * FROM depot_closure WHERE depot = ANY($1) AND last_day >= $2 ORDER BY first_day",
            [row["id"] for row in rows],
            clock.today(),
        )
    return [_depot(actor, row, [found for found in closures if found["depot"] == row["id"]]) for row in rows]


async def depot(actor: Actor, identifier: UUID) -> DepotFull | DepotPublic:
    """One depot.

    Raises:
        NotFound: there is none.
    """
    found = await depots(actor, depot=identifier)
    if not found:
        raise not_found()
    return found[0]


async def own_depots(actor: Actor) -> list[DepotFull]:
    """The depots of the reader's agency."""
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    async with reading() as db:
        rows = await db.fetch(f"{DEPOTS} WHERE d.agency = $1 ORDER BY d.name_zh", actor.agency)
    return [found for row in rows if isinstance(found := _depot(actor, row, []), DepotFull)]


async def lending_rules(actor: Actor) -> list[RuleView]:
    """How the reader's agency answers requests, the rule for all others last.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE, actor.relations(actor.agency))
    async with reading() as db:
        rows = await db.fetch(
            "SELECT l.id, l.automatic_hours, l.requests_hold, l.answer_days, c.code AS category,"
            " c.name_zh AS category_name_zh, c.name_en AS category_name_en FROM lending_rule l"
            " LEFT JOIN category c ON c.id = l.category WHERE l.agency = $1 ORDER BY c.code NULLS LAST",
            actor.agency,
        )
    return [RuleView(**row) for row in rows]


def _model(row: Any) -> ModelView:
    fields = fields_of(ModelView, row)
    return ModelView(
        **fields
        | {
            "category": row["category_code"],
            "checklist": json.loads(row["checklist"]),
            "accessories": json.loads(row["accessories"]),
        }
    )


def _depot(actor: Actor, row: Any, closures: Sequence[Any]) -> DepotFull | DepotPublic:
    kind = DepotFull if may(actor, Permission.ITEM_SEE, actor.relations(row["agency"])) else DepotPublic
    fields = fields_of(kind, row)
    shown = tuple(ClosureView(**{name: found[name] for name in ClosureView.model_fields}) for found in closures)
    return kind(**fields | {"hours": json.loads(row["hours"]), "closures": shown})
