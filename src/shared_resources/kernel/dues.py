"""Deadlines as they are shown: what is owed, by whom, until when, and why this date (WORKING-DAYS 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.budgets import HELD, Budget, replay
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.deadlines import ledgers_of
from shared_resources.kernel.language import CHINESE, Language, language_of
from shared_resources.kernel.procedure import procedure_of
from shared_resources.kernel.schemas.dues import DayLine, DueView
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import working_days_between
from shared_resources.kernel.working_calendar import load_calendar
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from shared_resources.kernel.workdays import Calendar, DayNote

DUES = (
    "SELECT d.id, d.record, d.term, d.rule, d.basis, d.statutory, d.owed_by, d.owed_to, d.started_on, d.due_on,"
    " d.due_at, d.provisional, d.state, r.number, r.kind, r.title, b.name_zh AS owed_by_zh,"
    " b.name_en AS owed_by_en, t.name_zh AS owed_to_zh, t.name_en AS owed_to_en, b.county"
    " FROM deadline d JOIN record r ON r.id = d.record JOIN agency b ON b.id = d.owed_by"
    " LEFT JOIN agency t ON t.id = d.owed_to WHERE "
)
OPEN = "d.state IN ('running', 'paused')"
ORDER = " ORDER BY d.due_at, r.number, d.term"

OTHERWISE = N_("the date under the other way of counting; the shown one counts here")


async def dues_of(record: UUID, with_days: bool = True) -> tuple[DueView, ...]:
    """Every deadline of a record, open ones first; with ``with_days`` each with its day-by-day count.

    The caller has made sure that the reader may see the record.
    """
    order = f" ORDER BY {OPEN} DESC, d.due_at, d.term"
    return await views(f"d.record = $1 AND d.state <> 'cancelled'{order}", record, with_days=with_days)


async def dues_owed_by(agency: UUID) -> tuple[DueView, ...]:
    """What ``agency`` owes, the most urgent first."""
    return await views(f"d.owed_by = $1 AND {OPEN}{ORDER}", agency)


async def dues_owed_to(agency: UUID) -> tuple[DueView, ...]:
    """What others owe ``agency``, the most urgent first."""
    return await views(f"d.owed_to = $1 AND d.owed_by <> $1 AND {OPEN}{ORDER}", agency)


async def back_of(record: UUID) -> list[dict[str, Any]]:
    """The open deadlines of a record in Chinese, for the back of a letter: why each date is this date.

    Each has ``label``, ``basis``, ``due``, ``marks`` (暂定, 内部目标 and the like, joined) and ``days``, one text
    a day. Plain data, kept with the letter as it was printed. What several agencies owe by the same day stands
    once, with their names.
    """
    chinese = language_of(CHINESE)
    alike: dict[tuple[str, date], list[DueView]] = {}
    for due in await dues_of(record):
        if due.state in ("running", "paused"):
            alike.setdefault((due.term, due.due_on), []).append(due)
    return [printed(dues, chinese) for dues in alike.values()]


def printed(dues: Sequence[DueView], language: Language) -> dict[str, Any]:
    """One deadline, of one agency or of several, as paper shows it."""
    due = dues[0]
    is_target = not due.statutory and not due.agreed
    marks = [N_("provisional")] * due.provisional + [N_("internal target")] * is_target
    names = "、".join(dict.fromkeys(each.owed_by_zh for each in dues))
    return {
        "label": f"{language.gettext(due.label)}（{names}）",
        "basis": due.basis,
        "due": due.due_on.isoformat(),
        "marks": "、".join(language.gettext(mark) for mark in marks),
        "days": [printed_day(day, language) for day in due.days],
    }


def printed_day(day: DayLine, language: Language) -> str:
    """One day of the count as paper shows it, with the notice that made it so."""
    mark = language.gettext(N_("counted") if day.counted else N_("not counted"))
    notice = f"（{day.notice_no}）" if day.notice_no else ""
    return f"{day.day.isoformat()} {mark}：{language.say(day.sentence)}{notice}"


async def next_dues(records: Sequence[UUID]) -> dict[UUID, DueView]:
    """The most urgent open deadline of each of these records, for lists."""
    found = await views(f"d.record = ANY($1) AND {OPEN}{ORDER}", list(records))
    return {view.record: view for view in reversed(found)}


async def views(where: str, *values: Any, with_days: bool = False) -> tuple[DueView, ...]:
    """The deadlines that ``where`` leaves, counted against today."""
    async with reading() as db:
        rows = await db.fetch(DUES + where, *values)
        if not rows:
            return ()
        calendar = await load_calendar(db, min(row["started_on"] for row in rows))
    ledgers = await ledgers_of(rows) if with_days else {}
    return tuple(view(row, calendar, ledgers.get(row["id"])) for row in rows)


def view(row: Any, calendar: Calendar, ledger: Budget | None) -> DueView:
    """One deadline as pages show it; with its ``ledger``, the reason for each day."""
    procedure = procedure_of(row["kind"])
    is_open = row["state"] in ("running", "paused")
    is_late = row["state"] == "running" and row["due_at"] <= clock.now()
    left = working_days_left(row, calendar) if is_open else None
    shown = {name: row[name] for name in DueView.model_fields if name in row.keys()}  # noqa: SIM118 a Record
    return DueView(
        **shown,
        path=procedure.path % {"number": row["number"]},
        label=procedure.term(row["term"]).label,
        agreed=row["rule"] is None,
        is_late=is_late,
        working_days_left=left,
        tone=tone_of(row["state"], is_late=is_late, left=left),
        days=days_of(row, ledger, calendar) if ledger else (),
    )


def tone_of(state: str, *, is_late: bool, left: int | None) -> str:
    """How urgently a page shows it."""
    if state == "met":
        return "good"
    if is_late or state == "breached":
        return "bad"
    return "warning" if state == "running" and left is not None and left <= 1 else "neutral"


def working_days_left(row: Any, calendar: Calendar) -> int:
    """Working days after today up to the due day, in the county of the agency that owes; negative when past."""
    return working_days_between(clock.today(), row["due_on"], calendar, county_of(row))


def days_of(row: Any, ledger: Budget, calendar: Calendar) -> tuple[DayLine, ...]:
    """Why this date: each day counted, skipped or stood still, and the date under the other way of counting."""
    found = replay(ledger, calendar, county_of(row), clock.LOCAL_ZONE)
    lines = [line(note) for note in found.days]
    if found.alternative is not None:
        lines.append(DayLine(day=found.alternative, counted=False, reason=OTHERWISE))
    if found.due_on != row["due_on"]:
        lines.append(DayLine(day=row["due_on"], counted=True, reason=HELD))
    return tuple(lines)


def line(note: DayNote) -> DayLine:
    """One day of the calendar's explanation."""
    params = {name: str(value) for name, value in note.reason.params.items()}
    return DayLine(
        day=note.day, counted=note.counted, reason=note.reason.msgid, params=params, notice_no=note.notice_no
    )


def county_of(row: Any) -> str | None:
    """The county whose own days bind the agency that owes."""
    county: str | None = row["county"] or settings().county
    return county
