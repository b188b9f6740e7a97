"""Inspection plans: whoever plans to inspect a party learns at once who else does (JE-1b, JE-1c)."""

from __future__ import annotations

from shared_resources.cases.inspections import service
from shared_resources.cases.inspections.rules import INSPECTION, PLANNING, window_title
from shared_resources.cases.inspections.schemas import InspectionOpening
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_


def title(entries: InspectionOpening) -> str:
    """The party as it was entered and the window; the register's name takes its place at once."""
    return window_title(entries.party, entries.first, entries.last)


FAMILY = known(
    Family(
        procedure=INSPECTION,
        label=N_("Inspection plans"),
        lead=N_("The same party in the same days by two agencies: inspect together, or say why not."),
        new_label=N_("Plan an inspection"),
        see=Permission.INSPECTION_SEE,
        open=Permission.INSPECTION_PLAN,
        opens_as=PLANNING,
        opening=InspectionOpening,
        title=title,
        effects={
            "open": service.plan_window,
            "propose_join": service.propose_join,
            "accept_join": service.accept_join,
            "separate": service.separate,
            "done": service.inspected,
            "withdraw": service.leave,
        },
    )
)
