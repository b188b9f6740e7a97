"""The custody log of an item and of a loan: as a page, as CSV, as JSON that proves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.queries.names import HOLDER_NAMES, holder_tables
from shared_resources.equipment.schemas.custody import CustodyEntry, ProvableLine
from shared_resources.kernel.codes import parse_code
from shared_resources.kernel.csv_text import csv_bytes
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = (
    f"SELECT i.code AS item, c.seq, c.kind, c.at, c.holder_kind, {HOLDER_NAMES.format('holder')},"
    " a.name_zh AS agency_zh, a.name_en AS agency_en, g.name AS giver, t.name AS taker, r.number AS loan,"
    " c.loan AS loan_id, c.note, encode(c.hash, 'hex') AS hash,"
    " lead(c.at) OVER (PARTITION BY c.chain ORDER BY c.seq) AS until"
    " FROM custody_line c JOIN item i ON i.id = c.chain JOIN agency a ON a.id = c.holder_agency"
    f"{holder_tables('c')} LEFT JOIN person g ON g.id = c.giver LEFT JOIN person t ON t.id = c.taker"
    " LEFT JOIN record r ON r.id = c.loan WHERE c.chain = ANY($1) ORDER BY i.code, c.seq"
)


async def log_of_item(actor: Actor, code: str) -> Sequence[CustodyEntry]:
    """Every holder of an item. The owner sees all; a borrower sees the lines of its own loans.

    Raises:
        NotFound: unknown code, or an item with which the actor's agency never had to do.
    """
    async with reading() as db:
        item = await db.fetchrow("SELECT id, owner FROM item WHERE code = $1", parse_code(code))
        if item is None:
            raise not_found()
        rows = await db.fetch(LINES, [item["id"]])
        if actor.agency != item["owner"]:
            own = await borrowed(db, [row["loan_id"] for row in rows], actor.agency)
            rows = [row for row in rows if row["loan_id"] in own]
            require(actor, Permission.CUSTODY_SEE, actor.relations(None, actor.agency if rows else None))
        else:
            require(actor, Permission.CUSTODY_SEE, actor.relations(item["owner"]))
    return [entry(row) for row in rows]


async def log_of_loan(actor: Actor, number: str) -> Sequence[CustodyEntry]:
    """Every change of hands of one loan, item by item.

    Raises:
        NotFound: unknown number, or none of the actor's business.
    """
    loan = await loan_row(number)
    require(actor, Permission.CUSTODY_SEE, actor.relations(loan.owner, loan.borrower))
    async with reading() as db:
        rows = await db.fetch(LINES, await items_of(db, loan))
    return [entry(row) for row in rows if row["loan"] == number]


async def proof_of_loan(actor: Actor, number: str) -> Sequence[ProvableLine]:
    """Journal and custody of one loan as hashed, whole chains of its items included up to now.

    Only the owner gets the items' whole chains: a borrower would see other agencies' loans in them.

    Raises:
        NotFound: unknown number, or none of the actor's business.
    """
    loan = await loan_row(number)
    require(actor, Permission.CUSTODY_SEE, actor.relations(loan.owner, loan.borrower))
    async with reading() as db:
        chains = await items_of(db, loan)
        journal = await db.fetch(provable("journal_line") + " WHERE chain = $1 ORDER BY seq", loan.id)
        custody = await db.fetch(
            provable("custody_line") + " WHERE chain = ANY($1) AND ($2 OR loan = $3) ORDER BY chain, seq",
            chains,
            actor.agency == loan.owner,
            loan.id,
        )
    return [ProvableLine(**dict(row)) for row in [*journal, *custody]]


async def proof_of_item(actor: Actor, code: str) -> Sequence[ProvableLine]:
    """Journal and custody of one item as hashed, for its owner.

    Raises:
        NotFound: unknown code, or another agency's item.
    """
    async with reading() as db:
        item = await db.fetchrow("SELECT id, owner FROM item WHERE code = $1", parse_code(code))
        if item is None or item["owner"] != actor.agency:
            raise not_found()
        require(actor, Permission.CUSTODY_SEE, actor.relations(item["owner"]))
        rows = [
            row
            for ledger in ("journal_line", "custody_line")
            for row in await db.fetch(provable(ledger) + " WHERE chain = $1 ORDER BY seq", item["id"])
        ]
    return [ProvableLine(**dict(row)) for row in rows]


async def owns_item(actor: Actor, code: str) -> bool:
    """Whether the item is the reader's agency's, who alone gets its whole proof."""
    async with reading() as db:
        owner = await db.fetchval("SELECT owner FROM item WHERE code = $1", parse_code(code))
    return owner is not None and owner == actor.agency


def provable(ledger: str) -> str:
    """The SELECT that gives lines of ``ledger`` exactly as they were hashed."""
    return (
        f"SELECT '{ledger}' AS ledger, chain::text, seq, encode(prev, 'hex') AS prev,"
        f" convert_from(body, 'UTF8') AS body, encode(hash, 'hex') AS hash FROM {ledger}"
    )


async def items_of(db: Any, loan: LoanRow) -> list[UUID]:
    """The items on a loan, exchanged ones included."""
    rows = await db.fetch(
        "SELECT DISTINCT item FROM loan_line WHERE owner = $1 AND loan = $2", loan.owner, loan.id
    )
    return [row["item"] for row in rows]


async def borrowed(db: Any, loans: Sequence[UUID | None], agency: UUID | None) -> set[UUID]:
    """Those of ``loans`` that ``agency`` borrowed."""
    rows = await db.fetch(
        "SELECT id FROM loan WHERE id = ANY($1) AND borrower = $2", [loan for loan in loans if loan], agency
    )
    return {row["id"] for row in rows}


def entry(row: Any) -> CustodyEntry:
    """A row as readers see it."""
    return CustodyEntry(**{name: row[name] for name in CustodyEntry.model_fields})


def as_csv(entries: Sequence[CustodyEntry]) -> bytes:
    """The log as CSV."""
    return csv_bytes([CustodyEntry.model_fields, *(line.model_dump(mode="json").values() for line in entries)])
