"""Checking files: what was changed, added, signed by strangers or made to hurt us; each is told apart."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from tests.kernel.papers_story import pdf_with
from tests.kernel.seal_story import flipped, looked, turned

from shared_resources.kernel import clock
from shared_resources.kernel.documents.typesetting import SealPlace
from shared_resources.kernel.seals import authority, signing
from shared_resources.kernel.seals.apart import check_apart
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.seals.picture import TEST_FOOT, seal_picture
from shared_resources.kernel.seals.report import CannotCheck, Found, Problem, Report, Unreadable, Verdict

ROOT = authority.self_signed("An authority")
TRUSTED = (ROOT.certificate.public_bytes(Encoding.DER),)
PLACES = {"Seal1": SealPlace(0, 1, 200, 100), "Seal2": SealPlace(1, 1, 80, 100)}


def sealed(pdf: bytes, field: str, vouching: object = ROOT, **more: object) -> bytes:
    """The PDF with one more seal."""
    name = {"Seal1": "市应急管理局", "Seal2": "市生态环境局"}[field]
    pair = authority.certify(ROOT if vouching is ROOT else STRANGER, name, **more)  # type: ignore[arg-type]
    order = signing.Order(
        pdf, field, PLACES, seal_picture(name, TEST_FOOT), name, "签发：罗建平", clock.now().replace(microsecond=0)
    )
    return signing.signed(order, signing.HeldKeySigner(pair))


STRANGER = authority.self_signed("A stranger")


@cache
def one() -> bytes:
    return sealed(pdf_with("letter"), "Seal1")


@cache
def both() -> bytes:
    return sealed(one(), "Seal2")


def told(report: Report) -> list[Problem | None]:
    return [found.problem for found in report.signatures]


def test_two_seals_hold() -> None:
    report = check(both(), TRUSTED, clock.now())
    assert report.verdict is Verdict.VALID
    first, second = report.signatures
    assert (first.covers_all, second.covers_all) == (False, True)
    assert first.authority == "An authority"
    assert first.is_test
    assert not first.is_stamped


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_byte_under_a_seal_can_be_changed(data: st.DataObject) -> None:
    pdf, mark = both(), b"/Contents <"
    last = pdf.rindex(mark)
    rooms = [pdf.rindex(mark, 0, last), last]
    places = st.integers(0, len(pdf) - 1).filter(
        lambda at: not any(room <= at < room + signing.RESERVED + 20 for room in rooms)
    )
    assert verdict(flipped(pdf, data.draw(places))) is not Verdict.VALID


def verdict(pdf: bytes) -> Verdict | Unreadable:
    try:
        return check(pdf, TRUSTED, clock.now()).verdict
    except CannotCheck as refusal:
        return refusal.why


def test_a_changed_byte_is_told_apart_from_an_addition() -> None:
    pdf = both()
    assert told(check(flipped(pdf, pdf.index(b"letter")), TRUSTED, clock.now())) == [Problem.CHANGED] * 2
    assert told(check(turned(pdf), TRUSTED, clock.now())) == [Problem.ADDED] * 2
    assert told(check(turned(one()), TRUSTED, clock.now())) == [Problem.ADDED]


def test_what_was_there_before_an_addition_is_known_again() -> None:
    before = check(both(), TRUSTED, clock.now()).sha256
    assert before in check(turned(both()), TRUSTED, clock.now()).revisions


def test_the_room_of_a_signature_holds_nothing_else() -> None:
    pdf = one()
    start = pdf.rindex(b"/Contents <")
    end = pdf.index(b">", start)
    assert pdf[end - 1 : end] == b"0"
    assert told(check(flipped(pdf, end - 1), TRUSTED, clock.now())) == [Problem.CHANGED]


def test_a_strangers_authority_is_named_and_not_trusted() -> None:
    report = check(sealed(pdf_with("letter"), "Seal1", STRANGER), TRUSTED, clock.now())
    assert told(report) == [Problem.STRANGER]
    assert report.verdict is Verdict.UNTRUSTED
    assert (report.signatures[0].is_intact, report.signatures[0].authority) == (True, "A stranger")
    assert told(check(both(), (), clock.now())) == [Problem.STRANGER] * 2


def test_an_expired_certificate_counts_only_where_we_know_when_it_sealed() -> None:
    later = clock.now() + timedelta(days=365 * 3 + 2)
    assert told(check(one(), TRUSTED, later)) == [Problem.EXPIRED]
    assert told(check(one(), TRUSTED, later, {"Seal1": clock.now()})) == [None]


def test_a_file_without_signatures_says_so() -> None:
    assert check(pdf_with("letter"), TRUSTED, clock.now()).verdict is Verdict.UNSIGNED


def test_a_method_we_do_not_know_is_not_called_invalid() -> None:
    pdf = one().replace(b"/ETSI.CAdES.detached", b"/GM.SM2.seal.detach.")
    found = check(pdf, TRUSTED, clock.now()).signatures[0]
    assert (found.problem, found.is_valid) == (Problem.UNKNOWN, False)
    report = Report("", 0, (Found("Seal1", problem=Problem.UNKNOWN),))
    assert report.verdict is Verdict.UNVERIFIABLE


def encrypted() -> bytes:
    writer, result = copy_into_new_writer(PdfFileReader(BytesIO(pdf_with("letter")))), BytesIO()
    writer.encrypt("owner", "user")
    writer.write(result)
    return result.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Unreadable.NO_PDF),
        (b"PK\x03\x04 a letter of an office program", Unreadable.NO_PDF),
        (b"%PDF-1.7\n", Unreadable.DAMAGED),
        (pdf_with("letter")[:200], Unreadable.DAMAGED),
        (encrypted(), Unreadable.ENCRYPTED),
    ],
)
def test_what_cannot_be_read_is_told_apart(data: bytes, why: Unreadable) -> None:
    with pytest.raises(CannotCheck) as caught:
        check(data, TRUSTED, clock.now())
    assert caught.value.why is why


async def test_a_process_of_its_own_finds_the_same() -> None:
    report = await check_apart(both())
    assert report == await looked(both(), ())
    with pytest.raises(CannotCheck) as caught:
        await check_apart(b"no PDF")
    assert caught.value.why is Unreadable.NO_PDF
