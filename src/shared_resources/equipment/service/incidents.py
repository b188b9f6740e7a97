"""Inspection after return, damage and loss: the item leaves the pool, later bookings are planned anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, line_rows, loan_row
from shared_resources.equipment.rules.procedures import INCIDENT, ITEM, LOAN
from shared_resources.equipment.schemas.handover import (
    IncidentKind,
    IncidentReport,
    InspectedItem,
    Settlement,
)
from shared_resources.equipment.service.allotment import end_lines
from shared_resources.equipment.service.handover_lines import end_checkins
from shared_resources.equipment.service.photos import require_own_photos
from shared_resources.equipment.service.sweeps import replan_item
from shared_resources.kernel import clock, custody, deadlines, journal, records
from shared_resources.kernel.codes import parse_code
from shared_resources.kernel.custody import Change, Holder, HolderKind
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.permissions import (
    SYSTEM_ACTOR,
    Actor,
    Permission,
    Relation,
    not_found,
    require,
)
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORTED = ("damaged", "lost")
"""States of an item that only an incident's report gives it."""
ITEM_STEP = {IncidentKind.DAMAGE: "mark_damaged", IncidentKind.LOSS: "mark_lost"}


@verb
async def report_incident(actor: Actor, report: IncidentReport, act_id: str | None = None) -> str:
    """Report damage or loss of an item; returns the incident's number.

    The item leaves the pool at once and every later booking of it is planned anew with notice. A lost item
    has no holder any more; its line ends.

    Raises:
        NotFound: unknown code, or an item that the actor's agency neither owns nor holds on a loan.
        WrongState: the item is already reported in this way.
    """
    item = await item_at_stake(report.code)
    line = await running_line(item)
    parties = {Relation.OWNER: item["owner"], Relation.BORROWER: line["borrower"] if line else item["owner"]}
    require(actor, Permission.INCIDENT_REPORT, actor.relations(*parties.values()))
    if item["state"] in ("lost", "retired") or (item["state"] == "damaged" and report.kind is IncidentKind.DAMAGE):
        raise WrongState(
            N_("This was reported before."), do=N_("Open the item to see the report."), code="reported_before"
        )
    await require_own_photos(actor, [report.photo])
    incident = await open_record(INCIDENT, actor, parties, item["title"], note=report.description, act_id=act_id)
    await connection().execute(
        "INSERT INTO incident (id, owner, item, loan, line, kind, description, photo, reported_by, reported_at,"
        " holds_data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        incident.id,
        item["owner"],
        item["id"],
        line["loan"] if line else None,
        line["id"] if line else None,
        report.kind,
        report.description,
        report.photo,
        actor.person,
        clock.now(),
        report.holds_data,
    )
    await take_out_of_pool(item, line, report.kind, incident.id, actor)
    return incident.number


@verb
async def settle_incident(actor: Actor, number: str, settlement: Settlement, act_id: str | None = None) -> None:
    """Close an incident with what was agreed; the last one of a loan lets the loan go on to its end.

    Raises:
        NotFound, NotAllowed, WrongState: see ``journal.act``.
    """
    found = await records.find(number, INCIDENT, actor, Permission.INCIDENT_SETTLE)
    cost = None if settlement.cost_yuan is None else round(settlement.cost_yuan * 100)
    await journal.act(INCIDENT, "settle", found.id, actor, note=settlement.settlement, act_id=act_id)
    loan = await connection().fetchval(
        "UPDATE incident SET settlement = $2, cost_cents = $3 WHERE id = $1 RETURNING loan",
        found.id,
        settlement.settlement,
        cost,
    )
    if loan is not None:
        await go_on_after_incident(loan)


@verb
async def inspect_return(
    actor: Actor, number: str, findings: Sequence[InspectedItem], act_id: str | None = None
) -> str:
    """The owner's inspection of returned items: fit ones are free again; returns the loan's state.

    An unfit item is not judged here: it gets an incident through ``report_incident``, which keeps it out of
    the pool and ends its line, as a report made before does. The loan closes with the last line.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a code that is not on this loan or has not come back.
    """
    loan = await loan_row(number, lock=True)
    require(actor, Permission.LOAN_INSPECT, actor.relations(loan.owner, loan.borrower))
    rows = {row["code"]: row for row in await line_rows(loan, lock=True)}
    for finding in findings:
        row = rows.get(parse_code(finding.code))
        if row is None or row["state"] != "back":
            raise Invalid(
                N_("Item %(item)s has not come back on this loan."),
                do=N_("Take it back first, then inspect it."),
                code="not_back",
                item=finding.code,
            )
        if finding.fit or row["item_state"] in REPORTED:
            await finish_line(loan, row["id"])
    await journal.note_line(
        LOAN,
        "inspect",
        loan.id,
        actor,
        Permission.LOAN_INSPECT,
        note="\n".join(finding.note for finding in findings if finding.note) or None,
        data={"fit": [f.code for f in findings if f.fit], "unfit": [f.code for f in findings if not f.fit]},
        act_id=act_id,
    )
    return await close_if_finished(loan, actor)


async def item_at_stake(text: str) -> Any:
    """The item behind a code, locked with its record.

    Raises:
        NotFound: there is none.
    """
    row = await connection().fetchrow(
        "SELECT i.id, i.owner, i.code, r.state, r.title FROM item i JOIN record r ON r.id = i.id"
        " WHERE i.code = $1 FOR NO KEY UPDATE OF r",
        parse_code(text),
    )
    if row is None:
        raise not_found()
    return row


async def running_line(item: Any) -> Any | None:
    """The line on which the item is out, or back and not yet inspected."""
    return await connection().fetchrow(
        "SELECT ll.id, ll.loan, ll.state, l.borrower FROM loan_line ll JOIN loan l ON l.id = ll.loan"
        " WHERE ll.owner = $1 AND ll.item = $2 AND ll.state IN ('out', 'back')"
        " ORDER BY ll.state = 'out' DESC, lower(ll.period) DESC LIMIT 1",
        item["owner"],
        item["id"],
    )


async def take_out_of_pool(item: Any, line: Any | None, kind: IncidentKind, incident: UUID, actor: Actor) -> None:
    """The item's own step, the line's end, the loan's step, and a new plan for everybody behind."""
    await journal.act(ITEM, ITEM_STEP[kind], item["id"], SYSTEM_ACTOR, data={"incident": incident})
    if kind is IncidentKind.LOSS:
        await write_off(item, incident, actor, line)
    if line is not None:
        ended = "lost" if kind is IncidentKind.LOSS else "done" if line["state"] == "back" else line["state"]
        await connection().execute(
            "UPDATE loan_line SET state = $3, checked_in_at = CASE WHEN $3 = 'out' THEN checked_in_at END"
            " WHERE owner = $1 AND id = $2",
            item["owner"],
            line["id"],
            ended,
        )
        if kind is IncidentKind.LOSS:
            await end_checkins(item["owner"], [line["id"]], "undone")
        await journal.act(LOAN, "report_incident", line["loan"], SYSTEM_ACTOR, data={"incident": incident})
    await replan_item(item["id"], N_("The item is not fit for use any more."))


async def write_off(item: Any, incident: UUID, actor: Actor, line: Any | None) -> None:
    """Custody of a lost thing: nobody holds it; the owner's agency answers for it."""
    await custody.change_holder(
        Change(
            thing=item["id"],
            kind="loss",
            to=Holder(HolderKind.LOST, "", item["owner"]),
            giver=actor.person,
            taker=None,
            loan=line["loan"] if line else None,
            data={"incident": incident},
        ),
        expected=await custody.holder_of(item["id"]),
    )


async def finish_line(loan: LoanRow, line: UUID) -> None:
    """A line inspected and found fit: its item is free from this moment."""
    await connection().execute(
        "UPDATE loan_line SET state = 'done' WHERE owner = $1 AND id = $2 AND state = 'back'", loan.owner, line
    )


async def close_if_finished(loan: LoanRow, actor: Actor) -> str:
    """Close the loan when nothing of it is out, waiting, in dispute or without papers; returns its state."""
    unfinished = await connection().fetchval(
        "SELECT count(*) FROM loan_line WHERE owner = $1 AND loan = $2 AND state IN ('out', 'back', 'reserved')",
        loan.owner,
        loan.id,
    )
    if unfinished or loan.state != "returned":
        return loan.state
    if await deadlines.running(loan.id, "papers"):
        await deadlines.close(loan.id, "inspection", "met", actor)
        return loan.state
    moved = await journal.act(LOAN, "close", loan.id, actor)
    return moved.state


async def go_on_after_incident(loan: UUID) -> None:
    """Return a loan to its ordinary course once no incident of it is open and nothing is out."""
    row = await connection().fetchrow(
        "SELECT r.number, count(*) FILTER (WHERE ir.state = 'reported') AS reported FROM record r"
        " LEFT JOIN incident i ON i.loan = r.id LEFT JOIN record ir ON ir.id = i.id"
        " WHERE r.id = $1 GROUP BY r.number",
        loan,
    )
    facts = await loan_row(row["number"], lock=True)
    out = await connection().fetchval(
        "SELECT count(*) FROM loan_line WHERE owner = $1 AND loan = $2 AND state = 'out'", facts.owner, loan
    )
    if row["reported"] or out or facts.state != "incident":
        return
    await end_lines(facts, "dropped", N_("The loan ended with an incident."))
    await journal.act(LOAN, "settle", loan, SYSTEM_ACTOR)
    await close_if_finished(await loan_row(row["number"]), SYSTEM_ACTOR)
