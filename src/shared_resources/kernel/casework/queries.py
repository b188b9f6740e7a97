"""A family's records as lists, and one record with everything on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import attachments, dues, history, holds, links, records
from shared_resources.kernel.asks import questions
from shared_resources.kernel.casework.covered import form_of_step, without_sensitive
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.journal import relations_of
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import MATRIX, NOT_YOUR_PART, NOT_YOUR_ROLE, Actor, Reason, require
from shared_resources.kernel.roles import OFFICES, Relation
from shared_resources.kernel.seals import letters as seals
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.casework.facts import Facts, Filed
    from shared_resources.kernel.casework.family import Family
    from shared_resources.kernel.procedure import Step
    from shared_resources.kernel.schemas.dues import DueView
    from shared_resources.kernel.schemas.history import ActView

ACT_LABELS: Mapping[str, str] = {
    "issue_letter": N_("Letter issued"),
    "safety_act": N_("Urgent safety act"),
    **links.ACT_LABELS,
    **attachments.ACT_LABELS,
    **seals.ACT_LABELS,
}
"""Acts that records of every family may have."""


@dataclass(frozen=True)
class Choice:
    """A step out of the present state. ``reason``: why this reader may not take it now; None when they may."""

    step: Step
    reason: Sentence | None

    @property
    def allowed(self) -> bool:
        """Whether the button works."""
        return self.reason is None

    @property
    def is_of_others(self) -> bool:
        """Whether it is for other roles in the reader's agency."""
        return self.reason == NOT_YOUR_ROLE.sentence


@dataclass(frozen=True)
class CasePage:
    """A record as its page shows it.

    ``waiting_for``: labels of steps that only others can take, by part. ``masked``: the reader holds an office
    only, so that sensitive values are covered.
    """

    facts: Facts
    family: Family
    relations: frozenset[Relation]
    choices: tuple[Choice, ...]
    waiting_for: tuple[tuple[Relation, tuple[str, ...]], ...]
    dues: tuple[DueView, ...]
    journal: tuple[ActView, ...]
    held_by: str | None
    masked: bool

    def readable(self, filed: Filed) -> dict[str, Any]:
        """The body of a filed form without what this reader may not read."""
        if not self.masked:
            return dict(filed.body)
        model = form_of_step(self.family, filed.step)
        return without_sensitive(questions(model), filed.body) if model else {}


@dataclass(frozen=True)
class CaseFilter:
    """Which records of a family: the part one's agency plays, a state, words; open ones only unless told."""

    part: Relation | None = None
    state: str | None = None
    q: str = ""
    ended: bool = False


@dataclass(frozen=True)
class CaseLine:
    """A record in a list: its parties by part, as Chinese and English names, and what is due next."""

    id: UUID
    number: str
    title: str
    state: str
    opened_at: datetime
    parties: tuple[tuple[Relation, str, str], ...]
    due: DueView | None = None


@dataclass(frozen=True)
class CaseList:
    """A page of a list and the cursor of the next."""

    lines: tuple[CaseLine, ...]
    next: str | None = None


async def case_page(actor: Actor, family: Family, number: str) -> CasePage:
    """One record with everything on it.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = await records.find(number, family.procedure, actor, family.see)
    facts = await facts_of(found.id)
    relations = relations_of(family.procedure, actor, facts.parties)
    held = await holds.held_by(found.id)
    return CasePage(
        facts=facts,
        family=family,
        relations=relations,
        choices=tuple(choices_of(actor, family, facts, held)),
        waiting_for=tuple(waiting_for(actor, family, facts)),
        dues=await dues.dues_of(found.id),
        journal=await history.acts_of(found.id, act_labels(family)),
        held_by=held,
        masked=actor.agency not in facts.parties.agencies and bool(relations & OFFICES),
    )


def act_labels(family: Family) -> Mapping[str, str]:
    """What the acts in a record's journal are called."""
    procedure = family.procedure
    return {
        **ACT_LABELS,
        procedure.opening: N_("Record opened"),
        **{step.name: step.label for step in procedure.steps},
        **family.acts,
    }


def choices_of(actor: Actor, family: Family, facts: Facts, held: str | None) -> list[Choice]:
    """Steps that the reader's side may take: working buttons, and greyed ones with their reason."""
    relations = relations_of(family.procedure, actor, facts.parties)
    found = []
    for step, answer in family.procedure.choices(facts.state, actor, relations):
        if answer is NOT_YOUR_PART:
            continue
        found.append(Choice(step, _reason(actor, family, facts, step, answer, held)))
    return found


def _reason(
    actor: Actor, family: Family, facts: Facts, step: Step, answer: bool | Reason, held: str | None
) -> Sentence | None:
    if isinstance(answer, Reason):
        return answer.sentence
    if step.competes and held is not None:
        return Sentence(N_("Dispute %(number)s about this is open."), {"number": held})
    return family.blocks(facts, step.name, actor)


def waiting_for(actor: Actor, family: Family, facts: Facts) -> list[tuple[Relation, tuple[str, ...]]]:
    """Who else can move the record on, and how: the steps of parts that the reader does not play."""
    own = relations_of(family.procedure, actor, facts.parties)
    by_part: dict[Relation, dict[str, None]] = {}
    for step in family.procedure.steps_from(facts.state):
        if step.permission is None or step.name == "withdraw":
            continue
        for part in facts.parties:
            if part not in own and part in MATRIX[step.permission]:
                by_part.setdefault(part, {})[step.label] = None
    return [(part, tuple(labels)) for part, labels in by_part.items()]


async def case_list(
    actor: Actor, family: Family, wanted: CaseFilter, *, cursor: str | None = None, size: int | None = None
) -> CaseList:
    """Records of a family that the actor's agency is on, or sees by its office; the newest first.

    Raises:
        NotAllowed: the actor works for no agency that may look at such records.
    """
    require(actor, family.see, MATRIX[family.see] if actor.agency else {Relation.THIRD})
    key = key_of(cursor, UUID)
    everywhere = actor.office is not None and actor.office in family.procedure.offices
    async with reading() as db:
        rows = await db.fetch(
            LINES,
            family.kind,
            actor.agency,
            everywhere,
            wanted.part,
            [name for name in family.procedure.states if _wanted_state(family, name, wanted)],
            like(wanted.q) if wanted.q else None,
            key[0] if key else None,
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["id"],))
    pending = await dues.next_dues([row["id"] for row in shown])
    return CaseList(tuple(_line(row, pending.get(row["id"])) for row in shown), following)


async def open_counts(actor: Actor, families: Sequence[Family]) -> Mapping[str, int]:
    """How many open records of each family the actor's agency is on, in one statement."""
    still = [
        f"{family.kind}:{name}"
        for family in families
        for name, state in family.procedure.states.items()
        if not state.final
    ]
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.kind, count(DISTINCT r.id) AS open FROM party p JOIN record r ON r.id = p.record"
            " WHERE p.agency = $1 AND r.kind || ':' || r.state = ANY($2) GROUP BY r.kind",
            actor.agency,
            still,
        )
    return {row["kind"]: row["open"] for row in rows}


LINES = (
    "SELECT r.id, r.number, r.title, r.state, r.opened_at, array_agg(p.part ORDER BY p.id) AS parts,"
    " array_agg(a.name_zh ORDER BY p.id) AS names_zh, array_agg(a.name_en ORDER BY p.id) AS names_en"
    " FROM record r JOIN party p ON p.record = r.id JOIN agency a ON a.id = p.agency"
    " WHERE r.kind = $1 AND ($3 OR EXISTS (SELECT FROM party own WHERE own.record = r.id AND own.agency = $2))"
    " AND ($4::text IS NULL OR EXISTS (SELECT FROM party own WHERE own.record = r.id AND own.agency = $2"
    "  AND own.part = $4)) AND r.state = ANY($5)"
    " AND ($6::text IS NULL OR r.title ILIKE $6 OR r.number ILIKE $6) AND ($7::uuid IS NULL OR r.id < $7)"
    " GROUP BY r.id ORDER BY r.id DESC LIMIT $8"
)


def _wanted_state(family: Family, name: str, wanted: CaseFilter) -> bool:
    if wanted.state:
        return name == wanted.state
    return wanted.ended or bool(wanted.q) or not family.procedure.states[name].final


def _line(row: Any, due: DueView | None) -> CaseLine:
    named = zip(row["parts"], row["names_zh"], row["names_en"], strict=True)
    return CaseLine(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        state=row["state"],
        opened_at=row["opened_at"],
        parties=tuple((Relation(part), zh, en) for part, zh, en in named),
        due=due,
    )
