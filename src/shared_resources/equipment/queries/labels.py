"""What labels show, and what a scanned one leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.names import held
from shared_resources.equipment.queries.register import FROM, item_page, narrowed
from shared_resources.equipment.rules.labels import label_of
from shared_resources.equipment.rules.landing import Landing, LineFacts, Visitor, landing
from shared_resources.kernel import clock
from shared_resources.kernel.codes import parse_code
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.equipment.schemas.register import ItemFilter, ItemFull, ItemPage, ItemPublic, Label

MOST_LABELS = 480
"""Labels of one print: twenty A4 sheets of 24."""

LABELS = (
    "SELECT i.code, i.asset_no, a.name_zh AS owner_name_zh, a.name_en AS owner_name_en,"
    f" m.name_zh AS model_name_zh, m.name_en AS model_name_en{FROM} WHERE i.owner = $1 AND "
)
LINE = (
    "SELECT n.number AS loan, l.state, l.checked_in_at, lower(l.blocked) AS ready_from, x.owner, x.borrower,"
    " h.id AS handover, h.proposed_by, h.giver, h.taker, h.direction"
    " FROM loan_line l JOIN loan x ON x.id = l.loan JOIN record n ON n.id = x.id"
    " LEFT JOIN LATERAL (SELECT o.* FROM handover_line hl JOIN handover o ON o.id = hl.handover"
    "  WHERE hl.line = l.id AND o.state = 'proposed' LIMIT 1) h ON true"
    " WHERE l.owner = $1 AND l.item = i.id AND l.state IN ('out', 'back', 'reserved')"
    " AND (l.state <> 'reserved' OR upper(l.period) > $3)"
    " ORDER BY l.state = 'reserved', lower(l.blocked) LIMIT 1"
)
STANDING = (
    "SELECT line.*, hp.id AS holder, hp.name AS holder_name FROM item i"
    f" JOIN LATERAL ({LINE}) line ON true{held('i.id')}"
    " WHERE i.owner = $1 AND i.code = $2"
)


async def labels_of_codes(actor: Actor, codes: Sequence[str], origin: str) -> list[Label]:
    """The labels of these items, in this order.

    Raises:
        NotAllowed: the reader keeps no equipment.
        NotFound: an unknown code, or an item of another agency.
    """
    require(actor, Permission.LABEL_PRINT, actor.relations(actor.agency))
    wanted = list(dict.fromkeys(_stored(code) for code in codes))[:MOST_LABELS]
    async with reading() as db:
        rows = await db.fetch(LABELS + "i.code = ANY($2)", actor.agency, wanted)
    found = {row["code"]: label_of(origin, row) for row in rows}
    if len(found) < len(wanted):
        raise not_found()
    return [found[code] for code in wanted]


async def labels_of_filter(actor: Actor, wanted: ItemFilter, origin: str) -> list[Label]:
    """The labels of one's own items that a filter leaves, retired and lost ones left out.

    Raises:
        NotAllowed: the reader keeps no equipment.
    """
    require(actor, Permission.LABEL_PRINT, actor.relations(actor.agency))
    where = narrowed(actor, wanted, actor.agency)
    async with reading() as db:
        rows = await db.fetch(
            f"{LABELS}r.state NOT IN ('lost', 'retired') AND {where}"
            f" ORDER BY c.code, m.name_zh, i.asset_no LIMIT {MOST_LABELS}",
            *where.values,
        )
    return [label_of(origin, row) for row in rows]


async def label_landing(actor: Actor, code: str) -> tuple[ItemPage, Landing]:
    """The item behind a label and the one right act for this reader.

    Raises:
        NotFound: unknown to this reader.
    """
    page = await item_page(actor, code)
    item = page.item
    async with reading() as db:
        row = await db.fetchrow(STANDING, item.owner, item.code, clock.now())
    return page, landing(_visitor(actor, item), item.code, item.state, _line(actor, row), clock.now())


def _stored(code: str) -> str:
    try:
        return parse_code(code)
    except Invalid:
        raise not_found() from None


def _visitor(actor: Actor, item: ItemFull | ItemPublic) -> Visitor:
    own = actor.relations(item.owner)
    return Visitor(
        person=actor.person,
        owns=Relation.OWNER in own,
        gives=may(actor, Permission.LOAN_GIVE, own) is True,
        inspects=may(actor, Permission.LOAN_INSPECT, own) is True,
        takes_in=may(actor, Permission.CHECKIN_DECIDE, own) is True,
        requests=may(actor, Permission.LOAN_REQUEST, {Relation.BORROWER}) is True,
    )


def _line(actor: Actor, row: Any) -> LineFacts | None:
    if row is None:
        return None
    relations = actor.relations(row["owner"], row["borrower"])
    return LineFacts(
        loan=row["loan"],
        state=row["state"],
        ready_from=row["ready_from"],
        lends=Relation.OWNER in relations,
        borrows=Relation.BORROWER in relations,
        holder=row["holder"],
        holder_name=row["holder_name"] or "",
        handover=row["handover"],
        proposed_by=row["proposed_by"],
        checked_in=row["state"] == "out" and row["checked_in_at"] is not None,
        answered_by_me=row["handover"] is not None and _answers(actor, row),
    )


def _answers(actor: Actor, row: Any) -> bool:
    """Whether this reader may confirm the open hand-over: as ``service.handover.answers`` decides."""
    me: UUID | None = actor.person
    if me == row["proposed_by"]:
        return False
    if me in (row["giver"], row["taker"]):
        return True
    at_counter = row["direction"] == "back" and row["proposed_by"] == row["giver"]
    return at_counter and may(actor, Permission.LOAN_GIVE, actor.relations(row["owner"])) is True
