"""A letter of the owner that the borrower countersigns, seals for both, and what strangers do to files."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from tests.makers import make_loan

from shared_resources.kernel import clock, documents
from shared_resources.kernel.database.transaction import connection, transaction, verb
from shared_resources.kernel.letters import Layout, LetterDraft, Paragraph
from shared_resources.kernel.seals import authority, setup
from shared_resources.kernel.seals.certificates import trusted
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.storage import open_file
from shared_resources.settings import PREFIX, settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tests.people import Cast, Team

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.seals.keys import KeyPair
    from shared_resources.kernel.seals.report import Report

PASSPHRASE = "passphrase of the file"


@dataclass(frozen=True)
class Story:
    """A letter that waits for its seals."""

    cast: Cast
    letter: UUID
    number: str
    loan: str


@contextmanager
def trusting_development() -> Iterator[None]:
    """The demo's setting, under which the development authority is trusted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{PREFIX}DEMO", "true")
        settings.cache_clear()
        yield
    settings.cache_clear()


async def letter_of(cast: Cast, *besides: Team) -> Story:
    """A letter on a new loan, issued by the owner; the borrower and those besides countersign."""
    loan = await make_loan(cast=cast)
    others = (cast.borrower.agency, *(team.agency for team in besides))
    issued = await issue_on(loan.number, cast.owner.head, others)
    return Story(cast, issued.id, issued.number, loan.number)


@verb
async def issue_on(number: str, actor: Actor, others: tuple[UUID, ...]) -> documents.Issued:
    """Issue a letter of the actor's agency."""
    record = await connection().fetchval("SELECT id FROM record WHERE number = $1", number)
    assert actor.agency is not None
    draft = LetterDraft(
        kind="assistance_letter",
        word="函",
        title="市应急管理局关于商请协助执法的函",
        layout=Layout.LETTER,
        blocks=(Paragraph("因执法工作需要，商请贵局协助。"),),
        to=("市市场监督管理局",),
        addressees=others,
        countersigned_by=others,
    )
    return await documents.issue(draft, record=record, step="issue", issuer=actor.agency, actor=actor)


def key_file(pair: KeyPair) -> bytes:
    """A PKCS#12 file as authorities hand it out."""
    return pkcs12.serialize_key_and_certificates(
        b"seal", pair.key, pair.certificate, None, BestAvailableEncryption(PASSPHRASE.encode())
    )


async def seal_for(team: Team, *, until: datetime | None = None) -> KeyPair:
    """A seal of the development authority for an agency, entered by its administrator."""
    pair = await asyncio.to_thread(authority.certify, authority.root(), team.slug, until=until)
    await setup.use_key_file(team.admin, key_file(pair), PASSPHRASE)
    return pair


async def bytes_of(file: UUID) -> bytes:
    """The bytes of a stored file."""
    return (await open_file(file))[1].read_bytes()


async def looked(pdf: bytes, roots: Sequence[bytes] | None = None) -> Report:
    """What a check of the file finds."""
    return await asyncio.to_thread(check, pdf, trusted() if roots is None else roots, clock.now())


def flipped(pdf: bytes, place: int) -> bytes:
    """The file with one bit of one byte changed."""
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def turned(pdf: bytes) -> bytes:
    """The file with an update appended that turns its first page: every signed byte is still there."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page: Any = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


async def rows(statement: str, *values: Any) -> list[Any]:
    """Rows of the database."""
    async with transaction() as db:
        return list(await db.fetch(statement, *values))
