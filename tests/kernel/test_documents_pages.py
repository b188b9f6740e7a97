"""The page of a letter, its original, its editable copy, for people and for programs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.equipment.counter import english
from tests.kernel.letter_story import HAN, issue_from, open_loan
from tests.people import Cast, make_cast

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.storage import open_file

if TYPE_CHECKING:
    from shared_resources.kernel.documents import Issued


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def issued(cast: Cast) -> Issued:
    draft = replace(HAN, addressees=(cast.borrower.agency,))
    return await issue_from(draft, await open_loan(cast), cast.owner)


async def test_the_page_names_number_addressee_and_hash(cast: Cast, issued: Issued) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.page(f"/documents/{issued.id}")
    assert answer.status_code == 200
    for wanted in (issued.number, HAN.title, issued.sha256.hex(), "owner.head", "/agencies/borrower", "/loans/L"):
        assert wanted in answer.text, wanted


async def test_the_original_is_shown_in_the_browser_and_kept_by_it(cast: Cast, issued: Issued) -> None:
    async with english(cast.owner.clerk) as browser:
        answer = await browser.get(f"/documents/{issued.id}/pdf")
        saved = await browser.get(f"/documents/{issued.id}/pdf?download=true")
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert {"private", "immutable"} <= set(answer.headers["cache-control"].split(", "))
    assert saved.headers["content-disposition"].startswith("attachment")


async def test_the_editable_copy_is_a_word_file(cast: Cast, issued: Issued) -> None:
    async with english(cast.owner.clerk) as browser:
        answer = await browser.get(f"/documents/{issued.id}/docx")
    assert answer.content.startswith(b"PK")
    assert "wordprocessingml" in answer.headers["content-type"]


async def test_the_check_says_what_it_found(cast: Cast, issued: Issued) -> None:
    async with english(cast.owner.clerk) as browser:
        await browser.send(f"/documents/{issued.id}/check")
        assert "the same to the last byte" in (await browser.page(f"/documents/{issued.id}")).text
        async with reading() as db:
            _, path = await open_file(await db.fetchval("SELECT pdf FROM document WHERE id = $1", issued.id))
        path.write_bytes(path.read_bytes() + b" ")
        await browser.send(f"/documents/{issued.id}/check")
        assert "was altered" in (await browser.page(f"/documents/{issued.id}")).text


async def test_others_meet_nothing_at_all(cast: Cast, issued: Issued) -> None:
    async with english(cast.third.officer) as browser:
        for path in ("", "/pdf", "/docx"):
            assert (await browser.page(f"/documents/{issued.id}{path}")).status_code == 404
        assert (await browser.send(f"/documents/{issued.id}/check")).status_code == 404
        assert (await browser.get(f"/api/v1/documents/{issued.id}")).status_code == 404
    async with english(None) as browser:
        assert (await browser.get(f"/api/v1/documents/{issued.id}")).status_code == 401


async def test_programs_read_the_same(cast: Cast, issued: Issued) -> None:
    async with english(cast.owner.officer) as browser:
        answer = (await browser.get(f"/api/v1/documents/{issued.id}")).json()
    assert answer["number"] == issued.number
    assert answer["sha256"] == issued.sha256.hex()
    assert [one["slug"] for one in answer["addressees"]] == ["borrower"]
