"""Who may hand what to whom, and when: pure checks of a hand-over (SWITCH 6, machine 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.schemas.handover import Direction
from shared_resources.kernel.errors import Invalid, NotAllowed, Refusal, WrongState
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GIVEN_FROM = {
    Direction.OUT: frozenset({"reserved"}),
    Direction.BACK: frozenset({"out"}),
    Direction.MOVE: frozenset({"out"}),
}
"""Line states from which an item may change hands in each direction."""

CUSTODY_KIND = {Direction.OUT: "issue", Direction.BACK: "return", Direction.MOVE: "move"}


@dataclass(frozen=True)
class Line:
    """What a check needs of one line: its item, state, and since when it may go out."""

    id: UUID
    item: UUID
    code: str
    state: str
    ready_from: datetime


@dataclass(frozen=True)
class Sides:
    """The two persons of a hand-over and the agencies they act for."""

    giver: UUID
    giver_agency: UUID
    taker: UUID
    taker_agency: UUID


@dataclass(frozen=True)
class Lending:
    """What a check needs of the loan."""

    owner: UUID
    borrower: UUID
    mode: str


def check_handover(
    direction: Direction, lines: Sequence[Line], sides: Sides, loan: Lending, at: datetime
) -> list[Refusal]:
    """Every reason against this hand-over; an empty list when it may go ahead."""
    reasons: list[Refusal] = [*check_sides(direction, sides, loan)]
    for line in lines:
        if line.state not in GIVEN_FROM[direction]:
            reasons.append(
                WrongState(
                    N_("Item %(item)s cannot change hands this way now."),
                    do=N_("Reload the page to see where each item is."),
                    code="line_state",
                    item=line.code,
                )
            )
        elif direction is Direction.OUT and at < line.ready_from:
            places: dict[str, Any] = {"item": line.code, "from": line.ready_from}
            reasons.append(
                Invalid(
                    N_("Item %(item)s cannot be handed out before %(from)s."),
                    do=N_("Come back then, or ask the owner to move the loan."),
                    code="too_early",
                    **places,
                )
            )
    return reasons


def check_sides(direction: Direction, sides: Sides, loan: Lending) -> list[Refusal]:
    """Two different persons, each of the agency that this direction asks for.

    In shared use the owner's own operator takes the item along: custody never leaves the owner (machine 11).
    """
    outside = loan.owner if loan.mode == "shared_use" else loan.borrower
    wanted: Mapping[Direction, tuple[UUID, UUID]] = {
        Direction.OUT: (loan.owner, outside),
        Direction.BACK: (outside, loan.owner),
        Direction.MOVE: (outside, outside),
    }
    reasons: list[Refusal] = []
    if sides.giver == sides.taker:
        reasons.append(
            NotAllowed(
                N_("Nobody can hand something over to themselves."),
                do=N_("The other side has to confirm; choose another person."),
                code="same_person",
            )
        )
    if (sides.giver_agency, sides.taker_agency) != wanted[direction]:
        reasons.append(
            Invalid(
                N_("The two persons do not belong to the two sides of this loan."),
                do=N_("Choose the person who really gives or takes the items."),
                code="wrong_side",
                field="other",
            )
        )
    return reasons


def check_wiped(direction: Direction, resource: str, wiped: bool, code: str) -> Refusal | None:
    """Video equipment comes home without case data on it (EXPECTATIONS 13)."""
    if direction is not Direction.BACK or resource != "video" or wiped:
        return None
    return Invalid(
        N_("Item %(item)s still counts as holding case data."),
        do=N_("Export the footage, wipe the storage and tick “data removed”."),
        code="not_wiped",
        field="wiped",
        item=code,
    )
