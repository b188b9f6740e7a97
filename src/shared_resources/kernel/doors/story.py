"""A record told in order: the way it went, and its journal in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.web.formats import filters_for, instant_text
from shared_resources.kernel.web.reader import reader_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.procedure import Procedure
    from shared_resources.kernel.schemas.history import ActView
    from shared_resources.kernel.web.pages import WebRequest


def way_of(request: WebRequest, procedure: Procedure, state: str, acts: Sequence[ActView]) -> list[dict[str, str]]:
    """The states that a record went through, each once, and the one it stands in, as ``ui.steps`` shows them."""
    say = reader_of(request).language.gettext
    reached: dict[str, str] = {}
    for act in sorted(acts, key=lambda act: act.seq):
        if act.after and act.before != act.after:
            reached.pop(act.after, None)
            reached[act.after] = instant_text(act.at)
    at = reached.pop(state, "")
    passed = [_stop(say(procedure.states[name].label), "done", when) for name, when in reached.items()]
    final = procedure.states[state].final
    return [*passed, _stop(say(procedure.states[state].label), "done" if final else "now", at)]


def _stop(label: str, state: str, at: str) -> dict[str, str]:
    return {"label": label, "state": state, "at": at}


def history_lines(request: WebRequest, acts: Sequence[ActView], procedure: Procedure) -> list[dict[str, str]]:
    """The lines of a journal as ``ui.journal`` shows them, the newest first."""
    say = reader_of(request).language.gettext
    named = filters_for(reader_of(request).language)["named"]
    lines = []
    for act in sorted(acts, key=lambda act: act.seq, reverse=True):
        after = procedure.states.get(act.after or "")
        before = procedure.states.get(act.before or "")
        moved = before is not None and after is not None and before is not after
        lines.append(
            {
                "at": instant_text(act.at),
                "act": say(act.label),
                "change": f"{say(before.label)} → {say(after.label)}" if moved and before and after else "",
                "actor": act.actor_name or "",
                "agency": named(act, "agency_name"),
                "note": act.note or "",
                "basis": act.basis,
                "tone": after.tone if moved and after else "neutral",
                "hash": act.hash,
            }
        )
    return lines
