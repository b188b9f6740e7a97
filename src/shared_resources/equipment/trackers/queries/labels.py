"""What the acts in the journal of a device or an alarm are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.rules.procedures import ALARM, PROCEDURES, TRACKER
from shared_resources.kernel import attachments, history, links
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shared_resources.kernel.schemas.history import ActView

ACT_LABELS: Mapping[str, str] = {step.name: step.label for procedure in PROCEDURES for step in procedure.steps} | {
    TRACKER.opening: N_("Registered"),
    ALARM.opening: N_("Raised"),
    "edit_tracker": N_("Corrected"),
    "ask": N_("Asked of the device"),
    "issue_credential": N_("Credential issued"),
    "rotate_credential": N_("Credential renewed"),
    "revoke_credential": N_("Credential revoked"),
    **attachments.ACT_LABELS,
    **links.ACT_LABELS,
}


async def acts_of(record: UUID) -> tuple[ActView, ...]:
    """Every act on a device or an alarm, newest first. The caller has made sure that the reader may see it."""
    return await history.acts_of(record, ACT_LABELS)
