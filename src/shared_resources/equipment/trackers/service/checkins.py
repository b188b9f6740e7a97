"""What came home by itself: checked in by its tracker, or proposed and decided by a keeper; undone; taken in.

A check-in ends the borrower's term, never the borrower's custody: until a keeper takes the item in, whoever held
it holds it. The loan is locked before its check-ins, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.trackers.queries.checkins import UNDO
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import KEEPING, SYSTEM_ACTOR, Actor, Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class LineHome:
    """The loan line that a tracker saw come home."""

    owner: UUID
    loan: UUID
    line: UUID
    item: UUID
    tracker: UUID


async def check_in(
    home: LineHome,
    how: str,
    source: UUID | None,
    seen_at: datetime,
    msg_key: int,
    *,
    confirmed: bool,
    actor: Actor = SYSTEM_ACTOR,
) -> UUID | None:
    """Check a line in within the running verb, or propose it to the owner's keepers; its id, None if nothing new.

    A door that reads what was only proposed confirms the proposal. The same word of the tracker counts once,
    whatever people did about it since; what the tracker itself took back may stand again by all of its words.
    """
    if (await journal.locked(home.loan, LOAN))["state"] not in ("out", "overdue") or not await _is_out(home):
        return None
    word = (home.line, seen_at, msg_key)
    if await connection().fetchval(
        "SELECT true FROM checkin WHERE line = $1 AND seen_at = $2 AND msg_key = $3"
        " AND (state <> 'proposed' OR NOT $4) AND (state <> 'undone' OR decided_by IS NOT NULL)",
        *word,
        confirmed,
    ):
        return None
    now = clock.now()
    made: UUID | None = None
    if confirmed:
        made = await connection().fetchval(
            "UPDATE checkin SET state = 'confirmed', how = $4, source = $5, seen_at = $2, msg_key = $3,"
            " confirmed_at = $6 WHERE line = $1 AND state = 'proposed' RETURNING id",
            *word,
            how,
            source,
            now,
        )
    if made is None:
        made = await connection().fetchval(
            "INSERT INTO checkin (id, owner, loan, line, item, tracker, source, how, state, seen_at, msg_key,"
            " made_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            " ON CONFLICT DO NOTHING RETURNING id",
            new_id(),
            home.owner,
            home.loan,
            home.line,
            home.item,
            home.tracker,
            source,
            how,
            "confirmed" if confirmed else "proposed",
            seen_at,
            msg_key,
            now,
            now if confirmed else None,
        )
    if made is None:
        return None
    await (_stand(home, made, actor) if confirmed else _propose(home, made))
    return made


async def withdraw_checkin(home: LineHome, away_at: datetime) -> bool:
    """Take back within the running verb what the tracker said: it was away after it. False when nothing falls.

    A proposal falls at any time; a check-in only as long as people may undo one, by the tracker's own time.
    """
    if (await journal.locked(home.loan, LOAN))["state"] not in ("out", "overdue"):
        return False
    row = await connection().fetchrow(
        "SELECT c.id, c.state, l.ends_at FROM checkin c JOIN loan l ON l.id = c.loan WHERE c.owner = $1"
        " AND c.line = $2 AND c.seen_at < $3"
        " AND (c.state = 'proposed' OR (c.state = 'confirmed' AND c.seen_at >= $4))"
        " FOR NO KEY UPDATE OF c",
        home.owner,
        home.line,
        away_at,
        away_at - UNDO,
    )
    if row is None:
        return False
    await _decide(row["id"], "undone", SYSTEM_ACTOR)
    if row["state"] == "proposed":
        await _noted(SYSTEM_ACTOR, "withdraw_checkin", home.loan, row["id"], home.item)
    else:
        note = N_("The tracker was seen away from the depot again.")
        await _put_out(home, row["id"], SYSTEM_ACTOR, note, row["ends_at"])
    return True


@verb
async def confirm_checkin(actor: Actor, checkin: UUID, act_id: str | None = None) -> str:
    """The item is here: what its tracker proposed stands now. Returns the loan's number.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: somebody decided it before, or the item is not out any more.
        Repeated: this ``act_id`` was used before.
    """
    row = await _locked(actor, checkin, Permission.CHECKIN_DECIDE, act_id)
    home = _home(row)
    if row["state"] != "proposed" or not await _is_out(home):
        raise _moved_on()
    await connection().execute(
        "UPDATE checkin SET state = 'confirmed', confirmed_at = $2, decided_by = $3, decided_at = $2"
        " WHERE id = $1",
        checkin,
        clock.now(),
        actor.person,
    )
    await _stand(home, checkin, actor, act_id)
    return str(row["number"])


@verb
async def decline_checkin(actor: Actor, checkin: UUID, reason: str, act_id: str | None = None) -> str:
    """The item is not here, whatever its tracker says: it is still out. Returns the loan's number.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: somebody decided it before.
        Invalid: no reason was given.
        Repeated: this ``act_id`` was used before.
    """
    row = await _locked(actor, checkin, Permission.CHECKIN_DECIDE, act_id)
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    if row["state"] != "proposed":
        raise _moved_on()
    await _decide(checkin, "declined", actor)
    await _noted(actor, "decline_checkin", row["loan"], checkin, row["item"], reason, act_id)
    return str(row["number"])


@verb
async def undo_checkin(actor: Actor, checkin: UUID, reason: str, act_id: str | None = None) -> str:
    """It did not come home, or left again: it is out, and the term of its return runs. Returns the loan's number.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it does not stand, or was confirmed too long ago.
        Invalid: no reason was given.
        Repeated: this ``act_id`` was used before.
    """
    row = await _locked(actor, checkin, Permission.CHECKIN_UNDO, act_id)
    if row["state"] != "confirmed":
        raise _moved_on()
    if clock.now() > row["confirmed_at"] + UNDO:
        raise WrongState(
            N_("This check-in can no longer be undone."),
            do=N_("Let the keeper take the item in; if it is not there, report it as missing."),
            code="undo_over",
        )
    await _decide(checkin, "undone", actor)
    await _put_out(_home(row), checkin, actor, reason, row["ends_at"], act_id)
    return str(row["number"])


async def _stand(home: LineHome, checkin: UUID, actor: Actor, act_id: str | None = None) -> None:
    """The line is checked in; the borrower's term ends with the last line that is out."""
    await connection().execute(
        "UPDATE loan_line SET checked_in_at = $3 WHERE owner = $1 AND id = $2", home.owner, home.line, clock.now()
    )
    still_away = await connection().fetchval(
        "SELECT true FROM loan_line WHERE owner = $1 AND loan = $2 AND state = 'out' AND checked_in_at IS NULL"
        " LIMIT 1",
        home.owner,
        home.loan,
    )
    step = "check_in_part" if still_away else "check_in"
    data = {"checkin": checkin, "item": home.item}
    await journal.act(LOAN, step, home.loan, actor, data=data, act_id=act_id)


async def _put_out(
    home: LineHome, checkin: UUID, actor: Actor, reason: str, ends_at: datetime, act_id: str | None = None
) -> None:
    """The line is out again, and so runs the term of its return."""
    await connection().execute(
        "UPDATE loan_line SET checked_in_at = NULL WHERE owner = $1 AND id = $2", home.owner, home.line
    )
    await journal.act(
        LOAN,
        "undo_check_in",
        home.loan,
        actor,
        note=reason,
        data={"checkin": checkin, "item": home.item},
        act_id=act_id,
        due={"return": ends_at},
    )


async def _propose(home: LineHome, checkin: UUID) -> None:
    """Ask the owner's keepers whether it is really there."""
    moved = await _noted(SYSTEM_ACTOR, "propose_checkin", home.loan, checkin, home.item)
    code = await connection().fetchval("SELECT code FROM item WHERE id = $1", home.item)
    await notices.tell(
        [home.owner],
        KEEPING,
        N_("Item %(item)s of loan %(number)s “%(title)s” seems to be home. Confirm that it is there."),
        {"item": grouped(code), "number": moved.number, "title": moved.title},
        record=home.loan,
        link="/checkins",
        key=f"checkin:{checkin}",
    )


async def _noted(
    actor: Actor,
    name: str,
    loan: UUID,
    checkin: UUID,
    item: UUID,
    note: str | None = None,
    act_id: str | None = None,
) -> journal.Moved:
    """Journal what leaves the loan as it is."""
    data = {"checkin": checkin, "item": item}
    return await journal.note_line(
        LOAN, name, loan, actor, Permission.CHECKIN_DECIDE, note=note, data=data, act_id=act_id
    )


async def _locked(actor: Actor, checkin: UUID, permission: Permission, act_id: str | None) -> Any:
    """A check-in with its loan, both locked, if the actor may do this about it."""
    loan = await connection().fetchval("SELECT loan FROM checkin WHERE id = $1", checkin)
    if loan is None:
        raise not_found()
    await journal.locked(loan, LOAN)
    row = await connection().fetchrow(
        "SELECT c.*, r.number, l.borrower, l.ends_at FROM checkin c JOIN loan l ON l.id = c.loan"
        " JOIN record r ON r.id = c.loan WHERE c.id = $1 FOR NO KEY UPDATE OF c",
        checkin,
    )
    require(actor, permission, actor.relations(row["owner"], row["borrower"]))
    await journal.refuse_repeated(act_id)
    return row


async def _decide(checkin: UUID, state: str, actor: Actor) -> None:
    await connection().execute(
        "UPDATE checkin SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1",
        checkin,
        state,
        actor.person,
        clock.now(),
    )


async def _is_out(home: LineHome) -> bool:
    """Whether the line is with the borrower now; it stays so until the verb ends."""
    state = await connection().fetchval(
        "SELECT state FROM loan_line WHERE owner = $1 AND id = $2 FOR NO KEY UPDATE", home.owner, home.line
    )
    return bool(state == "out")


def _home(row: Any) -> LineHome:
    return LineHome(row["owner"], row["loan"], row["line"], row["item"], row["tracker"])


def _moved_on() -> WrongState:
    return WrongState(
        N_("This check-in has been decided already."),
        do=N_("Reload the page to see where the item is now."),
        code="checkin_decided",
    )
