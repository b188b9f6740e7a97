"""Loans of equipment that serve a record of another kind: found by number, linked with it (IN-1a, JE-5c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import links
from shared_resources.kernel.casework.family import Outcome
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.visible import typed_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.permissions import Actor


async def loan_of(actor: Actor, number: str, field: str) -> UUID:
    """The record of an equipment loan by its number.

    Raises:
        Invalid: none that the actor's agency knows of.
    """
    found = await typed_record(actor, number)
    if found is None or found.procedure.kind != "loan":
        raise Invalid(
            N_("No loan with the number %(loan)s is known to your agency."),
            do=N_("Check the number; it stands at the head of the loan's page."),
            code="unknown_loan",
            field=field,
            loan=number,
        )
    return found.id


async def link_booking(happening: Happening) -> Outcome:
    """Link a loan of one's own with the record that it serves."""
    number = happening.entries.number
    loan = await loan_of(happening.actor, number, "number")
    await links.link(happening.record, loan, "uses", happening.actor.person)
    return Outcome(data={"loan": number})
