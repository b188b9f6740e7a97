"""The journal of an item, a loan or an incident as its parties read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.rules.procedures import INCIDENT, LOAN, PROCEDURES
from shared_resources.kernel import attachments, history, links
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shared_resources.kernel.schemas.history import ActView

ACT_LABELS: Mapping[str, str] = {step.name: step.label for procedure in PROCEDURES for step in procedure.steps} | {
    LOAN.opening: N_("Requested"),
    INCIDENT.opening: N_("Reported"),
    "propose_out": N_("Hand-over proposed"),
    "propose_back": N_("Return proposed"),
    "propose_move": N_("Passing on proposed"),
    "decline_handover": N_("Hand-over declined"),
    "withdraw_handover": N_("Proposed hand-over taken back"),
    "inspect": N_("Inspected"),
    "decline_extension": N_("Extension declined"),
    "remind": N_("Reminded"),
    "set_areas": N_("Allowed areas set"),
    "hold_track": N_("Track kept as evidence"),
    "release_track": N_("Track released for deletion"),
    "propose_checkin": N_("Seen at home by its tracker, to be confirmed"),
    "withdraw_checkin": N_("Seen away again by its tracker"),
    "decline_checkin": N_("Check-in declined: it was not there"),
    **attachments.ACT_LABELS,
    **links.ACT_LABELS,
}
"""What the acts in a journal are called: every step, every opening, every act that leaves the state as it is."""


async def acts_of(record: UUID) -> tuple[ActView, ...]:
    """Every act on a record, newest first. The caller has made sure that the reader may see it."""
    return await history.acts_of(record, ACT_LABELS)
