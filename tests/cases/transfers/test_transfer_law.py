"""What the law says of transfers: two working days, consent and signature, one hop, who answers, urging."""

from __future__ import annotations

import asyncio
import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared_resources.cases.transfers.schemas.transfer import Sending
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.working_calendar import seed_calendar
from tests.cases.transfers.transferring import (
    MORNING,
    TRANSFERS,
    lapse,
    make_transferring,
    naming,
    one,
    sending,
    signing,
    state_of,
    traces,
    transfer_forms,
)

CASES = Path(__file__).parents[2] / "kernel" / "data" / "working-day-cases.csv"
SENT = ("prepare", "approve", "send")
DUE = "SELECT d.due_on FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.term = $2"


def two_days() -> list[tuple[str, date, date]]:
    """The worked examples of TR-1a: two working days after a finding."""
    with CASES.open(encoding="utf-8") as rows:
        return [
            (row["case_id"], date.fromisoformat(row["start_date"]), date.fromisoformat(row["expected_due"]))
            for row in csv.DictReader(rows)
            if row["rule"] == "FWD" and row["n"] == "2"
        ]


@pytest.mark.parametrize(("case_id", "start", "due"), two_days(), ids=lambda value: str(value))
async def test_two_working_days_from_the_finding(db: str, case_id: str, start: date, due: date) -> None:
    # found on the day itself, written down the day after: counted from the finding
    with clock.at(datetime(start.year, start.month, start.day, 1, tzinfo=UTC) + timedelta(days=1)):
        async with transaction() as connection:
            await seed_calendar(connection)
        case = await make_transferring()
        await case.open(determined_on=start)
        assert await one(DUE, case.number, "send") == due, case_id
        assert await one("SELECT bool_and(statutory) FROM deadline WHERE term = 'send'")


async def test_withholding_begins_after_the_last_minute_and_the_legal_office_takes_part(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
    midnight = datetime(2026, 11, 26, 16, tzinfo=UTC)
    assert await one(DUE, case.number, "send") == date(2026, 11, 26)
    assert await lapse(midnight - timedelta(seconds=1)) == 0
    assert await lapse(midnight) == 1
    assert await lapse(midnight + timedelta(minutes=5)) == 0
    assert await state_of(case.number) == "overdue"
    assert await one("SELECT count(*) FROM party WHERE part = 'legal_office'") == 1


async def test_sent_in_time_is_never_withheld(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT)
    assert await lapse(MORNING + timedelta(days=30)) == 0
    assert await state_of(case.number) == "sent"


def electronically(**more: object) -> Sending:
    return sending(channel="electronic", place="执法联动系统", **more)


async def test_no_electronic_transfer_without_consent_or_seal(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take("prepare", "approve")
        before = await traces()
        clerk = case.cast.owner.clerk
        with pytest.raises(Refusal) as refused:
            await take_step(clerk, TRANSFERS, case.number, "send", electronically())
        assert (refused.value.code, refused.value.field) == ("no_consent", "consent_by")
        later = electronically(consent_by="赵六", consent_on=clock.today() + timedelta(days=1))
        with pytest.raises(Refusal) as future:
            await take_step(clerk, TRANSFERS, case.number, "send", later)
        assert future.value.code == "future"
        recorded = electronically(consent_by="赵六", consent_on=clock.today())
        with pytest.raises(Refusal) as unsealed:
            await take_step(clerk, TRANSFERS, case.number, "send", recorded)
        assert unsealed.value.code == "not_sealed"
        async with transaction() as connection:
            await connection.execute(
                "UPDATE agency SET electronic_consent_on = $2 WHERE id = $1",
                case.cast.borrower.agency,
                clock.today(),
            )
        with pytest.raises(Refusal) as standing:
            await take_step(clerk, TRANSFERS, case.number, "send", electronically())
        assert standing.value.code == "not_sealed"
        assert await traces() == before
        assert await state_of(case.number) == "approved"


async def test_the_receiver_sees_a_case_only_once_it_is_sent(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take("prepare", "approve")
        with pytest.raises(Refusal) as refused:
            await take_step(case.cast.borrower.clerk, TRANSFERS, case.number, "accept", signing())
        assert refused.value.status == 404
        await case.take("send", "accept")


async def test_one_onward_hop_then_the_legal_office_names_and_that_binds(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        cast = case.cast
        await case.open()
        first = case.number
        await case.take(*SENT, "accept", "pass_on")
        second = await case.follow(cast.borrower, cast.third)
        assert await state_of(first) == "onward"
        await case.take(*SENT)
        assert await state_of(first) == "onward"  # the first receiver answers until the next one has signed
        await case.take("accept")
        assert await state_of(first) == "passed_on"
        with pytest.raises(Refusal) as refused:
            await case.take("pass_on")
        assert refused.value.code == "not_yet"
        assert "once already" in str(refused.value)
        await case.take("ask_naming")
        assert await one(DUE, second, "name") == date(2026, 12, 1)
        legal = case.offices.legal
        await take_step(legal.head, TRANSFERS, second, "name_agency", naming(cast.owner.agency))
        await case.follow(cast.third, cast.owner)
        with pytest.raises(Refusal) as kept:
            await case.take("withdraw")
        assert "is sent there" in str(kept.value)
        head = cast.third.clerk
        await take_step(head, TRANSFERS, case.number, "prepare", transfer_forms(cast.third.agency)["prepare"])
        await take_step(
            cast.third.head, TRANSFERS, case.number, "approve", transfer_forms(legal.agency)["approve"]
        )
        await case.take("send", "accept")
        assert await state_of(second) == "passed_on"
        for step in ("pass_on", "ask_naming", "dispute"):
            with pytest.raises(Refusal) as bound:
                await case.take(step)
            assert "has named your agency" in str(bound.value)


async def test_the_legal_office_may_leave_the_case_where_it_is(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "accept", "ask_naming", "name_receiver")
        with pytest.raises(Refusal) as bound:
            await case.take("pass_on")
        assert "has named your agency" in str(bound.value)
        await case.take("file")


async def test_a_withdrawn_onward_transfer_gives_the_case_back(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        first = case.number
        await case.take(*SENT, "accept", "pass_on")
        await case.follow(case.cast.borrower, case.cast.third)
        await case.take("prepare", "withdraw")
        assert await state_of(first) == "accepted"
        assert await one("SELECT count(*) FROM deadline WHERE term = 'send' AND state = 'running'") == 0


async def test_a_dispute_holds_the_case_until_it_is_over(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "accept", "dispute")
        assert await one("SELECT count(*) FROM record WHERE kind = 'dispute'") == 1
        with pytest.raises(Refusal) as held:
            await case.take("resume")
        assert held.value.code == "held"
        async with transaction() as connection:
            await connection.execute("UPDATE hold SET ended_at = $1", MORNING)
        await case.take("resume")
    assert await state_of(case.number) == "accepted"


async def test_urging_an_idle_receiver(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "accept", "file")
        with pytest.raises(Refusal) as none:
            await case.take("answer_urging")
        assert none.value.code == "not_yet"
    with clock.at(MORNING + timedelta(days=40)):
        for office in (case.offices.legal, case.offices.government):
            await take_step(
                office.head, TRANSFERS, case.number, "urge", transfer_forms(case.cast.third.agency)["urge"]
            )
        running = "SELECT count(*) FROM deadline WHERE term = 'urged_receiver' AND state = 'running'"
        assert await one(running) == 1
        draft = await one("SELECT draft::text FROM document WHERE kind = 'urging_notice' LIMIT 1")
        assert "至今已40日" in draft
        await case.take("answer_urging")
        assert await one(running) == 0
        past = transfer_forms(case.cast.third.agency)["urge"].model_copy(update={"deadline": clock.today()})
        with pytest.raises(Refusal) as refused:
            await take_step(case.offices.legal.head, TRANSFERS, case.number, "urge", past)
        assert refused.value.code == "past"
    assert not await one("SELECT bool_or(statutory) FROM deadline WHERE term <> 'send'")


async def test_two_who_sign_at_once_make_one_signature(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT)
        people = (case.cast.borrower.clerk, case.cast.borrower.officer, case.cast.borrower.head) * 2
        answers = await asyncio.gather(
            *(take_step(one_of, TRANSFERS, case.number, "accept", signing()) for one_of in people),
            return_exceptions=True,
        )
    lost = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(lost) == len(people) - 1
    assert {refusal.code for refusal in lost} == {"wrong_state"}
    assert await one("SELECT count(*) FROM filing WHERE step = 'accept'") == 1
    assert await one("SELECT count(*) FROM document WHERE step = 'accept'") == 1
    assert await one("SELECT last FROM letter_serial WHERE word = '回证' AND agency = $1", people[0].agency) == 1
