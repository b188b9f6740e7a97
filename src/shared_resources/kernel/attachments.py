"""Papers on records: put there with a declaration, scanned for markings, read by whoever sees the record.

Nothing marked stays reachable: the file is set aside (nobody removes it before the secrecy office has spoken),
the journal notes that it happened and none of its content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, fulltext, journal, markings, notices
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState
from shared_resources.kernel.file_text import text_of
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import LEADING, Permission, not_found, require
from shared_resources.kernel.roles import ADMIN
from shared_resources.kernel.schemas.attachments import AttachmentDraft, AttachmentView, Confidentiality
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.visible import Seen, visible_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from pathlib import Path

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.storage import StoredFile

ACT_LABELS: Mapping[str, str] = {
    "attach": N_("Paper added"),
    "withdraw_attachment": N_("Paper taken back"),
    "read_attachment": N_("Sensitive paper read"),
    "contamination": N_("Marked paper stopped"),
}
"""What the acts of this module are called in a journal."""


async def attach(actor: Actor, number: str, draft: AttachmentDraft, *, act_id: str | None = None) -> UUID:
    """Put a file of the actor's agency on a record; returns the attachment's id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: not declared free of secrets, marked as secret, locked, unknown, or there already.
        Repeated: this ``act_id`` was used before.
    """
    record = await may_attach(actor, number)
    refuse_undeclared(draft.declared)
    file, path = await _own_file(actor, draft.file)
    scanned = await text_of(path, file.media_type)
    places = {"name": file.name, "label": draft.label, "text": scanned}
    marks = {place: found for place, text in places.items() if (found := markings.found(text))}
    if marks:
        await _contaminated(actor, record, file.id, sorted(marks))
        first = next(iter(marks.values()))[0]
        raise markings.marked(first, "label" if set(marks) == {"label"} else "file")
    return await _attach(actor, record, file, draft, bool(scanned), act_id)


async def may_attach(actor: Actor, number: str) -> Seen:
    """The record, if the actor may put papers on it; for doors, before they keep an upload.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    record = await visible_record(actor, number)
    require(actor, Permission.RECORD_ATTACH, record.relations)
    return record


def refuse_undeclared(declared: bool) -> None:
    """Pass, or refuse a file that nobody answers for.

    Raises:
        Invalid: the declaration is missing.
    """
    if not declared:
        raise Invalid(
            N_("Declare that it contains no state secret and no work secret."),
            do=N_("If it does, it goes by the paper channel."),
            code="undeclared",
            field="declared",
        )


@verb
async def withdraw_attachment(actor: Actor, attachment: UUID, note: str, *, act_id: str | None = None) -> str:
    """Take a paper back that the actor's agency has put on a record; returns the record's number.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; papers of others are theirs to take back.
        Invalid: no reason.
        WrongState: it was taken back before.
    """
    number, row = await _row(attachment)
    record = await visible_record(actor, number)
    if row["agency"] != actor.agency:
        raise not_found()
    if row["withdrawn_at"] is not None:
        raise WrongState(N_("This paper was taken back before."), code="withdrawn")
    if not note.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    markings.refuse_marked([note], field="note")
    data = {"attachment": attachment}
    await journal.note_line(
        record.procedure,
        "withdraw_attachment",
        record.id,
        actor,
        Permission.RECORD_ATTACH,
        note=note,
        data=data,
        act_id=act_id,
    )
    await connection().execute("UPDATE attachment SET withdrawn_at = $2 WHERE id = $1", attachment, clock.now())
    await fulltext.index(record.id)
    return number


async def attachments_of(record: UUID) -> tuple[AttachmentView, ...]:
    """The papers on a record in the order of adding. The caller has made sure that the reader may see it."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT t.id, t.label, f.name, f.media_type, f.size, t.confidentiality, t.agency,"
            " a.name_zh AS agency_name_zh, a.name_en AS agency_name_en, p.name AS declared_by, t.at,"
            " t.withdrawn_at FROM attachment t JOIN file f ON f.id = t.file JOIN agency a ON a.id = t.agency"
            " JOIN person p ON p.id = t.declared_by WHERE t.record = $1 ORDER BY t.at, t.id",
            record,
        )
    return tuple(AttachmentView(**row) for row in rows)


async def open_attachment(actor: Actor, attachment: UUID) -> tuple[StoredFile, Path]:
    """The bytes of a paper; whoever reads a sensitive one stands in the journal.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; papers taken back are there for nobody, sensitive ones
            for the parties of the record only.
    """
    number, row = await _row(attachment)
    record = await visible_record(actor, number)
    if row["withdrawn_at"] is not None:
        raise not_found()
    if row["confidentiality"] == Confidentiality.SENSITIVE:
        if actor.agency not in record.parties.agencies:
            raise NotAllowed(
                N_("This paper is for the parties of the record only."),
                do=N_("Ask one of them for it."),
                code="covered",
            )
        await _note_reading(actor, record, attachment)
    return await open_file(row["file"])


async def _row(attachment: UUID) -> tuple[str, Any]:
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT r.number, t.agency, t.file, t.confidentiality, t.withdrawn_at FROM attachment t"
            " JOIN record r ON r.id = t.record WHERE t.id = $1",
            attachment,
        )
    if row is None:
        raise not_found()
    return row["number"], row


async def _own_file(actor: Actor, file: UUID) -> tuple[StoredFile, Path]:
    """A file that the actor's agency has sent and that was not set aside; foreign ones are unknown."""
    async with reading() as db:
        known = await db.fetchval(
            "SELECT true FROM file WHERE id = $1 AND owner = $2 AND secrecy_declared", file, actor.agency
        )
    if not known:
        raise Invalid(N_("This file is not known."), do=N_("Send it again."), code="unknown_file", field="file")
    return await open_file(file)


@verb
async def _attach(
    actor: Actor, record: Seen, file: StoredFile, draft: AttachmentDraft, scanned: bool, act_id: str | None
) -> UUID:
    attachment = new_id()
    data = {
        "attachment": attachment,
        "file": file.id,
        "sha256": file.sha256.hex(),
        "class": draft.confidentiality.value,
        "declared": True,
        "scanned": scanned,
    }
    await journal.note_line(
        record.procedure, "attach", record.id, actor, Permission.RECORD_ATTACH, data=data, act_id=act_id
    )
    if await connection().fetchval(
        "SELECT true FROM attachment WHERE record = $1 AND file = $2 AND withdrawn_at IS NULL", record.id, file.id
    ):
        raise Invalid(N_("This file is on the record already."), code="attached", field="file")
    await connection().execute(
        "INSERT INTO attachment (id, record, file, label, confidentiality, agency, declared_by, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        attachment,
        record.id,
        file.id,
        draft.label,
        draft.confidentiality.value,
        actor.agency,
        actor.person,
        clock.now(),
    )
    await fulltext.index(record.id)
    return attachment


@verb
async def _contaminated(actor: Actor, record: Seen, file: UUID, places: list[str]) -> None:
    """Stop, set aside, tell the agency's heads; where it was found is noted, what was found is not."""
    await journal.note_line(
        record.procedure,
        "contamination",
        record.id,
        actor,
        Permission.RECORD_ATTACH,
        data={"file": file, "found_in": places},
    )
    await connection().execute("UPDATE file SET secrecy_declared = false WHERE id = $1", file)
    assert actor.agency is not None
    await notices.tell(
        [actor.agency],
        LEADING | ADMIN,
        N_("%(number)s: a file with a secrecy marking was stopped and set aside. Tell the secrecy office."),
        {"number": record.number},
        record=record.id,
        link=record.path,
        key=f"contamination:{file}",
    )


@verb
async def _note_reading(actor: Actor, record: Seen, attachment: UUID) -> None:
    data = {"attachment": attachment}
    await journal.note_line(record.procedure, "read_attachment", record.id, actor, record.see, data=data)
