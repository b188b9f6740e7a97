"""Suspected crimes (TR-5): machine walked in full, natural days, 24 hours over a night and a holiday."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared_resources.cases.transfers.rules.referral import REFERRAL
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.working_calendar import seed_calendar
from tests.cases.transfers.transferring import (
    MORNING,
    OFFICERS,
    RECEIPTS,
    REFERRALS,
    lapse,
    letters_of,
    make_referring,
    one,
    referral_forms,
    registration,
    state_of,
    suspicion,
    traces,
)
from tests.people import make_agency

SIGNED = ("report", "approve", "send", "sign")
PATHS: dict[str, tuple[str, ...]] = {
    "verifying": (),
    "reported": ("report",),
    "approved": ("report", "approve"),
    "declined": ("report", "decline"),
    "sent": ("report", "approve", "send"),
    "signed": SIGNED,
    "filed": (*SIGNED, "file_case"),
    "handed_over": (*SIGNED, "file_case", "hand_over"),
    "refused": (*SIGNED, "refuse"),
    "reconsidering": (*SIGNED, "refuse", "reconsider"),
    "final_refusal": (*SIGNED, "refuse", "reconsider", "uphold"),
    "procuratorate": (*SIGNED, "refuse", "note_procuratorate"),
    "kept": (*SIGNED, "refuse", "keep"),
    "withdrawn": ("report", "withdraw"),
}


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == REFERRAL.states.keys()


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        await case.take(*PATHS[state])
        assert await state_of(case.number) == state
        before = await traces()
        fits = {step.name for step in REFERRAL.steps_from(state)}
        for step in {step.name: step for step in REFERRAL.steps}.values():
            if step.name not in fits:
                form = referral_forms().get(step.name)
                with pytest.raises(Refusal) as refused:
                    await take_step(case.actor(step.name), REFERRALS, case.number, step.name, form, note="理由")
                assert refused.value.status in (404, 409), step.name
                assert await traces() == before, step.name


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ((*SIGNED, "refuse", "reconsider", "file_case", "hand_over"), "handed_over"),
        ((*SIGNED, "refuse", "reconsider", "uphold", "note_procuratorate", "file_case"), "filed"),
        ((*SIGNED, "refuse", "reconsider", "uphold", "keep"), "kept"),
        ((*SIGNED, "refuse", "note_procuratorate", "keep"), "kept"),
    ],
)
async def test_ways_after_a_refusal(db: str, path: tuple[str, ...], state: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        await case.take(*path)
    assert await state_of(case.number) == state
    assert await letters_of(case.number) == ["crime_referral", "proof_of_service"]


async def test_three_natural_days_end_after_the_holiday_at_the_latest(db: str) -> None:
    # WD-50: 29 September 2025, the third day is a rest day
    with clock.at(datetime(2025, 9, 29, 2, tzinfo=UTC)):
        async with transaction() as connection:
            await seed_calendar(connection)
        case = await make_referring()
        await case.open()
        await case.take("report")
    assert await one("SELECT due_on FROM deadline WHERE term = 'decide'") == date(2025, 10, 9)
    assert await one("SELECT statutory FROM deadline WHERE term = 'decide'")


@pytest.mark.parametrize(
    "approved_at",
    [
        datetime(2026, 11, 24, 14, 30, tzinfo=UTC),  # 22:30 on a Tuesday: over a night
        datetime(2026, 9, 30, 9, 59, tzinfo=UTC),  # the eve of National Day: into a rest day
        datetime(2026, 11, 28, 3, 0, tzinfo=UTC),  # a Saturday noon
    ],
)
async def test_twenty_four_hours_run_through_nights_and_rest_days(db: str, approved_at: datetime) -> None:
    with clock.at(approved_at):
        async with transaction() as connection:
            await seed_calendar(connection)
        case = await make_referring()
        await case.open()
        await case.take("report", "approve")
    due = await one("SELECT due_at FROM deadline WHERE term = 'send'")
    assert due == approved_at + timedelta(hours=24)
    with clock.at(due - timedelta(minutes=1)):
        await case.take("send")
    assert await one("SELECT state FROM deadline WHERE term = 'send'") == "met"


async def test_the_time_to_ask_again_runs_out(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        await case.take(*SIGNED, "refuse")
    assert await lapse(MORNING + timedelta(days=2)) == 0
    assert await lapse(MORNING + timedelta(days=4)) == 1
    with clock.at(MORNING + timedelta(days=4)):
        with pytest.raises(Refusal) as refused:
            await case.take("reconsider")
        assert refused.value.code == "wrong_state"
        await case.take("note_procuratorate")


async def test_only_the_police_of_the_same_level_are_asked(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        county = await make_agency("county_police", "渝北区公安分局", level="county", county="500112")
        before = await traces()
        for wrong in (case.cast.third.agency, county, case.cast.owner.agency):
            with pytest.raises(Refusal) as refused:
                await case.open(police=wrong)
            assert refused.value.code in ("not_police", "own_agency")
        assert await traces() == before


async def test_who_reported_does_not_decide_and_only_the_head_decides(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        forms = referral_forms()
        await take_step(case.leader, REFERRALS, case.number, "report", forms["report"])
        for actor, code in ((case.leader, "not_yet"), (case.cast.owner.head, "not_allowed")):
            with pytest.raises(Refusal) as refused:
                await take_step(actor, REFERRALS, case.number, "approve", forms["approve"])
            assert refused.value.code == code


async def test_a_referral_is_opened_about_a_case_first_received(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        owner = case.cast.owner
        came = await open_case(owner.clerk, RECEIPTS, registration())
        moved = await open_case(owner.officer, REFERRALS, suspicion(case.police.agency), about=came.number)
    assert await one("SELECT target FROM record_link WHERE source = $1 AND kind = 'about'", moved.id) == came.id


def test_two_different_officers_and_all_five_annexes() -> None:
    with clock.at(MORNING):
        with pytest.raises(ValueError, match="different officers"):
            suspicion(new_id(), officers=(OFFICERS[0], OFFICERS[0]))
        annexes = referral_forms()["send"]
        for change, said in (({"no_goods": True}, "goods"), ({"no_appraisals": False}, "appraisals")):
            with pytest.raises(ValueError, match=said):
                type(annexes)(**{**annexes.model_dump(), **change})
