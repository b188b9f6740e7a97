"""What requests say and who may say it: forms, letters with their elements, permission cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from shared_resources.cases.assistance import schemas
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from shared_resources.kernel.letters import Grid, Paragraph
from shared_resources.kernel.permissions import Role
from shared_resources.kernel.schemas.asked import StatutoryGround
from tests.cases.assistance.asking import (
    CONSENT,
    FAMILY,
    FORMS,
    GROUND,
    MORNING,
    TWO,
    URGENT,
    Asking,
    letter_of,
    make_asking,
    one,
    request,
    state_of,
    terms,
    traces,
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"officers": TWO[:1]},
        {"officers": (TWO[0], TWO[0])},
        {"urgent": True},
        {"urgent": True, "urgent_reason": "泄漏"},
        {"matters": ()},
        {"modes": ()},
        {"wanted_finish": date(2026, 11, 1)},
        {"ground": "because"},
        {"scope": None},
        {"power_ref": ""},
    ],
)
def test_a_request_without_its_elements_is_no_request(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        schemas.Terms.model_validate(terms(**wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"provision": ""},
        {"provision": "保密"},
        {"provision": "涉及保密，不便提供"},
        {"provision": "《保守国家秘密法》"},
        {"facts": "保密"},
        {"ground": "we are busy"},
        {"ground": None},
        {"who_can_name": None},
    ],
)
def test_a_refusal_needs_ground_provision_facts_and_who_can(wrong: dict[str, Any]) -> None:
    right = {**GROUND, "who_can_name": "市公安局", "contact": "王五"}
    schemas.CannotHelp.model_validate(right)
    with pytest.raises(ValidationError):
        schemas.CannotHelp.model_validate({**right, **wrong})


def test_other_grounds_need_not_name_who_can() -> None:
    right = {**GROUND, "ground": StatutoryGround.FORCE_MAJEURE, "contact": "王五"}
    assert schemas.CannotHelp.model_validate(right).who_can is None


def test_agreeing_in_part_refuses_the_rest_on_a_ground() -> None:
    with pytest.raises(ValidationError):
        schemas.PartConsent.model_validate(
            {**CONSENT, **GROUND, "agreed": "检查", "left_out": "检验", "provision": "无"}
        )


def test_an_oral_request_without_reason_is_refused() -> None:
    with pytest.raises(ValidationError):
        schemas.OralRequest.model_validate({**FORMS["oral_request"].model_dump(), "reason": "  "})


async def test_missing_elements_are_named_and_can_be_added(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open(information=None, return_address=None)
        before = await traces(asking.number)
        with pytest.raises(Refusal) as refused:
            await asking.take("issue")
        assert refused.value.status == 422
        assert await traces(asking.number) == before
        await asking.take("amend", "issue")
        with pytest.raises(Refusal):
            await asking.take("amend")
    assert await state_of(asking.number) == "sent"


async def test_officers_are_named_where_they_were_asked_for(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive")
        with pytest.raises(Invalid):
            await asking.take("agree", officers=())
        assert await state_of(asking.number) == "received"


async def draft_of(asking: Asking, kind: str, step: str) -> str:
    """The text of a letter as its maker writes it from what is on the record now."""
    facts = await facts_of(await one("SELECT id FROM record WHERE number = $1", asking.number))
    draft = FAMILY.letters[kind](facts, step, asking.actor(step))
    assert not draft.missing
    lines = [block.text for block in draft.blocks if isinstance(block, Paragraph)]
    cells = [cell for block in draft.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    return "\n".join((draft.title, *lines, *cells))


async def test_letter_and_reply_say_what_offices_say(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open(**URGENT)
        await asking.take("oral_request", "backfill_letter", "receive", "agree")
        asked = await draft_of(asking, "assistance_letter", "backfill_letter")
        letter = await letter_of(asking.number, "assistance_letter")
        reply = await draft_of(asking, "assistance_reply", "agree")
    assert letter["number"] == "渝owner函〔2026〕1号"
    for part in (
        "市应急管理局关于提请协助办理某公司非法运输危险化学品案的函",
        "一、提请协助事项",
        "1．检查运输车辆罐体（地点：渝北区）",
        "2．提供登记资料",
        "我局单独执法难以达到目的",
        "派员协助、提供信息资料",
        "经我局负责人赵六确认",
        "2026年11月24日9时00分",
        "渝0002",
        "特此函达",
    ):
        assert part in asked
    for part in (
        letter["number"],
        "2026年11月24日",
        "来函",
        "收悉",
        "同意协助",
        "2026年12月4日",
        "此复。",
        "渝0001",
    ):
        assert part in reply


async def test_refusal_and_notices_at_the_end(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive")
        third = asking.cast.third.agency
        await asking.take("refuse", who_can=third, who_can_name=None)
        refusal = await draft_of(asking, "assistance_refusal", "refuse")
        await asking.open()
        await asking.take("issue", "receive", "agree_in_part", "start", "report", "confirm")
        before = await traces(asking.number)
        with pytest.raises(Invalid):
            await take_step(asking.actor("close"), FAMILY, asking.number, "close")
        assert await traces(asking.number) == before
        await asking.take("close")
        reply = await draft_of(asking, "assistance_reply", "agree_in_part")
        report = await draft_of(asking, "assistance_report", "report")
        result = await draft_of(asking, "result_notice", "close")
    assert "建议贵局向市城市管理局提请协助" in refusal
    assert "《行政处罚法》第二十二条" in refusal
    assert "不能协助的事项：检验罐体" in reply
    assert "市市场监督管理局关于协助办理某公司非法运输危险化学品案情况的通报" in report
    assert "某公司非法运输危险化学品案执法结果的通报" in result


async def test_only_the_two_sides_see_a_request(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue")
        cast, offices = asking.cast, asking.offices
        for team in (cast.third, offices.legal, offices.government, offices.supervisor):
            with pytest.raises(NotFound):
                await case_page(team.head, FAMILY, asking.number)
            with pytest.raises(NotFound):
                await take_step(team.head, FAMILY, asking.number, "receive")
        page = await case_page(cast.borrower.auditor, FAMILY, asking.number)
        assert all(not choice.allowed for choice in page.choices)
        assert await state_of(asking.number) == "sent"


@pytest.mark.parametrize("step", ["issue", "receive", "agree"])
async def test_each_side_and_role_takes_its_own_steps_only(db: str, step: str) -> None:
    path = {"issue": (), "receive": ("issue",), "agree": ("issue", "receive")}[step]
    roles = {
        "issue": (True, {Role.UNIT_HEAD}),
        "receive": (False, {Role.OFFICER, Role.UNIT_HEAD, Role.CLERK}),
        "agree": (False, {Role.UNIT_HEAD}),
    }
    owners, allowed = roles[step]
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take(*path)
        for team, ours in ((asking.cast.owner, owners), (asking.cast.borrower, not owners)):
            for role in Role:
                actor = replace(team.with_role(role), roles=frozenset({role}))
                if ours and role in allowed | {Role.LEADER}:
                    continue
                with pytest.raises(NotFound if step == "issue" and not ours else NotAllowed):
                    await take_step(actor, FAMILY, asking.number, step, FORMS.get(step))
        await asking.take(step)


async def test_only_those_who_handle_papers_open_requests_and_never_to_themselves(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        owner = asking.cast.owner
        for actor in (owner.auditor, owner.custodian, owner.admin):
            with pytest.raises(NotAllowed):
                await open_case(actor, FAMILY, request(asking.cast.borrower.agency))
        with pytest.raises(Invalid):
            await open_case(owner.officer, FAMILY, request(owner.agency))
    assert not await one("SELECT count(*) FROM record")
