"""The law of disputes on duties: the procedure, and what has to be proven before it goes on. Pure."""

from shared_resources.cases.disputes.rules.procedure import APPLICANT, DISPUTE, GOVERNMENT, LEGAL, RESPONDENT
from shared_resources.cases.disputes.rules.proof import blocks, is_proven, meetings_of, shown_of

__all__ = [
    "APPLICANT",
    "DISPUTE",
    "GOVERNMENT",
    "LEGAL",
    "RESPONDENT",
    "blocks",
    "is_proven",
    "meetings_of",
    "shown_of",
]
