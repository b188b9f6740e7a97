"""The bench: blind, instruments verified at that minute, a second person reviews, signed in scope only."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.equipment.schemas.register import FailedCheckDraft
from shared_resources.equipment.service.certificates import record_failed_check
from shared_resources.kernel import clock
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Taken, WrongState
from shared_resources.lab.queries.bench import bench, bench_page
from shared_resources.lab.queries.results import standing_results, versions_of
from shared_resources.lab.rules.laboratory import Scope, Signatory, Span, covering, uncovered, unsigned_fields
from shared_resources.lab.service.bench import review_result
from tests.clients import client_for
from tests.lab.appraising import Appraisal, make_appraisal
from tests.lab.house import METHOD
from tests.makers import make_certificate, make_item
from tests.people import make_cast

FIELDS = st.frozensets(st.sampled_from(["食品", "药品", "水"]))
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.fixture
async def one(db: str) -> Appraisal:
    return await (await make_appraisal(await make_cast())).accepted()


async def at_bench(one: Appraisal) -> str:
    code = await one.sampled()
    await one.step("begin")
    await one.take(code)
    return code


async def verified(one: Appraisal, *, first: date | None = None, last: date | None = None) -> tuple[str, str]:
    """Number and code of an instrument of the owner's with a certificate."""
    item = await make_item(keeper=one.cast.owner.custodian)
    today = clock.today()
    await make_certificate(
        keeper=one.cast.owner.custodian,
        code=item.code,
        valid_from=first or today - timedelta(days=100),
        valid_to=last or today + timedelta(days=100),
    )
    return item.number, item.code


async def test_the_bench_never_says_whose_a_sample_is(one: Appraisal) -> None:
    code = await one.sampled()
    assert [line.code for line in await bench(one.bench.analyst)] == [code]
    page = await bench_page(one.bench.analyst, code)
    told = f"{page}{await bench(one.bench.analyst)}"
    secrets = (one.number, "borrower", "农残案", str(one.cast.borrower.agency), "王执法", "巴南")
    assert not [secret for secret in secrets if secret in told]
    async with client_for(one.bench.analyst) as browser:
        for path in ("/bench", f"/bench/{code}"):
            answer = await browser.page(path)
            assert answer.status_code == 200
            assert not [secret for secret in secrets if secret in answer.text], path
        for path in (f"/lab-delegations/{one.number}", f"/api/v1/lab-delegations/{one.number}", "/samples"):
            assert (await browser.page(path)).status_code in (403, 404), path
        for path in ("/", "/search?q=农残案", "/inbox?side=owe", "/inbox?side=owed", "/coordination", "/notices"):
            told = (await browser.page(path)).text
            assert one.number not in told, path
            assert "巴南农贸市场" not in told, path
        for path in ("/api/v1/inbox", "/api/v1/search?q=农残案", "/api/v1/deadlines"):
            assert one.number not in (await browser.page(path)).text, path


async def test_an_instrument_out_of_verification_blocks(one: Appraisal) -> None:
    code = await at_bench(one)
    lapsed, _ = await verified(one, last=clock.today() - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        await one.measure(code, instrument=lapsed)
    assert refused.value.code == "out_of_verification"
    with pytest.raises(Invalid) as unknown:
        await one.measure(code, instrument="E2026-99999")
    assert unknown.value.code == "unknown_instrument"
    number, _ = await verified(one)
    await one.measure(code, instrument=number)
    assert one.id is not None
    (result,) = await standing_results(one.id)
    assert result.instrument_number == number
    assert result.certificate_no


async def test_an_instrument_that_failed_afterwards_puts_results_in_doubt(one: Appraisal) -> None:
    code = await at_bench(one)
    number, item = await verified(one)
    await review_result(one.bench.second_analyst, await one.measure(code, instrument=number))
    await one.steps("draft_report", "sign", "receive")
    failed = FailedCheckDraft(
        failed_on=clock.today(), notice_no="T-1", issuer="市计量质量检测研究院", why="示值误差超差"
    )
    await record_failed_check(one.cast.owner.custodian, item, failed)
    assert one.id is not None
    facts = await facts_of(one.id)
    async with reading() as db:
        told = await db.fetchval(
            "SELECT count(*) FROM notice n JOIN appointment a ON a.person = n.person"
            " WHERE n.record = $1 AND a.agency = $2 AND n.sentence LIKE '%%failed its verification%%'",
            one.id,
            one.cast.borrower.agency,
        )
        steps = [row["step"] for row in await db.fetch("SELECT step FROM journal_line WHERE chain = $1", one.id)]
    assert facts.state == "received"
    assert told
    assert "recall" in steps
    assert [result.is_recalled for result in await standing_results(one.id)] == [True]
    await one.step("amend_report")
    with pytest.raises(WrongState) as refused:
        await one.step("draft_report")
    assert refused.value.code == "recalled"
    fresh, _ = await verified(one)
    again = await one.measure(code, instrument=fresh, replaces_why="仪器检定不合格，重测。")
    await review_result(one.bench.second_analyst, again)
    await one.steps("draft_report", "sign")
    assert [version.version for version in await versions_of(one.id)] == [2, 1]


async def test_a_closed_delegation_learns_it_too(db: str) -> None:
    one = await (await make_appraisal(await make_cast())).accepted(on_site=True, site="江北嘴某大厦")
    await one.step("begin")
    (line,) = await bench(one.bench.analyst)
    number, item = await verified(one)
    await review_result(one.bench.second_analyst, await one.measure(line.code, instrument=number))
    await one.steps("draft_report", "sign", "receive", "tell_party", "close")
    failed = FailedCheckDraft(
        failed_on=clock.today(), notice_no="T-2", issuer="市计量质量检测研究院", why="示值误差超差"
    )
    await record_failed_check(one.cast.owner.custodian, item, failed)
    async with client_for(one.cast.borrower.officer) as browser:
        assert "示值误差超差" in (await browser.page(f"/lab-delegations/{one.number}")).text
        assert "检定不合格" in (await browser.page("/notices")).text
    assert await one.state() == "closed"


async def test_only_whoever_has_the_sample_measures_it(one: Appraisal) -> None:
    code = await at_bench(one)
    await one.measure(code)
    with pytest.raises(Taken):
        await one.measure(code)
    one.bench = type(one.bench)(**{**one.bench.__dict__, "analyst": one.bench.second_analyst})
    with pytest.raises(WrongState):
        await one.measure(code)


async def test_a_second_person_reviews(one: Appraisal) -> None:
    code = await at_bench(one)
    result = await one.measure(code)
    with pytest.raises(WrongState) as early:
        await one.step("draft_report")
    assert early.value.code == "not_reviewed"
    with pytest.raises(NotAllowed):
        await review_result(one.bench.analyst, result)
    with pytest.raises(NotFound):
        await review_result(one.cast.third.head, result)
    await review_result(one.bench.second_analyst, result)
    with pytest.raises(WrongState):
        await review_result(one.cast.owner.head, result)


async def test_what_is_used_up_needs_consent_and_is_there(one: Appraisal) -> None:
    code = await at_bench(one)
    with pytest.raises(Invalid) as much:
        await one.measure(code, used="1.5")
    assert much.value.code == "used"
    await one.measure(code, used="1")
    assert (await bench_page(one.bench.analyst, code)).line.state == "consumed"


async def test_without_consent_nothing_is_used_up(db: str) -> None:
    story = await (await make_appraisal(await make_cast())).accepted(destructive=False)
    code = await at_bench(story)
    with pytest.raises(Invalid) as refused:
        await story.measure(code, used="0.5")
    assert refused.value.code == "not_destructive"


@pytest.mark.parametrize("lapses", ["lab_certificate", "lab_signatory"])
async def test_nothing_is_signed_once_it_has_lapsed(one: Appraisal, lapses: str) -> None:
    await one.tested()
    await one.step("draft_report")
    async with transaction() as db:
        await db.execute(f"UPDATE {lapses} SET valid_to = $1", clock.today() - timedelta(days=1))
    with pytest.raises((Invalid, NotAllowed)):
        await one.step("sign")
    async with transaction() as db:
        await db.execute(f"UPDATE {lapses} SET valid_to = $1", clock.today())
    await one.step("sign")


async def test_a_report_outside_the_scope_bears_no_mark(db: str) -> None:
    story = await make_appraisal(await make_cast())
    strange = ({"item": "镉", "method": "GB 5009.15-2023"},)
    await story.accepted(tests=strange, scope_reason="全市仅此一家具备能力。")
    await story.reported()
    assert story.id is not None
    assert [version.cma_no for version in await versions_of(story.id)] == [None]


async def test_results_are_the_laboratorys_own_until_signed(one: Appraisal) -> None:
    await one.tested()
    async with client_for(one.cast.borrower.officer) as browser:
        path = f"/api/v1/lab-delegations/{one.number}/results"
        assert (await browser.page(path)).status_code == 409
        assert "0.08" not in (await browser.page(f"/lab-delegations/{one.number}")).text
        await one.steps("draft_report", "sign")
        assert (await browser.page(path)).json()[0]["value"] == "0.08"
        page = (await browser.page(f"/lab-delegations/{one.number}")).text
        assert "0.08" in page
        assert "检验检测报告" in page


async def test_work_on_site_needs_no_sample(db: str) -> None:
    story = await (await make_appraisal(await make_cast())).accepted(on_site=True, site="江北嘴某大厦 2 号电梯")
    async with reading() as db_:
        assert not await db_.fetchval("SELECT true FROM deadline WHERE term = 'samples'")
    async with client_for(story.cast.owner.custodian) as browser:
        page = (await browser.page(f"/lab-delegations/{story.number}")).text
        assert f"/free?serves={story.number}" in page
    assert not await bench(story.bench.analyst)
    await story.step("begin")
    (line,) = await bench(story.bench.analyst)
    assert (line.bench_name, line.on_site, line.is_mine) == ("江北嘴某大厦 2 号电梯", True, True)
    number, _ = await verified(story)
    result = await story.measure(line.code, instrument=number)
    with pytest.raises(Taken):
        await story.measure(line.code)
    with pytest.raises(NotAllowed):
        await review_result(story.bench.analyst, result)
    await review_result(story.bench.second_analyst, result)
    async with client_for(story.bench.analyst) as browser:
        page = (await browser.page(f"/bench/{line.code}")).text
        assert "0.08" in page
        assert story.number not in page
    async with client_for(story.cast.third.head) as browser:
        assert (await browser.page(f"/bench/{line.code}")).status_code == 404
    await story.steps("draft_report", "sign", "receive", "tell_party", "close")
    assert await story.state() == "closed"


@st.composite
def scopes(draw: st.DrawFn) -> list[Scope]:
    found = []
    for _ in range(draw(st.integers(0, 5))):
        first, length = draw(DAYS), draw(st.integers(0, 800))
        ended = draw(st.none() | DAYS)
        span = Span(first, first + timedelta(days=length), ended)
        kind = draw(st.sampled_from(["cma", "cnas"]))
        method = draw(st.sampled_from([METHOD, METHOD.lower().replace(" ", ""), "GB 1-2000"]))
        found.append(Scope(uuid4(), "食品", draw(st.sampled_from(["铅", "镉"])), method, kind, "no", span))
    return found


@given(scopes(), DAYS)
def test_nothing_is_covered_that_no_certificate_covers(rows: list[Scope], day: date) -> None:
    row = covering(rows, "铅", METHOD, day)
    held = [one for one in rows if one.item == "铅" and one.method != "GB 1-2000" and one.span.holds(day)]
    assert (row is None) == (not held)
    assert (uncovered(rows, "铅", METHOD, day) is None) == bool(held)
    if row is not None:
        assert row in held
        assert row.certificate_kind == "cma" or all(one.certificate_kind == "cnas" for one in held)


@given(
    st.lists(
        st.tuples(st.frozensets(st.sampled_from(["食品", "药品", "水"])), DAYS, st.integers(0, 900)), max_size=4
    ),
    st.frozensets(st.sampled_from(["食品", "药品", "水"])),
    DAYS,
)
def test_nobody_signs_in_a_field_without_a_valid_authorisation(
    held: list[tuple[frozenset[str], date, int]], fields: frozenset[str], day: date
) -> None:
    spans = [Signatory(own, Span(first, first + timedelta(days=length))) for own, first, length in held]
    gaps = unsigned_fields(spans, fields, day)
    valid = {field for one in spans if one.span.holds(day) for field in one.fields}
    assert set(gaps) == fields - valid
