"""A procedure as data: from this one value follow acts, buttons, deadlines, the diagram and the tests.

Pure: no clock, no query, no request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.permissions import Actor, Permission, Reason, Relation, Role, may
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.workdays import Rule


@dataclass(frozen=True)
class State:
    """One state of a record: its label (a msgid) and the tone in which a page shows it."""

    label: str
    tone: str = "neutral"  # neutral | waiting | active | good | warning | bad
    final: bool = False


@dataclass(frozen=True)
class Step:
    """One allowed act: from any of ``sources`` to ``target``.

    ``permission`` is None where only the clock acts, or another record's act. ``tells`` names the parts whose
    people with one of ``told_roles`` learn ``notice`` (a msgid with %(number)s, %(title)s and the act's values).
    ``form`` is what the actor fills in, kept as filed; ``document`` the letter that the step issues (``letters``).
    ``competes``: while a dispute about the record is open, nobody takes this step (supervision rules, art. 11).
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    permission: Permission | None
    label: str
    basis: str
    tells: tuple[Relation, ...] = ()
    told_roles: frozenset[Role] = frozenset()
    notice: str = ""
    needs_note: bool = False
    form: type[Asked] | None = None
    document: str = ""
    competes: bool = False


@dataclass(frozen=True)
class Counted:
    """A term counted from another day than today's, by the term's own rule or another: EXP from the deadline of
    a task, BACK from the day of a meeting, FWD from the day of a finding."""

    since: date
    rule: Rule | None = None


@dataclass(frozen=True)
class Term:
    """A time limit: starts ``after`` one step, is met by any of ``until``, falls away by any of ``void``.

    ``statutory`` limits can be breached; others are internal targets, always labelled so. Only targets stop
    (``pauses``) and go on (``resumes``): statutory clocks never do (WORKING-DAYS 3.1, choice 6). A term without
    ``rule`` gets its instant or day from the verb (the agreed return, say). ``each``: every agency that plays
    ``owed_by`` owes for itself and meets it by its own act. ``then`` is the step that the clock takes when the due
    instant has passed. ``own_reminders``: the department's own sweep reminds of it, so no rungs are laid out.
    """

    name: str
    label: str
    after: tuple[str, ...]
    until: tuple[str, ...]
    owed_by: Relation
    owed_to: Relation | None
    basis: str
    rule: Rule | None = None
    statutory: bool = False
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    void: tuple[str, ...] = ()
    each: bool = False
    then: str = ""
    own_reminders: bool = False


@dataclass(frozen=True)
class Procedure:
    """The whole life of one kind of record.

    ``offices`` are the standing offices of the municipality that see every record of this kind (ROLES.md).
    """

    kind: str
    prefix: str
    basis: str
    label: str
    opening: str
    initial: str
    parties: tuple[Relation, ...]
    states: Mapping[str, State]
    steps: tuple[Step, ...]
    terms: tuple[Term, ...] = ()
    path: str = ""
    offices: frozenset[Relation] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a procedure that names a state it does not have, or stops a clock that the law keeps running."""
        for step in self.steps:
            unknown = {*step.sources, step.target or self.initial} - self.states.keys()
            if unknown:
                raise ValueError(f"{self.kind}.{step.name} names unknown states {unknown}")
        for term in self.terms:
            if term.statutory and (term.pauses or term.resumes):
                raise ValueError(f"{self.kind}.{term.name} is statutory and never stops")

    def step(self, name: str, state: str) -> Step:
        """The step ``name`` out of ``state``.

        Raises:
            WrongState: the record has moved on.
        """
        for step in self.steps:
            if step.name == name and state in step.sources:
                return step
        raise WrongState(
            N_("This is no longer possible: it is now “%(state)s”."),
            do=N_("Reload the page to see where it stands."),
            code="wrong_state",
            state=self.states[state].label,
        )

    def permission_of(self, name: str) -> Permission | None:
        """The permission that guards step ``name`` whatever the state."""
        return next(step.permission for step in self.steps if step.name == name)

    def steps_from(self, state: str) -> Iterator[Step]:
        """Every step that leaves ``state``, in the order of the procedure."""
        return (step for step in self.steps if state in step.sources)

    def choices(self, state: str, actor: Actor, relations: Iterable[Relation]) -> list[tuple[Step, bool | Reason]]:
        """Steps a person could take from ``state``, each with True or the reason it is greyed."""
        held = frozenset(relations)
        return [
            (step, may(actor, step.permission, held))
            for step in self.steps_from(state)
            if step.permission is not None
        ]

    def term(self, name: str) -> Term:
        """The term ``name``.

        Raises:
            StopIteration: this procedure has no such term.
        """
        return next(term for term in self.terms if term.name == name)

    def terms_paused_by(self, step: str) -> Iterator[Term]:
        """Targets that stop with ``step``."""
        return (term for term in self.terms if step in term.pauses)

    def terms_resumed_by(self, step: str) -> Iterator[Term]:
        """Targets that go on with ``step``."""
        return (term for term in self.terms if step in term.resumes)

    def terms_voided_by(self, step: str) -> Iterator[Term]:
        """Terms that fall away with ``step``."""
        return (term for term in self.terms if step in term.void)

    def terms_started_by(self, step: str) -> Iterator[Term]:
        """Terms that begin with ``step``."""
        return (term for term in self.terms if step in term.after)

    def terms_met_by(self, step: str) -> Iterator[Term]:
        """Terms that ``step`` fulfils."""
        return (term for term in self.terms if step in term.until)

    def diagram(self) -> str:
        """The state diagram in Mermaid, for docs/; a test keeps the drawing equal to the data."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}: {self.opening}"]
        for step in self.steps:
            lines += [f"    {source} --> {step.target or source}: {step.name}" for source in step.sources]
        lines += [f"    {name} --> [*]" for name, state in self.states.items() if state.final]
        return "\n".join(lines) + "\n"


_KNOWN: dict[str, Procedure] = {}


def register(procedure: Procedure) -> Procedure:
    """Make ``procedure`` known by its kind, so that the kernel can name what departments do; returns it.

    Raises:
        ValueError: another procedure of this kind is known already.
    """
    if _KNOWN.setdefault(procedure.kind, procedure) != procedure:
        raise ValueError(f"two procedures call themselves {procedure.kind}")
    return procedure


def known_procedures() -> tuple[Procedure, ...]:
    """Every procedure of the parts of the house that are loaded."""
    return tuple(_KNOWN.values())


def procedure_of(kind: str) -> Procedure:
    """The procedure that records of this kind follow.

    Raises:
        KeyError: no part of the house that is loaded knows this kind.
    """
    return _KNOWN[kind]
