"""Time stamps (RFC 3161): a seal with one outlives its certificate; a service that fails is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.kernel.papers_story import pdf_with
from tests.kernel.stamping import ROOT, TRUSTED, service

from shared_resources.kernel import clock
from shared_resources.kernel.documents.typesetting import SealPlace
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.seals import authority, keys, signing
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.seals.picture import seal_picture
from shared_resources.kernel.seals.providers import KeySeal
from shared_resources.kernel.seals.report import Problem, Verdict


def order(url: str) -> signing.Order:
    """A letter to be sealed with a time stamp."""
    picture = seal_picture("市应急管理局")
    places = {"Seal1": SealPlace(0, 1, 100, 100)}
    at = clock.now().replace(microsecond=0)
    return signing.Order(pdf_with("letter"), "Seal1", places, picture, "市应急管理局", "签发", at, url)


def test_a_stamped_seal_outlives_its_certificate_anywhere() -> None:
    pair = authority.certify(ROOT, "市应急管理局", until=clock.now() + timedelta(days=30))
    with service() as url:
        pdf = signing.signed(order(url), signing.HeldKeySigner(pair))
    report = check(pdf, TRUSTED, clock.now())
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].is_stamped
    later = check(pdf, TRUSTED, clock.now() + timedelta(days=60))
    assert (later.verdict, later.signatures[0].is_trusted) == (Verdict.VALID, True)
    assert check(pdf, (), clock.now()).signatures[0].problem is Problem.STRANGER


async def test_a_service_that_does_not_answer_is_said() -> None:
    keys.keep("stamped", authority.certify(ROOT, "市应急管理局"))
    with pytest.raises(Invalid, match="time stamp service"):
        await KeySeal("stamped").seal(order("http://127.0.0.1:9/"))
