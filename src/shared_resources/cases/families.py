"""Every family of the coordination records, in the order of the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.assistance.family import FAMILY as ASSISTANCE
from shared_resources.cases.disputes.family import FAMILY as DISPUTES
from shared_resources.cases.inspections.family import FAMILY as INSPECTIONS
from shared_resources.cases.joint_operations.family import OPERATION, TASK
from shared_resources.cases.meetings.family import MEETINGS, RESOLVED_ITEMS
from shared_resources.cases.notices.family import FAMILY as SITUATION_NOTICES
from shared_resources.cases.transfers.family import RECEIPTS, REFERRALS, TRANSFERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.casework.family import Family

FAMILIES: Sequence[Family] = (
    OPERATION,
    TASK,
    ASSISTANCE,
    MEETINGS,
    RESOLVED_ITEMS,
    TRANSFERS,
    REFERRALS,
    RECEIPTS,
    SITUATION_NOTICES,
    DISPUTES,
    INSPECTIONS,
)
