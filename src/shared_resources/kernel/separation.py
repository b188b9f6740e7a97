"""Separation of duties (ROLES.md): who decides is not who asked, who keeps is not who borrows. Pure.

Compared are persons, not agencies: both rules must hold even where one person serves two agencies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID


def approver_is_not_requester(approver: UUID | None, requester: UUID | None) -> None:
    """Refuse a person's approval of their own request; a rule of the house (None) may decide on anybody's.

    Raises:
        NotAllowed: the same person asked and would decide.
    """
    if approver is not None and approver == requester:
        raise NotAllowed(
            N_("You asked for this yourself, so somebody else has to decide."),
            do=N_("Ask a colleague who may decide as well."),
            code="own_request",
        )


def custodian_is_not_borrower(custodian: UUID | None, borrower: UUID | None) -> None:
    """Refuse a hand-over in which one person gives and takes.

    Raises:
        NotAllowed: giver and taker are the same person.
    """
    if custodian is not None and custodian == borrower:
        raise NotAllowed(
            N_("The same person cannot both give and take equipment."),
            do=N_("Let a colleague take part for one of the two sides."),
            code="same_person",
        )


def second_person_is_another(first: UUID | None, second: UUID | None) -> None:
    """Refuse a confirmation by the person who made the entry (calendar notices, two signatures).

    Raises:
        NotAllowed: one person would confirm their own entry.
    """
    if first is not None and first == second:
        raise NotAllowed(
            N_("A second person has to confirm this."),
            do=N_("Ask a colleague with the same role."),
            code="same_person",
        )
