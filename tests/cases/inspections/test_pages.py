"""The register in the browser, and the warning before an overlapping plan is saved."""

from __future__ import annotations

from datetime import date

from tests.cases.inspections.story import make_party, plan
from tests.clients import client_for
from tests.people import make_cast

CODE = "11500000MB9900013U"


async def test_a_party_is_added_found_and_changed(db: str) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer) as browser:
        refused = await browser.send("/parties/new", kind="organisation", name="某某化工", code=CODE[:-1] + "0")
        assert refused.status_code == 422
        assert "某某化工" in refused.text
        done = await browser.send(
            "/parties/new", kind="organisation", name="某某化工", code=CODE, subfields=["fire", "pollution"]
        )
        address = done.headers["location"]
        assert done.status_code == 303
        assert CODE in (await browser.page(address)).text
        assert "某某化工" in (await browser.page("/parties?q=化工")).text
        assert 'value="fire" checked' in (await browser.page(f"{address}/edit")).text
        changed = await browser.send(
            f"{address}/edit", kind="organisation", name="某某新材料", code=CODE, version="0"
        )
        assert changed.status_code == 303
        stale = await browser.send(f"{address}/edit", kind="organisation", name="某某旧", code=CODE, version="0")
        assert stale.status_code == 409
    async with client_for(cast.third.officer) as other:
        twice = await other.send("/parties/new", kind="organisation", name="重复", code=CODE)
        assert twice.status_code == 409
        assert "重复" in twice.text


async def test_an_overlap_is_said_before_anything_is_saved(db: str) -> None:
    cast = await make_cast()
    number = await make_party(cast.owner.officer)
    await plan(cast.owner.officer, number, date(2026, 12, 1), date(2026, 12, 5), subject="年度消防检查")
    sent = {"party": number, "first": "2026-12-05", "last": "2026-12-08", "subfield": "fire", "subject": "消防"}
    async with client_for(cast.borrower.officer) as browser:
        form = await browser.page(f"/parties/{number}/plan")
        assert "市应急管理局" in form.text
        warned = await browser.send(f"/parties/{number}/plan", **sent)
        assert warned.status_code == 409
        assert 'name="in_spite"' in warned.text
        assert "年度消防检查" not in warned.text
        assert "IP2026" not in warned.text
        done = await browser.send(f"/parties/{number}/plan", **sent, in_spite="1")
        assert done.status_code == 303
        own = await browser.page(done.headers["location"])
        assert own.status_code == 200
        assert "市应急管理局" in own.text
        free = await browser.send(
            f"/parties/{number}/plan", **{**sent, "first": "2027-01-05", "last": "2027-01-06"}
        )
        assert free.status_code == 303


async def test_programs_see_names_and_days_only(db: str) -> None:
    cast = await make_cast()
    number = await make_party(cast.owner.officer)
    made = await plan(cast.owner.officer, number, date(2026, 12, 1), date(2026, 12, 5))
    async with client_for(cast.borrower.officer) as browser:
        path = f"/api/v1/parties/{number}/inspections"
        (window,) = (await browser.ask("GET", path)).json()
        assert (window["agency_name_zh"], window["first"], window["number"]) == (
            "市应急管理局",
            "2026-12-01",
            None,
        )
        assert (await browser.ask("GET", f"{path}?first=2026-12-06&last=2026-12-09")).json() == []
        assert (await browser.ask("GET", "/api/v1/parties/RP2026-99999")).status_code == 404
        body = {"kind": "organisation", "name": "程序录入单位", "code": CODE}
        added = await browser.ask("POST", "/api/v1/parties", body)
        assert (added.status_code, added.json()["name"]) == (201, "程序录入单位")
        listed = (await browser.ask("GET", "/api/v1/parties?q=程序")).json()
        assert [one["code"] for one in listed["parties"]] == [CODE]
        assert (await browser.page(f"/inspections/{made.number}")).status_code == 404
