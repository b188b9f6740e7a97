"""Reading issued letters: whoever may see the record, and whoever the letter is addressed to.

Who sees the record by an office only reads no letter that prints what forms call sensitive.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import fonts
from shared_resources.kernel.casework.covered import prints_sensitive
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.documents.contents import with_back
from shared_resources.kernel.documents.editable import editable
from shared_resources.kernel.documents.typesetting import SealPlace, seal_places_in, typeset
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.journal import parties_of, relations_of
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import WORKING, may, not_found
from shared_resources.kernel.procedure import procedure_of
from shared_resources.kernel.schemas.letters import AgencyName, LetterLine, LetterPage
from shared_resources.kernel.storage import StoredFile, open_file
from shared_resources.kernel.visible import see_permission
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from shared_resources.kernel.permissions import Actor

LINE = (
    "SELECT d.id, d.record, d.kind, d.number, d.title, d.step, d.issuer, a.name_zh AS issuer_zh,"
    " a.name_en AS issuer_en, d.issued_at, d.sha256, d.addressees, d.pdf,"
    " d.draft -> 'page' ->> 'layout' AS layout, p.name AS issued_by,"
    " r.number AS record_number, r.title AS record_title, r.kind AS record_kind,"
    " (SELECT count(*) FROM signature s WHERE s.document = d.id) AS signatures"
    " FROM document d JOIN agency a ON a.id = d.issuer JOIN record r ON r.id = d.record"
    " LEFT JOIN person p ON p.id = d.issued_by WHERE "
)
STORED = "SELECT draft, back, issued_at, sha256, pdf FROM document WHERE id = $1"


class Proof(StrEnum):
    """What looking at a letter again found."""

    SAME = "same"
    FACES_CHANGED = "faces_changed"
    DIFFERENT = "different"
    ALTERED = "altered"


@dataclass(frozen=True)
class Original:
    """The unsigned original: its row in ``file`` and where its bytes lie."""

    file: StoredFile
    path: Path


@dataclass(frozen=True)
class Stored:
    """What a letter was set from."""

    page: dict[str, Any]
    back: list[dict[str, Any]]
    issued_at: datetime
    sha256: bytes
    pdf: UUID

    @property
    def data(self) -> dict[str, Any]:
        """Front and back as the templates take them."""
        return with_back(self.page, self.back)


async def letters_of(record: UUID) -> tuple[LetterLine, ...]:
    """The letters of a record, the oldest first. The caller has made sure that the reader may see the record."""
    async with reading() as db:
        rows = await db.fetch(f"{LINE} d.record = $1 ORDER BY d.issued_at, d.id", record)
    return tuple(_line(row) for row in rows)


async def open_letter(actor: Actor, document: UUID) -> LetterPage:
    """One letter with everything about it but its text.

    Raises:
        NotFound: there is none, or none of the actor's business: no difference is visible.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{LINE} d.id = $1", document)
        parties = await parties_of(row["record"]) if row else Parties()
        if row is None or not _may_read(actor, row, parties):
            raise not_found()
        names = await db.fetch(
            "SELECT id, slug, name_zh, name_en FROM agency WHERE id = ANY($1) ORDER BY slug", row["addressees"]
        )
    path = procedure_of(row["record_kind"]).path % {"number": row["record_number"]}
    return LetterPage(
        **_line(row).model_dump(),
        record_path=path,
        addressees=tuple(AgencyName(**dict(one)) for one in names),
        layout=row["layout"],
        pdf=row["pdf"],
        covered=await _is_covered(actor, row, parties),
    )


async def read_letter(actor: Actor, document: UUID) -> LetterPage:
    """One letter whose text the actor may read; doors ask this before they hand out bytes.

    Raises:
        NotFound: see ``open_letter``.
        NotAllowed: the letter prints what is for the parties of its record.
    """
    letter = await open_letter(actor, document)
    if letter.covered:
        raise NotAllowed(
            N_("This letter prints what is for the parties of the record only."),
            do=N_("Ask one of them for it."),
            code="covered",
        )
    return letter


async def original_of(actor: Actor, document: UUID) -> Original:
    """The unsigned original, for those who may read the letter.

    Raises:
        NotFound, NotAllowed: see ``read_letter``.
    """
    found = await read_letter(actor, document)
    return Original(*await open_file(found.pdf))


async def rebuild(document: UUID) -> bytes:
    """The letter set once more from what it was made of: the same bytes while typesetter and faces are the same.

    Raises:
        NotFound: there is no such letter.
    """
    stored = await stored_of(document)
    return await asyncio.to_thread(typeset, stored.data, stored.issued_at)


async def prove(document: UUID) -> Proof:
    """Whether the stored original is the journalled one, and whether setting it once more gives the same bytes.

    Raises:
        NotFound: there is no such letter.
    """
    stored = await stored_of(document)
    _, path = await open_file(stored.pdf)
    if not await asyncio.to_thread(_is_whole, path, stored.sha256):
        return Proof.ALTERED
    again = await asyncio.to_thread(typeset, stored.data, stored.issued_at)
    if hashlib.sha256(again).digest() == stored.sha256:
        return Proof.SAME
    return Proof.DIFFERENT if stored.page["faces_digest"] == fonts.faces().digest else Proof.FACES_CHANGED


async def seal_places(document: UUID) -> tuple[SealPlace, ...]:
    """Where the seals of an issued letter go: index 0 the issuer, then ``countersigned_by`` in order."""
    stored = await stored_of(document)
    return await asyncio.to_thread(seal_places_in, stored.data)


async def docx_of(document: UUID) -> bytes:
    """The editable copy of a letter; it is not the original and says so."""
    stored = await stored_of(document)
    return await asyncio.to_thread(editable, stored.data)


async def stored_of(document: UUID) -> Stored:
    """What a letter was set from.

    Raises:
        NotFound: there is no such letter.
    """
    async with reading() as db:
        row = await db.fetchrow(STORED, document)
    if row is None:
        raise not_found()
    return Stored(_parsed(row["draft"])["page"], _parsed(row["back"]), row["issued_at"], row["sha256"], row["pdf"])


def _may_read(actor: Actor, row: Any, parties: Parties) -> bool:
    """Those who see the record, and those who work for an addressee (a letter is theirs once it is sent)."""
    see = see_permission(row["record_kind"])
    if actor.agency is None or see is None:
        return False
    if may(actor, see, relations_of(procedure_of(row["record_kind"]), actor, parties)):
        return True
    in_scope = actor.scopes is None or see in actor.scopes
    return in_scope and actor.agency in row["addressees"] and bool(WORKING & actor.roles)


async def _is_covered(actor: Actor, row: Any, parties: Parties) -> bool:
    """Whether the reader sees the letter by an office only, and it prints a sensitive answer."""
    family = family_of(row["record_kind"])
    if family is None or actor.agency in (*parties.agencies, *row["addressees"]):
        return False
    async with reading() as db:
        filings = await db.fetch("SELECT step, body FROM filing WHERE record = $1", row["record"])
        page = _parsed(await db.fetchval("SELECT draft FROM document WHERE id = $1", row["id"]))["page"]
    return prints_sensitive(family, [(each["step"], _parsed(each["body"])) for each in filings], page)


def _line(row: Any) -> LetterLine:
    values = {name: row[name] for name in LetterLine.model_fields if name != "sha256"}
    return LetterLine(**values, sha256=row["sha256"].hex())


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _is_whole(path: Path, sha256: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == sha256
    except OSError:
        return False
