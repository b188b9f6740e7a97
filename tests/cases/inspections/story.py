"""Parties of the register and plans to inspect them."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING, Any

from shared_resources.cases.inspections.family import FAMILY
from shared_resources.cases.inspections.schemas import InspectionOpening, PartyDraft
from shared_resources.cases.inspections.service import add_party
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.credit_code import ALPHABET

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor

serials = itertools.count(1)


def credit_code(body: str) -> str:
    """A code of 17 characters with its check character."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return body + ALPHABET[(31 - total % 31) % 31]


async def make_party(actor: Actor, **more: Any) -> str:
    """The number of a new organisation."""
    code = credit_code(f"91500000MB99{next(serials):05d}")
    draft = {"kind": "organisation", "name": "长寿某某化工有限公司", "code": code, **more}
    return await add_party(actor, PartyDraft.model_validate(draft))


async def plan(actor: Actor, party: str, first: date, last: date, **more: Any) -> Moved:
    """A plan of the actor's agency."""
    entries = {"party": party, "first": first, "last": last, "subfield": "hazardous_chemicals", **more}
    return await open_case(
        actor, FAMILY, InspectionOpening.model_validate({"subject": "危险化学品储存", **entries})
    )


async def act(actor: Actor, moved: Moved, step: str, note: str | None = None, **entries: Any) -> Moved:
    """Take a step with its form."""
    form = next(each.form for each in FAMILY.procedure.steps if each.name == step)
    filled = form.model_validate(entries) if form else None
    return await take_step(actor, FAMILY, moved.number, step, filled, note=note)  # type: ignore[arg-type]


async def now(moved: Moved) -> Facts:
    """The record as it stands."""
    return await facts_of(moved.id)


async def state_of(moved: Moved) -> str:
    """The state as it stands."""
    async with reading() as db:
        return str(await db.fetchval("SELECT state FROM record WHERE id = $1", moved.id))
