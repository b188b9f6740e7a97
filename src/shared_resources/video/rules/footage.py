"""A recording that is kept, as data: taken in, shared, held, and deleted only with two approvals. Pure.

Retention: at least 30 days, deleted when the purpose is met (公共安全视频图像信息系统管理条例 17); police field
video six months, permanent as evidence (FORMS.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared_resources.kernel.permissions import LEADING, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

HOLDER = Relation.HOLDER
DISPOSE = Permission.FOOTAGE_DISPOSE

FOOTAGE = register(
    Procedure(
        kind="footage",
        prefix="VF",
        basis="VI-1b",
        label=N_("Footage"),
        path="/footage/%(number)s",
        opening="take_in",
        initial="kept",
        parties=(HOLDER,),
        offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}),
        states={
            "kept": State(N_("Kept"), "good"),
            "due": State(N_("Due for deletion"), "warning"),
            "agreed": State(N_("Deletion approved once"), "warning"),
            "deleted": State(N_("Deleted"), "neutral", final=True),
        },
        steps=(
            Step(
                "fall_due",
                ("kept",),
                "due",
                None,
                N_("Due for deletion"),
                "VI-1b",
                tells=(HOLDER,),
                told_roles=LEADING,
                notice=N_("Footage %(number)s “%(title)s” is due for deletion: two approvals are needed."),
            ),
            Step("approve_deletion", ("due",), "agreed", DISPOSE, N_("Approve the deletion"), "VI-1b"),
            Step("delete", ("agreed",), "deleted", DISPOSE, N_("Approve again and delete"), "VI-1b"),
            Step(
                "keep_longer",
                ("kept", "due", "agreed"),
                "kept",
                DISPOSE,
                N_("Keep longer"),
                "VI-1b",
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "deletion",
                N_("Decide on the deletion"),
                after=("fall_due",),
                until=("delete", "keep_longer"),
                owed_by=HOLDER,
                owed_to=None,
                basis="VI-1b",
                rule=FWD(10),
            ),
        ),
    )
)

LOOKS = ("view", "download", "supervise")
"""Acts in a recording's journal by which somebody saw it; ``copy`` and ``share`` are told beside them."""


@dataclass(frozen=True)
class Retention:
    """A class of keeping: its label and its days; None keeps for good."""

    label: str
    days: int | None


RETENTIONS: Mapping[str, Retention] = {
    "purpose": Retention(N_("Until the purpose is met, at least 30 days"), 30),
    "field": Retention(N_("Field record, six months"), 183),
    "key": Retention(N_("Key material, two years"), 731),
    "evidence": Retention(N_("Evidence, permanent"), None),
}
"""Chosen when a recording is taken in; the words of ``footage.retention``."""
