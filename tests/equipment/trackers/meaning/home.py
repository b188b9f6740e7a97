"""Things of these tests: a loan that is out, a tracker on each of its items, the word that one came home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.schemas.handover import ItemState
from shared_resources.equipment.trackers.service.checkins import LineHome, check_in
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from tests.equipment.trackers.register.devices import a_tracker
from tests.makers import END, HOUR, lines_of, make_item, make_loan

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor
    from tests.makers import MadeLoan
    from tests.people import Cast

HOME = END - HOUR
"""When the trackers of these tests come home."""


@dataclass(frozen=True)
class Lent:
    """A loan that is out, and what its trackers stand for."""

    loan: MadeLoan
    homes: tuple[LineHome, ...]

    @property
    def number(self) -> str:
        """The loan's."""
        return self.loan.number


async def lent(cast: Cast, count: int = 1, state: str = "out", keeper: Actor | None = None) -> Lent:
    """A loan of ``count`` items with a tracker on each."""
    keeper = keeper or cast.owner.custodian
    items = [await make_item(keeper=keeper) for _ in range(count)]
    trackers = {item.code: (await a_tracker(keeper, item.code))[1] for item in items}
    loan = await make_loan(cast=cast, state=state, codes=tuple(item.code for item in items))
    rows = await lines_of(loan.number)
    homes = tuple(
        LineHome(row["owner"], row["loan"], row["id"], row["item"], trackers[row["code"]]) for row in rows
    )
    return Lent(loan, homes)


async def came_home(home: LineHome, at: datetime = HOME, *, confirmed: bool = True, key: int = 1) -> UUID | None:
    """A tracker said so: at the return door, or standing at the depot."""
    how = "door" if confirmed else "dwell"
    with clock.at(at):
        async with transaction():
            return await check_in(home, how, None, at, key, confirmed=confirmed)


def found(lent: Lent, *which: int) -> list[ItemState]:
    """What the keeper has before them: all of the loan, or the items at these places."""
    codes = [lent.loan.codes[one] for one in which] or lent.loan.codes
    return [ItemState(code=code, wiped=True) for code in codes]


async def one(query: str, *values: Any) -> Any:
    """One row."""
    async with reading() as db:
        return await db.fetchrow(query, *values)


async def checkin(identifier: UUID) -> Any:
    """A check-in as the database holds it."""
    return await one("SELECT * FROM checkin WHERE id = $1", identifier)


async def steps_of(lent: Lent) -> list[tuple[str, str]]:
    """The acts on the loan since it went out, each with its clause."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT step, convert_from(body, 'UTF8')::json->>'basis' AS basis FROM journal_line"
            " WHERE chain = $1 ORDER BY seq",
            lent.loan.id,
        )
    acts = [(row["step"], row["basis"]) for row in rows]
    return acts[[step for step, _ in acts].index("hand_out") + 1 :]


async def term(lent: Lent, name: str) -> list[tuple[str, datetime]]:
    """The state and due instant of each run of a term of the loan, the oldest first."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT state, due_at FROM deadline WHERE record = $1 AND term = $2 ORDER BY id", lent.loan.id, name
        )
    return [(row["state"], row["due_at"]) for row in rows]


async def custody(home: LineHome) -> list[Any]:
    """The lines of custody of an item, with what they say of themselves."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT kind, holder_kind, giver, taker, note, convert_from(body, 'UTF8')::json->'data' AS data"
                " FROM custody_line WHERE chain = $1 ORDER BY seq",
                home.item,
            )
        )
