"""``python -m tests.drawings`` writes docs/procedures from the procedures themselves; a test keeps them equal."""

from __future__ import annotations

import functools
from pathlib import Path

from babel.messages.catalog import Catalog

from shared_resources.kernel.permissions import MATRIX
from shared_resources.kernel.procedure import Procedure, Step, Term
from tests.procedures import PROCEDURES
from tests.translations import translated

FOLDER = Path(__file__).parents[1] / "docs" / "procedures"


def page(procedure: Procedure) -> str:
    """One procedure as a page: the drawing, who may take each step, the terms."""
    steps = "\n".join(row(procedure, step) for step in procedure.steps)
    terms = "\n".join(term_row(term) for term in procedure.terms)
    parts = [
        f"# {chinese(procedure.label)} · {procedure.label} ({procedure.basis})",
        "Written by `python -m tests.drawings`; do not edit.",
        f"```mermaid\n{procedure.diagram()}```",
        f"| step | from | to | who | letter | basis |\n|---|---|---|---|---|---|\n{steps}",
    ]
    if terms:
        parts.append(f"| term | after | met by | rule | kind |\n|---|---|---|---|---|\n{terms}")
    return "\n\n".join(parts) + "\n"


def row(procedure: Procedure, step: Step) -> str:
    """One step."""
    sources = ", ".join(chinese(procedure.states[name].label) for name in step.sources)
    target = chinese(procedure.states[step.target].label) if step.target else "—"
    letter = step.document or "—"
    return (
        f"| {chinese(step.label)} `{step.name}` | {sources} | {target} | {who(step)} | {letter} | {step.basis} |"
    )


def who(step: Step) -> str:
    """The roles on each side that may take a step."""
    if step.permission is None:
        return "the clock"
    sides = MATRIX[step.permission].items()
    return "; ".join(f"{part.value}: {', '.join(sorted(roles))}" for part, roles in sides)


def term_row(term: Term) -> str:
    """One term."""
    kind = "statutory" if term.statutory else "internal target"
    rule = str(term.rule) if term.rule else "as agreed"
    return f"| {chinese(term.label)} | {', '.join(term.after)} | {', '.join(term.until)} | {rule} | {kind} |"


@functools.cache
def catalogue() -> Catalog:
    """The Chinese catalogue, read once."""
    return translated()


def chinese(msgid: str) -> str:
    """A label in Chinese."""
    message = catalogue().get(msgid)
    return str(message.string) if message and message.string else msgid


def write_all() -> None:
    """Write a page for each procedure."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for procedure in PROCEDURES:
        (FOLDER / f"{procedure.kind}.md").write_text(page(procedure), encoding="utf-8")


if __name__ == "__main__":
    write_all()
