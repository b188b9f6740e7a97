"""One agency asks, the other cannot help, both go to the legal office: an assistance with its dispute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.kernel import clock
from tests.browser.casework import (
    ECO,
    OFFICERS,
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

CASE = "江北嘴写字楼餐饮油烟直排案（浏览器）"
SECOND_MATTER = "派员到场检测排放浓度"
REQUEST = {
    "assisting": ECO,
    "scope": "law_requires",
    "subfield": "pollution",
    "ground": "cannot_get_case_material",
    "power_ref": "《中华人民共和国大气污染防治法》第五条",
    "case_name": CASE,
    "matters": ({"text": "提供该写字楼近两年的油烟监测记录", "place": "江北区江北嘴"}, {"text": SECOND_MATTER}),
    "modes": ("information", "send_officers"),
    "officers": OFFICERS,
}
LATER = {
    "information": "该写字楼 2 至 4 层餐饮商户名单及投诉记录。",
    "confidentiality": "所提供材料仅用于本案",
    "return_address": "重庆市渝北区龙山大道 404 号稽查总队",
}
"""What the letter lacks at first."""
NO_ARTICLE = "Name the law and its article, such as 行政处罚法 第二十六条."
REFUSAL = {
    "ground": "law_forbids",
    "provision": "《中华人民共和国保守国家秘密法》第二十八条",
    "facts": "所请监测记录中有涉密点位数据，依法不得向我局以外提供。",
    "contact": "赵海波 023-89181000",
}
CLAIM = {
    "duty": "餐饮油烟排放的日常监管",
    "facts": "生态环境部门以涉密为由拒绝提供监测记录，致使案件无法查清。",
    "own_law": "《重庆市大气污染防治条例》第六十条",
    "request": "请认定监测记录应予提供",
    "risk": "油烟持续直排，居民反复投诉",
}
NEGOTIATION = {
    "manner": "phone",
    "people": "陈晓燕、赵海波",
    "applicant_position": "监测记录应当提供",
    "respondent_position": "记录涉密，不能提供",
    "outcome": "未达成一致",
}
OPINION = {
    "findings": "经核查，所请记录中涉密点位可以遮盖，其余记录不涉密。",
    "law": "《重庆市人民政府令第197号》第三条",
    "bearer": "respondent",
    "text": "由市生态环境局遮盖涉密点位后提供其余监测记录。",
}


def test_a_refusal_becomes_a_dispute_and_is_settled(house: House) -> None:
    officer, head = house.signed_in("officer"), house.signed_in("amrhead")
    record = asked(officer)
    assert why_not(officer, record, "issue"), "the button says whose signature it needs"
    number, text = issued(head, record, "issue", OFFICERS[0]["permit_no"], "油烟监测记录")
    eco_head = refused(house, record, number)

    take(head, record, "dispute", **CLAIM)
    expect(state_of(head)).to_have_text(zh("In dispute"))
    dispute = str(head.locator("main a[href^='/disputes/DS']").first.get_attribute("href"))
    under_dispute(head, record, dispute)
    officer.goto("/inbox?side=owed")
    expect(officer.locator("main")).to_contain_text(dispute.rsplit("/", 1)[1])

    settled(house, head, eco_head, dispute)
    head.goto(record)
    expect(head.locator("#act-resume button")).to_be_enabled()
    expect(head.locator(f"main a[href='{dispute}']").first).to_be_visible()
    take(head, record, "resume")
    expect(state_of(head)).to_have_text(zh("Received"))
    assert number in text


def asked(officer: Page) -> str:
    """The officer types the request: one officer is not enough, two are."""
    today = clock.today()
    dates = {"wanted_start": today, "wanted_finish": today + timedelta(days=20)}
    officer.goto("/coordination")
    officer.locator("main a[href='/assistance/new']").first.click()
    fill(officer, **{**REQUEST, "officers": OFFICERS[:1]}, **dates)
    send(officer)
    expect(officer.locator(".error-summary")).to_be_focused()
    expect(error_beside(officer, "officers")).to_be_visible()
    expect(officer.locator("[id='matters.1.text']")).to_have_value(SECOND_MATTER)
    fill(officer, officers=OFFICERS)
    send(officer)
    expect(officer.get_by_role("heading", level=1)).to_contain_text(CASE)
    expect(state_of(officer)).to_have_text(zh("Draft"))
    return "/assistance/" + officer.url.rsplit("/", 1)[1]


def issued(head: Page, record: str, step: str, *words: str) -> tuple[str, str]:
    """The head adds what the letter lacks, looks at it and issues it; its number, and what it says."""
    head.goto("/assistance")
    head.get_by_role("link", name=CASE).first.click()
    begin(head, record, step)
    send(head)
    expect(head.locator(".error-summary li")).to_have_count(len(LATER))
    take(head, record, "amend", **LATER)
    begin(head, record, step)
    preview(head)
    send(head)
    expect(state_of(head)).to_have_text(zh("Letter sent"))
    number, text = letter(head, record)
    assert number in text
    for word in words:
        assert word in text
    return number, text


def refused(house: House, record: str, number: str) -> Page:
    """The other side learns of it on the phone, and says on which provision it cannot help."""
    eco = house.signed_in("eco", PHONE)
    eco.goto("/notices")
    eco.get_by_role("link", name=record.rsplit("/", 1)[1]).first.click()
    expect(eco.locator("#letters")).to_contain_text(number)
    eco.locator("#act-receive button").click()
    expect(state_of(eco)).to_have_text(zh("Received"))
    assert why_not(eco, record, "refuse")

    head = house.signed_in("ecohead")
    begin(head, record, "refuse")
    fill(head, **{**REFUSAL, "provision": ""})
    send(head)
    expect(head.locator("#provision:invalid")).to_be_focused()
    head.locator("#provision").fill("涉密，不便提供")
    send(head)
    expect(error_beside(head, "provision")).to_contain_text(
        zh("Name the law and its article, such as 行政处罚法 第二十六条.")
    )
    expect(head.locator("#facts")).to_have_value(REFUSAL["facts"])
    expect(head.locator("[name=ground]:checked, select#ground")).to_have_value(REFUSAL["ground"])
    fill(head, provision=REFUSAL["provision"])
    preview(head)
    send(head)
    expect(state_of(head)).to_have_text(zh("Cannot help"))
    paper, text = letter(head, record)
    assert paper in text
    assert "第二十八条" in text
    return head


def under_dispute(head: Page, record: str, dispute: str) -> None:
    """While it is open nobody acts alone, except where there is danger."""
    number = dispute.rsplit("/", 1)[1]
    for step in ("resume", "close_disputed", "withdraw"):
        assert number in why_not(head, record, step)
    act = head.locator("#act-safety_act")
    act.locator("summary").click()
    act.locator("textarea").fill("责令立即停用燃气灶具，现场有泄漏危险。")
    act.locator("button[type=submit]").click()
    expect(head.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")
    expect(head.locator("#journal")).to_contain_text("责令立即停用燃气灶具")


def settled(house: House, head: Page, other: Page, dispute: str) -> None:
    """Both try first, then the legal office hears both and its opinion is carried out."""
    assert why_not(head, dispute, "to_legal")
    take(house.signed_in("eco"), dispute, "negotiate", **NEGOTIATION)
    take(other, dispute, "propose", bearer="both", text="各自核查后再议")
    assert why_not(other, dispute, "settle")
    take(head, dispute, "to_legal", reason="双方电话协商未达成一致")
    paper, text = letter(head, dispute)
    assert paper in text

    legal = house.signed_in("legal")
    legal.goto("/inbox")
    legal.locator(f"main a[href='{dispute}']").first.click()
    take(legal, dispute, "accept", handler="吴国栋", phone="023-67086000")
    assert why_not(legal, dispute, "opine")
    take(legal, dispute, "hear", people="黄丽华、孙志强", summary="双方陈述意见，记录在案。")
    until = clock.today() + timedelta(days=10)
    take(legal, dispute, "opine", **OPINION, execute_by=until)
    paper, text = letter(legal, dispute)
    assert paper in text
    take(legal, dispute, "opinion_executed", text="市生态环境局已提供遮盖后的监测记录。")
    expect(state_of(legal)).to_have_text(zh("Dispute settled"))


def test_a_request_without_script(house: House) -> None:
    """Rows are there from the start: a request with two matters and two officers needs no script."""
    officer = house.signed_in("officer", java_script_enabled=False)
    today = clock.today()
    officer.goto("/assistance/new")
    fill(officer, **REQUEST, **LATER, wanted_start=today, wanted_finish=today + timedelta(days=9))
    send(officer)
    expect(state_of(officer)).to_have_text(zh("Draft"))
    record = "/assistance/" + officer.url.rsplit("/", 1)[1]
    expect(officer.locator("main")).to_contain_text(SECOND_MATTER)

    head = house.signed_in("amrhead", java_script_enabled=False)
    take(head, record, "issue")
    expect(state_of(head)).to_have_text(zh("Letter sent"))
    number, text = letter(head, record)
    assert number in text
    assert SECOND_MATTER in text
