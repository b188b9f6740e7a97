"""The clocks of a footage request: papers after a call, the answer, supply, receipt, the end of the share."""

from __future__ import annotations

from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Term
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

REQUESTING, HOLDER = Relation.REQUESTING, Relation.HOLDER
ANSWERS = ("grant", "grant_in_part", "refuse", "does_not_exist")

TERMS = (
    Term(
        "papers",
        N_("Papers after the call"),
        ("call",),
        ("file_papers",),
        REQUESTING,
        HOLDER,
        "VI-1c",
        FWD(1),
        void=("withdraw", "accept_answer", "close_disputed", "close"),
    ),
    Term(
        "answer",
        N_("Answer"),
        ("send", "call", "file_papers", "resume"),
        ANSWERS,
        HOLDER,
        REQUESTING,
        "VI-1d",
        void=("withdraw",),
    ),
    Term(
        "archive_answer",
        N_("Answer to the archive query"),
        ("send", "file_papers", "resume"),
        ANSWERS,
        HOLDER,
        REQUESTING,
        "AR-2c",
        statutory=True,
        void=("withdraw",),
    ),
    Term(
        "supply",
        N_("Supply"),
        ("grant", "grant_in_part"),
        ("deliver",),
        HOLDER,
        REQUESTING,
        "VI-1d",
        void=("withdraw", "revoke"),
    ),
    Term(
        "receive",
        N_("Compare and sign"),
        ("deliver",),
        ("sign",),
        REQUESTING,
        HOLDER,
        "VI-1d",
        FWD(2),
        void=("revoke", "end_share", "take_back"),
    ),
    Term(
        "use",
        N_("End of the share"),
        ("deliver",),
        ("purpose_done",),
        REQUESTING,
        HOLDER,
        "VI-1c",
        then="end_share",
        void=("revoke", "end_share", "take_back"),
    ),
    Term(
        "account",
        N_("Account for the copies"),
        ("revoke", "end_share"),
        ("purpose_done",),
        REQUESTING,
        HOLDER,
        "VI-1c",
        FWD(5),
    ),
    Term("close", N_("Close"), ("purpose_done",), ("close",), HOLDER, REQUESTING, "VI-1c", FWD(5)),
)
