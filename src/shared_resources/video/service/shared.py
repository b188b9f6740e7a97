"""Sharing what joint use recorded with all who took part (VI-1b)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.casework.acts import issue_also
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.words import N_
from shared_resources.video.letters.handing_over import handover_list
from shared_resources.video.rules.shared import CO_USER, HOLDER, confirmed_by
from shared_resources.video.schemas.copies import Piece
from shared_resources.video.service.shares import share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.casework.family import Happening

OWED = (
    "SELECT f.id, r.number, file.name, file.size, file.sha256, f.sm3, f.recorded_from, f.recorded_to,"
    " f.clock_offset_ms, coalesce(s.name, f.name) AS device FROM footage f JOIN record r ON r.id = f.id"
    " JOIN file ON file.id = f.file LEFT JOIN footage_source s ON s.id = f.source"
    " WHERE f.shared_use = $1 AND f.deleted_at IS NULL ORDER BY f.recorded_from, f.id"
)


async def shared(happening: Happening) -> Outcome | None:
    """Share every recording taken in for this use with every co-user, with the list of them on paper.

    Raises:
        WrongState: none was taken in yet.
    """
    facts = happening.facts
    rows = await connection().fetch(OWED, happening.record)
    if not rows:
        raise WrongState(
            N_("No recording has been taken in for this use yet."),
            do=N_("Take the recordings in and choose this use, or state that nothing was recorded."),
            code="nothing_taken_in",
        )
    family, others = family_of("shared_footage"), facts.parties.all(CO_USER)
    assert family is not None
    draft = handover_list(facts, _pieces(rows), facts.parties[HOLDER], others, facts.title)
    await issue_also(family, draft, happening)
    for row in rows:
        for agency in others:
            await share(row["id"], agency, "shared_use", happening.record, None, happening.actor)
    return Outcome(data={"footage": [row["number"] for row in rows]})


async def confirmed(happening: Happening) -> Outcome | None:
    """When the last co-user has confirmed, the duty is done."""
    facts = happening.facts
    left = set(facts.parties.all(CO_USER)) - confirmed_by(facts)
    return Outcome(then="" if left else "close")


def _pieces(rows: Sequence[Any]) -> list[Piece]:
    return [
        Piece(
            number=row["number"],
            kind="original",
            file_name=row["name"],
            device=row["device"],
            begins=row["recorded_from"],
            ends=row["recorded_to"],
            offset_ms=row["clock_offset_ms"],
            size=row["size"],
            sha256=row["sha256"].hex(),
            sm3=row["sm3"].hex(),
        )
        for row in rows
    ]
