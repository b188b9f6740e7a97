"""From the offer of a laboratory to the re-test: sampled on the phone, one damaged, tested blind, objected."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect

from shared_resources.kernel import clock
from tests.browser.casework import FORM, fill, send, state_of, take
from tests.browser.house import PHONE, zh

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.house import House

CASE, LAB = "巴南农贸市场豇豆农残案（浏览器）", "市食品药品检验检测研究院"
LOCAL = "%Y-%m-%dT%H:%M"


def test_from_the_offer_to_the_re_test(house: House, tmp_path: Path) -> None:
    photo = tmp_path / "seal.png"
    Image.new("RGB", (320, 240), "white").save(photo)
    officer, head = house.signed_in("officer", width=PHONE), house.signed_in("amrhead")
    clerk, analyst = house.signed_in("labclerk"), house.signed_in("analyst")
    record = commissioned(officer)
    take(officer, record, "submit")
    assert clerk.goto(record).status == 404, "a draft is the client's own"  # type: ignore[union-attr]
    take(head, record, "issue")
    take(clerk, record, "accept", agreed_due=day(20), accepted_by="高雪梅")

    first, second = sampled(officer, record, photo, "BR-1"), sampled(officer, record, photo, "BR-2")
    shipment = sent(officer, record)
    received(clerk, shipment, photo, first, found="arrived", seal="whole", note="")
    received(clerk, shipment, photo, second, found="damaged", seal="broken", note="包装破损，封条撕裂。")

    clerk.get_by_role("button", name=zh("Close the manifest")).first.click()
    clerk.locator("dialog").get_by_role("button", name=zh("Close the manifest")).click()
    expect(state_of(clerk)).to_have_text(zh("Received"))
    code = split(clerk, record, first)
    take(clerk, record, "begin")

    measured(analyst, code)
    reviewed(house.signed_in("cq-drug.lab2"), code)
    take(clerk, record, "draft_report", conclusion="送检豇豆毒死蜱残留量不符合国家标准。")
    take(house.signed_in("labhead"), record, "sign")
    officer.goto(record)
    expect(officer.locator("#report")).to_contain_text("CMA")
    take(officer, record, "receive", received_by="陈晓燕")
    take(officer, record, "tell_party", party="某商行", told_at=f"{now():{LOCAL}}", channel="served",
         told_by="陈晓燕", objection_by=day(7))  # fmt: skip
    take(officer, record, "object", party="某商行", grounds="当事人不认可抽样过程。")
    number = officer.locator("#laboratory code").inner_text()
    take(head, record, "grant_retest", laboratory=number, needed_by=day(40), reason="当事人申请复检。")
    expect(state_of(head)).to_have_text(zh("Tested again"))
    officer.goto(f"/lab-delegations?q={CASE}")
    assert officer.locator("main tbody tr").count() == 2


def commissioned(officer: Page) -> str:
    """From the directory to a draft, on the phone."""
    officer.goto(f"/laboratories?q=毒死蜱&by={day(60)}")
    offer = officer.locator("main tbody tr", has_text=LAB)
    offer.get_by_role("link", name=zh("Commission"), exact=True).click()
    expect(officer.locator(f"{FORM} [name='tests.0.item']")).to_have_value("毒死蜱")
    fill(
        officer,
        case_name=CASE,
        outline="执法人员在市场抽取豇豆样品，疑似农药残留超标。",
        question="送检豇豆毒死蜱残留量是否超标？",
        materials=({"name": "豇豆", "quantity": "4 kg", "state": "新鲜"},),
        phone="023-60000001",
        needed_by=day(50),
    )
    send(officer)
    officer.wait_for_url(re.compile(r"/lab-delegations/LD\d{4}-\d+$"))
    return "/" + officer.url.split("/", 3)[3]


def sampled(officer: Page, record: str, photo: Path, seal: str) -> str:
    """A sample is taken on the phone; its label is shown. The code on it."""
    officer.goto(record)
    officer.get_by_role("link", name=zh("Take a sample")).click()
    fill(
        officer,
        material="豇豆",
        amount="2",
        unit="kg",
        condition="新鲜",
        seal_no=seal,
        taken_at=f"{now():{LOCAL}}",
        taken_where="巴南农贸市场 12 号摊",
        second_taker="刘思远",
    )
    officer.locator("#photo").set_input_files(photo)
    send(officer)
    officer.wait_for_url(re.compile(r"/samples/SP\d{4}-\d+/label$"))
    expect(officer.locator(".sample-label svg")).to_be_visible()
    return officer.locator(".sample-label strong").inner_text()


def sent(officer: Page, record: str) -> str:
    """Both samples go; the manifest is locked."""
    officer.goto(record)
    officer.get_by_role("link", name=zh("Send samples")).click()
    fill(officer, carrier="李押运", waybill="SF-2001")
    send(officer)
    officer.wait_for_url(re.compile(r"/shipments/SM\d{4}-\d+$"))
    return officer.url


def received(clerk: Page, shipment: str, photo: Path, code: str, *, found: str, seal: str, note: str) -> None:
    """Intake scans one label and signs for the sample."""
    clerk.goto(shipment)
    fill(clerk, code=code, found=found, seal=seal, condition="新鲜", bench_name="豆类蔬菜", note=note)
    clerk.locator("#photo").set_input_files(photo)
    send(clerk)
    expect(clerk.locator("#manifest tr", has_text=code.replace("-", ""))).not_to_contain_text(
        zh("not scanned yet")
    )


def split(clerk: Page, record: str, code: str) -> str:
    """Half for the bench, half kept; the code of the first half."""
    clerk.goto(f"/samples?q={code}")
    clerk.locator("main tbody a").first.click()
    clerk.get_by_role("link", name=zh("Split"), exact=True).click()
    fill(clerk, portions=({"amount": "1", "kept_for": "test"}, {"amount": "1", "kept_for": "retest"}))
    send(clerk)
    expect(state_of(clerk)).to_have_text(zh("Divided"))
    clerk.goto("/bench")
    rows = clerk.locator("main tbody tr", has_text="豆类蔬菜")
    known = [rows.nth(place).locator("code").first.inner_text() for place in range(rows.count())]
    for found in known:
        clerk.goto(f"/bench/{found.replace('-', '')}")
        if "1 kg" in clerk.locator("#facts").inner_text():
            return found.replace("-", "")
    raise AssertionError(known)


def measured(analyst: Page, code: str) -> None:
    """Taken by its code alone, measured, recorded."""
    analyst.goto(f"/bench/{code}")
    assert CASE not in analyst.content()
    assert "市市场监督管理局" not in analyst.content()
    analyst.get_by_role("button", name=zh("Take to the bench")).click()
    fill(analyst, value="0.09", unit="mg/kg", judgement="fails", measured_at=f"{now():{LOCAL}}", place="农残室")
    send(analyst)
    expect(analyst.locator("#worksheet")).to_contain_text("0.09")


def reviewed(colleague: Page, code: str) -> None:
    """By a second person."""
    colleague.goto(f"/bench/{code}")
    colleague.get_by_role("button", name=zh("Review"), exact=True).click()
    expect(colleague.locator("#worksheet")).not_to_contain_text(zh("to be reviewed"))


def now() -> object:
    """This minute in Chongqing."""
    return clock.now().astimezone(clock.LOCAL_ZONE)


def day(days: int) -> str:
    """A day from now."""
    return f"{clock.today() + timedelta(days=days):%Y-%m-%d}"
