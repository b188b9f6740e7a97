"""The resolved item of a meeting as data: a duty with its deadline (MT-4a)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from shared_resources.cases.meetings.schemas import item as forms
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts

CONVENING, ATTENDING = Relation.CONVENING, Relation.ATTENDING
DO, JUDGE = Permission.DUTY_DO, Permission.DUTY_JUDGE
OPEN = ("open", "overdue")


def _step(
    name: str,
    sources: tuple[str, ...],
    target: str | None,
    permission: Permission | None,
    label: str,
    notice: str,
    **more: Any,
) -> Step:
    """A step that tells the other side; both where the clock acts."""
    tells = {DO: (CONVENING,), JUDGE: (ATTENDING,), None: (CONVENING, ATTENDING)}[permission]
    return Step(
        name, sources, target, permission, label, "MT-4a", tells=tells, told_roles=PAPERS, notice=notice, **more
    )


RESOLVED_ITEM = register(
    Procedure(
        kind="resolved_item",
        prefix="RI",
        basis="MT-4a",
        label=N_("Resolved item"),
        path="/resolved-items/%(number)s",
        opening="resolve",
        initial="open",
        parties=(CONVENING, ATTENDING),
        states={
            "open": State(N_("To be done"), "active"),
            "overdue": State(N_("Overdue"), "bad"),
            "reported": State(N_("Reported done"), "waiting"),
            "done": State(N_("Done"), "good", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            _step(
                "report_progress",
                OPEN,
                None,
                DO,
                N_("Report progress"),
                N_("There is progress on resolved item %(number)s “%(title)s”."),
                form=forms.Progress,
            ),
            _step(
                "report_done",
                OPEN,
                "reported",
                DO,
                N_("Report done"),
                N_("Resolved item %(number)s “%(title)s” is reported done."),
                form=forms.Report,
            ),
            _step(
                "accept",
                ("reported",),
                "done",
                JUDGE,
                N_("Accept"),
                N_("Resolved item %(number)s “%(title)s” is accepted as done."),
                competes=True,
            ),
            _step(
                "give_back",
                ("reported",),
                "open",
                JUDGE,
                N_("Return for completion"),
                N_("Resolved item %(number)s “%(title)s” is not done yet."),
                form=forms.Returned,
                competes=True,
            ),
            _step(
                "expire",
                ("open",),
                "overdue",
                None,
                N_("Deadline passed"),
                N_("The deadline of resolved item %(number)s “%(title)s” has passed."),
            ),
            _step(
                "withdraw",
                (*OPEN, "reported"),
                "withdrawn",
                JUDGE,
                N_("Withdraw"),
                N_("Resolved item %(number)s “%(title)s” is withdrawn."),
                needs_note=True,
                competes=True,
            ),
        ),
        terms=(
            Term(
                "deadline",
                N_("Agreed deadline"),
                after=("resolve", "give_back"),
                until=("report_done",),
                owed_by=ATTENDING,
                owed_to=CONVENING,
                basis="MT-4a",
                void=("withdraw",),
                then="expire",
            ),
            Term(
                "acceptance",
                N_("Acceptance of the result"),
                after=("report_done",),
                until=("accept", "give_back"),
                owed_by=CONVENING,
                owed_to=ATTENDING,
                basis="MT-4a",
                rule=FWD(5),
                void=("withdraw",),
            ),
        ),
    )
)


def deadline_of(facts: Facts) -> date:
    """The day that holds now: the agreed one, or the newest that was set when the item was returned."""
    later = [filed.body["deadline"] for filed in facts.all("give_back") if filed.body.get("deadline")]
    return date.fromisoformat(later[-1] if later else facts.last("resolve")["deadline"])
