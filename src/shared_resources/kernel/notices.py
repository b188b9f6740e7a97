"""Who is told what: a line in the application at once, a mail after the commit.

The sentence is stored as a msgid with its values and put into the reader's language on reading.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, outbox
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.ledger import plain
from shared_resources.kernel.words import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor, Role
    from shared_resources.kernel.procedure import Procedure, Step


async def announce(procedure: Procedure, step: Step, moved: Moved, actor: Actor, data: Mapping[str, Any]) -> None:
    """Tell the parts named by ``step`` what has happened to their record."""
    if not step.tells:
        return
    agencies = [agency for part in step.tells for agency in moved.parties.all(part)]
    values = {**plain(dict(data)), "number": moved.number, "title": moved.title}
    await tell(
        agencies,
        step.told_roles,
        step.notice,
        values,
        record=moved.id,
        link=procedure.path % {"number": moved.number},
        key=f"{moved.id}:{moved.version}:{step.name}",
        besides=(actor.person,) if actor.person else (),
    )


async def tell(
    agencies: Iterable[UUID],
    roles: Iterable[Role],
    sentence: str,
    params: Mapping[str, Any],
    *,
    record: UUID | None,
    link: str | None,
    key: str,
    besides: Iterable[UUID] = (),
) -> None:
    """Tell everybody who holds one of ``roles`` in one of ``agencies`` today, except ``besides``."""
    rows = await connection().fetch(
        "SELECT DISTINCT a.person FROM appointment a JOIN person p ON p.id = a.person AND p.is_active"
        " WHERE a.agency = ANY($1) AND a.role = ANY($2) AND a.valid_from <= $3"
        " AND (a.valid_to IS NULL OR a.valid_to >= $3) AND a.person <> ALL($4)",
        list(agencies),
        [role.value for role in roles],
        clock.today(),
        list(besides),
    )
    await tell_people([row["person"] for row in rows], sentence, params, record=record, link=link, key=key)


async def tell_people(
    people: Sequence[UUID],
    sentence: str,
    params: Mapping[str, Any],
    *,
    record: UUID | None,
    link: str | None,
    key: str,
    calendar: Mapping[str, str] | None = None,
) -> None:
    """Tell these persons: one notice each, and a mail to those who have an address.

    Args:
        calendar: ``method`` and ``text`` of an invitation that the mail carries (``invitations``).

    Raises:
        KeyError: the sentence names a value that was not given; better now than on somebody's page.
    """
    values = plain(dict(params))
    str(Sentence(sentence, values))
    encoded = json.dumps(values, ensure_ascii=False)
    now = clock.now()
    await connection().executemany(
        "INSERT INTO notice (id, person, record, sentence, params, link, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [(new_id(), person, record, sentence, encoded, link, now) for person in people],
    )
    for person in people:
        body = {"person": person, "sentence": sentence, "params": values, "link": link}
        if calendar is not None:
            body["calendar"] = dict(calendar)
        await outbox.post("mail", f"mail:{key}:{person}", body)
        await connection().execute("SELECT pg_notify('notices', $1)", str(person))
