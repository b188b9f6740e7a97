"""The clocks of enforcement assistance: how soon what is asked, answered, started and told."""

from __future__ import annotations

from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Term
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD, SAME_DAY

REQUESTING, ASSISTING = Relation.REQUESTING, Relation.ASSISTING
ANSWERS = ("agree", "agree_in_part", "refuse")

TERMS = (
    Term(
        "letter",
        N_("Letter after the oral request"),
        ("oral_request",),
        ("backfill_letter", "file_letter"),
        REQUESTING,
        ASSISTING,
        "AS-3b",
        FWD(1),
        void=("withdraw",),
    ),
    Term(
        "accept",
        N_("Urgent: accept at once"),
        ("oral_request", "issue", "backfill_letter"),
        ("act_at_once", "ask_supplement", *ANSWERS),
        ASSISTING,
        REQUESTING,
        "AS-7a",
        void=("withdraw",),
    ),
    Term(
        "reply",
        N_("Reply"),
        ("issue", "backfill_letter", "resume"),
        ANSWERS,
        ASSISTING,
        REQUESTING,
        "AS-6b",
        FWD(3),
        pauses=("ask_supplement",),
        resumes=("supplement",),
        void=("act_at_once", "withdraw"),
    ),
    Term(
        "supplement",
        N_("Supplement"),
        ("ask_supplement",),
        ("supplement",),
        REQUESTING,
        ASSISTING,
        "AS-3c",
        FWD(3),
        void=("withdraw",),
    ),
    Term(
        "start",
        N_("Start on the day of the reply"),
        ("agree", "agree_in_part"),
        ("start",),
        ASSISTING,
        REQUESTING,
        "AS-7b",
        SAME_DAY,
        statutory=True,
        void=("withdraw",),
    ),
    Term(
        "reply_paper",
        N_("Reply after acting at once"),
        ("act_at_once",),
        ("file_reply",),
        ASSISTING,
        REQUESTING,
        "AS-7a",
        FWD(1),
        void=("withdraw",),
    ),
    Term(
        "finish",
        N_("Finish of the assistance"),
        ("start", "act_at_once"),
        ("report",),
        ASSISTING,
        REQUESTING,
        "AS-4a",
        FWD(15),
        void=("withdraw",),
    ),
    Term(
        "follow_up",
        N_("Accept the answer or raise a dispute"),
        ("refuse",),
        ("accept_refusal", "dispute"),
        REQUESTING,
        ASSISTING,
        "AS-3d",
        FWD(5),
        void=("withdraw",),
    ),
    Term(
        "confirm",
        N_("Confirm the report"),
        ("report",),
        ("confirm",),
        REQUESTING,
        ASSISTING,
        "SN-3a",
        FWD(5),
        void=("withdraw",),
    ),
    Term("result", N_("Tell the result"), ("confirm",), ("close",), REQUESTING, ASSISTING, "SN-3b", FWD(15)),
)
"""Only the start is the decree's own: on the day of the consenting reply. All others are targets of the house."""
