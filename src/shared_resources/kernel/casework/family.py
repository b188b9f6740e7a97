"""A family of records: its procedure and the few things that are its own, declared once in its folder."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.asks import Asked
from shared_resources.kernel.casework.facts import Facts
from shared_resources.kernel.letters import LetterDraft
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.procedure import Procedure
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.deadlines import Due


@dataclass(frozen=True)
class Happening:
    """A step about to be taken, inside the running verb: the record is locked, the actor may, nothing blocks.

    ``facts`` hold the form of this step already. ``record`` is the id of the record.
    """

    step: str
    actor: Actor
    facts: Facts
    entries: Any
    note: str | None
    act_id: str | None

    @property
    def record(self) -> UUID:
        """The record it happens to."""
        return self.facts.id


@dataclass(frozen=True)
class Outcome:
    """What an effect tells the journal: ends of terms by name, and facts for the line (ids and figures only).

    ``then``: a step that the house itself takes right after this one (the last of several has answered), with
    the form ``then_entries`` if it has one.
    """

    due: Mapping[str, Due] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""
    then_entries: Asked | None = None


Effect = Callable[[Happening], Awaitable[Outcome | None]]
"""What a step does beyond moving the record: opens others, lets agencies join, writes the family's own tables."""
Block = Callable[[Facts, str, Actor], Sentence | None]
"""Pure: why this step may not be taken yet by this actor (a sentence that says what is missing), or None."""
LetterMaker = Callable[[Facts, str, Actor], LetterDraft]
"""Pure: the letter that this step issues; ``facts`` hold the form of the step."""
Prefill = Callable[[Facts, str, Actor], Mapping[str, Any] | None]
"""Pure: with what the form of a step opens, in the words of JSON; None for an empty form."""
Begin = Callable[[Actor, Mapping[str, str]], Awaitable[Mapping[str, Any]]]
"""With what the opening form opens, from the query of its address ("?source=VC2026-00012")."""
Beside = Callable[[Actor, Facts], Awaitable[Mapping[str, Any]]]
"""What the record's page shows from the family's own tables."""
PartiesOf = Callable[[Any, Actor], Mapping[Relation, UUID | Sequence[UUID]]]
"""Who takes part in a record opened with this form, besides the opener."""


def nothing_blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """The block of families whose states say it all."""
    return None


def last_filed(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """The form of a step opens with what this agency filed with it before: a new version starts from the last."""
    return facts.last(step, actor.agency) or None


@dataclass(frozen=True)
class Family:
    """What a department declares for one kind of record.

    Args:
        procedure: states, steps with their forms and letters, terms.
        label: msgid of the list ("Requests for assistance"); ``lead`` says in a sentence what it is for.
        see: permission to look at a record.
        opening: the form that opens one; None where only other records' acts open it.
        open: permission to open; ``opens_as``: the part of the agency that opens.
        title, parties: from the opening form.
        blocks, effects, letters: see the types above; effects and letters by step name and document kind. The
            opening step's name is ``procedure.opening``.
        new_label: msgid of the button that opens one ("Ask for assistance").
        body: a template that shows the family's own parts on the record page ("cases/meetings/body.html").
        own: from the facts, what that template shows besides them; it finds it under the name ``own``.
        beside: what it shows from the family's own tables, under the same name.
        prefill: with what the form of a step opens.
        about_as: the kind of link from a new record to the one it was opened about.
        begin: with what the opening form opens.
        chapter: a template with the tabs of the department, above the list ("video/chapter.html").
        beside_opening: a template shown above the opening form ("cases/meetings/days.html").
        acts: what acts beside the steps are called in the journal.
    """

    procedure: Procedure
    label: str
    lead: str
    see: Permission
    open: Permission | None = None
    opens_as: Relation | None = None
    opening: type[Asked] | None = None
    title: Callable[[Any], str] = str
    parties: PartiesOf = lambda entries, actor: {}
    blocks: Block = nothing_blocks
    effects: Mapping[str, Effect] = field(default_factory=dict)
    letters: Mapping[str, LetterMaker] = field(default_factory=dict)
    opening_document: str = ""
    body: str = ""
    own: Callable[[Facts], Mapping[str, Any]] = lambda facts: {}
    beside: Beside | None = None
    prefill: Prefill = last_filed
    about_as: str = "about"
    begin: Begin | None = None
    beside_opening: str = ""
    chapter: str = ""
    acts: Mapping[str, str] = field(default_factory=dict)
    new_label: str = N_("Open a record")

    @property
    def kind(self) -> str:
        """The kind of its records."""
        return self.procedure.kind

    @property
    def address(self) -> str:
        """The address of its list: the record's path without the number."""
        return self.procedure.path.removesuffix("/%(number)s")

    @property
    def state_options(self) -> tuple[tuple[str, str], ...]:
        """States with their labels, for filters."""
        return tuple((name, state.label) for name, state in self.procedure.states.items())


_KNOWN: dict[str, Family] = {}


def known(family: Family) -> Family:
    """Make ``family`` known by its kind; returns it.

    Raises:
        ValueError: another family of this kind is known already.
    """
    if _KNOWN.setdefault(family.kind, family) is not family:
        raise ValueError(f"two families call themselves {family.kind}")
    return family


def family_of(kind: str) -> Family | None:
    """The family that records of ``kind`` belong to; None for kinds that have pages of their own."""
    return _KNOWN.get(kind)


def families() -> tuple[Family, ...]:
    """Every family that is loaded, in the order of loading."""
    return tuple(_KNOWN.values())
