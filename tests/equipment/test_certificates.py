"""Certificates through verbs and doors: added with a scan, declared void, listed before they lapse."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from shared_resources.equipment.queries.certificates import due_certificates
from shared_resources.equipment.schemas.register import CertificateDraft
from shared_resources.equipment.service.certificates import add_certificate, void_certificate
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, NotFound, Taken, WrongState
from shared_resources.kernel.identifiers import new_id
from tests.equipment.counter import english
from tests.makers import MONDAY, make_certificate, make_item, make_model
from tests.people import Cast, make_cast

TODAY = clock.local_date(MONDAY)
PAPER = {"kind": "verification", "number": "JJG-9", "issuer": "市计量院"}
DAYS = {"valid_from": "2026-03-01", "valid_to": "2027-02-28"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_a_certificate_is_recorded_once_and_voided_once(cast: Cast) -> None:
    keeper = cast.owner.custodian
    item = await make_item(keeper=keeper)
    draft = CertificateDraft(number="N", issuer="I", valid_from=TODAY, valid_to=TODAY)
    certificate = await add_certificate(keeper, item.code, draft)
    with pytest.raises(Taken, match="recorded already"):
        await add_certificate(keeper, item.code, draft)
    with pytest.raises(Invalid, match="A reason is needed"):
        await void_certificate(keeper, item.code, certificate, " ")
    await void_certificate(keeper, item.code, certificate, "录入有误")
    with pytest.raises(WrongState, match="void already"):
        await void_certificate(keeper, item.code, certificate, "again")
    await add_certificate(keeper, item.code, draft)
    for actor, code, which in (
        (cast.third.custodian, item.code, certificate),
        (keeper, item.code, new_id()),
    ):
        with pytest.raises(NotFound):
            await void_certificate(actor, code, which, "x")


async def test_what_lapses_is_listed_most_urgent_first(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, evidence_needs_certificate=True)
    spans = {"never": None, "lapsed": -3, "today": 0, "soon": 30, "later": 31}
    for name, days in spans.items():
        item = await make_item(keeper=keeper, model=model, asset_no=name)
        if days is not None:
            await make_certificate(keeper=keeper, code=item.code, valid_to=TODAY + timedelta(days=days))
    renewed = await make_item(keeper=keeper, model=model, asset_no="renewed")
    for last in (TODAY, TODAY + timedelta(days=300)):
        await make_certificate(keeper=keeper, code=renewed.code, valid_to=last)
    await make_item(keeper=keeper, asset_no="needs none")
    await make_item(keeper=keeper, model=model, asset_no="retired", state="retired")
    with clock.at(MONDAY):
        found = await due_certificates(keeper, 30)
        assert await due_certificates(cast.third.custodian, 30) == []
    assert [(line.asset_no, line.days_left) for line in found] == [
        ("never", None),
        ("lapsed", -3),
        ("today", 0),
        ("soon", 30),
    ]


async def test_the_due_list_is_a_page_and_a_file(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, evidence_needs_certificate=True)
    item = await make_item(keeper=keeper, model=model, asset_no="YJ-DUE")
    await make_certificate(keeper=keeper, code=item.code, valid_to=TODAY - timedelta(days=1))
    with clock.at(MONDAY):
        async with english(keeper) as browser:
            page = await browser.page("/certificates")
            odd = await browser.page("/certificates?days=many")
            file = await browser.get("/certificates.csv")
            program = (await browser.ask("GET", "/api/v1/certificates/due")).json()
    assert "lapsed 1 day ago" in page.text
    assert odd.status_code == 200
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [(row["asset_no"], row["days_left"]) for row in rows] == [("YJ-DUE", "-1")]
    assert [line["days_left"] for line in program] == [-1]


async def test_a_certificate_comes_with_its_scan(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    path = f"/items/{item.code}/certificates/new"
    async with english(cast.owner.custodian) as browser:
        await browser.page(path)
        scan = {"file": ("c.pdf", PDF, "application/pdf")}
        sent = await browser.send(path, **PAPER, **DAYS, files=scan)
        assert sent.status_code == 303, sent.text
        page = await browser.page(f"/items/{item.code}")
    assert "/files/" in page.text
    assert "JJG-9" in page.text


async def test_wrong_papers_have_their_sentences(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    path = f"/items/{item.code}/certificates/new"
    async with english(cast.owner.custodian) as browser:
        for change, sentence in (
            ({"number": ""}, "This is needed."),
            ({"valid_to": "2026-02-01"}, "The certificate ends before it begins."),
            ({"valid_from": "tomorrow"}, "This is not a date."),
            ({"kind": "blessing"}, "This does not have the right form."),
        ):
            answer = await browser.send(path, **{**PAPER, **DAYS, **change})
            assert answer.status_code == 422, change
            assert sentence in answer.text
            assert "市计量院" in answer.text
        disguised = await browser.send(
            path, **PAPER, **DAYS, files={"file": ("c.pdf", b"MZ\x90\x00", "application/pdf")}
        )
        assert disguised.status_code == 422
        page = await browser.page(f"/items/{item.code}")
    assert "No certificate is recorded." in page.text
    async with english(cast.third.custodian) as browser:
        assert (await browser.send(path, **PAPER, **DAYS)).status_code == 404
    async with english(cast.owner.officer) as browser:
        assert (await browser.send(path, **PAPER, **DAYS)).status_code == 403


async def test_a_certificate_is_voided_by_its_button(cast: Cast) -> None:
    keeper = cast.owner.custodian
    item = await make_item(keeper=keeper)
    certificate = await make_certificate(keeper=keeper, code=item.code, valid_to=date(2027, 1, 1))
    path = f"/items/{item.code}/certificates/{certificate}/void"
    async with english(keeper) as browser:
        bare = await browser.send(path)
        done = await browser.send(path, note="机构撤销")
        page = await browser.page(f"/items/{item.code}")
        made = await browser.ask("POST", f"/api/v1/items/{item.code}/certificates", {**PAPER, **DAYS})
        void = f"/api/v1/items/{item.code}/certificates/{made.json()['id']}/void"
        assert (await browser.ask("POST", void, {"reason": "x"})).status_code == 204
    assert bare.status_code == 422
    assert done.status_code == 303
    assert "Void" in page.text
    assert "机构撤销" in page.text
