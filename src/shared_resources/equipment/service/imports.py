"""A stock list becomes items: every row or none, and every fault at once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.stock_list import StockRow, fault, read_stock_list
from shared_resources.equipment.schemas.register import CertificateDraft, ImportReport, ItemDraft, RowFault
from shared_resources.equipment.service.certificates import certify
from shared_resources.equipment.service.register import enter, own_agency, own_item
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.permissions import Actor, Permission, Role
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Names = dict[str, set[UUID]]
"""What a name in a list may mean."""


UNKNOWN_MODEL = N_("There is no model “%(value)s” in the catalogue.")
UNKNOWN_DEPOT = N_("Your agency has no depot “%(value)s”.")
NO_CUSTODIAN = N_("“%(value)s” is not an equipment custodian of your agency.")
ASSET_NO_TAKEN = N_("Your agency has an item with this asset number already.")


@verb
async def import_items(actor: Actor, text: str, *, dry_run: bool, act_id: str | None = None) -> ImportReport:
    """Enter every item of a stock list for the actor's agency; with a single fault nothing is entered.

    A dry run finds the same faults and writes nothing.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the text is no list, or lacks a column.
        Repeated: this ``act_id`` was used before.
    """
    agency = own_agency(actor, Permission.ITEM_EDIT)
    rows, faults = read_stock_list(text)
    drafts, unknown = await _understood(agency, rows)
    faults = sorted([*faults, *unknown], key=lambda found: found.line)
    lines = {row.line for row in rows} | {found.line for found in faults}
    if faults or dry_run:
        return ImportReport(rows=len(lines), faults=tuple(faults), dry_run=dry_run)
    codes = [
        await _entered(actor, draft, row, None if act_id is None else f"{act_id}:{position}")
        for position, (row, draft) in enumerate(zip(rows, drafts, strict=True))
    ]
    return ImportReport(rows=len(rows), faults=(), codes=tuple(codes), dry_run=False)


async def _entered(actor: Actor, draft: ItemDraft, row: StockRow, act_id: str | None) -> str:
    """Enter one row with its certificate; returns the new code."""
    entered = await enter(actor, draft, act_id)
    if row.certificate is not None:
        cells = row.certificate
        certificate = CertificateDraft(
            kind=cells.kind,
            number=cells.number,
            issuer=cells.issuer,
            valid_from=cells.valid_from,
            valid_to=cells.valid_to,
        )
        await certify(actor, await own_item(actor, entered.code, Permission.ITEM_EDIT), certificate)
    return entered.code


async def _understood(agency: UUID, rows: Sequence[StockRow]) -> tuple[list[ItemDraft], list[RowFault]]:
    """Drafts for rows whose names we know, and a fault for every name that we do not."""
    models = await _names("SELECT id, name_zh, name_en FROM model")
    depots = await _names("SELECT id, name_zh, name_en FROM depot WHERE agency = $1", agency)
    keepers = await _names(
        "SELECT p.id, p.name, p.username FROM person p JOIN appointment t ON t.person = p.id WHERE t.agency = $1"
        " AND t.role = $2 AND p.is_active AND t.valid_from <= $3 AND (t.valid_to IS NULL OR t.valid_to >= $3)",
        agency,
        Role.CUSTODIAN,
        clock.today(),
    )
    taken = await _taken(agency, [row.asset_no for row in rows])
    drafts: list[ItemDraft] = []
    faults: list[RowFault] = []
    for row in rows:
        wrong = [
            *_name_faults(row.line, "model", row.model, models, UNKNOWN_MODEL),
            *_name_faults(row.line, "depot", row.depot, depots, UNKNOWN_DEPOT),
            *_name_faults(row.line, "keeper", row.keeper, keepers, NO_CUSTODIAN),
        ]
        if row.asset_no in taken:
            wrong.append(fault(row.line, "asset_no", ASSET_NO_TAKEN))
        faults += wrong
        if not wrong:
            drafts.append(_draft(row, models, depots, keepers))
    return drafts, faults


def _draft(row: StockRow, models: Mapping[str, set[UUID]], depots: Names, keepers: Names) -> ItemDraft:
    return ItemDraft(
        asset_no=row.asset_no,
        serial=row.serial,
        model=next(iter(models[_folded(row.model)])),
        depot=next(iter(depots[_folded(row.depot)])),
        keeper=next(iter(keepers[_folded(row.keeper)])) if row.keeper else None,
        condition=row.condition,
    )


def _name_faults(line: int, column: str, name: str | None, known: Names, unknown: str) -> list[RowFault]:
    """The fault of a name that means nothing, or more than one thing."""
    if not name:
        return []
    meant = known.get(_folded(name), set())
    if len(meant) == 1:
        return []
    msgid = N_("“%(value)s” means more than one here; use the other name.") if meant else unknown
    return [fault(line, column, msgid, value=name[:60])]


async def _names(query: str, *values: Any) -> Names:
    """Every name that a query's rows bear (all columns after ``id``), and what it means."""
    found: Names = defaultdict(set)
    for row in await connection().fetch(query, *values):
        for name in list(row.values())[1:]:
            found[_folded(name)].add(row["id"])
    return dict(found)


async def _taken(agency: UUID, numbers: list[str]) -> set[str]:
    """Those of the asset numbers that the agency uses already."""
    rows = await connection().fetch(
        "SELECT asset_no FROM item WHERE owner = $1 AND asset_no = ANY($2)", agency, numbers
    )
    return {row["asset_no"] for row in rows}


def _folded(name: str) -> str:
    """A name as people may type it: case and blanks do not count."""
    return "".join(name.split()).casefold()
