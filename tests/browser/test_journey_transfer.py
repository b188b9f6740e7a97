"""A case goes to the agency that has jurisdiction, which passes it on once; its page says who answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.kernel import clock
from shared_resources.kernel.clock import LOCAL_ZONE
from tests.browser.casework import (
    AMR,
    ECO,
    EM,
    INVENTORY,
    OFFICERS,
    SERVERS,
    begin,
    fill,
    letter,
    open_record,
    preview,
    send,
    state_of,
    take,
    why_not,
)
from tests.browser.house import PHONE, zh

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.house import House

CASE = "仓库违规存放废矿物油案（浏览器）"
LAW = "《中华人民共和国固体废物污染环境防治法》第九条"
RESULT = "罚款三万元，当事人已缴纳。"
SENDING = {"channel": "direct", "place": "市局收发室", "servers": SERVERS}


def test_a_case_is_passed_on_once_and_its_result_told(house: House) -> None:
    head, duty = house.signed_in("head"), house.signed_in("duty")
    officer, amr_head = house.signed_in("officer"), house.signed_in("amrhead")
    first = found(head)
    sent(duty, head, first)
    expect(standing(duty, first)).to_contain_text(EM)

    signed_for(officer, first)
    expect(standing(duty, first)).to_contain_text(AMR)
    take(amr_head, first, "pass_on", receiver=ECO, why="属危险废物环境管理范围。", provision=LAW)
    expect(state_of(amr_head)).to_have_text(zh("On its way to the next agency"))
    onward = str(amr_head.locator("main a[href^='/transfers/TR']").first.get_attribute("href"))
    assert onward != first
    sent(officer, amr_head, onward)
    expect(standing(duty, first)).to_contain_text(AMR)
    expect(standing(officer, onward)).to_contain_text(AMR)

    eco = house.signed_in("eco", PHONE)
    eco.goto("/inbox")
    eco.locator(f"main a[href='{onward}']").first.click()
    signed_for(eco, onward)
    expect(standing(eco, onward)).to_contain_text(ECO)
    duty.goto(first)
    expect(state_of(duty)).to_have_text(zh("Passed on"))
    eco_head = house.signed_in("ecohead")
    assert why_not(eco_head, onward, "pass_on"), "a second hop is not offered"
    expect(eco_head.locator(f"#now a.button[href='{onward}/ask_naming']")).to_be_visible()

    told(eco, onward)
    officer.goto(onward)
    expect(state_of(officer)).to_have_text(zh("Closed"))
    number, text = letter(officer, onward)
    assert number in text
    assert RESULT in text


def found(head: Page) -> str:
    """The head records the finding of no jurisdiction."""
    today = clock.today()
    return open_record(
        head,
        "/transfers",
        case_name=CASE,
        receiver=AMR,
        source="own_finding",
        found_on=today - timedelta(days=1),
        party="重庆某润滑油有限公司",
        summary="检查发现仓库内存放废矿物油十二桶，无经营许可证。",
        why="不属于安全生产监督管理范围。",
        provision=LAW,
        determined_on=today,
    )


def sent(officer: Page, head: Page, transfer: str) -> None:
    """The officer lists what goes along, the head approves the letter, the officer sends both."""
    take(officer, transfer, "prepare", **INVENTORY)
    begin(head, transfer, "approve")
    fill(head, opinion="同意移送")
    preview(head)
    send(head)
    expect(state_of(head)).to_have_text(zh("Approved, to be sent"))
    number, text = letter(head, transfer, 0)
    assert number in text
    assert CASE in text
    take(officer, transfer, "send", **SENDING)
    expect(state_of(officer)).to_have_text(zh("Sent, to be signed for"))


def signed_for(page: Page, transfer: str) -> None:
    """The receiver signs, to the minute; the proof of service has its number."""
    now = clock.now().astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")
    take(page, transfer, "accept", received_at=now, place="市局收发室", signer="收发员 张敏")
    expect(state_of(page)).to_have_text(zh("Signed for"))
    number, text = letter(page, transfer)
    assert number in text
    page.goto(transfer)


def standing(page: Page, transfer: str) -> Locator:
    """Where the case stands, and who answers for it."""
    page.goto(transfer)
    return page.locator("#standing dd").first


def told(page: Page, transfer: str) -> None:
    """The last receiver takes the case up, concludes it and tells the result in writing."""
    take(page, transfer, "file", case_no="渝环立〔2026〕77号", officers=OFFICERS)
    take(
        page,
        transfer,
        "conclude",
        ending="penalty",
        text="罚款三万元，当事人已缴纳。",
        paper_no="渝环罚〔2026〕9号",
    )
    take(page, transfer, "tell_by_letter", told_to=AMR, contact="赵海波", phone="023-89181000")
    expect(state_of(page)).to_have_text(zh("Closed"))
