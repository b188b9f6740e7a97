"""Who may see a stored file: the agency that owns it, and the agencies on a record that shows it.

Files set aside because of a marking are there for nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission, not_found
from shared_resources.kernel.storage import open_file

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.storage import StoredFile

SCOPES = frozenset({Permission.ITEM_SEE, Permission.LOAN_SEE, Permission.SAMPLE_SEE})
"""A program sees files when it may see what they belong to."""

_records: dict[str, str] = {}


def shows_files(name: str, statement: str) -> None:
    """Let a department say which records show a file: SQL that gives their ids; ``$1`` is the file."""
    _records[name] = statement


async def visible_file(actor: Actor, file: UUID) -> tuple[StoredFile, Path]:
    """The file and where its bytes lie.

    Raises:
        NotFound: there is none, or none that the reader may see.
    """
    found, path = await open_file(file)
    if actor.agency is None or (actor.scopes is not None and not SCOPES & actor.scopes):
        raise not_found()
    if not found.secrecy_declared or await _is_sensitive(file):
        raise not_found()
    if found.owner != actor.agency and not await _is_shown(file, actor.agency):
        raise not_found()
    return found, path


async def _is_sensitive(file: UUID) -> bool:
    """Whether it is a sensitive paper of a record: those are read at ``/attachments``, where it is noted."""
    async with reading() as db:
        return bool(
            await db.fetchval(
                "SELECT EXISTS (SELECT FROM attachment WHERE file = $1 AND confidentiality = 'S')", file
            )
        )


async def _is_shown(file: UUID, agency: UUID) -> bool:
    if not _records:
        return False
    shown = " UNION ALL ".join(f"({statement})" for statement in _records.values())
    async with reading() as db:
        return bool(
            await db.fetchval(
                f"SELECT EXISTS (SELECT FROM party WHERE agency = $2 AND record IN ({shown}))", file, agency
            )
        )
