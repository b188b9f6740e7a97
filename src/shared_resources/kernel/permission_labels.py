"""What each permission allows, in people's words: for choosing what a token may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

PERMISSION_LABELS: Mapping[Permission, str] = {
    Permission.AGENCY_CREATE: N_("Take in agencies"),
    Permission.AGENCY_EDIT: N_("Change the agency's own data"),
    Permission.APPOINTMENT_EDIT: N_("Give and end roles"),
    Permission.CALENDAR_EDIT: N_("Keep the working-day calendar"),
    Permission.DUTY_EDIT: N_("Plan duty desks"),
    Permission.JOURNAL_READ: N_("Read the journal of records"),
    Permission.MAILBOX_READ: N_("Read one's own mails"),
    Permission.PERSON_EDIT: N_("Change people's data"),
    Permission.SESSION_END: N_("Sign people out"),
    Permission.TOKEN_EDIT: N_("Make and end tokens"),
    Permission.CATALOGUE_EDIT: N_("Keep categories and models"),
    Permission.DEPOT_EDIT: N_("Keep depots"),
    Permission.ITEM_EDIT: N_("Register and change items"),
    Permission.ITEM_SEE: N_("See the agency's own items"),
    Permission.ITEM_SEE_FREE: N_("See what is free to borrow"),
    Permission.LABEL_PRINT: N_("Print labels"),
    Permission.RULE_EDIT: N_("Set lending rules"),
    Permission.CUSTODY_SEE: N_("See the chain of custody"),
    Permission.INCIDENT_REPORT: N_("Report damage and loss"),
    Permission.INCIDENT_SETTLE: N_("Settle damage and loss"),
    Permission.LOAN_ACCEPT: N_("Accept an offer"),
    Permission.LOAN_APPROVE: N_("Approve, offer and refuse loans"),
    Permission.LOAN_CANCEL: N_("Withdraw one's own requests"),
    Permission.LOAN_GIVE: N_("Hand equipment out"),
    Permission.LOAN_HAND_OVER: N_("Confirm hand-overs"),
    Permission.LOAN_INSPECT: N_("Inspect what came back"),
    Permission.LOAN_MOVE: N_("Move loans in time"),
    Permission.LOAN_RELEASE: N_("Release equipment in an emergency"),
    Permission.LOAN_REQUEST: N_("Ask for equipment"),
    Permission.LOAN_REVOKE: N_("Take an approval back"),
    Permission.LOAN_SEE: N_("See the agency's loans"),
    Permission.LOAN_TAKE: N_("Take equipment over"),
}
