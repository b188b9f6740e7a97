"""Letters: numbers without gaps, originals that nobody changes, refusals that name what is wrong."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pdfplumber
import pytest
from docx import Document
from tests.kernel.letter_story import EVERY, HAN, PLAN, issue_and_fail, issue_from, open_loan
from tests.people import Cast, make_cast, make_person

from shared_resources.kernel import clock, documents
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.documents import Proof
from shared_resources.kernel.errors import Invalid, NotFound, Refusals
from shared_resources.kernel.letters import Element, Paragraph
from shared_resources.kernel.storage import open_file

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.letters import LetterDraft

TOGETHER = 40


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def record(cast: Cast) -> UUID:
    return await open_loan(cast)


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as read:
        return "\n".join(page.extract_text() or "" for page in read.pages)


async def serials() -> list[int]:
    async with reading() as db:
        return [row["serial"] for row in await db.fetch("SELECT serial FROM document ORDER BY serial")]


async def original(issued: documents.Issued) -> bytes:
    async with reading() as db:
        file = await db.fetchval("SELECT pdf FROM document WHERE id = $1", issued.id)
    _, path = await open_file(file)
    return path.read_bytes()


async def test_forty_at_once_get_the_numbers_one_to_forty(cast: Cast, record: UUID) -> None:
    issued = await asyncio.gather(*(issue_from(HAN, record, cast.owner) for _ in range(TOGETHER)))
    assert sorted(await serials()) == list(range(1, TOGETHER + 1))
    assert len({one.number for one in issued}) == TOGETHER


async def test_whoever_fails_gives_the_number_back(cast: Cast, record: UUID) -> None:
    acts = [issue_and_fail if place % 3 == 0 else issue_from for place in range(30)]
    done = await asyncio.gather(*(act(HAN, record, cast.owner) for act in acts), return_exceptions=True)
    failed = [one for one in done if isinstance(one, BaseException)]
    assert len(failed) == 10
    assert all(isinstance(one, ZeroDivisionError) for one in failed)
    assert await serials() == list(range(1, 21))


async def test_each_agency_series_and_year_counts_for_itself(cast: Cast, record: UUID) -> None:
    eve = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Chongqing
    morning = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    made = [
        await issue_from(HAN, record, cast.owner, eve),
        await issue_from(HAN, record, cast.owner, eve),
        await issue_from(PLAN, record, cast.owner, eve),
        await issue_from(HAN, record, cast.borrower, eve),
        await issue_from(HAN, record, cast.owner, morning),
    ]
    assert [one.number for one in made] == [
        "渝owner函〔2026〕1号",
        "渝owner函〔2026〕2号",
        "渝owner发〔2026〕1号",
        "渝borrower函〔2026〕1号",
        "渝owner函〔2027〕1号",
    ]
    assert "2027年1月1日" in text_of(await original(made[-1]))


async def test_an_agency_without_a_code_numbers_with_its_name(cast: Cast, record: UUID) -> None:
    async with transaction() as db:
        await db.execute("UPDATE agency SET letter_code = NULL WHERE id = $1", cast.owner.agency)
    assert (await issue_from(HAN, record, cast.owner)).number.startswith("市应急管理局函〔")


@pytest.mark.parametrize("draft", EVERY, ids=lambda draft: draft.kind)
async def test_the_original_has_every_part_and_is_set_again_to_the_same_bytes(
    draft: LetterDraft, cast: Cast, record: UUID
) -> None:
    issued = await issue_from(draft, record, cast.owner)
    pdf = await original(issued)
    assert hashlib.sha256(pdf).digest() == issued.sha256
    assert await documents.rebuild(issued.id) == pdf
    assert await documents.prove(issued.id) is Proof.SAME
    text = text_of(pdf).replace("\n", "")
    for wanted in (issued.number, "市应急管理局", *draft.cc, draft.title[-6:]):
        assert wanted in text, wanted
    assert ("签发人：owner.head" in text) is draft.upward


async def test_an_original_is_never_changed(cast: Cast, record: UUID) -> None:
    issued = await issue_from(HAN, record, cast.owner)
    for statement in ("UPDATE document SET title = 'x'", "DELETE FROM document", "TRUNCATE document CASCADE"):
        with pytest.raises(asyncpg.PostgresError):
            async with transaction() as db:
                await db.execute(statement)
    assert (await documents.letters_of(record))[0].number == issued.number


async def test_a_changed_byte_is_found(cast: Cast, record: UUID) -> None:
    issued = await issue_from(HAN, record, cast.owner)
    async with reading() as db:
        _, path = await open_file(await db.fetchval("SELECT pdf FROM document WHERE id = $1", issued.id))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert await documents.prove(issued.id) is Proof.ALTERED
    path.unlink()
    assert await documents.prove(issued.id) is Proof.ALTERED


async def test_every_missing_element_is_named_and_no_number_is_lost(cast: Cast, record: UUID) -> None:
    lacking = (Element("Ground", present=False), Element("Case", present=False), Element("Annex", False, False))
    with pytest.raises(Refusals) as refused:
        await issue_from(replace(HAN, elements=lacking), record, cast.owner)
    assert [str(one.sentence) for one in refused.value.reasons] == [
        "The letter lacks: Ground.",
        "The letter lacks: Case.",
    ]
    assert (await issue_from(HAN, record, cast.owner)).number.endswith("〕1号")


async def test_a_character_that_nothing_draws_is_named(cast: Cast, record: UUID) -> None:
    with pytest.raises(Invalid, match="U\\+1F600"):
        await issue_from(replace(HAN, blocks=(Paragraph("请予协助😀"),)), record, cast.owner)
    rare = replace(HAN, blocks=(Paragraph("联系人：镕垚翀珺喆堃昇彧頔骉犇，面积20㎡"),))
    assert "垚翀" in text_of(await original(await issue_from(rare, record, cast.owner)))


async def test_what_people_write_is_never_markup(cast: Cast, record: UUID) -> None:
    nasty = '#read("/etc/passwd") [x] $a^2$ \\u{41} // 注释 /* 内 */ *粗* _斜_ `码` <sealpos> @引 ~ "引号" \' = 题'
    draft = replace(HAN, title="关于#let x = 1的函", blocks=(Paragraph(nasty),), cc=("$1$",), contact="#[联系]")
    pdf = await original(await issue_from(draft, record, cast.owner))
    text = text_of(pdf).replace("\n", "").replace(" ", "")
    for wanted in ('#read("/etc/passwd")', "$a^2$", "\\u{41}", "//注释/*内*/", "<sealpos>", "#letx=1", "#[联系]"):
        assert wanted in text, wanted


async def test_a_preview_is_marked_and_takes_no_number(cast: Cast, record: UUID) -> None:
    draft = replace(HAN, elements=(Element("Ground", present=False),))
    text = text_of(await documents.preview(draft, cast.owner.agency, cast.owner.head, record))
    assert "未编号" in text
    assert "草" in text
    assert await serials() == []


async def test_the_editable_copy_opens_and_says_what_it_is(cast: Cast, record: UUID) -> None:
    issued = await issue_from(HAN, record, cast.owner)
    docx = Document(io.BytesIO(await documents.docx_of(issued.id)))
    written = "\n".join(line.text for line in docx.paragraphs)
    for wanted in (issued.number, HAN.title, "一、提请协助的事项", "抄送：市司法局", "附件：1.现场检查记录"):
        assert wanted in written, wanted
    assert docx.tables[0].rows[2].cells[2].text == "／"
    assert "可编辑副本" in docx.sections[0].header.paragraphs[0].text


async def test_seals_go_on_name_and_date(cast: Cast, record: UUID) -> None:
    issued = await issue_from(
        replace(HAN, countersigned_by=(cast.borrower.agency, cast.third.agency)), record, cast.owner
    )
    places = await documents.seal_places(issued.id)
    assert [place.index for place in places] == [0, 1, 2]
    with pdfplumber.open(io.BytesIO(await original(issued))) as read:
        page = read.pages[places[0].page - 1]
        words = [word for word in page.extract_words() if "2026年" in word["text"] and word["x0"] > 250]
    date_line = words[-1]
    assert date_line["x0"] < places[0].x < date_line["x1"]
    assert abs((841.89 - places[0].y) - date_line["top"]) < 20


async def test_read_by_both_sides_and_the_addressee_and_nobody_else(cast: Cast, record: UUID) -> None:
    stranger = await make_person(cast.third.agency, "third.nobody", [])
    issued = await issue_from(HAN, record, cast.owner)
    for reader in (cast.owner.officer, cast.borrower.officer):
        assert (await documents.open_letter(reader, issued.id)).number == issued.number
    with pytest.raises(NotFound):
        await documents.open_letter(cast.third.officer, issued.id)
    sent = await issue_from(replace(HAN, addressees=(cast.third.agency,)), record, cast.owner)
    assert (await documents.open_letter(cast.third.officer, sent.id)).addressees[0].slug == "third"
    with pytest.raises(NotFound):
        await documents.open_letter(stranger, sent.id)


async def test_the_back_keeps_what_was_printed(cast: Cast, record: UUID) -> None:
    with clock.at(datetime(2026, 11, 24, 2, 0, tzinfo=UTC)):
        issued = await issue_from(HAN, record, cast.owner)
    async with reading() as db:
        row = await db.fetchrow("SELECT back, draft FROM document WHERE id = $1", issued.id)
    assert row is not None
    assert HAN.title in row["draft"]
    assert ("背页" in text_of(await original(issued))) is (row["back"] != "[]")
