"""Letters, loans, notes and reports of an operation, and how its pages show them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.cases.joint_operations.rules.plan import ELEMENTS, empty_elements
from shared_resources.cases.joint_operations.schemas import operation as words
from shared_resources.cases.joint_operations.schemas.task import TaskExcuse
from shared_resources.kernel import clock
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.schemas.asked import BookingLink
from tests.cases.joint_operations.operating import (
    EXCUSE,
    MORNING,
    REPORT,
    Operating,
    make_operating,
    one,
    state_of,
    traces,
)
from tests.clients import client_for
from tests.makers import make_loan

AFTER = datetime(2026, 12, 14, 1, 0, tzinfo=UTC)
NAMES = tuple(name for _, fields in ELEMENTS for name, _ in fields)


async def kinds_of(number: str) -> list[tuple[str, str]]:
    """Kind and number of every letter on a record."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT d.kind, d.number FROM document d JOIN record r ON r.id = d.record WHERE r.number = $1"
            " ORDER BY d.issued_at, d.id",
            number,
        )
    return [(row["kind"], row["number"]) for row in rows]


@given(st.sets(st.sampled_from(NAMES)), st.sampled_from(("", "  ", "\n")))
def test_exactly_the_empty_parts_of_the_plan_are_listed(empty: set[str], blank: str) -> None:
    plan = {name: blank if name in empty else "依法检查" for name in NAMES}
    labels = {name: label for _, fields in ELEMENTS for name, label in fields}
    assert set(empty_elements(plan)) == {labels[name] for name in empty}


async def test_every_letter_on_the_way_to_the_government(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open(words.StartBasis.LEGAL_OFFICE)
        await operating.take("submit", "approve")
        await operating.agree_on_plan()
        await operating.name_liaisons()
        await operating.take("issue")
        number = await operating.assign()
        await operating.do("acknowledge", "start", "excuse")
    with clock.at(AFTER):
        await operating.do("not_made_out", "decide")
        await operating.take("close_tasks")
        await operating.take("file_report")
    assert [kind for kind, _ in await kinds_of(operating.number)] == [
        "operation_application",
        "comment_letter",
        "operation_plan",
        "operation_report",
    ]
    assert [kind for kind, _ in await kinds_of(number)] == ["task_notice", "written_explanation", "excuse_report"]
    upward = await one("SELECT draft -> 'page' ->> 'signer' FROM document WHERE kind = 'excuse_report'")
    assert upward == operating.lead.head.name
    assert await one("SELECT draft -> 'page' -> 'to' ->> 0 FROM document WHERE kind = 'excuse_report'") == (
        "重庆市人民政府"
    )


async def test_each_version_of_the_plan_has_its_number(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.take("amend")
        await operating.agree_on_plan()
        await operating.take("issue")
        async with reading() as connection:
            rows = await connection.fetch(
                "SELECT draft::text AS draft FROM document WHERE kind = 'operation_plan' ORDER BY issued_at, id"
            )
    assert ["第1版" in rows[0]["draft"], "第2版" in rows[1]["draft"]] == [True, True]


async def test_without_a_legal_office_nothing_is_submitted(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        async with transaction() as connection:
            await connection.execute("UPDATE agency SET office = NULL")
        await operating.open(words.StartBasis.LEGAL_OFFICE)
        before = await traces(operating.number)
        with pytest.raises(Refusal, match="No agency in this system holds that office"):
            await operating.take("submit")
        assert await traces(operating.number) == before


async def test_an_excuse_without_article_or_ground_is_no_excuse(db: str) -> None:
    entries = EXCUSE.model_dump()
    with pytest.raises(ValueError, match="Name the law and its article"):
        TaskExcuse(**(entries | {"provision": "有关保密规定"}))
    with pytest.raises(ValueError, match="ground"):
        TaskExcuse(**(entries | {"ground": "too_busy"}))


async def test_a_decision_from_above_is_named_with_its_number(db: str) -> None:
    operating = await make_operating()
    for basis in (words.StartBasis.CENTRAL, words.StartBasis.MUNICIPAL):
        with pytest.raises(ValueError, match="Enter the number of the decision"):
            operating.proposal(basis, doc_no="")
    with pytest.raises(ValueError, match="named twice"):
        operating.proposal(cooperating=(operating.second.agency,) * 2)


async def test_loans_are_linked_by_their_number(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
    loan = await make_loan(cast=operating.cast)
    with clock.at(MORNING):
        await operating.take("link_booking", entries=BookingLink(number=loan.number))
        await operating.assign(loans=loan.number)
        facts = await facts_of(operating.id)
        assert [linked.number for linked in facts.linked("loan", "uses")] == [loan.number]
        with pytest.raises(Refusal, match="No loan with the number"):
            await operating.take(
                "link_booking", by=operating.second.officer, entries=BookingLink(number=loan.number)
            )
        with pytest.raises(Refusal, match="No loan with the number"):
            await operating.take("link_booking", entries=BookingLink(number=operating.tasks[0]))


async def test_notes_and_instructions(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        with pytest.raises(Refusal, match="no new instruction"):
            await operating.take("confirm_instructions")
        await operating.take("instruct", "confirm_instructions")
        with pytest.raises(Refusal, match="no new instruction"):
            await operating.take("confirm_instructions")
        to_second = words.Instruction(agency=operating.second.agency, text="请增派人员。")
        await operating.take("instruct", entries=to_second)
        with pytest.raises(Refusal, match="no new instruction"):
            await operating.take("confirm_instructions")
        await operating.take("confirm_instructions", by=operating.second.officer)
        await operating.take("note_study", "note_progress", "coordinate", "log_contact", "record_agreement")
        stranger = words.ProgressNote(agency=operating.cast.third.agency, progress="已过半。")
        with pytest.raises(Refusal, match="takes no part"):
            await operating.take("note_progress", entries=stranger)


async def test_reports_upwards(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.take("report_progress")
        future = REPORT.model_copy(update={"period_to": date(2026, 12, 31)})
        with pytest.raises(Refusal, match="lies in the future"):
            await operating.take("report_progress", entries=future)
        with pytest.raises(ValueError, match="Name the superior agency"):
            words.OperationReport(**(REPORT.model_dump() | {"to": words.Superior.SUPERIOR}))
        told = "SELECT count(*) FROM notice WHERE person = $1"
        assert await one(told, operating.offices.government.head.person) == 1


async def test_accept_and_return_at_once_one_wins(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        await operating.do("acknowledge", "start", "report")
        results = await asyncio.gather(operating.do("accept"), operating.do("return"), return_exceptions=True)
    lost = [result for result in results if isinstance(result, Refusal)]
    assert len(lost) == 1
    assert lost[0].status == 409
    assert await state_of(number) in ("accepted", "running")


async def test_two_first_tasks_start_at_once(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        twin = Operating(operating.cast, operating.offices, operating.second, operating.number, operating.id)
        for one_of in (operating, twin):
            await one_of.assign()
            await one_of.do("acknowledge")
        await asyncio.gather(operating.do("start"), twin.do("start"))
    assert await state_of(operating.number) == "running"
    assert await one("SELECT count(*) FROM journal_line WHERE step = 'run'") == 1


async def test_pages_show_liaisons_comments_tasks_and_the_days_of_the_report(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        async with transaction() as connection:
            await connection.execute(
                "UPDATE agency SET joins_by_agreement = true WHERE id = $1", operating.second.agency
            )
        await operating.in_force()
        number = await operating.assign(deadline=date(2026, 12, 12))
        async with client_for(operating.lead.head) as browser:
            page = (await browser.page(f"/operations/{operating.number}")).text
            task = (await browser.page(f"/tasks/{number}")).text
            form = await browser.page(f"/tasks/new?about={operating.number}")
            new = await browser.page("/operations/new")
            listed = await browser.page("/operations")
        async with client_for(operating.offices.supervisor.officer) as browser:
            seen = (await browser.page(f"/operations/{operating.number}")).text
    assert (form.status_code, new.status_code, listed.status_code) == (200, 200, 200)
    for text in ("赵六", "13800000000", number, "无不同意见。"):
        assert text in page
    assert 'data-tone="warning"' in page
    assert f"/tasks/new?about={operating.number}" in page
    assert f"/tasks/new?about={operating.number}" not in seen
    assert "13800000000" not in seen
    assert all(day in task for day in ("2026-12-12", "2026-12-14"))


async def test_the_plan_is_drafted_in_the_browser_and_the_next_version_begins_with_it(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open()
        await operating.take("register")
        plan = operating.plan().model_dump(mode="json")
        here = f"/operations/{operating.number}"
        fields = {name: value for name, value in plan.items() if isinstance(value, str | int)}
        for name in ("duties", "stages"):
            for row, entries in enumerate(plan[name]):
                fields |= {f"{name}.{row}.{column}": value for column, value in entries.items()}
        async with client_for(operating.lead.officer) as browser:
            blank = (await browser.page(f"{here}/draft")).text
            answer = await browser.send(f"{here}/draft", **fields)
            again = (await browser.page(f"{here}/draft")).text
            task = (await browser.page(f"{here}/note_progress")).text
    assert answer.status_code == 303, answer.text
    assert str(operating.lead.agency) in blank
    assert await state_of(operating.number) == "drafting"
    assert plan["goal"] in again
    assert plan["goal"] not in task
