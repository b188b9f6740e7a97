"""Disputes on duties as a family of records (DS)."""

from __future__ import annotations

from shared_resources.cases.disputes import letters, service
from shared_resources.cases.disputes.rules import APPLICANT, DISPUTE, RESPONDENT, blocks, shown_of
from shared_resources.cases.disputes.schemas import Raise
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_

FAMILY = known(
    Family(
        procedure=DISPUTE,
        label=N_("Disputes on duties"),
        lead=N_("Agencies negotiate first, then the legal office coordinates, then the government decides."),
        see=Permission.DISPUTE_SEE,
        open=Permission.DISPUTE_RAISE,
        opens_as=APPLICANT,
        opening=Raise,
        title=lambda entries: entries.duty,
        parties=lambda entries, actor: {RESPONDENT: entries.respondent},
        new_label=N_("Raise a dispute"),
        body="cases/disputes/body.html",
        own=shown_of,
        blocks=blocks,
        effects={
            "raise": service.raised,
            "negotiate": service.negotiated,
            "hear": service.negotiated,
            "settle": service.over,
            "to_legal": service.to_legal,
            "opine": service.opined,
            "opinion_executed": service.over,
            "to_government": service.to_government,
            "decide": service.decided,
            "close": service.over,
            "withdraw": service.over,
        },
        letters={
            "dispute_application": letters.dispute_application,
            "coordination_ruling": letters.coordination_ruling,
            "dispute_report": letters.dispute_report,
            "dispute_decision": letters.dispute_decision,
        },
    )
)
