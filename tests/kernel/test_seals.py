"""Sealing: by whom, in which order, once; what the journal and the table keep; what a seal is worth later."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.kernel.papers_story import file_of, lines, pdf_with
from tests.kernel.seal_story import Story, bytes_of, letter_of, looked, rows, seal_for, trusting_development
from tests.people import Cast, make_cast, make_person

from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Repeated, Taken, WrongState
from shared_resources.kernel.permissions import Role
from shared_resources.kernel.seals import (
    SignatureState,
    authority,
    countersign_letter,
    file_scan,
    sign_letter,
    signature_state,
)
from shared_resources.kernel.seals.report import Verdict
from shared_resources.kernel.storage import place

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def development() -> Iterator[None]:
    with trusting_development():
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def story(cast: Cast) -> Story:
    await seal_for(cast.owner)
    await seal_for(cast.borrower)
    return await letter_of(cast)


async def test_a_sealed_letter_is_valid_and_begins_with_the_original(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter)
    pdf = await bytes_of(made.file)
    [original] = await rows("SELECT sha256, pdf FROM document WHERE id = $1", story.letter)
    unsigned = await bytes_of(original["pdf"])
    assert pdf.startswith(unsigned)
    assert hashlib.sha256(pdf).digest() == made.sha256
    report = await looked(pdf)
    [found] = report.signatures
    assert report.verdict is Verdict.VALID
    assert (found.name, found.covers_all, found.serial_no) == ("市应急管理局", True, made.serial_no)
    assert story.cast.owner.head.name in found.reason
    assert report.open_fields == ("Seal2",)
    assert await signature_state(story.letter) is SignatureState.VALID


async def test_the_journal_keeps_what_proves_it(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter, act_id="press-1")
    step, body = (await lines(story.loan))[-1]
    data = json.loads(body)["data"]
    assert step == "sign_letter"
    assert (data["document"], data["field"]) == (str(story.letter), "Seal1")
    assert (data["sha256"], data["serial_no"]) == (made.sha256.hex(), made.serial_no)
    assert data["authority"] == authority.CALLED
    assert data["valid_from"] < data["valid_to"]
    with pytest.raises((Repeated, WrongState)):
        await sign_letter(story.cast.owner.head, story.letter, act_id="press-1")


async def test_both_seals_stand_side_by_side(story: Story) -> None:
    await sign_letter(story.cast.owner.head, story.letter)
    made = await countersign_letter(story.cast.borrower.head, story.letter)
    report = await looked(await bytes_of(made.file))
    assert report.verdict is Verdict.VALID
    assert [(one.name, one.changes) for one in report.signatures] == [
        ("市应急管理局", "form_filling"),
        ("市市场监督管理局", "none"),
    ]
    assert report.open_fields == ()
    assert await signature_state(story.letter) is SignatureState.VALID


async def test_the_other_agency_is_told_that_its_seal_is_awaited(story: Story) -> None:
    await sign_letter(story.cast.owner.head, story.letter)
    told = await rows("SELECT person, link FROM notice WHERE sentence LIKE '%waits for the seal%'")
    assert story.cast.borrower.head.person in {row["person"] for row in told}
    assert {row["link"] for row in told} == {f"/documents/{story.letter}"}


@pytest.mark.parametrize("who", ["officer", "clerk", "custodian", "auditor", "admin"])
async def test_only_leaders_use_the_seal(story: Story, who: str) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        await sign_letter(getattr(story.cast.owner, who), story.letter)
    assert await signature_state(story.letter) is SignatureState.UNSIGNED


async def test_each_agency_uses_its_own_place(story: Story) -> None:
    with pytest.raises(NotAllowed):
        await sign_letter(story.cast.borrower.head, story.letter)
    with pytest.raises(WrongState, match="has to seal it first"):
        await countersign_letter(story.cast.borrower.head, story.letter)
    with pytest.raises(NotFound):
        await sign_letter(story.cast.third.head, story.letter)
    await sign_letter(story.cast.owner.head, story.letter)
    with pytest.raises(NotAllowed):
        await countersign_letter(story.cast.owner.head, story.letter)
    with pytest.raises(NotFound):
        await countersign_letter(story.cast.third.head, story.letter)


async def test_of_two_leaders_who_press_at_once_one_seals(story: Story) -> None:
    second = await make_person(story.cast.owner.agency, "owner.leader", [Role.LEADER])
    answers = await asyncio.gather(
        *(sign_letter(actor, story.letter) for actor in (story.cast.owner.head, second)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 1
    assert isinstance(refused[0], WrongState | Taken)
    assert len(await rows("SELECT FROM signature")) == 1
    assert len([step for step, _ in await lines(story.loan) if step == "sign_letter"]) == 1


async def test_the_table_itself_refuses_a_second_seal_in_a_field(story: Story) -> None:
    await sign_letter(story.cast.owner.head, story.letter)
    with pytest.raises(Exception, match="signature_field_once"):
        await rows(
            "INSERT INTO signature (id, document, agency, field, kind, file, sha256, at) SELECT gen_random_uuid(),"
            " document, agency, field, kind, file, sha256, at FROM signature RETURNING id"
        )


async def test_agencies_that_countersign_at_once_lose_no_seal(cast: Cast) -> None:
    """Each seals the file that it saw; whoever comes second seals the one that the first has left."""
    for team in (cast.owner, cast.borrower, cast.third):
        await seal_for(team)
    story = await letter_of(cast, cast.third)
    await sign_letter(cast.owner.head, story.letter)
    await asyncio.gather(
        *(countersign_letter(team.head, story.letter) for team in (cast.borrower, cast.third)),
    )
    [newest, *_] = await rows("SELECT file FROM signature ORDER BY at DESC, id DESC")
    report = await looked(await bytes_of(newest["file"]))
    assert (report.verdict, len(report.signatures)) == (Verdict.VALID, 3)
    assert await signature_state(story.letter) is SignatureState.VALID


async def test_an_expired_certificate_seals_nothing_and_says_so(story: Story) -> None:
    with (
        clock.at(clock.now() + timedelta(days=4 * 365)),
        pytest.raises(Invalid, match=r"seal expired on \d{4}-\d\d-\d\d"),
    ):
        await sign_letter(story.cast.owner.head, story.letter)
    assert await signature_state(story.letter) is SignatureState.UNSIGNED


async def test_a_seal_outlives_its_certificate_because_we_know_when_it_was_made(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter)
    with clock.at(clock.now() + timedelta(days=4 * 365)):
        assert (await looked(await bytes_of(made.file))).verdict is Verdict.UNTRUSTED
        assert await signature_state(story.letter) is SignatureState.VALID


async def test_without_a_seal_one_is_told_what_to_do(cast: Cast) -> None:
    story = await letter_of(cast)
    with pytest.raises(Invalid, match="no electronic seal here"):
        await sign_letter(cast.owner.head, story.letter)


async def test_a_lost_or_altered_file_breaks_the_state(story: Story) -> None:
    made = await sign_letter(story.cast.owner.head, story.letter)
    path, kept = place(made.sha256), await bytes_of(made.file)
    path.write_bytes(kept[:900] + b"?" + kept[901:])
    assert await signature_state(story.letter) is SignatureState.BROKEN
    path.unlink()
    assert await signature_state(story.letter) is SignatureState.BROKEN


async def test_the_sealed_paper_is_filed_as_what_it_is(cast: Cast) -> None:
    story = await letter_of(cast)
    scan = await file_of(cast.owner.clerk, pdf_with("scan"), "scan.pdf")
    made = await file_scan(cast.owner.clerk, story.letter, scan)
    assert (made.file, made.serial_no) == (scan, None)
    assert await signature_state(story.letter) is SignatureState.SCAN
    await seal_for(cast.borrower)
    with pytest.raises(WrongState, match="sealed on paper"):
        await countersign_letter(cast.borrower.head, story.letter)
    await file_scan(
        cast.borrower.clerk, story.letter, await file_of(cast.borrower.clerk, pdf_with("both"), "both.pdf")
    )
    assert [row["kind"] for row in await rows("SELECT kind FROM signature ORDER BY at")] == ["scan", "scan"]


async def test_a_scan_comes_from_the_own_agency_and_only_once(cast: Cast) -> None:
    story = await letter_of(cast)
    foreign = await file_of(cast.third.clerk, pdf_with("x"), "x.pdf")
    with pytest.raises(NotFound):
        await file_scan(cast.owner.clerk, story.letter, foreign)
    own = await file_of(cast.owner.clerk, pdf_with("y"), "y.pdf")
    with pytest.raises((NotAllowed, NotFound)):
        await file_scan(cast.owner.custodian, story.letter, own)
    await file_scan(cast.owner.clerk, story.letter, own)
    with pytest.raises(WrongState):
        await file_scan(cast.owner.clerk, story.letter, own)
