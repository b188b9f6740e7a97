"""The directory of laboratories: entered, corrected, its parts added and ended, taken out (IN-1b)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.fulltext import vector_of
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.validity import covers
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.laboratory import LABORATORY
from shared_resources.lab.schemas.directory import (
    CertificateDraft,
    ClosureDraft,
    ScopeDraft,
    ScopeRow,
    SignatoryDraft,
    StoreDraft,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from shared_resources.lab.schemas.directory import LaboratoryDraft

EDIT = Permission.LABORATORY_EDIT
TABLES: Mapping[type[Asked], str] = {
    CertificateDraft: "lab_certificate",
    ScopeDraft: "lab_scope",
    SignatoryDraft: "lab_signatory",
    ClosureDraft: "lab_closure",
    StoreDraft: "lab_store",
}
ENDED = {"certificates": "lab_certificate", "scope": "lab_scope", "signatories": "lab_signatory"}
"""Parts that end and stay readable, by the word in their address: opinions rest on what held on their day."""
SEPARATOR = re.compile(r"[、,，;；\s]+")
speaks_for(
    "lab_certificate_once",
    N_("This certificate is recorded already."),
    do=N_("Open the laboratory to see it."),
    code="certificate_known",
    field="number",
)
speaks_for(
    "lab_scope_once",
    N_("This row stands in the scope already."),
    do=N_("End the old row first if its limits have changed."),
    code="scope_known",
    field="item",
)
speaks_for(
    "lab_store_once",
    N_("The laboratory has a place of this name already."),
    do=N_("Choose another name."),
    code="store_known",
    field="name",
)


@verb
async def register_laboratory(actor: Actor, draft: LaboratoryDraft, act_id: str | None = None) -> Moved:
    """Enter a laboratory of the actor's agency.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a text bears a secrecy marking.
        Repeated: this ``act_id`` was used before.
    """
    require(actor, EDIT, {Relation.LABORATORY})
    if actor.agency is None:
        raise not_found()
    markings.refuse_marked((draft.name_zh, draft.remarks or ""), field="name_zh")
    parties = {Relation.LABORATORY: actor.agency}
    moved = await open_record(LABORATORY, actor, parties, draft.name_zh, act_id=act_id)
    await _insert("laboratory", {"id": moved.id, "owner": actor.agency, **draft.model_dump()})
    return moved


@verb
async def edit_laboratory(actor: Actor, number: str, draft: LaboratoryDraft, act_id: str | None = None) -> None:
    """Correct what the directory says; the journal names the fields that changed.

    Raises:
        NotFound, NotAllowed, Invalid, Repeated: see ``register_laboratory``.
    """
    row = await own_laboratory(actor, number)
    markings.refuse_marked((draft.name_zh, draft.remarks or ""), field="name_zh")
    values = draft.model_dump()
    changed = sorted(name for name, value in values.items() if value != row[name])
    if not changed:
        return
    await journal.note_line(LABORATORY, "edit", row["id"], actor, EDIT, data={"changed": changed}, act_id=act_id)
    pairs = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
    await connection().execute(f"UPDATE laboratory SET {pairs} WHERE id = $1", row["id"], *values.values())
    await connection().execute("UPDATE record SET title = $2 WHERE id = $1", row["id"], draft.name_zh)
    await _index(row["id"])


@verb
async def retire_laboratory(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Take a laboratory out of the directory; what it accepted goes on.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
    """
    row = await own_laboratory(actor, number)
    return await journal.act(LABORATORY, "retire", row["id"], actor, note=reason, act_id=act_id)


@verb
async def add_part(actor: Actor, number: str, draft: Asked, act_id: str | None = None) -> UUID:
    """Add a certificate, a scope row, a signatory, a closure or a store; returns its id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the certificate is not this laboratory's, or the person works for another agency.
        Taken: it stands there already.
        Repeated: this ``act_id`` was used before.
    """
    row = await own_laboratory(actor, number)
    return await _add(actor, row, draft, act_id)


@verb
async def import_scope(actor: Actor, number: str, certificate: UUID, rows: list[ScopeRow], act_id: str) -> int:
    """Add the rows of a list to a certificate's scope; those that stand there already are left as they are.

    Returns:
        How many rows were new.

    Raises:
        NotFound, NotAllowed, Invalid, Repeated: see ``add_part``.
    """
    laboratory = await own_laboratory(actor, number)
    await _certificate_of(laboratory["id"], certificate)
    known = await connection().fetch(
        "SELECT item, matrix, method FROM lab_scope WHERE laboratory = $1 AND certificate = $2"
        " AND ended_on IS NULL",
        laboratory["id"],
        certificate,
    )
    seen = {tuple(row) for row in known}
    fresh = [row for row in rows if (row.item, row.matrix, row.method) not in seen]
    note = {"certificate": certificate, "rows": len(fresh)}
    await journal.note_line(LABORATORY, "import_scope", laboratory["id"], actor, EDIT, data=note, act_id=act_id)
    for row in {(row.item, row.matrix, row.method): row for row in fresh}.values():
        values = {"laboratory": laboratory["id"], "certificate": certificate, **row.model_dump()}
        await _insert("lab_scope", {"id": new_id(), **values})
    await _index(laboratory["id"])
    return len(fresh)


@verb
async def end_part(actor: Actor, number: str, part: str, identifier: UUID, act_id: str | None = None) -> None:
    """End a certificate, scope row or authorisation from today on; a closure or an empty store goes away.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also for a part of another laboratory.
        Repeated: this ``act_id`` was used before.
    """
    laboratory = await own_laboratory(actor, number)
    data = {"part": part, "id": identifier}
    await journal.note_line(LABORATORY, "end_part", laboratory["id"], actor, EDIT, data=data, act_id=act_id)
    if part in ENDED:
        query = f"UPDATE {ENDED[part]} SET ended_on = $3 WHERE id = $1 AND laboratory = $2 AND ended_on IS NULL"
        done = await connection().execute(query, identifier, laboratory["id"], clock.today())
    elif part == "closures":
        query = "DELETE FROM lab_closure WHERE id = $1 AND laboratory = $2"
        done = await connection().execute(query, identifier, laboratory["id"])
    else:
        raise not_found()
    if done.endswith(" 0"):
        raise not_found()


async def own_laboratory(actor: Actor, number: str) -> Any:
    """Within the running verb: the row of a laboratory, locked, if the actor may change it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    row = await connection().fetchrow(
        "SELECT l.* FROM laboratory l JOIN record r ON r.id = l.id WHERE r.number = $1 FOR NO KEY UPDATE OF l",
        number,
    )
    if row is None:
        raise not_found()
    require(actor, EDIT, {Relation.LABORATORY if row["owner"] == actor.agency else Relation.THIRD})
    return row


async def _add(actor: Actor, laboratory: Any, draft: Asked, act_id: str | None) -> UUID:
    table, values, part = TABLES[type(draft)], draft.model_dump(), new_id()
    if isinstance(draft, ScopeDraft):
        await _certificate_of(laboratory["id"], draft.certificate)
    if isinstance(draft, SignatoryDraft):
        values["fields"] = [field for field in SEPARATOR.split(draft.fields) if field]
    for field in ("person", "keeper"):
        if field in values:
            await _colleague(laboratory["owner"], values[field], field)
    data = {"part": table, "id": part}
    await journal.note_line(LABORATORY, "add_part", laboratory["id"], actor, EDIT, data=data, act_id=act_id)
    await _insert(table, {"id": part, "laboratory": laboratory["id"], **values})
    if table == "lab_scope":
        await _index(laboratory["id"])
    return part


async def _certificate_of(laboratory: UUID, certificate: UUID) -> None:
    if not await connection().fetchval(
        "SELECT true FROM lab_certificate WHERE id = $1 AND laboratory = $2", certificate, laboratory
    ):
        raise Invalid(
            N_("This is not a certificate of the laboratory."),
            do=N_("Choose one of its certificates."),
            code="unknown_certificate",
            field="certificate",
        )


async def _colleague(agency: UUID, person: UUID, field: str) -> None:
    if not await connection().fetchval(
        f"SELECT true FROM appointment t WHERE t.person = $1 AND t.agency = $2 AND {covers('t', '$3')} LIMIT 1",
        person,
        agency,
        clock.today(),
    ):
        raise Invalid(
            N_("This person does not work for your agency."),
            do=N_("Choose one of your colleagues."),
            code="unknown_person",
            field=field,
        )


async def _index(laboratory: UUID) -> None:
    """Bring the words up to date by which the rows of a laboratory are found."""
    rows = await connection().fetch(
        "SELECT s.id, concat_ws(' ', s.item, s.matrix, s.method, s.field, l.name_zh, l.name_en) AS said"
        " FROM lab_scope s JOIN laboratory l ON l.id = s.laboratory WHERE s.laboratory = $1",
        laboratory,
    )
    await connection().executemany(
        "UPDATE lab_scope SET words = $2::text::tsvector WHERE id = $1",
        [(row["id"], vector_of({"A": row["said"]})) for row in rows],
    )


async def _insert(table: str, values: Mapping[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await connection().execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", *values.values())
