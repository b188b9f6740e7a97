"""Who can do this test by that date; who may change what the directory says."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Taken
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.sheets import lines_of, workbook
from shared_resources.lab.queries.directory import day_loads, laboratories, laboratory_page, offers, scope_rows
from shared_resources.lab.rules.laboratory import Span, finish_on, place_free_on
from shared_resources.lab.rules.scope_list import read_scope, scope_lines
from shared_resources.lab.schemas.directory import ClosureDraft, ScopeRow, SignatoryDraft
from shared_resources.lab.schemas.views import SearchFor
from shared_resources.lab.service.directory import add_part, edit_laboratory, end_part, import_scope
from tests.lab.house import ITEM, laboratory_draft, make_bench, person_of, scope_draft
from tests.people import Cast, make_cast

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def looking(q: str, by: date | None = None, *, lapsed: bool = False) -> SearchFor:
    return SearchFor(q=q, by=by, owner="", lapsed=lapsed)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_the_soonest_comes_first_and_the_late_are_left_out(cast: Cast) -> None:
    slow = await make_bench(cast.owner, turnaround_days=20)
    quick = await make_bench(cast.third, name="市农产品质量检测中心", turnaround_days=5)
    found = await offers(cast.borrower.officer, looking(ITEM))
    assert [offer.laboratory.number for offer in found.offers] == [quick.number, slow.number]
    by = found.offers[0].finish
    in_time = await offers(cast.borrower.officer, looking(ITEM, by))
    assert [offer.laboratory.number for offer in in_time.offers] == [quick.number]
    late = await offers(cast.borrower.officer, looking(ITEM, by, lapsed=True))
    assert [offer.in_time for offer in late.offers] == [True, False]


async def test_words_of_matrix_method_and_name_find_it(cast: Cast) -> None:
    bench = await make_bench(cast.owner)
    for words in ("蔬菜", "GB 23200.113", "食品药品检验", "毒死蜱 蔬菜"):
        found = await offers(cast.borrower.officer, looking(words))
        assert {offer.laboratory.number for offer in found.offers} == {bench.number}, words
    assert not (await offers(cast.borrower.officer, looking("电梯"))).offers


async def test_a_certificate_that_ends_before_the_report_is_no_offer(cast: Cast) -> None:
    bench = await make_bench(cast.owner)
    finish = (await offers(cast.borrower.officer, looking(ITEM))).offers[0].finish
    async with transaction() as db:
        await db.execute("UPDATE lab_certificate SET valid_to = $1", finish - timedelta(days=1))
    assert not (await offers(cast.borrower.officer, looking(ITEM))).offers
    shown = (await offers(cast.borrower.officer, looking(ITEM, lapsed=True))).offers
    assert [offer.scope.is_valid for offer in shown] == [False]
    assert shown[0].laboratory.number == bench.number


async def test_a_full_laboratory_offers_the_day_on_which_a_place_is_free(cast: Cast) -> None:
    bench = await make_bench(cast.owner, capacity=1)
    before = (await offers(cast.borrower.officer, looking(ITEM))).offers[0].finish
    async with transaction() as db:
        identifier = new_id()
        await db.execute(
            "INSERT INTO record (id, number, kind, state, version, title, opened_at, changed_at)"
            " VALUES ($1, 'LD-1', 'lab_delegation', 'accepted', 0, 'x', $2, $2)",
            identifier,
            clock.now(),
        )
        await db.execute(
            "INSERT INTO lab_delegation (id, laboratory, agreed_due, accepted_at) VALUES ($1, $2, $3, $4)",
            identifier,
            bench.id,
            clock.today() + timedelta(days=30),
            clock.now(),
        )
    after = (await offers(cast.borrower.officer, looking(ITEM))).offers[0]
    assert after.finish > before + timedelta(days=25)
    assert after.laboratory.load == 1
    assert (await day_loads(bench.id, 1))[0].full


async def test_closed_days_move_the_report(cast: Cast) -> None:
    bench = await make_bench(cast.owner)
    before = (await offers(cast.borrower.officer, looking(ITEM))).offers[0].finish
    closure = ClosureDraft(first_day=clock.today(), last_day=clock.today() + timedelta(days=13), reason="搬迁")
    identifier = await add_part(cast.owner.head, bench.number, closure)
    assert (await offers(cast.borrower.officer, looking(ITEM))).offers[0].finish > before
    await end_part(cast.owner.head, bench.number, "closures", identifier)
    assert (await offers(cast.borrower.officer, looking(ITEM))).offers[0].finish == before


async def test_only_its_own_agency_changes_a_laboratory(cast: Cast) -> None:
    bench = await make_bench(cast.owner)
    await edit_laboratory(bench.clerk, bench.number, laboratory_draft(phone="023-1"))
    assert (await laboratory_page(cast.third.officer, bench.number))[0].laboratory.phone == "023-1"
    with pytest.raises(NotFound):
        await laboratory_page(cast.third.officer, "LB2026-99999")
    with pytest.raises(NotAllowed):
        await edit_laboratory(cast.third.head, bench.number, laboratory_draft(phone="023-2"))
    with pytest.raises(Taken):
        await add_part(cast.owner.head, bench.number, scope_draft(bench.certificate))
    foreign = SignatoryDraft(
        person=person_of(cast.third.head), fields="食品", valid_from=date(2020, 1, 1), valid_to=date(2030, 1, 1)
    )
    with pytest.raises(Invalid):
        await add_part(cast.owner.head, bench.number, foreign)


async def test_a_scope_goes_out_as_a_workbook_and_comes_in_again(cast: Cast) -> None:
    bench = await make_bench(cast.owner)
    rows, _ = await scope_rows(cast.owner.head, bench.id)
    data = workbook(scope_lines(rows, chinese=True), "scope")
    assert load_workbook(io.BytesIO(data)).active.max_row == len(rows) + 1
    read = [ScopeRow.model_validate(_filled(values)) for _, values in read_scope(lines_of(data))]
    assert [row.item for row in read] == [row.item for row in rows]
    fresh = ScopeRow(field="食品", item="镉", matrix="大米", method="GB 5009.15-2023")
    count = await import_scope(bench.clerk, bench.number, bench.certificate, [*read, fresh, fresh], "once")
    assert count == 2
    assert len((await scope_rows(cast.owner.head, bench.id))[0]) == len(rows) + 1
    assert (await offers(cast.borrower.officer, looking("大米 镉"))).offers


async def test_own_laboratories_come_first(cast: Cast) -> None:
    await make_bench(cast.owner, name="甲检测中心")
    mine = await make_bench(cast.third, name="乙检测中心")
    assert (await laboratories(cast.third.officer)).laboratories[0].number == mine.number


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


@given(DAYS, st.lists(DAYS, max_size=20), st.integers(1, 5))
def test_a_place_is_free_when_fewer_are_in_work_than_fit(today: date, dues: list[date], capacity: int) -> None:
    day = place_free_on(today, dues, capacity)
    assert day >= today
    if day > today:
        assert sum(1 for due in dues if due > day) < capacity
        assert sum(1 for due in dues if due >= today or len(dues) >= capacity) >= capacity
    else:
        assert len(dues) < capacity


@given(DAYS, st.integers(1, 60), st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=5))
def test_a_report_takes_just_so_many_open_working_days(
    start: date, days: int, shut: list[tuple[date, int]]
) -> None:
    closures = [(first, first + timedelta(days=length)) for first, length in shut]

    def works(day: date) -> bool:
        return day.isoweekday() < 6

    def is_open(day: date) -> bool:
        return works(day) and not any(first <= day <= last for first, last in closures)

    finish = finish_on(start, days, works, closures)
    passed = [start + timedelta(days=number) for number in range(1, (finish - start).days + 1)]
    assert sum(map(is_open, passed)) == days
    assert is_open(finish)


@given(DAYS, DAYS, st.none() | DAYS, DAYS)
def test_a_span_holds_from_its_first_to_its_last_day(
    first: date, last: date, ended: date | None, day: date
) -> None:
    holds = Span(first, last, ended).holds(day)
    assert holds == (first <= day <= last and (ended is None or day < ended))
