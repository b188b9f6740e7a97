"""kill -9 in the middle of a thousand bookings: what was acknowledged is there, nothing is half done.

A real server with its ordinary settings (PostgreSQL syncs every commit). It is killed when a quarter of the
bookings is acknowledged, once alone, once together with its database; then it is started again and asked.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.verify import verify_all
from tests.makers import make_depot, make_item, make_model, make_rule
from tests.people import make_cast
from tests.proofs.serving import House, a_house, program, side_by_side, token_of

BOOKINGS, ITEMS, KILL_AFTER = 1000, 50, 250
HALF_DONE = {
    "a loan's record without its loan": "SELECT count(*) FROM record r LEFT JOIN loan l ON l.id = r.id"
    " WHERE r.kind = 'loan' AND l.id IS NULL",
    "a loan without its line": "SELECT count(*) FROM loan l"
    " WHERE (SELECT count(*) FROM loan_line ll WHERE ll.loan = l.id AND ll.state = 'reserved') <> 1",
    "a loan not approved": "SELECT count(*) FROM record WHERE kind = 'loan' AND state <> 'approved'",
    "a loan without both lines of its journal": "SELECT count(*) FROM loan l"
    " WHERE (SELECT array_agg(j.step ORDER BY j.seq) FROM journal_line j WHERE j.chain = l.id)"
    " IS DISTINCT FROM '{request,approve}'",
    "a loan without its parties": "SELECT count(*) FROM loan l"
    " WHERE (SELECT count(*) FROM party p WHERE p.record = l.id) <> 2",
    "a cart without a loan": "SELECT count(*) FROM cart c LEFT JOIN loan l ON l.cart = c.id WHERE l.id IS NULL",
    "two loans of one item at one time": "SELECT count(*) - count(DISTINCT (item, period)) FROM loan_line",
}


@dataclass
class Bookings:
    """A thousand bookings, each of another item or another hour, and what the server said to each."""

    house: House
    token: str
    codes: list[str]
    first: datetime
    acknowledged: dict[int, str] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def body(self, n: int) -> dict[str, Any]:
        """The booking with this number."""
        starts_at = self.first + timedelta(hours=2 * (n // ITEMS))
        return {
            "wishes": [{"item": self.codes[n % ITEMS]}],
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
            "purpose": f"第{n}次",
        }

    async def book(self, http: httpx.AsyncClient, n: int) -> httpx.Response | None:
        """Send one; None where no answer came."""
        try:
            answer = await http.post(
                "/api/v1/bookings", json=self.body(n), headers={"idempotency-key": f"booking-{n}"}
            )
        except httpx.TransportError:
            return None
        if answer.status_code == 201:
            self.acknowledged[n] = answer.json()["loans"][0]["number"]
            if len(self.acknowledged) >= KILL_AFTER:
                self.enough.set()
        return answer

    async def book_all(self, numbers: range | list[int]) -> list[httpx.Response | None]:
        """All of these, eight at a time."""
        async with program(self.house, self.token) as http:
            return await side_by_side([lambda n=n: self.book(http, n) for n in numbers])  # type: ignore[misc]


async def city(house: House) -> Bookings:
    """Fifty items whose owner's rule approves, and a borrower's program."""
    async with house.database():
        cast = await make_cast()
        keeper = cast.owner.custodian
        await make_rule(keeper=keeper, automatic_hours=24)
        model, depot = await make_model(keeper=keeper), await make_depot(keeper=keeper)
        codes = [(await make_item(keeper=keeper, model=model, depot=depot)).code for _ in range(ITEMS)]
        token = await token_of(cast.borrower.officer, Permission.LOAN_REQUEST, Permission.LOAN_SEE)
    return Bookings(
        house, token, codes, clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    )


async def check_nothing_is_half_done(bookings: Bookings) -> int:
    """Every acknowledged loan is there, every loan is whole, the ledgers are clean; how many loans there are."""
    async with reading() as db:
        numbers = {row["number"] for row in await db.fetch("SELECT number FROM record WHERE kind = 'loan'")}
        assert set(bookings.acknowledged.values()) <= numbers
        for what, question in HALF_DONE.items():
            assert await db.fetchval(question) == 0, what
    assert await verify_all() is None
    return len(numbers)


async def forget_the_time_of_claims() -> None:
    """Let two minutes pass for keys whose worker died."""
    async with transaction() as db:
        await db.execute("UPDATE replay SET created_at = created_at - interval '3 minutes' WHERE status IS NULL")


@pytest.mark.parametrize(
    ("database", "repeated"),
    [pytest.param(False, BOOKINGS, id="the server"), pytest.param(True, 50, id="the server and its database")],
)
async def test_killed_in_the_middle_of_a_thousand_bookings(*, database: bool, repeated: int) -> None:
    """Kill, start, look; then repeat what was not acknowledged: each booking is there once.

    With the database only the first of them are repeated; whatever was under way at the kill is among these.
    """
    with a_house() as house:
        bookings = await city(house)
        firing = asyncio.create_task(bookings.book_all(range(BOOKINGS)))
        await bookings.enough.wait()
        house.kill(database=database)
        answers = await firing
        assert {answer.status_code for answer in answers if answer} == {201}
        acknowledged = len(bookings.acknowledged)
        assert KILL_AFTER <= acknowledged < BOOKINGS
        house.start()
        async with house.database():
            there = await check_nothing_is_half_done(bookings)
            assert acknowledged <= there < BOOKINGS
            await forget_the_time_of_claims()
            missing = [n for n in range(BOOKINGS) if n not in bookings.acknowledged][:repeated]
            again = [answer for answer in await bookings.book_all(missing) if answer]
            told = Counter(answer.json().get("type", "done") for answer in again)
            assert told["done"] + told["/problems/repeated"] == len(missing)
            # Done but not answered: told so, or given the answer that was kept before it could be sent.
            assert told["/problems/repeated"] <= there - acknowledged
            assert await check_nothing_is_half_done(bookings) == acknowledged + len(missing)
