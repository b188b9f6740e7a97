"""Three agencies act together over National Day: plan, comments, liaisons, a task that expires then, the report.

The house of this journey stands on 21 September 2026: what the holidays do to a date is seen before they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.casework import (
    AMR,
    ECO,
    EM,
    begin,
    error_beside,
    fill,
    letter,
    preview,
    send,
    state_of,
    take,
    why_not,
)
from tests.browser.house import PHONE, zh

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

NAME = "国庆期间危险化学品道路运输联合整治（浏览器）"
PROPOSAL = {
    "title": NAME,
    "start_basis": "municipal",
    "scope_ground": "superior_orders",
    "ground_citation": "渝府办〔2026〕58号第二条",
    "subfields": ("hazardous_chemicals", "road_traffic"),
    "cooperating": (AMR, ECO),
    "reason_type": "prominent_violations",
    "reason": "节前危险化学品运输车辆违法行为较为突出。",
}
GOAL = "节日期间不发生危险化学品道路运输较大以上事故。"
PLAN: dict[str, Any] = {
    "legal_basis": "《中华人民共和国安全生产法》第六十五条",
    "scope": "全市危险化学品道路运输企业和主要通道",
    "specific_field": "危险化学品道路运输",
    "duties": (
        {"agency": EM, "duty": "牵头组织，检查企业安全管理"},
        {"agency": AMR, "duty": "检查罐体和压力容器"},
        {"agency": ECO, "duty": "检查废弃危险化学品处置"},
    ),
    "stages": ({"stage": "集中检查", "day": "2026-10-08"}, {"stage": "复查总结", "day": "2026-10-20"}),
    "mode": "联合上路检查，分别立案",
    "people": "每组 6 人",
    "vehicles": "执法车 4 辆",
    "equipment": "气体检测仪 6 台，市应急管理局",
    "discipline": "廉洁执法，轻装简行",
    "safety": "佩戴防护装备，划定警戒区",
    "funds": "各单位自行承担",
}
FIGURES = {
    "sites": 31,
    "persons": 24,
    "vehicles": 8,
    "problems": 9,
    "cases": 3,
    "fines": 125000,
    "transfers": 1,
    "equipment": "气体检测仪 6 台",
    "difficulties": "夜间取证照明不足",
    "next_steps": "节后复查",
}


@pytest.fixture
def offices(september: House) -> House:
    """The house before the holiday, every desk free."""
    september.tidy_up()
    return september


def test_an_operation_over_national_day(offices: House) -> None:
    duty, head = offices.signed_in("duty"), offices.signed_in("head")
    officer, eco = offices.signed_in("officer"), offices.signed_in("eco", PHONE)
    operation = proposed(duty, head)
    take(duty, operation, "draft", **PLAN)
    consulted(duty, head, (officer, eco), operation)
    missing = why_not(head, operation, "issue")
    for part in (zh("Goal"), EM, AMR, ECO):
        assert part in missing
    liaisons_named(offices, operation)
    take(head, operation, "revise")
    take(duty, operation, "draft", goal=GOAL)
    consulted(duty, head, (officer, eco), operation)
    begin(head, operation, "issue")
    preview(head)
    send(head)
    expect(state_of(head)).to_have_text(zh("Plan in force"))
    number, text = letter(head, operation)
    assert number in text
    assert GOAL in text

    task = assigned(duty, operation)
    done(officer, head, task)
    take(duty, operation, "close_tasks")
    report = {"to": "municipal_government", "period_from": "2026-09-01", "period_to": "2026-09-21"}
    take(head, operation, "file_report", results="各项任务全部完成，问题已整改。", **report, **FIGURES)
    expect(state_of(head)).to_have_text(zh("Closed"))
    number, text = letter(head, operation)
    assert number in text
    gov = offices.signed_in("gov")
    gov.goto(operation)
    expect(gov.locator("#letters")).to_contain_text(number)
    assert offices.tidy_up() == []


def proposed(duty: Page, head: Page) -> str:
    """Proposed on a decision of the government, whose number is asked for; registered by the head."""
    duty.goto("/operations/new")
    fill(duty, **PROPOSAL)
    send(duty)
    expect(duty.locator(".error-summary")).to_be_focused()
    fill(duty, doc_no="渝府办〔2026〕58号")
    send(duty)
    expect(duty.get_by_role("heading", level=1)).to_contain_text(NAME)
    operation = "/operations/" + duty.url.rsplit("/", 1)[1]
    assert why_not(duty, operation, "register"), "an officer's button says whose decision it is"
    take(head, operation, "register")
    return operation


def consulted(duty: Page, head: Page, others: tuple[Page, ...], operation: str) -> None:
    """Everybody comments on the draft, every comment is answered, the round is closed."""
    take(head, operation, "circulate", until="2026-09-28")
    for page in others:
        take(page, operation, "comment", text="建议明确夜间检查的人员安排")
        assert why_not(page, operation, "comment")
    begin(duty, operation, "answer")
    fill(duty, agency=AMR, adoption="not_adopted")
    send(duty)
    expect(duty.locator(".error-summary")).to_be_focused()
    fill(duty, reason="夜间检查另行安排")
    send(duty)
    take(duty, operation, "answer", agency=ECO, adoption="adopted")
    take(duty, operation, "close_comments")


def liaisons_named(offices: House, operation: str) -> None:
    """The lead names its general liaison, every other agency its daily one."""
    posts = (("head", "general", "leader_in_charge"), ("amrhead", "daily", "head_of_enforcement_unit"))
    for user, post, rank in (*posts, ("ecohead", "daily", "head_of_enforcement_unit")):
        page = offices.signed_in(user)
        entries = {"name": "李海波", "position": "负责人", "phone": "023-63810001"}
        take(page, operation, "appoint_liaison", post=post, rank=rank, **entries)


def assigned(duty: Page, operation: str) -> str:
    """A task that expires in the holiday: its page shows the day, the day it moves to, and why."""
    duty.goto(operation)
    duty.locator("main a[href^='/tasks/new']").click()
    fill(duty, agency=AMR, matter="罐体安全检查", details="检查罐体和压力容器的检验情况", deadline="2026-09-20")
    send(duty)
    expect(error_beside(duty, "deadline")).to_be_visible()
    fill(duty, deadline="2026-10-03")
    send(duty)
    counted = duty.locator("#counted")
    for day in ("2026-10-03", "2026-10-08", "2026-10-14"):
        expect(counted).to_contain_text(day)
    task = "/tasks/" + duty.url.rsplit("/", 1)[1]
    why = duty.locator("#dues li").filter(has_text=zh("Completion report")).locator("details")
    why.locator("summary").click()
    for day in ("2026-10-08", "2026-10-10", "2026-10-14"):
        expect(why).to_contain_text(day)
    number, text = letter(duty, task)
    assert number in text
    return task


def done(officer: Page, head: Page, task: str) -> None:
    """The cooperating agency acknowledges, does it and reports; the lead's head accepts."""
    officer.goto("/tasks")
    officer.locator(f"main a[href='{task}']").first.click()
    take(officer, task, "acknowledge")
    take(officer, task, "start")
    take(officer, task, "report", is_done=True, result="检查完毕，问题已整改。", **FIGURES)
    number, text = letter(officer, task)
    assert number in text
    take(head, task, "accept")
    expect(state_of(head)).to_have_text(zh("Completed"))
