"""Records are found by what is written on them, by those who may see them and nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.cases.inspections.story import act, make_party, plan
from tests.clients import client_for
from tests.kernel.papers_story import draft_of
from tests.people import make_cast, make_offices
from tests.statements import counted

from shared_resources.kernel import clock
from shared_resources.kernel.attachments import attach, withdraw_attachment
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.fulltext import MOST, search_records, vector_of
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import Role
from shared_resources.kernel.schemas.attachments import Confidentiality

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 5)


async def numbers(actor: Actor, text: str) -> list[str]:
    return [hit.number for hit in (await search_records(actor, text)).hits]


async def test_what_a_form_says_is_found_by_parties_and_the_office_only(db: str) -> None:
    cast, offices = await make_cast(), await make_offices()
    party = await make_party(cast.owner.officer, name="寸滩某码头有限公司")
    made = await plan(cast.owner.officer, party, FIRST, LAST, subject="夜间非法采砂船舶停靠")
    for words in ("非法采砂", "采砂", "砂", "寸滩 码头", "船舶 寸滩", made.number, made.number.lower()):
        assert await numbers(cast.owner.auditor, words) == [made.number], words
    for words in ("砂采", "非法倒砂", "完全无关", "寸滩码头", "", "，。"):
        assert await numbers(cast.owner.officer, words) == [], words
    assert await numbers(offices.legal.officer, "非法采砂") == [made.number]
    for stranger in (cast.borrower.officer, cast.third.head, offices.supervisor.officer):
        assert await numbers(stranger, "非法采砂") == []
    nobody = Actor(cast.owner.officer.person, cast.owner.agency, "x", roles=frozenset({Role.SYSTEM_ADMIN}))
    assert await numbers(nobody, "非法采砂") == []
    program = Actor(
        cast.owner.officer.person, cast.owner.agency, "x", roles=frozenset({Role.OFFICER}), scopes=frozenset()
    )
    assert await numbers(program, "非法采砂") == []


async def test_every_act_brings_its_words(db: str) -> None:
    cast = await make_cast()
    made = await plan(cast.owner.officer, await make_party(cast.owner.officer), FIRST, LAST)
    assert await numbers(cast.owner.officer, "储罐") == []
    with clock.at(datetime(2026, 12, 1, 8, tzinfo=UTC)):
        await act(cast.owner.officer, made, "done", done_on=FIRST, result="三号储罐液位计失灵")
    (hit,) = (await search_records(cast.owner.officer, "储罐液位")).hits
    assert "三号储罐液位计失灵" in hit.snippet
    assert (hit.path, hit.state) == (f"/inspections/{made.number}", "done")


async def test_papers_are_found_by_their_label_unless_sensitive_or_taken_back(db: str) -> None:
    cast = await make_cast()
    officer = cast.owner.officer
    made = await plan(officer, await make_party(officer), FIRST, LAST)
    paper = await attach(officer, made.number, await draft_of(officer, label="委托检验报告"))
    sensitive = await draft_of(officer, b"other", label="举报人笔录", confidentiality=Confidentiality.SENSITIVE)
    await attach(officer, made.number, sensitive)
    assert await numbers(officer, "检验报告") == [made.number]
    assert await numbers(officer, "举报人") == []
    await withdraw_attachment(officer, paper, "发错了")
    assert await numbers(officer, "检验报告") == []


async def test_the_title_weighs_more_and_pages_follow_each_other(db: str) -> None:
    cast = await make_cast()
    officer = cast.owner.officer
    plain = await make_party(officer)
    in_text = [await plan(officer, plain, FIRST, LAST, subject=f"第{serial}次查油罐") for serial in range(3)]
    titled = await plan(officer, await make_party(officer, name="油罐清洗有限公司"), FIRST, LAST)
    first = await search_records(officer, "油罐", size=2)
    assert first.hits[0].number == titled.number
    rest = await search_records(officer, "油罐", cursor=first.next, size=2)
    assert {hit.number for hit in (*first.hits, *rest.hits)} == {titled.number, *(one.number for one in in_text)}
    assert rest.next is None
    with pytest.raises(Invalid):
        await search_records(officer, "油罐", cursor="nonsense")


async def test_a_search_is_one_statement(db: str) -> None:
    cast = await make_cast()
    made = await plan(cast.owner.officer, await make_party(cast.owner.officer), FIRST, LAST)
    async with counted() as statements:
        assert await numbers(cast.owner.officer, "危险化学品") == [made.number]
    assert len(statements) <= 3


async def test_quotes_and_operators_are_only_words(db: str) -> None:
    cast = await make_cast()
    for words in ("'", "a' | 'b", "非法 & !采砂", "\\", ":*", "x" * 5000, "<->"):
        assert await numbers(cast.owner.officer, words) == []


async def test_the_largest_record_fits_a_tsvector(db: str) -> None:
    text = "".join(chr(0x4E00 + place * 7919 % 20900) for place in range(MOST))
    words = vector_of({"A": text[:200], "B": text[: MOST // 4], "C": text})
    async with reading() as read:
        assert await read.fetchval("SELECT length($1::text::tsvector)", words) > MOST


async def test_the_search_page_and_the_api_show_records(db: str) -> None:
    cast = await make_cast()
    made = await plan(
        cast.owner.officer, await make_party(cast.owner.officer), FIRST, LAST, subject="溶剂库房通风"
    )
    async with client_for(cast.owner.officer) as browser:
        found = await browser.page("/search?q=库房通风")
        assert made.number in found.text
        assert "库房通风" in found.text
        assert made.number in (await browser.page("/search/records?q=库房")).text
        straight = await browser.page(f"/search?q={made.number}")
        assert straight.headers.get("location") == f"/inspections/{made.number}"
        (hit,) = (await browser.ask("GET", "/api/v1/records?q=库房")).json()["hits"]
        assert hit["number"] == made.number
        assert (await browser.ask("GET", "/api/v1/search?q=库房")).json()["texts"][0]["number"] == made.number
    async with client_for(cast.borrower.officer) as stranger:
        assert made.number not in (await stranger.page("/search?q=库房通风")).text
        assert (await stranger.ask("GET", "/api/v1/records?q=库房")).json()["hits"] == []
