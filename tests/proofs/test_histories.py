"""Random histories of bookings through the verbs, against a loop over all rows that knows nothing of our queries.

After every act: no two lines that occupy an item overlap, buffers included; whether a request or an approval goes
through is what the loop says. At the end: what is free is what the loop calls free; every item has exactly one
holder at every instant, from its registration on, and is with the borrower while it is out; the ledgers are clean.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.schemas.booking import ExtensionDraft, MoveDraft
from shared_resources.equipment.schemas.handover import IncidentKind, IncidentReport, InspectedItem
from shared_resources.equipment.schemas.loans import FreeFilter
from shared_resources.equipment.service.changes import ask_extension, extend_loan, move_loan
from shared_resources.equipment.service.decisions import (
    approve_loan,
    refuse_loan,
    revoke_approval,
    withdraw_loan,
)
from shared_resources.equipment.service.incidents import inspect_return, report_incident
from shared_resources.equipment.service.requests import request_booking
from shared_resources.equipment.service.sweeps import lapse, overdue
from shared_resources.kernel import clock, custody
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.verify import verify_all
from tests.makers import (
    HOUR,
    MONDAY,
    MadeLoan,
    bring_back,
    draft_of,
    hand_out,
    loan_made,
    make_category,
    make_depot,
    make_item,
    make_model,
)
from tests.people import Cast, Team, make_cast

if TYPE_CHECKING:
    from collections.abc import Awaitable

OCCUPYING = ("held", "reserved", "out", "back")
ITEMS, BEFORE, AFTER = 2, 1, 2
"""Two items of a model with an hour before and two hours after each loan."""
ACTS = (
    *("request",) * 4,
    *("lend",) * 3,
    *("approve",) * 3,
    *("hand_out",) * 3,
    *("bring_back",) * 2,
    *("inspect",) * 2,
    *("refuse", "withdraw", "revoke", "move", "ask", "extend", "incident", "overdue", "lapse", "wait"),
)
ACT = st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(0, 40), st.integers(1, 12))
SPAN = st.tuples(st.integers(-5, 60), st.integers(1, 12))


@dataclass(frozen=True)
class Line:
    """A row of ``loan_line``, with the state of its item: all that the loop looks at."""

    loan: str
    item: UUID
    state: str
    start: datetime
    end: datetime


class History:
    """One example: its own items, the loans that were asked for, and its own clock."""

    def __init__(self, cast: Cast, model: UUID, codes: dict[str, UUID]) -> None:
        self.cast, self.model, self.codes = cast, model, codes
        self.now = MONDAY
        self.loans: list[tuple[MadeLoan, Team]] = []
        self.seen: Counter[str] = Counter()

    async def do(self, name: str, which: int, start: int, hours: int) -> None:
        """One act, whatever comes of it; a refusal is an answer, any other error is not."""
        with clock.at(self.now):
            try:
                await getattr(self, name)(which, start, hours)
                self.seen[name] += 1
            except Refusal:
                self.seen[f"not {name}"] += 1

    async def loan(self, which: int, *states: str) -> tuple[MadeLoan, Team]:
        """One of the loans, nine times out of ten one that stands right for the act if there is any."""
        if not self.loans:
            raise Refusal("nothing yet")
        async with reading() as db:
            rows = await db.fetch("SELECT id FROM record WHERE kind = 'loan' AND state = ANY($1)", states)
        fitting = [one for one in self.loans if one[0].id in {row["id"] for row in rows}]
        choices = fitting if fitting and which < 9 else self.loans
        return choices[which % len(choices)]

    async def request(self, which: int, start: int, hours: int) -> None:
        """By code or by model; goes through if and only if the loop finds an item."""
        team = (self.cast.borrower, self.cast.third)[which % 2]
        starts_at = self.now + start * HOUR
        ends_at = starts_at + hours * HOUR
        code = list(self.codes)[which % ITEMS] if which < 6 else None
        draft = (
            draft_of(code, starts_at=starts_at, ends_at=ends_at)
            if code
            else draft_of(model=self.model, starts_at=starts_at, ends_at=ends_at)
        )
        there = await self.free(starts_at, ends_at)
        expected = self.codes[code] in there if code else bool(there)
        number = await self.agrees(request_booking(team.officer, draft), expected=expected)
        self.loans.append((await loan_made(number.loans[0].number, starts_at, ends_at), team))

    async def approve(self, which: int, *_: int) -> None:
        """Goes through if the loan waits and its item, or for one asked by model any, is free."""
        loan, _team = await self.loan(which, "requested")
        mine = [line for line in await self.lines() if line.loan == loan.number]
        there = await self.free(mine[0].start, mine[0].end, besides=loan.number)
        by_model = await self.value("SELECT by_model FROM loan_line WHERE loan = $1", loan.id)
        fits = bool(there) if by_model else mine[0].item in there
        waits = await self.value("SELECT state FROM record WHERE id = $1", loan.id) == "requested"
        act = approve_loan(self.cast.owner.head, loan.number)
        await self.agrees(act, expected=fits and waits and mine[0].end > self.now)

    async def lend(self, which: int, start: int, hours: int) -> None:
        """Soon: asked for, approved and handed out in one go, so that histories have something to go on with."""
        for name in ("request", "approve", "hand_out"):
            await self.do(name, which, start % 4, hours)

    async def agrees(self, act: Awaitable[Any], *, expected: bool) -> Any:
        """The act, which goes through exactly when the loop expects it."""
        try:
            done = await act
        except Refusal as refusal:
            if expected:
                raise AssertionError(f"refused: {refusal.code}") from refusal
            raise
        assert expected, "went through although an item is taken"
        return done

    async def refuse(self, which: int, *_: int) -> None:
        """The owner says no."""
        await refuse_loan(self.cast.owner.head, (await self.loan(which, "requested"))[0].number, "自用")

    async def withdraw(self, which: int, *_: int) -> None:
        """The borrower does not need it."""
        loan, team = await self.loan(which, "approved")
        await withdraw_loan(team.officer, loan.number)

    async def revoke(self, which: int, *_: int) -> None:
        """The owner takes it back."""
        await revoke_approval(self.cast.owner.head, (await self.loan(which, "approved"))[0].number, "自用")

    async def move(self, which: int, start: int, hours: int) -> None:
        """Another time."""
        starts_at = self.now + start * HOUR
        move = MoveDraft.model_validate({"from": starts_at, "to": starts_at + hours * HOUR})
        await move_loan(self.cast.owner.head, (await self.loan(which, "approved"))[0].number, move)

    async def ask(self, which: int, start: int, _: int) -> None:
        """The borrower asks for longer."""
        loan, team = await self.loan(which, "out")
        await ask_extension(team.officer, loan.number, ExtensionDraft(until=self.now + start * HOUR))

    async def extend(self, which: int, start: int, _: int) -> None:
        """The owner grants longer."""
        await extend_loan(self.cast.owner.head, (await self.loan(which, "out"))[0].number, self.now + start * HOUR)

    async def hand_out(self, which: int, *_: int) -> None:
        """When the time has come, all of it changes hands."""
        loan, team = await self.loan(which, "approved")
        starts_at = await self.value("SELECT starts_at FROM loan WHERE id = $1", loan.id)
        self.now = max(self.now, starts_at)
        loan = await loan_made(loan.number, loan.starts_at, loan.ends_at)
        await hand_out(self.cast.owner, team, loan, at=self.now)

    async def bring_back(self, which: int, *_: int) -> None:
        """It comes back, in time or late."""
        loan, team = await self.loan(which, "out", "overdue")
        loan = await loan_made(loan.number, loan.starts_at, loan.ends_at)
        await bring_back(self.cast.owner, team, loan, at=self.now)

    async def inspect(self, which: int, *_: int) -> None:
        """What came back is fit."""
        loan, _team = await self.loan(which, "returned")
        loan = await loan_made(loan.number, loan.starts_at, loan.ends_at)
        findings = [InspectedItem(code=code, fit=True) for code in loan.codes]
        await inspect_return(self.cast.owner.custodian, loan.number, findings)

    async def incident(self, which: int, start: int, _: int) -> None:
        """An item is damaged or lost, wherever it is."""
        kind = IncidentKind.LOSS if start % 3 == 0 else IncidentKind.DAMAGE
        report = IncidentReport(code=list(self.codes)[which % ITEMS], kind=kind, description="意外")
        await report_incident(self.cast.owner.custodian, report)

    async def overdue(self, which: int, *_: int) -> None:
        """The clock looks after a loan that is out."""
        await overdue((await self.loan(which, "out"))[0].number)

    async def lapse(self, which: int, *_: int) -> None:
        """The clock looks after a loan that nobody collected."""
        await lapse((await self.loan(which, "approved"))[0].number)

    async def wait(self, _which: int, start: int, _hours: int) -> None:
        """Time passes."""
        self.now += timedelta(hours=start)

    async def value(self, question: str, *values: Any) -> Any:
        """One value of the database."""
        async with reading() as db:
            return await db.fetchval(question, *values)

    async def lines(self) -> list[Line]:
        """All lines of the example's items, however they stand."""
        async with reading() as db:
            rows = await db.fetch(
                "SELECT r.number, l.item, l.state, lower(l.period) AS start, upper(l.period) AS end"
                " FROM loan_line l JOIN record r ON r.id = l.loan WHERE l.item = ANY($1)",
                list(self.codes.values()),
            )
        return [Line(*row) for row in rows]

    async def free(self, start: datetime, end: datetime, besides: str = "") -> set[UUID]:
        """The loop: items in the pool that nothing occupies then, that are not late, not uninspected."""
        found = set()
        lines = [line for line in await self.lines() if line.loan != besides]
        for item in self.codes.values():
            held = [line for line in lines if line.item == item and line.state in OCCUPYING]
            in_pool = await self.value("SELECT state FROM record WHERE id = $1", item) == "available"
            late = any(line.state == "out" and line.end <= self.now for line in held)
            if in_pool and not late and not any(line.state == "back" or meets(line, start, end) for line in held):
                found.add(item)
        return found

    async def check_lines(self) -> None:
        """No two lines that occupy one item overlap."""
        held = [line for line in await self.lines() if line.state in OCCUPYING]
        for place, one in enumerate(held):
            for other in held[place + 1 :]:
                assert one.item != other.item or not meets(one, other.start, other.end), (one, other)

    async def check_custody(self) -> None:
        """One holder at every instant: each line starts where the one before ended, and not before it."""
        lines = await self.lines()
        for item in self.codes.values():
            log = await custody.log_of(item)
            assert [line["seq"] for line in log] == list(range(1, len(log) + 1))
            bodies = [json.loads(bytes(line["body"])) for line in log]
            assert bodies[0].get("from") is None
            for before, after in itertools.pairwise(bodies):
                assert after["from"] == before["to"]
            times = [line["at"] for line in log]
            assert times == sorted(times)
            out = [line for line in lines if line.item == item and line.state == "out"]
            assert len(out) == (log[-1]["holder_kind"] == "person"), (out, log[-1])


def meets(line: Line, start: datetime, end: datetime) -> bool:
    """Whether two loans of one item come closer than the model's buffers allow."""
    return line.start - BEFORE * HOUR < end + AFTER * HOUR and start - BEFORE * HOUR < line.end + AFTER * HOUR


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    with clock.at(MONDAY):
        return await make_cast()


async def begun(cast: Cast) -> History:
    """An example with items of its own."""
    keeper = cast.owner.custodian
    with clock.at(MONDAY):
        model = await make_model(
            keeper=keeper,
            category=await make_category(keeper=keeper),
            buffer_before_minutes=BEFORE * 60,
            buffer_after_minutes=AFTER * 60,
        )
        depot = await make_depot(keeper=keeper)
        items = [await make_item(keeper=keeper, model=model, depot=depot) for _ in range(ITEMS)]
    return History(cast, model, {item.code: item.id for item in items})


async def test_random_histories_keep_every_promise(cast: Cast) -> None:
    """Forty histories, the same ones each time; all verbs succeed and are refused somewhere in them."""
    seen: Counter[str] = Counter()
    examples: list[tuple[list[Any], list[Any]]] = []

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(acts=st.lists(ACT, min_size=25, max_size=32), spans=st.lists(SPAN, min_size=3, max_size=3))
    def collected(acts: list[Any], spans: list[Any]) -> None:
        examples.append((acts, spans))

    collected()
    for acts, spans in examples:
        history = await begun(cast)
        for act in acts:
            await history.do(*act)
            await history.check_lines()
        await history.check_custody()
        with clock.at(history.now):
            for start, hours in spans:
                starts_at = history.now + start * HOUR
                ends_at = starts_at + hours * HOUR
                span = FreeFilter(starts_at=starts_at, ends_at=ends_at, model=history.model)
                listed = {
                    code for group in (await free(cast.borrower.officer, span)).groups for code in group.codes
                }
                assert {history.codes[code] for code in listed} == await history.free(starts_at, ends_at)
        seen += history.seen
    assert await verify_all() is None
    assert {name for name in ACTS if not seen[name]} == set(), dict(seen)
