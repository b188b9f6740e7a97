"""A loan told in order: the way it goes, and the lines of its journal in the reader's language."""

from collections.abc import Sequence

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.loans import LoanPage
from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.procedure import Procedure
from shared_resources.kernel.schemas.history import ActView
from shared_resources.kernel.web.formats import instant_text
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of

WAY = ("requested", "approved", "out", "returned", "closed")
BESIDE = {"offered": "requested", "conflict": "approved", "overdue": "out", "incident": "returned"}
"""States that lie beside the way, and the stop at which they lie."""


def way_of(request: WebRequest, loan: LoanPage) -> list[dict[str, str]]:
    """The stops of a loan: done, now, to come. A loan that ended early has no stops to come."""
    say = reader_of(request).language.gettext
    reached = {act.after: instant_text(act.at) for act in reversed(loan.journal) if act.after != act.before}
    stop = BESIDE.get(loan.state, loan.state)
    if stop not in WAY:
        passed = [name for name in WAY if name in reached]
        stops = [_stop(say(LOAN.states[name].label), "done", reached[name]) for name in passed]
        return [*stops, _stop(say(loan.label), "now", reached.get(loan.state, ""))]
    here = WAY.index(stop)
    told = []
    for place, name in enumerate(WAY):
        state = "done" if place < here or (place == here and loan.state == "closed") else "next"
        label = say(loan.label if place == here else LOAN.states[name].label)
        at = reached.get(loan.state if place == here else name, "") if place <= here else ""
        told.append(_stop(label, "now" if place == here and loan.state != "closed" else state, at))
    return told


def _stop(label: str, state: str, at: str) -> dict[str, str]:
    return {"label": label, "state": state, "at": at}


def journal_lines(
    request: WebRequest, acts: Sequence[ActView], procedure: Procedure = LOAN
) -> list[dict[str, str]]:
    """The lines of a journal as ``ui.journal`` shows them, without the clauses: sharing equipment is a "may"."""
    return [{**line, "basis": ""} for line in history_lines(request, acts, procedure)]
