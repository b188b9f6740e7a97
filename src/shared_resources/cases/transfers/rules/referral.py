"""Referral of a suspected crime (TR-5; State Council Decree 310) as data: its own papers, its own clocks.

The days of Decree 310 are natural days, its 24 hours run through nights and rest days: nobody counts on a holiday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.transfers.schemas.common import Opinion, Service
from shared_resources.cases.transfers.schemas.referral import (
    Annexes,
    HandedOver,
    PoliceDecision,
    PoliceRefusal,
    ProcuratorateNote,
    Report,
    Request,
)
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.roles import LEADING, PAPERS, Relation
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import CAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.roles import Role

SENDER, RECEIVER = Relation.SENDER, Relation.RECEIVER
PREPARE, DECIDE = Permission.REFERRAL_PREPARE, Permission.REFERRAL_DECIDE
RECEIVE, FILE = Permission.REFERRAL_RECEIVE, Permission.REFERRAL_FILE
HOURS = 24


def _step(
    name: str,
    sources: Sequence[str],
    target: str,
    permission: Permission | None,
    label: str,
    told: Relation | None = None,
    notice: str = "",
    *,
    roles: frozenset[Role] = PAPERS,
    form: type[Asked] | None = None,
    document: str = "",
    needs_note: bool = False,
) -> Step:
    """A step of the referral; every one rests on TR-5."""
    tells = (told,) if told else ()
    return Step(
        name, tuple(sources), target, permission, label, "TR-5", tells, roles, notice, needs_note, form, document
    )


def _term(name: str, label: str, after: str, until: Sequence[str], owed_by: Relation) -> Term:
    """A limit of Decree 310: three natural days, unless the verb gives the instant."""
    owed_to = RECEIVER if owed_by is SENDER else SENDER
    rule = None if name == "send" else CAL(3)
    return Term(
        name, label, (after,), tuple(until), owed_by, owed_to, "TR-5", rule, statutory=True, void=("withdraw",)
    )


REFERRAL = register(
    Procedure(
        kind="referral",
        prefix="CR",
        basis="TR-5",
        label=N_("Referral of a suspected crime"),
        path="/referrals/%(number)s",
        opening="suspect",
        initial="verifying",
        parties=(SENDER, RECEIVER),
        states={
            "verifying": State(N_("Being verified"), "active"),
            "reported": State(N_("Before the head"), "waiting"),
            "approved": State(N_("Approved, to be sent"), "warning"),
            "declined": State(N_("Not referred"), "neutral", final=True),
            "sent": State(N_("Sent, to be signed for"), "waiting"),
            "signed": State(N_("With the police"), "active"),
            "filed": State(N_("Criminal case filed"), "good"),
            "handed_over": State(N_("Goods handed over"), "neutral", final=True),
            "refused": State(N_("Police do not file"), "bad"),
            "reconsidering": State(N_("Being reconsidered"), "waiting"),
            "final_refusal": State(N_("Refusal stands"), "bad"),
            "procuratorate": State(N_("With the procuratorate"), "waiting"),
            "kept": State(N_("Handled as an administrative case"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            _step(
                "report",
                ("verifying",),
                "reported",
                PREPARE,
                N_("Report to the head"),
                SENDER,
                N_("Suspected crime %(number)s “%(title)s”: decide within three days."),
                roles=LEADING,
                form=Report,
            ),
            _step(
                "approve",
                ("reported",),
                "approved",
                DECIDE,
                N_("Approve the referral"),
                SENDER,
                N_("Referral %(number)s “%(title)s” is approved: send it within 24 hours."),
                form=Opinion,
            ),
            _step("decline", ("reported",), "declined", DECIDE, N_("Do not refer"), form=Opinion),
            _step(
                "send",
                ("approved",),
                "sent",
                PREPARE,
                N_("Send"),
                RECEIVER,
                N_("Suspected crime %(number)s “%(title)s” is referred to you: sign the return slip."),
                form=Annexes,
                document="crime_referral",
            ),
            _step(
                "sign",
                ("sent",),
                "signed",
                RECEIVE,
                N_("Sign the return slip"),
                SENDER,
                N_("The police have signed for referral %(number)s “%(title)s”."),
                form=Service,
                document="proof_of_service",
            ),
            _step(
                "file_case",
                ("signed", "reconsidering", "procuratorate"),
                "filed",
                FILE,
                N_("File a criminal case"),
                SENDER,
                N_("The police have filed a case on referral %(number)s “%(title)s”: hand over the goods."),
                form=PoliceDecision,
            ),
            _step(
                "refuse",
                ("signed",),
                "refused",
                FILE,
                N_("Do not file"),
                SENDER,
                N_("The police do not file a case on referral %(number)s “%(title)s”. See its page."),
                form=PoliceRefusal,
            ),
            _step(
                "reconsider",
                ("refused",),
                "reconsidering",
                DECIDE,
                N_("Ask for reconsideration"),
                RECEIVER,
                N_("Reconsider referral %(number)s “%(title)s” within three days."),
                form=Request,
            ),
            _step(
                "uphold",
                ("reconsidering",),
                "final_refusal",
                FILE,
                N_("Uphold the refusal"),
                SENDER,
                N_("The refusal on referral %(number)s “%(title)s” is upheld."),
                form=PoliceRefusal,
            ),
            _step(
                "lapse",
                ("refused",),
                "final_refusal",
                None,
                N_("Time to ask is over"),
                SENDER,
                N_("The time to ask for reconsideration of referral %(number)s “%(title)s” is over."),
            ),
            _step(
                "note_procuratorate",
                ("refused", "final_refusal"),
                "procuratorate",
                DECIDE,
                N_("Turn to the procuratorate"),
                RECEIVER,
                N_("The procuratorate is asked to look at referral %(number)s “%(title)s”."),
                form=ProcuratorateNote,
            ),
            _step(
                "keep",
                ("refused", "final_refusal", "procuratorate"),
                "kept",
                DECIDE,
                N_("Handle it ourselves"),
                RECEIVER,
                N_("Referral %(number)s “%(title)s” is handled as an administrative case."),
                needs_note=True,
            ),
            _step(
                "hand_over",
                ("filed",),
                "handed_over",
                PREPARE,
                N_("Hand over the goods"),
                RECEIVER,
                N_("Goods and papers of referral %(number)s “%(title)s” are handed over."),
                form=HandedOver,
            ),
            _step(
                "withdraw",
                ("verifying", "reported", "approved"),
                "withdrawn",
                DECIDE,
                N_("Withdraw"),
                needs_note=True,
            ),
        ),
        terms=(
            _term(
                "decide",
                N_("Decide on the referral (natural days: before a holiday begins)"),
                "report",
                ("approve", "decline"),
                SENDER,
            ),
            _term("send", N_("Send within 24 hours, nights and rest days too"), "approve", ("send",), SENDER),
            _term("file", N_("Decide whether to file (natural days)"), "sign", ("file_case", "refuse"), RECEIVER),
            Term(
                "ask_again",
                N_("Last day to ask for reconsideration"),
                ("refuse",),
                ("reconsider", "note_procuratorate", "keep"),
                SENDER,
                RECEIVER,
                "TR-5",
                CAL(3),
                void=("lapse",),
                then="lapse",
            ),
            _term(
                "reconsider",
                N_("Decide on the reconsideration (natural days)"),
                "reconsider",
                ("file_case", "uphold"),
                RECEIVER,
            ),
            _term("hand_over", N_("Hand over the goods (natural days)"), "file_case", ("hand_over",), SENDER),
        ),
        offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}),
    )
)


def is_police(name: str) -> bool:
    """Whether an agency's Chinese name is that of a public security agency."""
    return "公安" in name


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Who reported does not decide on the report."""
    reports = facts.all("report")
    if step in ("approve", "decline") and reports and reports[-1].person == actor.person:
        return Sentence(N_("You made the report, so somebody else has to decide."))
    return None
