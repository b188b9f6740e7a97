"""The supervisor's figures: kept, late and open, by whom; each number opens its records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.clients import client_for
from tests.kernel.ledger_story import ERRAND, act, ask
from tests.people import Cast, Offices, make_cast, make_offices
from tests.statements import counted

from shared_resources.kernel import clock, figures
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.procedure import register
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.figures import FiguresFilter

KNOWN = register(ERRAND)
TUESDAY = datetime(2026, 11, 24, 1, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=7)
YEAR = FiguresFilter(first="2026-01", last="2026-12", what="")
SEEN = replace(ERRAND, offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}))


@pytest.fixture(autouse=True)
def offices_see_errands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "known_procedures", lambda: (SEEN,))
    monkeypatch.setattr("shared_resources.kernel.doors.figures.known_procedures", lambda: (SEEN,))


@pytest.fixture
async def cast(db: str) -> Cast:
    """One reply on time after one working day, one late after four, one still open and late."""
    cast = await make_cast()
    with clock.at(TUESDAY):
        kept, late, _ = [await ask(cast, title) for title in ("kept", "late", "open")]
    with clock.at(TUESDAY + timedelta(days=1)):
        await act("agree", kept.id, cast.owner.head)
    with clock.at(TUESDAY + timedelta(days=6)):
        await act("agree", late.id, cast.owner.head)
    return cast


@pytest.fixture
async def offices(cast: Cast) -> Offices:
    return await make_offices()


async def test_kept_late_and_open_are_counted_apart(cast: Cast, offices: Offices) -> None:
    with clock.at(LATER):
        found = await figures.figures(offices.legal.clerk, YEAR)
    total = found.total
    assert (total.limit_on_time, total.limit_late, total.limit_open_late) == (1, 1, 1)
    assert (total.target_on_time, total.target_late, total.target_open_late) == (0, 0, 0)
    assert total.average_days == pytest.approx(2.5)
    assert [row.agency for row in found.by_agency] == [cast.owner.agency]
    assert [str(row.month) for row in found.by_month] == ["2026-11-01"]
    assert [row.kind for row in found.by_kind] == ["errand"]


async def test_leaders_see_their_own_agency_only(cast: Cast) -> None:
    with clock.at(LATER):
        own = await figures.figures(cast.owner.head, YEAR)
        other = await figures.figures(cast.third.head, YEAR.model_copy(update={"agency": cast.owner.agency}))
        assert (own.total.limit_late, other.total.limit_late, other.by_agency) == (1, 0, ())
        with pytest.raises(NotAllowed):
            await figures.figures(cast.owner.officer, YEAR)


async def test_each_number_opens_its_records(cast: Cast, offices: Offices) -> None:
    with clock.at(LATER):
        for what, title in (("on_time", "kept"), ("late", "late"), ("open_late", "open")):
            wanted = YEAR.model_copy(update={"what": what, "statutory": True})
            assert [fact.title for fact in await figures.due_facts(offices.supervisor.auditor, wanted)] == [title]
        wanted = YEAR.model_copy(update={"statutory": False})
        assert not await figures.due_facts(offices.legal.clerk, wanted)
        assert not await figures.paper_facts(offices.legal.clerk, YEAR.model_copy(update={"what": "refusal"}))


async def test_statements_do_not_grow_with_the_records(cast: Cast, offices: Offices) -> None:
    with clock.at(LATER):
        async with counted() as few:
            await figures.figures(offices.legal.clerk, YEAR)
        for _ in range(5):
            await ask(cast)
        async with counted() as many:
            await figures.figures(offices.legal.clerk, YEAR)
    assert len(few) == len(many) == 3


async def test_pages_and_tables(cast: Cast, offices: Offices) -> None:
    async with client_for(offices.legal.head) as browser:
        page = await browser.page("/figures?first=2026-11&last=2026-11")
        assert page.status_code == 200
        assert "/figures/records?first=2026-11" in page.text
        listed = await browser.page("/figures/records?first=2026-11&last=2026-11&what=late&statutory=1")
        assert "late" in listed.text
        saved = await browser.get("/figures.csv?first=2026-11&last=2026-11")
        assert saved.headers["content-type"].startswith("text/csv")
        assert len(saved.text.splitlines()) == 2
        saved = await browser.get("/figures/records.csv?first=2026-11&last=2026-11&what=late")
        assert len(saved.text.splitlines()) == 2
        wrong = await browser.page("/figures?first=2026-11&last=2026-01")
        assert wrong.status_code == 422
    async with client_for(cast.owner.officer) as browser:
        assert (await browser.page("/figures")).status_code == 403
