"""The steps of the sender of a case: prepare, approve, send, send again, supplement, withdraw."""

from __future__ import annotations

from shared_resources.cases.transfers.schemas.common import Opinion
from shared_resources.cases.transfers.schemas.inventory import Inventory, MoreDocuments
from shared_resources.cases.transfers.schemas.transfer import Bounce, Sending
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.procedure import Step
from shared_resources.kernel.roles import LEADING, PAPERS, Relation
from shared_resources.kernel.words import N_

SENDER, RECEIVER, LEGAL = Relation.SENDER, Relation.RECEIVER, Relation.LEGAL_OFFICE
BOTH = (SENDER, RECEIVER)
PREPARE, SIGN = Permission.TRANSFER_PREPARE, Permission.TRANSFER_SIGN

SENDING = (
    Step("prepare", ("determined", "drafting"), "drafting", PREPARE, N_("Prepare"), "TR-1a", form=Inventory),
    Step("prepare", ("overdue",), None, PREPARE, N_("Prepare"), "TR-1a", form=Inventory),
    Step(
        "approve",
        ("drafting",),
        "approved",
        SIGN,
        N_("Approve"),
        "TR-1a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is approved: send it."),
        form=Opinion,
        document="transfer_letter",
    ),
    Step(
        "approve",
        ("overdue",),
        None,
        SIGN,
        N_("Approve"),
        "TR-1a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is approved: send it."),
        form=Opinion,
        document="transfer_letter",
    ),
    Step(
        "send",
        ("approved", "overdue", "bounced"),
        "sent",
        PREPARE,
        N_("Send"),
        "TR-1a",
        tells=(RECEIVER,),
        told_roles=PAPERS,
        notice=N_("Case “%(title)s” is transferred to you under %(number)s: sign for it."),
        form=Sending,
        document="proof_of_service",
    ),
    Step(
        "bounce",
        ("sent",),
        "bounced",
        PREPARE,
        N_("Came back"),
        "TR-3",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The papers of transfer %(number)s “%(title)s” came back: send them again today."),
        form=Bounce,
    ),
    Step(
        "supplement",
        ("supplementing",),
        "sent",
        PREPARE,
        N_("Supplement"),
        "TR-1b",
        tells=(RECEIVER,),
        told_roles=PAPERS,
        notice=N_("What was missing in transfer %(number)s “%(title)s” is there now."),
        form=MoreDocuments,
        document="transfer_inventory",
    ),
    Step(
        "withdraw",
        ("determined", "drafting", "approved", "overdue", "sent", "bounced", "supplementing"),
        "withdrawn",
        SIGN,
        N_("Withdraw"),
        "TR-1a",
        tells=BOTH,
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is withdrawn by the sender."),
        needs_note=True,
    ),
    Step(
        "mark_overdue",
        ("determined", "drafting", "approved"),
        "overdue",
        None,
        N_("Withheld"),
        "FR-3b",
        tells=(SENDER, LEGAL),
        told_roles=LEADING,
        notice=N_("Transfer %(number)s “%(title)s” was not sent within two working days."),
    ),
)
