"""A small procedure and small chains, for the tests of what departments build on."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
from tests.people import Cast, make_cast

from shared_resources.kernel import journal, records
from shared_resources.kernel.custody import Change, Holder, HolderKind, change_holder, holder_of
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Permission, Relation, Role
from shared_resources.kernel.procedure import Procedure, State, Step, Term
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor

OWNER, BORROWER = Relation.OWNER, Relation.BORROWER
ERRAND = Procedure(
    kind="errand",
    prefix="E",
    basis="X-1",
    label="Errand",
    opening="ask",
    initial="asked",
    parties=(OWNER, BORROWER),
    states={
        "asked": State("Asked"),
        "agreed": State("Agreed"),
        "refused": State("Refused", final=True),
        "done": State("Done", final=True),
    },
    steps=(
        Step(
            "agree",
            ("asked",),
            "agreed",
            Permission.LOAN_APPROVE,
            "Agree",
            "X-2",
            tells=(BORROWER,),
            told_roles=frozenset({Role.OFFICER}),
            notice="%(number)s %(title)s was agreed.",
        ),
        Step("refuse", ("asked",), "refused", Permission.LOAN_APPROVE, "Refuse", "X-2", needs_note=True),
        Step("finish", ("agreed",), "done", Permission.LOAN_TAKE, "Finish", "X-3"),
        Step("lapse", ("asked", "agreed"), "done", None, "Lapse", "X-4"),
        Step("remark", ("asked", "agreed"), None, Permission.LOAN_SEE, "Remark", "X-5"),
    ),
    terms=(
        Term("reply", "Reply", ("ask",), ("agree", "refuse", "lapse"), OWNER, BORROWER, "X-2", FWD(3), True),
        Term("end", "End", ("agree",), ("finish",), BORROWER, OWNER, "X-3"),
    ),
    path="/errands/%(number)s",
)


@verb
async def ask(cast: Cast, title: str = "drive", **more: Any) -> Moved:
    """Open an errand between owner and borrower."""
    parties = {OWNER: cast.owner.agency, BORROWER: cast.borrower.agency}
    return await records.open_record(ERRAND, cast.borrower.officer, parties, title, **more)


@verb
async def act(step: str, record: UUID, actor: Actor, **more: Any) -> Moved:
    """One step as a verb of its own."""
    return await journal.act(ERRAND, step, record, actor, **more)


@verb
async def change(what: Change, expected: Holder | None) -> None:
    """One change of holder as a verb of its own."""
    await change_holder(what, expected=expected)


def depot(agency: UUID) -> Holder:
    """Some store of an agency."""
    return Holder(HolderKind.DEPOT, str(new_id()), agency)


def person(actor: Actor) -> Holder:
    """A person as holder."""
    assert actor.agency is not None
    return Holder(HolderKind.PERSON, str(actor.person), actor.agency)


async def history(cast: Cast, remarks: int = 2) -> UUID:
    """An errand with ``remarks + 3`` journal lines and three custody lines on the same thing."""
    moved = await ask(cast)
    for number in range(remarks):
        await act("remark", moved.id, cast.owner.officer, note=f"remark {number}", data={"n": number})
    await act("agree", moved.id, cast.owner.head, note="好的", data={"until": "2026-12-01"})
    await act("finish", moved.id, cast.borrower.officer)
    held = None
    for kind, to in (
        ("receive", depot(cast.owner.agency)),
        ("issue", person(cast.borrower.officer)),
        ("return", depot(cast.owner.agency)),
    ):
        assert held == await holder_of(moved.id)
        giver = taker = cast.owner.custodian.person
        await change(Change(moved.id, kind, to, giver, taker, loan=moved.id, note=f"{kind} 单"), held)
        held = to
    return moved.id


async def whole_story() -> tuple[Cast, UUID]:
    """The cast and one history."""
    cast = await make_cast()
    return cast, await history(cast)


@asynccontextmanager
async def superuser(dsn: str) -> AsyncIterator[asyncpg.Connection[Any]]:
    """Whoever holds the server: triggers and foreign keys do not count for them."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        for table in ("journal_line", "custody_line", "checkpoint"):
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
    finally:
        await connection.close()
