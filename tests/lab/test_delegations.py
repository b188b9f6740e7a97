"""A delegation from the draft to the re-test: who may what when, and what each step leaves behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.lab.families import DELEGATIONS
from shared_resources.lab.queries.results import versions_of
from shared_resources.lab.schemas.delegations import Retest
from shared_resources.lab.service.bench import review_result
from shared_resources.lab.service.samples import clear, take_back, take_to_bench
from tests.lab.appraising import Appraisal, make_appraisal, request_form
from tests.lab.house import make_bench
from tests.people import make_cast


@pytest.fixture
async def one(db: str) -> Appraisal:
    return await make_appraisal(await make_cast())


async def test_from_the_draft_to_the_end(one: Appraisal) -> None:
    await one.accepted()
    await one.reported()
    assert await one.state() == "reported"
    await one.steps("receive", "tell_party")
    await one.settled()
    await one.step("close")
    assert one.id is not None
    facts = await facts_of(one.id)
    assert facts.state == "closed"
    kinds = [letter.kind for letter in facts.letters]
    assert kinds == ["lab_delegation_letter", "lab_acceptance", "lab_report", "lab_result_notice"]


async def test_out_of_scope_is_refused_or_needs_a_reason(one: Appraisal) -> None:
    strange = ({"item": "镉", "method": "GB 5009.15-2023"},)
    await one.drafted(tests=strange)
    await one.step("submit")
    with pytest.raises(Invalid) as refused:
        await one.step("issue")
    assert refused.value.code == "not_covered"
    await one.step("send_back")
    await one.step("amend", request_form(one.bench, tests=strange, scope_reason="全市仅此一家具备能力。"))
    await one.steps("submit", "issue")
    assert await one.state() == "sent"


async def test_after_the_end_of_the_certificate_is_refused(one: Appraisal) -> None:
    await one.drafted()
    async with transaction() as db:
        await db.execute("UPDATE lab_certificate SET valid_to = $1", clock.today() + timedelta(days=39))
    await one.step("submit")
    with pytest.raises(Invalid):
        await one.step("issue")


async def test_ones_own_laboratory_needs_a_reason(one: Appraisal) -> None:
    own = Appraisal(one.cast, await make_bench(one.cast.borrower, name="稽查总队快检室"))
    await own.drafted()
    await own.step("submit")
    with pytest.raises(Invalid) as refused:
        await own.step("issue")
    assert refused.value.code == "conflict"
    await own.step("send_back")
    reason = request_form(own.bench, conflict=True, conflict_reason="案情紧急，已告知当事人。")
    await own.step("amend", reason)
    await own.steps("submit", "issue")
    await own.step("accept", actor=own.bench.clerk)
    assert await own.state() == "accepted"


async def test_whoever_drafts_does_not_issue(one: Appraisal) -> None:
    moved = await open_case(one.cast.borrower.head, DELEGATIONS, request_form(one.bench))
    one.number, one.id = moved.number, moved.id
    await one.step("submit")
    with pytest.raises(WrongState):
        await one.step("issue")


async def test_waiting_for_material_stops_the_agreed_term(one: Appraisal) -> None:
    await one.accepted()
    await one.sampled()
    await one.steps("begin", "need_more")
    before = await due_of(one, "report")
    assert before[0] == "paused"
    with clock.at(clock.now() + timedelta(days=14)):
        await one.step("supply")
        state, due = await due_of(one, "report")
    assert state == "running"
    assert (due - before[1]).days >= 12


async def test_a_later_day_takes_both_sides(one: Appraisal) -> None:
    await one.accepted()
    with pytest.raises(WrongState):
        await one.step("agree_later")
    await one.steps("ask_later", "agree_later")
    _, due = await due_of(one, "report")
    assert due == clock.today() + timedelta(days=40)
    with pytest.raises(WrongState):
        await one.step("agree_later")


async def test_an_amended_report_names_the_old_one(one: Appraisal) -> None:
    await one.accepted()
    await one.reported()
    await one.steps("receive", "amend_report", "draft_report", "sign")
    assert one.id is not None
    second, first = await versions_of(one.id)
    assert (first.version, second.version) == (1, 2)
    async with reading() as db:
        draft = await db.fetchval("SELECT draft::text FROM document WHERE id = $1", second.document)
    assert first.number in draft
    with pytest.raises(asyncpg.CheckViolationError):
        async with transaction() as db:
            await db.execute("UPDATE lab_report SET cma_no = NULL")


async def test_a_re_test_uses_the_kept_portion_and_another_signatory(one: Appraisal) -> None:
    await one.accepted()
    await one.reported()
    await one.steps("receive", "object", "grant_retest")
    assert one.id is not None
    facts = await facts_of(one.id)
    new = facts.linked("lab_delegation")[0]
    async with reading() as db:
        kept = await db.fetch("SELECT kept_for, origin FROM sample WHERE delegation = $1", new.record)
    assert [(row["kept_for"], row["origin"]) for row in kept] == [("test", one.id)]
    again = Appraisal(one.cast, one.bench, new.number, new.record)
    await again.step("submit")
    await again.steps("issue", "accept", "begin")
    await take_to_bench(again.bench.analyst, await code_of_kept(new.record))
    await review_result(again.bench.second_analyst, await again.measure(await code_of_kept(new.record)))
    await again.step("draft_report")
    with pytest.raises(NotAllowed) as refused:
        await again.step("sign")
    assert refused.value.code == "same_signatory"


async def test_a_re_test_elsewhere_takes_the_portion_along(one: Appraisal) -> None:
    await one.accepted()
    await one.reported()
    await one.steps("receive", "object")
    other = await make_bench(one.cast.third, name="市农产品质量检测中心")
    form = Retest(laboratory=other.number, needed_by=clock.today() + timedelta(days=60), reason="当事人申请。")
    await one.step("grant_retest", form)
    async with reading() as db:
        number = await db.fetchval(
            "SELECT r.number FROM sample s JOIN record r ON r.id = s.id WHERE s.delegation <> s.origin"
        )
    await clear(one.bench.clerk, number)
    moved = await take_back(one.cast.borrower.officer, number)
    assert moved.state == "sealed"


async def test_open_samples_hinder_the_end(one: Appraisal) -> None:
    await one.accepted()
    await one.reported()
    await one.step("receive")
    async with transaction() as db:
        await db.execute("UPDATE record SET state = 'received' WHERE kind = 'sample' AND state = 'at_bench'")
    with pytest.raises(WrongState) as refused:
        await one.step("close")
    assert refused.value.code == "sample_open"


async def test_third_agencies_and_analysts_know_nothing_of_it(one: Appraisal) -> None:
    await one.accepted()
    with pytest.raises(NotFound):
        await take_step(one.cast.third.head, DELEGATIONS, one.number, "begin")
    with pytest.raises((NotFound, NotAllowed)):
        await take_step(one.bench.analyst, DELEGATIONS, one.number, "begin")


async def code_of_kept(delegation: UUID) -> str:
    async with reading() as db:
        return await db.fetchval("SELECT code FROM sample WHERE delegation = $1", delegation)  # type: ignore[no-any-return]


async def due_of(one: Appraisal, term: str) -> tuple[str, object]:
    async with reading() as db:
        row = await db.fetchrow("SELECT state, due_on FROM deadline WHERE record = $1 AND term = $2", one.id, term)
    return row["state"], row["due_on"]
