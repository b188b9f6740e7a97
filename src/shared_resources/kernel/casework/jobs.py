"""What the clock does to records: the steps that follow when a term has passed (``Term.then``)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import families
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.jobs import Job
from shared_resources.kernel.permissions import SYSTEM_ACTOR

if TYPE_CHECKING:
    from shared_resources.kernel.casework.family import Family

log = logging.getLogger(__name__)

LAPSED = (
    "SELECT DISTINCT ON (d.record) d.id FROM deadline d JOIN record r ON r.id = d.record"
    " JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (kind, term, state)"
    " ON k.kind = r.kind AND k.term = d.term AND k.state = r.state"
    " WHERE d.state = 'running' AND NOT d.provisional AND d.due_at <= $4 ORDER BY d.record, d.due_at"
)
"""The first lapsed term of each record that stands in a state from which its step leaves."""


async def take_lapsed_steps() -> int:
    """Take the step that follows each term whose due instant has passed. How many; a failure is tried again."""
    chances = [
        (family.kind, term.name, state)
        for family in families()
        for term in family.procedure.terms
        if term.then
        for step in family.procedure.steps
        if step.name == term.then
        for state in step.sources
    ]
    if not chances:
        return 0
    kinds, terms, states = zip(*chances, strict=True)
    async with reading() as db:
        found = await db.fetch(LAPSED, list(kinds), list(terms), list(states), clock.now())
    by_kind = {family.kind: family for family in families()}
    done = 0
    for row in found:
        try:
            done += await take_lapsed_step(row["id"], by_kind)
        except (Refusal, asyncpg.PostgresError):
            log.exception("the step after deadline %s could not be taken", row["id"])
    return done


@verb
async def take_lapsed_step(deadline: UUID, by_kind: dict[str, Family]) -> bool:
    """Take the step that follows one lapsed term; False when the record or the term has moved on meanwhile."""
    row = await connection().fetchrow(
        "SELECT r.id, r.kind, r.state, d.term FROM deadline d JOIN record r ON r.id = d.record WHERE d.id = $1"
        " AND d.state = 'running' AND NOT d.provisional AND d.due_at <= $2 FOR NO KEY UPDATE OF r SKIP LOCKED",
        deadline,
        clock.now(),
    )
    if row is None:
        return False
    family = by_kind[row["kind"]]
    step = family.procedure.term(row["term"]).then
    if not any(row["state"] in each.sources for each in family.procedure.steps if each.name == step):
        return False
    await move(family, row["id"], step, SYSTEM_ACTOR)
    return True


JOBS = (Job("lapsed steps", timedelta(minutes=1), take_lapsed_steps),)
