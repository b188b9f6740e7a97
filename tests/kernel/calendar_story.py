"""The story that calendar tests share: two administrators, two agencies, invented notices, one deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from tests.people import make_agency, make_person

from shared_resources.kernel import records
from shared_resources.kernel.calendar import queries
from shared_resources.kernel.calendar.notices import confirm_notice, propose_notice
from shared_resources.kernel.database.transaction import reading, transaction, verb
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Relation, Role
from shared_resources.kernel.procedure import Procedure, State, Step, Term
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span, Tally, YearView
from shared_resources.kernel.workdays import CAL, FWD, DayKind

NOW = datetime(2026, 12, 24, 2, tzinfo=UTC)
"""Thursday 24 December 2026, 10:00 in Chongqing; 25 to 31 December are five working days."""
OWNER, BORROWER = Relation.OWNER, Relation.BORROWER

NOTICE_2027 = NoticeDraft(
    number="国办发明电〔2026〕9号",
    year=2027,
    published_on=date(2026, 11, 26),
    spans=(
        Span(name="元旦", kind=DayKind.HOLIDAY, first=date(2027, 1, 1), last=date(2027, 1, 3)),
        Span(name="春节", kind=DayKind.HOLIDAY, first=date(2027, 2, 5), last=date(2027, 2, 12)),
        Span(name="春节", kind=DayKind.MAKEUP, first=date(2027, 1, 31)),
        Span(name="春节", kind=DayKind.MAKEUP, first=date(2027, 2, 14)),
        Span(name="清明节", kind=DayKind.HOLIDAY, first=date(2027, 4, 3), last=date(2027, 4, 5)),
        Span(name="劳动节", kind=DayKind.HOLIDAY, first=date(2027, 5, 1), last=date(2027, 5, 5)),
        Span(name="劳动节", kind=DayKind.MAKEUP, first=date(2027, 5, 8)),
        Span(name="端午节", kind=DayKind.HOLIDAY, first=date(2027, 6, 9)),
        Span(name="中秋节", kind=DayKind.HOLIDAY, first=date(2027, 9, 15)),
        Span(name="国庆节", kind=DayKind.HOLIDAY, first=date(2027, 10, 1), last=date(2027, 10, 7)),
        Span(name="国庆节", kind=DayKind.MAKEUP, first=date(2027, 9, 26)),
        Span(name="国庆节", kind=DayKind.MAKEUP, first=date(2027, 10, 9)),
    ),
)
"""Invented: the ranges of WORKING-DAYS 3.3 with make-up days made up for this test."""

TYPHOON = NoticeDraft(
    number="渝府办发〔2026〕99号",
    year=2026,
    published_on=date(2026, 12, 24),
    whole_year=False,
    spans=(Span(name="暴雪", kind=DayKind.REST_OVERRIDE, first=date(2026, 12, 28), last=date(2026, 12, 29)),),
)
SHIZHU = NoticeDraft(
    number="石柱府发〔2026〕8号",
    year=2026,
    published_on=date(2026, 12, 1),
    whole_year=False,
    scope="500240",
    spans=(Span(name="县庆", kind=DayKind.REST_OVERRIDE, first=date(2026, 12, 25)),),
)

QUERY = Procedure(
    kind="test_query",
    prefix="Q",
    basis="AR-2b",
    label="Query",
    path="/queries/%(number)s",
    opening="ask",
    initial="asked",
    parties=(OWNER, BORROWER),
    states={"asked": State("Asked"), "answered": State("Answered", final=True)},
    steps=(Step("answer", ("asked",), "answered", None, "Answer", "AR-2c"),),
    terms=(
        Term("answer", "Answer", ("ask",), ("answer",), OWNER, BORROWER, "AR-2c", FWD(5), statutory=True),
        Term("press", "Press", ("ask",), ("answer",), OWNER, None, "TR-5", CAL(3)),
    ),
)


@dataclass(frozen=True)
class Cast:
    """Two system administrators, and two agencies of which one lies in Shizhu."""

    first: Actor
    second: Actor
    city: UUID
    clerk: Actor
    county: UUID
    county_clerk: Actor


async def make_cast() -> Cast:
    """The persons of the story, in an open database."""
    city = await make_agency("cq-amr", "市市场监督管理局")
    county = await make_agency("d-500240", "石柱土家族自治县林业局", level="county", county="500240")
    return Cast(
        await system_admin(city, "root.a"),
        await system_admin(city, "root.b"),
        city,
        await make_person(city, "cq-amr.clerk", [Role.CLERK]),
        county,
        await make_person(county, "d-500240.clerk", [Role.CLERK]),
    )


async def system_admin(agency: UUID, username: str) -> Actor:
    """A system administrator, ready to act."""
    actor = await make_person(agency, username, [])
    async with transaction() as connection:
        await connection.execute("UPDATE person SET is_system_admin = true WHERE id = $1", actor.person)
    return Actor(actor.person, None, username, roles=frozenset({Role.SYSTEM_ADMIN}))


@verb
async def ask(owner: UUID, borrower: UUID) -> UUID:
    """Open a record whose answer ``owner`` owes ``borrower`` within five working days."""
    moved = await records.open_record(QUERY, SYSTEM_ACTOR, {OWNER: owner, BORROWER: borrower}, "档案查询")
    return moved.id


async def load(cast: Cast, draft: NoticeDraft) -> Tally:
    """Load a notice as two persons do."""
    return await confirm_notice(cast.second, await propose_notice(cast.first, draft))


async def deadline(record: UUID, term: str = "answer") -> Any:
    """A deadline as the database holds it."""
    async with reading() as db:
        return await db.fetchrow("SELECT * FROM deadline WHERE record = $1 AND term = $2", record, term)


async def entries(record: UUID, term: str = "answer") -> list[Any]:
    """The ledger of a deadline."""
    async with reading() as db:
        return await db.fetch(
            "SELECT e.* FROM deadline_entry e JOIN deadline d ON d.id = e.deadline"
            " WHERE d.record = $1 AND d.term = $2 ORDER BY e.seq",
            record,
            term,
        )


def replace_spans(draft: NoticeDraft, spans: tuple[Span, ...]) -> NoticeDraft:
    """The same notice with other days."""
    return draft.model_copy(update={"spans": spans})


async def year_2027() -> YearView:
    """How the calendar stands on 2027."""
    return next(view for view in await queries.years() if view.year == 2027)
