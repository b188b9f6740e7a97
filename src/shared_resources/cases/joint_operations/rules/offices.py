"""Which agency holds a standing office of the municipality. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import AgencyFacts, Facts
    from shared_resources.kernel.roles import Relation

MUNICIPAL = "municipal"


def office_of(facts: Facts, office: Relation) -> AgencyFacts | None:
    """The municipal agency that holds ``office``; None where nobody does."""
    holders = [
        agency for agency in facts.agencies.values() if agency.office is office and agency.level == MUNICIPAL
    ]
    return min(holders, key=lambda agency: agency.slug) if holders else None
