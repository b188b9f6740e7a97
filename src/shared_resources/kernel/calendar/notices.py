"""Loading a notice into the calendar: one person proposes, a second one confirms, then the days count.

Each notice is a record with a journal of its own, like everything else in the house.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal, records
from shared_resources.kernel import notices as told
from shared_resources.kernel.calendar.reprojection import reproject
from shared_resources.kernel.calendar.rules import reasons_against
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Taken, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span, Tally
from shared_resources.kernel.separation import second_person_is_another
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import NATION
from shared_resources.kernel.working_calendar import LOCK

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

DECREE_ON_HOLIDAYS = "国务院令第795号"
"""全国年节及纪念日放假办法, 2024 revision."""

NOTICE = register(
    Procedure(
        kind="calendar_notice",
        prefix="C",
        basis=DECREE_ON_HOLIDAYS,
        label=N_("Calendar notice"),
        path="/admin/notices/%(number)s",
        opening="propose",
        initial="proposed",
        parties=(),
        states={
            "proposed": State(N_("Waiting for a second person"), "waiting"),
            "confirmed": State(N_("Confirmed"), "good", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "confirm", ("proposed",), "confirmed", Permission.CALENDAR_EDIT, N_("Confirm"), DECREE_ON_HOLIDAYS
            ),
            Step(
                "withdraw",
                ("proposed",),
                "withdrawn",
                Permission.CALENDAR_EDIT,
                N_("Withdraw"),
                DECREE_ON_HOLIDAYS,
            ),
        ),
    )
)


@verb
async def propose_notice(actor: Actor, draft: NoticeDraft, *, act_id: str | None = None) -> str:
    """Put a notice forward; not one day counts until a second person confirms it. Returns its record's number.

    Raises:
        NotAllowed: the actor may not edit the calendar.
        Invalid: what was typed cannot be the notice; all reasons at once.
        Taken: the same notice waits already.
    """
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    if actor.person is None:
        raise not_found()  # two persons are needed, and the clock is none
    raise_all(reasons_against(draft))
    await connection().execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    await refuse_waiting(draft)
    opened = await records.open_record(
        NOTICE, actor, {}, draft.number, data=facts(draft.number, draft.scope, draft.spans), act_id=act_id
    )
    await connection().execute(
        "INSERT INTO calendar_notice (id, record, year, number, scope, whole_year, published_on, days,"
        " proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new_id(),
        opened.id,
        draft.year,
        draft.number,
        draft.scope,
        draft.whole_year,
        draft.published_on,
        written(draft.spans),
        actor.person,
        clock.now(),
    )
    await ask_the_others(actor, opened, draft.number)
    return opened.number


@verb
async def confirm_notice(actor: Actor, number: str, *, act_id: str | None = None) -> Tally:
    """Confirm a notice that somebody else proposed: its days count, and open deadlines are counted anew.

    Raises:
        NotFound: there is no such notice.
        NotAllowed: the actor proposed it, or may not edit the calendar.
        WrongState: it was confirmed or withdrawn meanwhile.
    """
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    if actor.person is None:
        raise not_found()
    await connection().execute("SELECT pg_advisory_xact_lock($1)", LOCK)
    notice = await notice_numbered(number)
    second_person_is_another(notice["proposed_by"], actor.person)
    spans = spans_of(notice["days"])
    data = facts(notice["number"], notice["scope"], spans)
    await journal.act(NOTICE, "confirm", notice["record"], actor, data=data, act_id=act_id)
    await connection().execute(
        "UPDATE calendar_notice SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1",
        notice["id"],
        actor.person,
        clock.now(),
    )
    if notice["whole_year"]:
        await settle_year(notice)
    await write_days(notice, spans, actor.person)
    return await reproject(actor, notice["number"])


@verb
async def withdraw_notice(
    actor: Actor, number: str, *, note: str | None = None, act_id: str | None = None
) -> None:
    """Take back a notice that nobody has confirmed yet.

    Raises:
        NotFound, NotAllowed, WrongState: as for ``confirm_notice``; the proposer may do this.
    """
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    notice = await notice_numbered(number)
    await journal.act(NOTICE, "withdraw", notice["record"], actor, note=note, act_id=act_id)


async def refuse_waiting(draft: NoticeDraft) -> None:
    """Refuse a notice that waits for its second person already.

    Raises:
        Taken: it does.
    """
    waiting = await connection().fetchval(
        "SELECT r.number FROM calendar_notice n JOIN record r ON r.id = n.record AND r.state = 'proposed'"
        " WHERE n.number = $1 AND n.scope = $2",
        draft.number,
        draft.scope,
    )
    if waiting:
        raise Taken(
            N_("%(notice)s waits for its second person already."),
            do=N_("Confirm or withdraw %(number)s first."),
            code="notice_waiting",
            field="number",
            notice=draft.number,
            number=waiting,
        )


async def notice_numbered(number: str) -> asyncpg.Record:
    """The notice behind a record's number.

    Raises:
        NotFound: there is none.
    """
    row = await connection().fetchrow(
        "SELECT n.* FROM calendar_notice n JOIN record r ON r.id = n.record WHERE r.number = $1", number
    )
    if row is None:
        raise not_found()
    return row


async def settle_year(notice: asyncpg.Record) -> None:
    """Forget what was known of the year, by estimate or by an earlier load, and mark it confirmed.

    December days that the next year's notice brought in stay, and so do changes midway: they have other numbers.
    """
    await connection().execute(
        "DELETE FROM calendar_day WHERE scope = $1 AND (notice_no IN ($2, (SELECT notice_no FROM calendar_year"
        " WHERE year = $3)) OR (notice_no IS NULL AND date_part('year', date) = $3))",
        NATION,
        notice["number"],
        notice["year"],
    )
    await connection().execute(
        "INSERT INTO calendar_year (id, year, status, notice_no, published_on)"
        " VALUES ($1, $2, 'confirmed', $3, $4) ON CONFLICT (year)"
        " DO UPDATE SET status = 'confirmed', notice_no = $3, published_on = $4",
        new_id(),
        notice["year"],
        notice["number"],
        notice["published_on"],
    )


async def write_days(notice: asyncpg.Record, spans: Iterable[Span], confirmed_by: UUID) -> None:
    """Put the days of a notice into the calendar, in place of what it said of them before."""
    now = clock.now()
    await connection().executemany(
        "INSERT INTO calendar_day (id, date, kind, name, notice_no, scope, source, proposed_by, confirmed_by,"
        " confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, 'notice', $7, $8, $9) ON CONFLICT (scope, date) DO UPDATE"
        " SET kind = $3, name = $4, notice_no = $5, source = 'notice', proposed_by = $7, confirmed_by = $8,"
        " confirmed_at = $9",
        [
            (
                new_id(),
                day,
                span.kind.value,
                span.name,
                notice["number"],
                notice["scope"],
                notice["proposed_by"],
                confirmed_by,
                now,
            )
            for span in spans
            for day in span.days()
        ],
    )


async def ask_the_others(actor: Actor, opened: journal.Moved, notice_no: str) -> None:
    """Tell everybody else who may confirm that a notice waits for one of them."""
    rows = await connection().fetch(
        "SELECT id FROM person WHERE is_system_admin AND is_active AND id <> $1", actor.person
    )
    await told.tell_people(
        [row["id"] for row in rows],
        N_("%(name)s entered %(notice)s into the calendar; a second person has to confirm it."),
        {"name": actor.name, "notice": notice_no},
        record=opened.id,
        link=NOTICE.path % {"number": opened.number},
        key=f"{opened.id}:waiting",
    )


def facts(notice_no: str, scope: str, spans: Iterable[Span]) -> dict[str, Any]:
    """What the journal keeps of a notice: its number, for whom, and every day."""
    days = [[day.isoformat(), span.kind.value, span.name] for span in spans for day in span.days()]
    return {"notice": notice_no, "scope": scope, "days": days}


def written(spans: Iterable[Span]) -> str:
    """Spans as the table keeps them."""
    return json.dumps([span.model_dump(mode="json") for span in spans], ensure_ascii=False)


def spans_of(kept: str) -> tuple[Span, ...]:
    """Spans as the table kept them."""
    return tuple(Span.model_validate(span) for span in json.loads(kept))
