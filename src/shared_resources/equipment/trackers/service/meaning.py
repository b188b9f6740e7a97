"""What the newest words mean for loans and alarms: judged and reconciled in the transaction that wrote them.

A tracker moves no custody here and nowhere: it checks a line in, or it raises an alarm that a person looks into.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.queries.standing import (
    Standing,
    away_since,
    readers_of,
    standings,
    windows,
)
from shared_resources.equipment.trackers.rules.meaning import (
    Findings,
    View,
    has_been_away,
    in_order,
    judge,
    read_by_another,
)
from shared_resources.equipment.trackers.rules.procedures import CLEARS_ITSELF
from shared_resources.equipment.trackers.service.alarms import clear_alarm, raise_alarm
from shared_resources.equipment.trackers.service.checkins import LineHome, check_in, withdraw_checkin

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class Weighed:
    """One tracker with what is known and what it means."""

    standing: Standing
    view: View
    findings: Findings


async def weigh(touched: Collection[UUID], at: datetime) -> int:
    """Draw the consequences of the newest words of ``touched`` within the running verb; how many there were.

    Whatever is found a second time changes nothing: alarms and check-ins are keyed by the newest word, and there
    is one open of each kind. Trackers are taken in one order by everybody, so that two of us never wait in a ring.
    """
    drawn = 0
    for one in await weighed(touched, at):
        drawn += await reconcile_alarms(one)
        drawn += await reconcile_home(one)
    return drawn


async def weighed(touched: Collection[UUID], at: datetime) -> list[Weighed]:
    """Those of ``touched`` that are on an item and whose newest word is live, with what it means."""
    rows = await standings(touched, at)
    history = await windows(rows)
    readers = await readers_of(
        {seen.source for seen in history.all if seen.source} | {r.newest.source for r in rows}
    )
    found = []
    for row in rows:
        seen = in_order(history.of(row.tracker), row.newest, row.thresholds.window)
        view = View(seen, row.thing, row.thresholds, readers)
        found.append(Weighed(row, view, judge(view)))
    return found


async def reconcile_alarms(one: Weighed) -> int:
    """Raise what stands and is not open, close what is over by itself."""
    standing, findings = one.standing, one.findings
    drawn = 0
    for kind in sorted(findings.stands - standing.open_alarms.keys()):
        drawn += await raise_alarm(
            owner=standing.thing.owner,
            borrower=standing.thing.lent.borrower if standing.loan and standing.thing.lent else None,
            tracker=standing.tracker,
            item=standing.item,
            loan=standing.loan,
            kind=kind,
            title_name=standing.name,
            seen_at=standing.newest.fix_at,
            msg_key=standing.newest.msg_key,
            data=facts_of(one, kind),
        )
    for kind in sorted(findings.over & standing.open_alarms.keys() & CLEARS_ITSELF):
        await clear_alarm(standing.open_alarms[kind])
        drawn += 1
    return drawn


def facts_of(one: Weighed, kind: str) -> dict[str, Any]:
    """What an alarm says besides its kind: words and figures, never a place on the map."""
    if kind == "low_battery":
        return {"battery_pct": next(s.battery_pct for s in reversed(one.view.seen) if s.battery_pct is not None)}
    reader = read_by_another(one.view) if kind == "wrong_holder" else None
    return {"source": reader.name, "agency": reader.agency_name} if reader else {}


async def reconcile_home(one: Weighed) -> int:
    """Check the line in that came home; take that back when the item was seen away since."""
    standing, findings, drawn = one.standing, one.findings, 0
    if standing.line is None or standing.loan is None or standing.out_since is None:
        return 0
    line = LineHome(standing.thing.owner, standing.loan, standing.line, standing.item, standing.tracker)
    standing_still = standing.checkin_state
    if standing_still is not None and findings.last_away and await withdraw_checkin(line, findings.last_away):
        standing_still, drawn = None, 1
        findings = judge(still_out(one.view))
    home = findings.home
    if home is None or (standing_still is not None and not (standing_still == "proposed" and home.at_once)):
        return drawn
    seen_elsewhere, last_read = await away_since(standing.tracker, standing.out_since, home.since)
    if not has_been_away(home, standing.out_since, seen_elsewhere, last_read):
        return drawn
    made = await check_in(line, home.how, home.source, home.since, home.key, confirmed=home.at_once)
    return drawn + int(made is not None)


def still_out(view: View) -> View:
    """The same words about an item whose check-in does not stand any more."""
    lent = replace(view.thing.lent, checked_in=False) if view.thing.lent else None
    return replace(view, thing=replace(view.thing, lent=lent))
