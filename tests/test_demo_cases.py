"""The demo of the coordination records: everything that it promises is there, hangs together and can be read."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.cases.families import FAMILIES
from shared_resources.demo.loading import load
from shared_resources.kernel import clock, markings
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity import serving
from shared_resources.kernel.verify import verify_all
from tests.clients import client_for
from tests.kernel.seal_story import trusting_development

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shared_resources.kernel.permissions import Actor

PROMISED: Mapping[str, Mapping[str, int]] = {
    "joint_operation": {"running": 2, "closed": 1},
    "task": {
        "assigned": 1,
        "acknowledged": 1,
        "running": 1,
        "reported": 1,
        "accepted": 5,
        "report_overdue": 1,
        "excused_pending": 1,
        "escalated": 1,
    },
    "assistance": {
        "sent": 2,
        "received": 1,
        "supplementing": 1,
        "assisting": 1,
        "reported": 1,
        "disputed": 1,
        "closed": 1,
    },
    "meeting": {"planning": 1, "noticed": 2, "issued": 1, "closed": 1, "cancelled": 1},
    "resolved_item": {"open": 1, "overdue": 1, "done": 3},
    "transfer": {
        "overdue": 1,
        "approved": 1,
        "sent": 1,
        "supplementing": 1,
        "accepted": 1,
        "handling": 3,
        "concluded": 1,
        "passed_on": 1,
        "closed": 2,
    },
    "referral": {"signed": 1},
    "receipt": {"received": 1, "undecided": 1, "own": 1, "not_own": 1, "closed": 1},
    "situation_notice": {"due": 1, "drafted": 1, "signed": 1, "sent": 2, "missed": 1, "acknowledged": 11},
    "dispute": {"negotiating": 1, "to_legal": 1, "coordinating": 1, "decided": 1, "settled": 1},
    "inspection": {"planned": 1, "overlap": 2, "merged": 1, "absorbed": 1, "justified": 2, "done": 1},
}
"""How many records of each kind stand where."""
MORNING = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
"""Wednesday, half past nine in Chongqing: the calendar of the year is confirmed, National Day lies behind."""
LABORATORIES: Mapping[str, Mapping[str, int]] = {
    "laboratory": {"active": 9},
    "lab_delegation": {
        "accepted": 1,
        "sampled": 1,
        "testing": 2,
        "waiting": 1,
        "reported": 1,
        "retest": 1,
        "declined": 1,
        "closed": 1,
    },
}
"""Nine laboratories and nine delegations; the accepted one tests again, the reported one is in doubt."""
KINDS = [family.kind for family in FAMILIES]


@pytest.fixture
def demo() -> Iterator[None]:
    """The demo's setting, in which its development authority is trusted."""
    with trusting_development():
        yield


async def rows(statement: str, *values: Any) -> list[Any]:
    """What a query finds."""
    async with reading() as db:
        return list(await db.fetch(statement, *values))


async def test_the_demo_keeps_its_promises(db: str, demo: None) -> None:
    with clock.at(MORNING):
        await load()
        assert await standing() == PROMISED
        assert await verify_all() is None
        assert await laboratories() == LABORATORIES
        await check_dates()
        await check_letters()
        await check_words()
        await check_seals()
        await check_pages()
        lines = await rows("SELECT count(*) FROM journal_line")
        await load()
        assert await rows("SELECT count(*) FROM journal_line") == lines, "a second load changes nothing"


async def laboratories() -> dict[str, dict[str, int]]:
    """How many laboratories and delegations stand where; the result in doubt was told to its client."""
    found: dict[str, dict[str, int]] = {"laboratory": {}, "lab_delegation": {}}
    for row in await rows(
        "SELECT kind, state, count(*) AS n FROM record WHERE kind = ANY($1) GROUP BY kind, state", list(found)
    ):
        found[row["kind"]][row["state"]] = row["n"]
    assert len(await rows("SELECT id FROM lab_recall")) == 1
    assert await rows("SELECT id FROM notice WHERE sentence LIKE '%failed its verification%'")
    return found


async def standing() -> dict[str, dict[str, int]]:
    """How many records of each kind stand where."""
    found: dict[str, dict[str, int]] = {}
    statement = "SELECT kind, state, count(*) AS n FROM record WHERE kind = ANY($1) GROUP BY kind, state"
    for row in await rows(statement, KINDS):
        found.setdefault(row["kind"], {})[row["state"]] = row["n"]
    return found


async def check_dates() -> None:
    """Nothing happens in the future, every journal is in order of time, and a deadline ran out on a holiday."""
    late = "SELECT count(*) AS n FROM journal_line WHERE at > $1"
    assert (await rows(late, clock.now()))[0]["n"] == 0
    backwards = (
        "SELECT count(*) AS n FROM (SELECT l.at, lag(l.at) OVER (PARTITION BY l.chain ORDER BY l.seq) AS before"
        " FROM journal_line l JOIN record r ON r.id = l.chain WHERE r.kind = ANY($1)) AS x WHERE at < before"
    )
    assert (await rows(backwards, KINDS))[0]["n"] == 0
    counted = await rows(
        "SELECT f.body::jsonb ->> 'report_due' AS due, f.body::jsonb ->> 'other_due' AS other FROM filing f"
        " JOIN record r ON r.id = f.record WHERE f.step = 'counted' AND r.state = 'report_overdue'"
    )
    assert counted
    assert all(row["other"] and row["other"] != row["due"] for row in counted), "both dates are shown (JE-8)"


async def check_letters() -> None:
    """The numbers of each series have no gap and follow each other in time."""
    letters = await rows(
        "SELECT issuer, word, year, serial, issued_at FROM document ORDER BY issuer, word, year, serial"
    )
    assert len(letters) > 100
    for one, two in pairwise(letters):
        if (one["issuer"], one["word"], one["year"]) == (two["issuer"], two["word"], two["year"]):
            assert two["serial"] == one["serial"] + 1
            assert two["issued_at"] >= one["issued_at"]


async def check_words() -> None:
    """Nothing that was filed bears a secrecy marking."""
    filings = await rows(
        "SELECT r.kind, r.number, f.body FROM filing f JOIN record r ON r.id = f.record WHERE r.kind = ANY($1)",
        KINDS,
    )
    assert not [row["number"] for row in filings if markings.found(row["body"])]


async def check_seals() -> None:
    """An electronic transfer left with its seals; a few other letters bear one."""
    sealed = await rows("SELECT d.kind FROM signature s JOIN document d ON d.id = s.document")
    kinds = [row["kind"] for row in sealed]
    assert {"transfer_letter", "transfer_inventory", "minutes", "dispute_decision"} <= set(kinds)
    assert 6 <= len(kinds) <= 20


async def check_pages() -> None:
    """Every record opens for the agency that opened it, with all its days in words."""
    found = await rows(
        "SELECT DISTINCT ON (r.id) r.number, r.kind, p.agency, a.person FROM record r"
        " JOIN party p ON p.record = r.id JOIN appointment a ON a.agency = p.agency AND a.role = 'unit_head'"
        " WHERE r.kind = ANY($1) ORDER BY r.id, p.id, a.id",
        KINDS,
    )
    assert len(found) == sum(sum(states.values()) for states in PROMISED.values())
    families = {family.kind: family for family in FAMILIES}
    by_reader: dict[tuple[Any, Any], list[str]] = {}
    for row in found:
        path = families[row["kind"]].procedure.path % {"number": row["number"]}
        by_reader.setdefault((row["person"], row["agency"]), []).append(path)
    for (person, agency), paths in by_reader.items():
        actor = await serving(person, agency)
        assert actor is not None
        await read_all(actor, paths)


async def read_all(actor: Actor, paths: list[str]) -> None:
    """Open these pages as somebody."""
    async with client_for(actor) as browser:
        for path in paths:
            page = await browser.page(path)
            assert page.status_code == 200, path
            assert path.rpartition("/")[2] in page.text
            assert "%(" not in page.text, path
