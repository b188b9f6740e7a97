"""Keeping a form as it was filed: its RFC 8785 bytes are hashed, and the hash is in the act's journal line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

import rfc8785

from shared_resources.kernel import clock, markings
from shared_resources.kernel.casework.facts import Filed
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id

if TYPE_CHECKING:
    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.permissions import Actor


async def file_form(record: UUID, step: str, entries: Asked, actor: Actor) -> tuple[Filed, str]:
    """Within the running verb: keep ``entries`` as filed by ``actor``; also the hex SHA-256 for the journal.

    Raises:
        Invalid: a text bears a secrecy marking.
    """
    body = entries.model_dump(mode="json")
    markings.refuse_marked(markings.texts_of(body))
    digest = hashlib.sha256(rfc8785.dumps(body)).digest()
    filed = Filed(step, type(entries).__name__, body, actor.agency, actor.person, actor.name, clock.now())
    await connection().execute(
        "INSERT INTO filing (id, record, step, form, body, sha256, agency, person, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new_id(),
        record,
        step,
        filed.form,
        rfc8785.dumps(body).decode(),
        digest,
        filed.agency,
        filed.person,
        filed.at,
    )
    return filed, digest.hex()
