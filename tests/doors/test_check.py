"""Checking a letter by page and API: anybody may, each fault is said in a sentence of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel.seals import countersign_letter, sign_letter
from shared_resources.settings import PREFIX, settings
from tests.clients import client_for
from tests.kernel.papers_story import pdf_with
from tests.kernel.seal_story import (
    Story,
    bytes_of,
    flipped,
    letter_of,
    rows,
    seal_for,
    trusting_development,
    turned,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(autouse=True)
def development() -> Iterator[None]:
    with trusting_development():
        yield


@pytest.fixture
async def story(db: str) -> Story:
    cast = await make_cast()
    await seal_for(cast.owner)
    await seal_for(cast.borrower)
    return await letter_of(cast)


async def sent(pdf: bytes, name: str = "letter.pdf", locale: str = "en") -> httpx.Response:
    """The page that somebody without an account gets for a file."""
    async with client_for(headers={"accept-language": locale}) as browser:
        return await browser.send("/check", files={"file": (name, pdf, "application/pdf")})


async def test_anybody_sees_that_a_sealed_letter_is_whole(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter)
    answer = await sent(await bytes_of(made.file))
    assert answer.status_code == 200
    assert "Every electronic seal in this file is valid" in answer.text
    assert f"this is the sealed letter {story.number}" in answer.text
    assert "市应急管理局关于商请协助执法的函" in answer.text
    assert "for tests only" in answer.text


async def test_the_page_stands_without_an_account_in_both_languages(db: str) -> None:
    for locale in ("zh-CN", "en"):
        async with client_for(headers={"accept-language": locale}) as browser:
            answer = await browser.page("/check")
        assert answer.status_code == 200
        assert 'type="file"' in answer.text


async def test_every_fault_has_its_sentence(story: Story) -> None:
    pdf = await bytes_of((await sign_letter(story.cast.owner.head, story.letter)).file)
    changed = await sent(flipped(pdf, 1500))
    assert "at least one byte was changed" in changed.text
    assert "was not issued here" in changed.text
    added = await sent(turned(pdf))
    assert "Something was added to the file after this seal" in added.text
    assert f"It begins as the letter {story.number}, but something was added" in added.text
    stranger = await sent(pdf_with("letter"))
    assert "bears no electronic seal" in stranger.text


async def test_a_strangers_authority_is_not_trusted(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = await bytes_of((await sign_letter(story.cast.owner.head, story.letter)).file)
    monkeypatch.setenv(f"{PREFIX}DEMO", "false")
    settings.cache_clear()
    assert "Nobody whom this system trusts vouches" in (await sent(pdf)).text


async def test_an_older_copy_is_told_apart_from_the_newest(story: Story) -> None:
    first = await bytes_of((await sign_letter(story.cast.owner.head, story.letter)).file)
    second = await bytes_of((await countersign_letter(story.cast.borrower.head, story.letter)).file)
    assert "ask for the newest copy" in (await sent(first)).text
    assert "ask for the newest copy" not in (await sent(second)).text
    [row] = await rows("SELECT pdf FROM document WHERE id = $1", story.letter)
    assert "this is the letter before it was sealed" in (await sent(await bytes_of(row["pdf"]))).text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"hello", "This file is no PDF."),
        (b"", "This file is no PDF."),
        (b"%PDF-1.7 and nothing else", "This PDF is damaged"),
    ],
)
async def test_what_cannot_be_checked_is_said(db: str, data: bytes, sentence: str) -> None:
    answer = await sent(data)
    assert answer.status_code == 422
    assert sentence in answer.text


async def test_a_file_beyond_the_limit_is_refused(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}UPLOAD_LIMIT_MB", "1")
    settings.cache_clear()
    answer = await sent(b"%PDF-1.7" + b" " * 1_000_001)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text


async def test_no_file_is_said_beside_the_field(db: str) -> None:
    async with client_for(headers={"accept-language": "en"}) as browser:
        answer = await browser.send("/check", nothing="1")
    assert answer.status_code == 422
    assert "There is no file." in answer.text


async def test_programs_get_the_same_as_json(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter)
    pdf = await bytes_of(made.file)
    async with client_for(story.cast.third.officer) as browser:
        await browser.page("/check")
        token = {"x-csrf-token": browser.csrf or ""}
        answer = await browser.post("/api/v1/check", files={"data": ("a.pdf", pdf)}, headers=token)
        refused = await browser.post("/api/v1/check", files={"data": ("a.pdf", b"no")}, headers=token)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["verdict"], found["letter"]["number"]) == ("valid", story.number)
    assert found["seals"][0]["serial_no"] == made.serial_no
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not_a_pdf")
