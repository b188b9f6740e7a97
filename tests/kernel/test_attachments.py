"""Papers on records: declared, scanned, read by those who see the record, and never marked."""

from __future__ import annotations

import pytest
from tests.clients import client_for
from tests.kernel.papers_story import draft_of, file_of, lines, loan_of, pdf_with
from tests.makers import said_to
from tests.people import Team, make_cast

from shared_resources.kernel.attachments import attach, attachments_of, open_attachment, withdraw_attachment
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import KEEPING, PAPERS, Role
from shared_resources.kernel.schemas.attachments import AttachmentDraft, Confidentiality
from shared_resources.kernel.shown_files import visible_file
from shared_resources.kernel.visible import visible_record


async def test_a_declared_paper_is_on_the_record_for_both_sides(db: str) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    made = await attach(officer, number, await draft_of(officer))
    record = await visible_record(cast.owner.officer, number)
    (paper,) = await attachments_of(record.id)
    assert (paper.id, paper.declared_by, paper.agency) == (made, officer.name, cast.borrower.agency)
    found, path = await open_attachment(cast.owner.officer, made)
    assert path.read_bytes() == b"plain words"
    with pytest.raises(NotFound):
        await open_attachment(cast.third.officer, made)
    act, body = (await lines(number))[-1]
    assert act == "attach"
    assert '"declared":true' in body
    assert found.sha256.hex() in body
    assert "现场检查笔录" not in body


async def test_without_declaration_nothing_is_taken(db: str) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    with pytest.raises(Invalid) as refused:
        await attach(officer, number, await draft_of(officer, declared=False))
    assert (refused.value.code, refused.value.field) == ("undeclared", "declared")


@pytest.mark.parametrize(
    ("content", "name", "label", "place"),
    [
        (b"plain words", "机密★5年.txt", "笔录", "name"),
        (b"plain words", "record.txt", "内部资料", "label"),
        ("第一页\n绝密★\n".encode(), "record.txt", "笔录", "text"),
        (pdf_with("case AB C of 2026"), "record.pdf", "笔录", "text"),
    ],
)
async def test_what_is_marked_is_stopped_and_set_aside(
    db: str, content: bytes, name: str, label: str, place: str
) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    draft = await draft_of(officer, content, name, label=label)
    with pytest.raises(Invalid) as refused:
        await attach(officer, number, draft)
    assert refused.value.code == "marked"
    act, body = (await lines(number))[-1]
    assert act == "contamination"
    assert f'"found_in":["{place}"]' in body
    assert not any(word in body for word in ("机密", "绝密", "内部", "笔录"))
    with pytest.raises(NotFound):
        await visible_file(officer, draft.file)
    with pytest.raises(Invalid, match="not known"):
        await attach(officer, number, draft.model_copy(update={"label": "笔录"}))
    assert await attachments_of((await visible_record(officer, number)).id) == ()
    assert any("secrecy marking" in said["sentence"] for said in await said_to(cast.borrower.head))
    async with reading() as read:
        assert await read.fetchval("SELECT count(*) FROM file WHERE id = $1", draft.file) == 1


async def test_an_innocent_pdf_passes_and_a_broken_one_too(db: str) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    for content in (pdf_with("case of 2026"), b"%PDF-1.7\nbroken"):
        await attach(officer, number, await draft_of(officer, content, "a.pdf"))
    scanned = ['"scanned":true' in body for act, body in await lines(number) if act == "attach"]
    assert scanned == [True, False]


async def test_reading_a_sensitive_paper_is_noted(db: str) -> None:
    cast = await make_cast()
    number, officer, reader = await loan_of(cast), cast.borrower.officer, cast.owner.auditor
    draft = await draft_of(officer, confidentiality=Confidentiality.SENSITIVE)
    made = await attach(officer, number, draft)
    await open_attachment(reader, made)
    act, body = (await lines(number))[-1]
    assert act == "read_attachment"
    assert str(reader.person) in body
    with pytest.raises(NotFound):
        await visible_file(officer, draft.file)


async def test_only_the_own_paper_is_taken_back_and_then_nobody_reads_it(db: str) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    made = await attach(officer, number, await draft_of(officer))
    with pytest.raises(NotFound):
        await withdraw_attachment(cast.owner.officer, made, "Not ours")
    with pytest.raises(Invalid):
        await withdraw_attachment(officer, made, " ")
    assert await withdraw_attachment(officer, made, "发错了") == number
    with pytest.raises(WrongState):
        await withdraw_attachment(officer, made, "发错了")
    with pytest.raises(NotFound):
        await open_attachment(officer, made)
    (paper,) = await attachments_of((await visible_record(officer, number)).id)
    assert paper.withdrawn_at is not None


async def test_foreign_files_are_unknown_and_none_comes_twice(db: str) -> None:
    cast = await make_cast()
    number, officer = await loan_of(cast), cast.borrower.officer
    foreign = AttachmentDraft(file=await file_of(cast.owner.officer), label="x", declared=True)
    with pytest.raises(Invalid, match="not known"):
        await attach(officer, number, foreign)
    draft = await draft_of(officer)
    await attach(officer, number, draft)
    with pytest.raises(Invalid, match="already"):
        await attach(officer, number, draft)


async def test_who_may_attach(db: str) -> None:
    cast = await make_cast()
    number = await loan_of(cast)
    for team in (cast.owner, cast.borrower, cast.third):
        for role in Role:
            await _tries(team, role, number, on_it=team is not cast.third)


async def _tries(team: Team, role: Role, number: str, *, on_it: bool) -> None:
    base = team.with_role(role)
    actor = Actor(base.person, team.agency, base.name, roles=frozenset({role}))
    draft = await draft_of(actor)
    if on_it and role in PAPERS | KEEPING:
        await attach(actor, number, draft)
        return
    with pytest.raises(NotAllowed if on_it else NotFound):
        await attach(actor, number, draft)


async def test_the_door_asks_for_the_declaration_before_it_keeps_anything(db: str) -> None:
    cast = await make_cast()
    number = await loan_of(cast)
    sent = {"file": ("笔录.txt", "正文".encode(), "text/plain")}
    async with client_for(cast.borrower.officer) as browser:
        refused = await browser.send(f"/records/{number}/attachments", label="笔录", files=sent)
        assert refused.status_code == 422
        assert "笔录" in refused.text
        done = await browser.send(
            f"/records/{number}/attachments", label="笔录", confidentiality="C", declared="1", files=sent
        )
        assert (done.status_code, done.headers["location"]) == (303, f"/loans/{number}")
        (paper,) = (await browser.ask("GET", f"/api/v1/records/{number}/attachments")).json()
        assert (await browser.get(f"/attachments/{paper['id']}")).text == "正文"
        assert "笔录" in (await browser.page(f"/loans/{number}")).text
        back = await browser.send(f"/attachments/{paper['id']}/withdraw", note="发错了")
        assert back.status_code == 303
    async with reading() as read:
        assert await read.fetchval("SELECT count(*) FROM file") == 1
    async with client_for(cast.third.officer) as stranger:
        assert (await stranger.page(f"/records/{number}/attachments")).status_code == 404
        assert (await stranger.get(f"/attachments/{paper['id']}")).status_code == 404
