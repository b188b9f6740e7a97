"""Two loans between owner and borrower, and files to put on them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from uuid import UUID

from tests.makers import make_loan

from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.schemas.attachments import AttachmentDraft, Confidentiality
from shared_resources.kernel.storage import store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.people import Cast

    from shared_resources.kernel.permissions import Actor


async def loan_of(cast: Cast) -> str:
    """The number of a new loan."""
    return (await make_loan(cast=cast)).number


async def file_of(actor: Actor, content: bytes = b"plain words", name: str = "record.txt") -> UUID:
    """A file that the actor's agency has sent."""
    assert actor.agency is not None
    return await store(actor.agency, name, "", _chunks(content), actor.person, secrecy_declared=True)


async def draft_of(
    actor: Actor, content: bytes = b"plain words", name: str = "record.txt", **more: object
) -> AttachmentDraft:
    """A draft for a new file, declared free of secrets."""
    given = {"label": "现场检查笔录", "confidentiality": Confidentiality.CASE, "declared": True, **more}
    return AttachmentDraft.model_validate({"file": await file_of(actor, content, name), **given})


async def lines(number: str) -> list[tuple[str, str]]:
    """Acts and bodies of a record's journal, in their order."""
    async with transaction() as db:
        rows = await db.fetch(
            "SELECT j.step, convert_from(j.body, 'UTF8') AS body FROM journal_line j"
            " JOIN record r ON r.id = j.chain WHERE r.number = $1 ORDER BY j.seq",
            number,
        )
    return [(row["step"], row["body"]) for row in rows]


def pdf_with(text: str) -> bytes:
    """A PDF of one page with ASCII text in it."""
    stream = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        _to_unicode(),
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(str(number).encode() + b" 0 obj\n" + body + b"\nendobj\n")
    start = out.tell()
    out.write(b"xref\n0 " + str(len(objects) + 1).encode() + b"\n0000000000 65535 f \n")
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _to_unicode() -> bytes:
    """A is 机, B is 密, C is ★; other letters stay themselves."""
    text = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"3 beginbfchar <41> <673A> <42> <5BC6> <43> <2605> endbfchar\nendcmap end end"
    )
    return b"<< /Length " + str(len(text)).encode() + b" >>\nstream\n" + text + b"\nendstream"


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content
