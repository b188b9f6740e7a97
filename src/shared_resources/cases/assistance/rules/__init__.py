"""The law of enforcement assistance: its procedure, and what is pending on a request. Pure."""

from shared_resources.cases.assistance.rules.pending import (
    assisting_of,
    blocks,
    days_late,
    is_letter_pending,
    is_reply_pending,
    request_of,
    shown_of,
)
from shared_resources.cases.assistance.rules.procedure import ASSISTANCE, ASSISTING, REQUESTING

__all__ = [
    "ASSISTANCE",
    "ASSISTING",
    "REQUESTING",
    "assisting_of",
    "blocks",
    "days_late",
    "is_letter_pending",
    "is_reply_pending",
    "request_of",
    "shown_of",
]
