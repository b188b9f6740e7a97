"""Sealing letters: by the agency that issued it, by those that countersign, or on paper with its scan.

The seal is put into the PDF before the transaction, because that takes a key, maybe a token, maybe a time stamp
service. Then the verb locks the record, looks whether the letter still is what was sealed, and enters it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, documents, journal, markings, notices, storage
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, Taken, WrongState
from shared_resources.kernel.file_text import text_of
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.media_types import PDF
from shared_resources.kernel.permissions import LEADING, PAPERS, Reason, not_found
from shared_resources.kernel.procedure import procedure_of
from shared_resources.kernel.seals import checking, picture
from shared_resources.kernel.seals.letters import (
    ISSUER_FIRST,
    NO_SEAL,
    ON_PAPER,
    SEALED_ALREADY,
    OwnSeal,
    SealAct,
    SealedLetter,
    load,
    seal_of,
)
from shared_resources.kernel.seals.providers import SealKind, provider_of
from shared_resources.kernel.seals.signing import Order
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.kernel.permissions import Actor

speaks_for(
    "signature_field_once",
    SEALED_ALREADY.sentence.msgid,
    do=N_("Reload the page to see the seal."),
    code="sealed_already",
)

TRIES = 4
"""How often a seal is put on anew because another agency's came in between."""


@dataclass(frozen=True)
class SealMade:
    """A seal as it was entered: the letter with it, and what that file hashes to."""

    id: UUID
    file: UUID
    sha256: bytes
    serial_no: str | None


@dataclass(frozen=True)
class Entry:
    """What is entered with one act."""

    act: SealAct
    agency: UUID
    kind: SealKind
    at: datetime
    pdf: bytes = b""
    seal: OwnSeal | None = None
    base: UUID | None = None
    scan: storage.StoredFile | None = None


class Overtaken(Exception):
    """Another seal came in between: this one has to be put on top of it."""


async def sign_letter(actor: Actor, document: UUID, act_id: str | None = None) -> SealMade:
    """Put the seal of the issuing agency on its letter; the actor is named as its signer.

    Raises:
        NotFound, NotAllowed: the letter is none of the actor's business, or the role does not suffice.
        WrongState, Taken: it is sealed already.
        Invalid: the agency has no seal that can be used now.
    """
    return await _seal(SealAct.SIGN, actor, document, act_id)


async def countersign_letter(actor: Actor, document: UUID, act_id: str | None = None) -> SealMade:
    """Put the seal of a countersigning agency on the sealed letter.

    Raises:
        NotFound, NotAllowed, WrongState, Taken, Invalid: see ``sign_letter``; also when the issuer has not sealed.
    """
    return await _seal(SealAct.COUNTERSIGN, actor, document, act_id)


async def file_scan(actor: Actor, document: UUID, file: UUID, act_id: str | None = None) -> SealMade:
    """File the scan of the paper that bears the seal of the actor's agency. It proves nothing by itself.

    Raises:
        NotFound: no such letter, or no such file of the actor's agency.
        NotAllowed, WrongState, Taken: see ``sign_letter``.
        Invalid: the file bears a secrecy marking.
    """
    letter = await _letter_for(SealAct.SCAN, actor, document)
    found, path = await open_file(file)
    if found.owner != actor.agency or actor.agency is None:
        raise not_found()
    marks = markings.found(await text_of(path, found.media_type))
    if marks:
        raise markings.marked(marks[0], "scan")
    entry = Entry(SealAct.SCAN, actor.agency, SealKind.SCAN, clock.now(), scan=found)
    return await _enter(actor, letter, entry, act_id)


async def _seal(act: SealAct, actor: Actor, document: UUID, act_id: str | None) -> SealMade:
    for _ in range(TRIES):
        letter = await _letter_for(act, actor, document)
        seal = await _usable_seal(actor.agency)
        entry = await _sealed(act, actor, letter, seal)
        try:
            return await _enter(actor, letter, entry, act_id)
        except Overtaken:
            continue
    raise Taken(
        N_("Others are sealing this letter at this moment."), do=N_("Try again in a minute."), code="overtaken"
    )


async def _letter_for(act: SealAct, actor: Actor, document: UUID) -> SealedLetter:
    """The letter, if the actor may see it and do this to it now."""
    await documents.open_letter(actor, document)
    letter = await load(document)
    _refuse(act, actor, letter)
    return letter


def _refuse(act: SealAct, actor: Actor, letter: SealedLetter) -> None:
    answer = letter.may(act, actor)
    if not isinstance(answer, Reason):
        return
    if answer is SEALED_ALREADY:
        raise WrongState(answer.sentence.msgid, do=N_("Reload the page to see the seal."), code="sealed_already")
    if answer is ISSUER_FIRST or answer is ON_PAPER:
        raise WrongState(answer.sentence.msgid, code="seal_order")
    raise NotAllowed(answer.sentence.msgid, do=N_("Ask a colleague with the right role."), code="not_allowed")


async def _usable_seal(agency: UUID | None) -> OwnSeal:
    seal = await seal_of(agency) if agency else None
    why = seal.why_not(clock.now()) if seal else NO_SEAL
    if seal is None or why is not None:
        assert why is not None
        raise Invalid(
            why.sentence.msgid,
            do=N_("Ask your agency's administrator, or seal on paper and file the scan."),
            code="no_seal",
            **why.sentence.params,
        )
    return seal


async def _sealed(act: SealAct, actor: Actor, letter: SealedLetter, seal: OwnSeal) -> Entry:
    """The letter with the seal, not entered yet."""
    base = letter.newest
    _, path = await open_file(base.file if base else letter.pdf)
    places = {place.index: place for place in await documents.seal_places(letter.id)}
    name = await _name_of(seal.agency)
    order = Order(
        pdf=await asyncio.to_thread(path.read_bytes),
        field=letter.field_of(seal.agency),
        places={field: places.get(index) for index, field in enumerate(letter.fields)},
        picture=await asyncio.to_thread(picture.seal_picture, name, picture.TEST_FOOT if seal.is_test else ""),
        name=name,
        reason=f"{'签发' if act is SealAct.SIGN else '会签'}：{actor.name}　{letter.number}",
        at=clock.now().replace(microsecond=0),
        timestamp_url=settings().timestamp_url,
    )
    pdf = await provider_of(seal.kind, seal.key).seal(order)
    await asyncio.to_thread(_prove, pdf, order)
    return Entry(act, seal.agency, seal.kind, clock.now(), pdf, seal, base.id if base else None)


def _prove(pdf: bytes, order: Order) -> None:
    """Look at what the provider made before anybody relies on it: a token may hold another key's certificate."""
    report = checking.check(pdf, (), order.at)
    ours = next((found for found in report.signatures if found.field == order.field), None)
    if ours is None or not ours.is_intact or not pdf.startswith(order.pdf):
        raise Invalid(
            N_("The seal does not match its certificate; nothing was sealed."),
            do=N_("Ask your agency's administrator to enter the seal again."),
            code="seal_mismatch",
        )


@verb
async def _enter(actor: Actor, letter: SealedLetter, entry: Entry, act_id: str | None) -> SealMade:
    procedure = procedure_of(letter.record_kind)
    record = await journal.locked(letter.record, procedure)
    now = await load(letter.id)
    _refuse(entry.act, actor, now)
    if entry.scan is None and (now.newest.id if now.newest else None) != entry.base:
        raise Overtaken
    file = entry.scan or await storage.keep(
        letter.issuer, f"{letter.number}（{now.field_of(entry.agency)}）.pdf", PDF, entry.pdf, actor.person
    )
    made = SealMade(new_id(), file.id, file.sha256, entry.seal.serial_no if entry.seal else None)
    await _insert(actor, now, entry, made)
    parties, state = await journal.parties_of(letter.record), record["state"]
    moved = journal.Moved(
        letter.record, record["number"], record["title"], state, state, record["version"], parties
    )
    data = _line(now, entry, made)
    await journal.write(procedure, None, moved, actor, None, data, act_id, name=entry.act.value)
    await _tell(actor, now, entry)
    return made


async def _insert(actor: Actor, letter: SealedLetter, entry: Entry, made: SealMade) -> None:
    seal = entry.seal
    await connection().execute(
        "INSERT INTO signature (id, document, agency, person, field, kind, subject, authority, serial_no, file,"
        " sha256, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        made.id,
        letter.id,
        entry.agency,
        actor.person,
        letter.field_of(entry.agency),
        entry.kind.value,
        seal.subject if seal else None,
        seal.authority if seal else None,
        made.serial_no,
        made.file,
        made.sha256,
        entry.at,
    )


def _line(letter: SealedLetter, entry: Entry, made: SealMade) -> dict[str, Any]:
    """What the journal keeps of it: enough to find the file and the certificate, and to see what it was worth."""
    seal = entry.seal
    certificate = (
        {
            "authority": seal.authority,
            "serial_no": seal.serial_no,
            "valid_from": seal.valid_from,
            "valid_to": seal.valid_to,
        }
        if seal
        else {}
    )
    return {
        "document": letter.id,
        "letter": letter.number,
        "field": letter.field_of(entry.agency),
        "agency": entry.agency,
        "kind": entry.kind.value,
        "sha256": made.sha256.hex(),
        **certificate,
    }


async def _tell(actor: Actor, letter: SealedLetter, entry: Entry) -> None:
    """Tell those whose seal is awaited now, or the issuer that another seal has come."""
    if entry.agency == letter.issuer:
        told = [agency for agency in letter.agencies[1:] if letter.made_by(agency) is None]
        sentence = N_("The letter %(letter)s waits for the seal of your agency.")
    else:
        told, sentence = [letter.issuer], N_("The letter %(letter)s bears another agency's seal now.")
    await notices.tell(
        told,
        LEADING | PAPERS,
        sentence,
        {"letter": letter.number, "title": letter.title},
        record=letter.record,
        link=f"/documents/{letter.id}",
        key=f"seal:{letter.id}:{entry.agency}",
        besides=(actor.person,) if actor.person else (),
    )


async def _name_of(agency: UUID) -> str:
    async with reading() as db:
        return str(await db.fetchval("SELECT name_zh FROM agency WHERE id = $1", agency))
