"""One inbox over all kinds: counts, sides, filters and pages, in few statements whatever its size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.inbox import InboxFilter, Side, inbox
from shared_resources.kernel.permissions import Permission
from tests.casework.errand import FAMILY, Wish
from tests.clients import client_for
from tests.people import Cast, make_cast
from tests.statements import counted

MONDAY, NEXT_MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 30, 2, tzinfo=UTC)


async def ask(cast: Cast, matter: str, helper: str = "borrower") -> str:
    wish = Wish(matter=matter, helper=getattr(cast, helper).agency)
    return (await open_case(cast.owner.officer, FAMILY, wish)).number


async def test_both_sides_see_the_same_duty(db: str) -> None:
    cast = await make_cast()
    with clock.at(MONDAY):
        first, second = await ask(cast, "甲"), await ask(cast, "乙", "third")
    with clock.at(NEXT_MONDAY):
        await ask(cast, "丙")
        owed = await inbox(cast.owner.officer, InboxFilter(Side.OWED))
        late = await inbox(cast.owner.officer, InboxFilter(Side.OWED, late=True))
        owe = await inbox(cast.borrower.officer, InboxFilter())
        other = await inbox(cast.owner.officer, InboxFilter(Side.OWED, other=cast.third.agency))
    assert (owed.total(Side.OWED).open, owed.total(Side.OWED).late, owed.total(Side.OWE).open) == (3, 2, 0)
    assert {due.number for due in late.lines} == {first, second}
    assert [due.number for due in other.lines] == [second]
    assert owe.total(Side.OWE).open == 2
    assert not (await inbox(cast.borrower.officer, InboxFilter(statutory=True))).lines
    assert not (await inbox(cast.borrower.officer, InboxFilter(kind="loan"))).lines


async def test_a_program_sees_the_duties_that_it_was_granted_to_see(db: str) -> None:
    cast = await make_cast()
    number = await ask(cast, "甲")
    granted = replace(cast.borrower.officer, scopes=frozenset({FAMILY.see}))
    other = replace(cast.borrower.officer, scopes=frozenset({Permission.LOAN_SEE}))
    assert [due.number for due in (await inbox(granted, InboxFilter())).lines] == [number]
    seen = await inbox(other, InboxFilter())
    assert (seen.lines, seen.counts) == ((), {})


async def test_pages_follow_one_another_and_cost_the_same(db: str) -> None:
    cast = await make_cast()
    numbers = {await ask(cast, f"第{n}件") for n in range(7)}
    async with counted() as few:
        page = await inbox(cast.borrower.officer, InboxFilter(), size=3)
    assert len(few) <= 6
    seen = [due.number for due in page.lines]
    while page.next:
        page = await inbox(cast.borrower.officer, InboxFilter(), cursor=page.next, size=3)
        seen += [due.number for due in page.lines]
    assert len(seen) == 7
    assert set(seen) == numbers


async def test_the_page_and_the_program_say_the_same(db: str) -> None:
    cast = await make_cast()
    number = await ask(cast, "取回样品")
    async with client_for(cast.borrower.officer) as browser:
        assert number in (await browser.page("/inbox?side=owe")).text
        assert number not in (await browser.page("/inbox?side=owed")).text
        assert number in (await browser.page("/")).text
        seen = (await browser.get("/api/v1/inbox")).json()
    assert [due["number"] for due in seen["dues"]] == [number]
    assert seen["counts"] == [{"side": "owe", "kind": "favour", "open": 1, "late": 0}]
