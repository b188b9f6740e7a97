"""Every family's records brought to every state, by the stories of the family's own tests.

A ``Walk`` is one family in one database: who is there, how to reach a state, and for each step who usually takes
it, when, and with which form. Several records of a family stand side by side in the same database.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from shared_resources.families import FAMILIES
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.permissions import Actor
from tests.cases.joint_operations.operating import clock_takes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.casework.family import Family
    from tests.people import Cast, Offices, Team

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""
BY_KIND: dict[str, Family] = {family.kind: family for family in FAMILIES}


class Walk(Protocol):
    """One family in one database."""

    kind: str

    @property
    def teams(self) -> Mapping[str, Team]:
        """Everybody who is there, by name."""

    async def reach(self, state: str) -> str:
        """The number of a new record in ``state``, brought there by those who may."""

    def usual(self, step: str) -> Actor:
        """Who usually takes ``step`` on the record that was reached last; the system where the clock does."""

    def form(self, step: str) -> Asked | None:
        """A form that does for ``step`` on the record that was reached last."""

    def at(self, state: str, step: str) -> datetime:
        """When ``step`` can be taken in ``state``."""


def teams_of(cast: Cast, offices: Offices, **more: Team) -> dict[str, Team]:
    """Everybody who is there, by name."""
    named = {"owner": cast.owner, "borrower": cast.borrower, "third": cast.third}
    return {
        **named,
        **more,
        "legal": offices.legal,
        "government": offices.government,
        "supervisor": offices.supervisor,
    }


async def take(walk: Walk, number: str, step: str) -> None:
    """A step by the one who usually takes it, at its time."""
    family = BY_KIND[walk.kind]
    with clock.at(walk.at("", step)):
        if walk.usual(step).is_system:
            await clock_takes(family, number, step)
        else:
            await take_step(walk.usual(step), family, number, step, walk.form(step), note="理由如此。")
