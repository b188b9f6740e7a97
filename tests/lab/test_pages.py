"""Pages of laboratories: forms that come back with their reasons, lists that go in and out, papers."""

from __future__ import annotations

import io
import re

import pdfplumber
import pytest
from PIL import Image

from shared_resources.kernel.database.transaction import reading
from shared_resources.lab.service.shipments import close_shipment
from tests.clients import client_for
from tests.lab.appraising import Appraisal, make_appraisal
from tests.people import make_cast

LIST = "领域,检测项目,检测对象,检测方法,工作日\n食品,镉,大米,GB 5009.15-2023,5\n食品,砷,大米,GB 5009.11-2024,\n"


@pytest.fixture
async def one(db: str) -> Appraisal:
    return await make_appraisal(await make_cast())


async def test_a_laboratory_is_registered_and_filled_on_its_pages(one: Appraisal) -> None:
    async with client_for(one.cast.third.head) as browser:
        short = await browser.send("/laboratories/new", name_zh="乙")
        assert short.status_code == 422
        assert "乙" in short.text
        made = await browser.send(
            "/laboratories/new",
            name_zh="市农产品质量检测中心",
            name_en="Farm produce centre",
            address="九龙坡区",
            contact="收样室",
            phone="023-1",
            turnaround_days="7",
            capacity="5",
        )
        home = made.headers["location"]
        dates = {"valid_from": "2026-01-01", "valid_to": "2031-12-31"}
        added = await browser.send(f"{home}/add/certificates", kind="cma", number="C-1", issuer="监管局", **dates)
        assert added.status_code == 303
        page = (await browser.page(home)).text
        assert "C-1" in page
        (certificate,) = set(re.findall(r"/end/certificates/([0-9a-f-]{36})", page))
        wrong = await browser.send(
            f"{home}/scope/import", certificate=certificate, text=LIST.replace(",5", ",五天")
        )
        assert wrong.status_code == 422
        assert "工作日" in wrong.text
        assert (await browser.send(f"{home}/scope/import", certificate=certificate, text=LIST)).status_code == 303
        assert "镉" in (await browser.page(f"{home}?q=镉")).text
        assert (await browser.page(f"{home}/scope.csv")).text.count("\n") == 3
        assert (await browser.page(f"{home}/scope.xlsx")).content.startswith(b"PK")
        assert (await browser.send(f"{home}/end/certificates/{certificate}")).status_code == 303
        assert (await browser.page(f"{home}/add/nothing")).status_code == 404
    async with client_for(one.cast.borrower.officer) as browser:
        assert (await browser.page(f"{home}/add/scope")).status_code == 403
        assert (await browser.page("/laboratories?by=nonsense&q=镉")).status_code == 200


async def test_a_sample_is_taken_with_its_photo_and_followed_to_its_slip(one: Appraisal) -> None:
    await one.accepted()
    entries = {
        "material": "黄瓜",
        "amount": "2",
        "unit": "kg",
        "condition": "新鲜",
        "kept_for": "test",
        "seal_no": "FT-9",
        "taken_at": "2026-11-20T09:30",
        "taken_where": "市场",
        "taken_by": "甲",
        "second_taker": "乙",
        "wish": "keep",
    }
    path = f"/lab-delegations/{one.number}/samples/new"
    async with client_for(one.cast.borrower.officer) as browser:
        without = await browser.send(path, **entries)
        assert without.status_code == 422
        assert "黄瓜" in without.text
        taken = await browser.send(path, files={"photo": ("seal.png", picture(), "image/png")}, **entries)
        assert taken.status_code == 303, taken.text
        label = taken.headers["location"]
        number = label.split("/")[2]
        assert "<svg" in (await browser.page(label)).text
        sent = await browser.send(f"/lab-delegations/{one.number}/ship", samples=number, carrier="李押运")
        shipment = sent.headers["location"]
        manifest = await browser.page(f"{shipment}/manifest.pdf")
        assert "送样清单" in text_of(manifest.content)
    async with reading() as db:
        code = await db.fetchval("SELECT code FROM sample")
    async with client_for(one.bench.clerk) as browser:
        assert shipment.rsplit("/", 1)[1] in (await browser.page("/shipments")).text
        told = {"code": f"HTTPS://EXAMPLE.TEST/S/{code}", "found": "arrived", "seal": "whole", "condition": "新鲜"}
        photo = {"photo": ("seal.png", picture(), "image/png")}
        signed = await browser.send(f"{shipment}/scan", files=photo, **told)
        assert signed.status_code == 303, signed.text
        again = await browser.send(f"{shipment}/scan", files=photo, **told)
        assert again.status_code == 409
        await close_shipment(one.bench.clerk, shipment.rsplit("/", 1)[1])
        found = await browser.page(f"/S/{code}")
        assert found.headers["location"] == f"/samples/{number}"
        split = await browser.send(f"/samples/{number}/split", **{"portions.0.amount": "3"})
        assert split.status_code == 422
        stored = await browser.send(f"/samples/{number}/put-away", store=str(one.bench.store))
        assert stored.status_code == 303, stored.text
        assert (await browser.page(f"/samples/{number}")).text.count("冷藏样品库") >= 1
        slip = text_of((await browser.page(f"/samples/{number}/slip.pdf")).content)
        assert "样品流转单" in slip
        assert "冷藏样品库" in slip
    async with client_for(one.bench.analyst) as browser:
        assert (await browser.page(f"/S/{code}")).headers["location"] == f"/bench/{code}"
    async with client_for(one.cast.third.officer) as browser:
        for path in (f"/samples/{number}", f"/samples/{number}/slip.pdf", shipment, f"{shipment}/manifest.pdf"):
            assert (await browser.page(path)).status_code == 404, path


async def test_the_pages_of_a_delegation_follow_it(one: Appraisal) -> None:
    async with client_for(one.cast.borrower.officer) as browser:
        opened = await browser.page(f"/lab-delegations/new?laboratory={one.bench.number}&scope={one.bench.scope}")
        assert one.bench.number in opened.text
        assert "行政处罚案件证据" in opened.text
    await one.accepted()
    await one.reported()
    async with client_for(one.cast.borrower.officer) as browser:
        page = (await browser.page(f"/lab-delegations/{one.number}")).text
        assert "不计入委托机关的办案期限" in page
        pack = await browser.send(f"/lab-delegations/{one.number}/pack.zip")
        assert pack.content.startswith(b"PK")


def picture() -> bytes:
    """A small photo."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return buffer.getvalue()


def text_of(pdf: bytes) -> str:
    """What a PDF says."""
    with pdfplumber.open(io.BytesIO(pdf)) as found:
        return "".join(page.extract_text() for page in found.pages).replace(" ", "")
