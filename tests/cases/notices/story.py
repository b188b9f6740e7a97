"""An operation as its family leaves it, and situation notices about it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg

from shared_resources.cases.notices.family import FAMILY
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.journal import Moved, write
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.procedure import Procedure, State
from shared_resources.kernel.records import enter
from shared_resources.kernel.roles import Relation
from tests.people import Cast

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

OPERATION = Procedure(
    kind="joint_operation",
    prefix="JE",
    basis="JE-1a",
    label="Joint operation",
    path="/operations/%(number)s",
    opening="propose",
    initial="in_force",
    parties=(Relation.LEAD, Relation.COOPERATING),
    states={"in_force": State("In force"), "closed": State("Closed", final=True)},
    steps=(),
)
"""Only for the record: what comes of it in its own family is told there."""
SITUATION: dict[str, Any] = {
    "tasks": 6,
    "tasks_done": 4,
    "progress": "已检查长江主城段全部码头。",
    "sites": 31,
    "people": 120,
    "vehicles": 18,
    "problems": 9,
    "cases": 3,
    "fines": 125000,
    "transfers": 1,
    "equipment": "无人机2架、测距仪3台",
    "difficulties": "夜间取证照明不足。",
    "next_steps": "下月重点检查支流河口。",
}


@verb
async def operation_in_force(cast: Cast, title: str = "打击非法采砂联合执法") -> Moved:
    """A joint operation whose plan is in force since now: owner leads, borrower and third cooperate."""
    assert cast.borrower.agency
    parties = {Relation.LEAD: cast.owner.agency, Relation.COOPERATING: (cast.borrower.agency, cast.third.agency)}
    moved = await enter(OPERATION, SYSTEM_ACTOR, parties, title)
    await write(OPERATION, None, moved, SYSTEM_ACTOR, None, {}, None, name="issue")
    return moved


async def plan_says(dsn: str, operation: UUID, days: int) -> None:
    """File a plan with its rhythm of notices."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(
            "INSERT INTO filing (id, record, step, form, body, sha256, at)"
            " VALUES (gen_random_uuid(), $1, 'draft', 'Plan', $2, '\\x00', $3)",
            operation,
            f'{{"notice_days": {days}}}',
            clock.now(),
        )
    finally:
        await owner.close()


async def notices() -> list[Any]:
    """Every situation notice with sender, state and period, in the order of opening."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.id, r.number, r.state, a.slug AS sender, f.body::jsonb ->> 'period_from' AS first,"
            " f.body::jsonb ->> 'period_to' AS last FROM record r"
            " JOIN party p ON p.record = r.id AND p.part = 'notifying_agency' JOIN agency a ON a.id = p.agency"
            " JOIN filing f ON f.record = r.id AND f.step = 'open' WHERE r.kind = 'situation_notice' ORDER BY r.id"
        )
    return list(rows)


async def act(actor: Actor, number: str, step: str, note: str | None = None, **entries: Any) -> Moved:
    """Take a step with its form."""
    form = next(each.form for each in FAMILY.procedure.steps if each.name == step)
    filled = form.model_validate(entries) if form else None
    return await take_step(actor, FAMILY, number, step, filled, note=note)  # type: ignore[arg-type]


async def now(number: str) -> Facts:
    """The notice as it stands."""
    async with reading() as db:
        return await facts_of(await db.fetchval("SELECT id FROM record WHERE number = $1", number))


def day(text: str) -> date:
    """A day of the calendar."""
    return date.fromisoformat(text)
