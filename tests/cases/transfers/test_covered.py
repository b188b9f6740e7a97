"""What the parties alone read does not reach offices through letters, papers, pages, API or search."""

from __future__ import annotations

import json

import pytest

from shared_resources.kernel import clock, documents
from shared_resources.kernel.attachments import attach, open_attachment
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.errors import NotAllowed, NotFound
from shared_resources.kernel.fulltext import search_records
from shared_resources.kernel.schemas.attachments import Confidentiality
from tests.cases.transfers.transferring import (
    MORNING,
    RECEIPTS,
    TRANSFERS,
    Transferring,
    make_transferring,
    receipt_forms,
    registration,
)
from tests.clients import client_for
from tests.kernel.papers_story import draft_of


async def a_sent_transfer() -> Transferring:
    case = await make_transferring()
    await case.open()
    await case.take("prepare", "approve", "send")
    return case


async def test_an_office_reads_no_letter_that_names_the_party(db: str) -> None:
    with clock.at(MORNING):
        case = await a_sent_transfer()
        facts = (await case_page(case.cast.owner.head, TRANSFERS, case.number)).facts
        letter = facts.letter("transfer_letter")
        assert letter is not None
        for party in (case.cast.owner.auditor, case.cast.borrower.clerk):
            assert not (await documents.read_letter(party, letter.id)).covered
        supervisor = case.offices.supervisor.head
        assert (await documents.open_letter(supervisor, letter.id)).covered
        with pytest.raises(NotAllowed):
            await documents.read_letter(supervisor, letter.id)
        with pytest.raises(NotAllowed):
            await documents.original_of(supervisor, letter.id)
        with pytest.raises(NotFound):
            await documents.read_letter(case.cast.third.head, letter.id)


async def test_whoever_urges_takes_part_and_reads_it(db: str) -> None:
    with clock.at(MORNING):
        case = await a_sent_transfer()
        await case.take("urge")
        facts = (await case_page(case.cast.owner.head, TRANSFERS, case.number)).facts
        for letter in facts.letters:
            assert not (await documents.read_letter(case.offices.legal.head, letter.id)).covered


async def test_the_doors_say_so(db: str) -> None:
    with clock.at(MORNING):
        case = await a_sent_transfer()
        facts = (await case_page(case.cast.owner.head, TRANSFERS, case.number)).facts
        letter = facts.letter("transfer_letter")
        assert letter is not None
        async with client_for(case.offices.supervisor.head) as office:
            for copy in ("pdf", "docx"):
                assert (await office.page(f"/documents/{letter.id}/{copy}")).status_code == 403
            shown = (await office.page(f"/documents/{letter.id}")).text
            assert f"/documents/{letter.id}/pdf" not in shown
            assert (await office.ask("GET", f"/api/v1/documents/{letter.id}")).json()["covered"] is True
            record = json.dumps((await office.ask("GET", f"/api/v1/transfers/{case.number}")).json())
            page = (await office.page(f"/transfers/{case.number}")).text
        for hidden in ("某消防器材公司", "未经检验"):
            assert hidden not in record, hidden
            assert hidden not in page, hidden


async def test_sensitive_papers_are_for_the_parties(db: str) -> None:
    with clock.at(MORNING):
        case = await a_sent_transfer()
        officer = case.cast.owner.officer
        draft = await draft_of(officer, confidentiality=Confidentiality.SENSITIVE)
        paper = await attach(officer, case.number, draft)
        plain = await attach(officer, case.number, await draft_of(officer, b"other words", "other.txt"))
        await open_attachment(case.cast.borrower.officer, paper)
        await open_attachment(case.offices.supervisor.head, plain)
        with pytest.raises(NotAllowed):
            await open_attachment(case.offices.supervisor.head, paper)


async def test_who_reported_a_case_is_found_by_nobody(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        own = case.cast.owner
        number = (await open_case(own.clerk, RECEIPTS, registration())).number
        forms = receipt_forms(case.cast.borrower.agency)
        for step, actor in (("judge_own", own.head), ("handle", own.clerk), ("inform_by_letter", own.clerk)):
            await take_step(actor, RECEIPTS, number, step, forms[step])
        legal = case.offices.legal.head
        assert "王某" not in str(await search_records(legal, "王某"))
        page = await case_page(legal, RECEIPTS, number)
        assert not any("王某" in str(page.readable(filed)) for filed in page.facts.filings)
        assert (await documents.open_letter(legal, page.facts.letters[-1].id)).covered
