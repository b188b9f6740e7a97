"""What makes a plan ready: eight elements, the comment round, the liaisons (JE-3, JE-4, JE-11 to 13). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.joint_operations.schemas.operation import POST_LABELS, PostKind, Rank
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shared_resources.kernel.casework.facts import Facts

LEAD, COOPERATING = Relation.LEAD, Relation.COOPERATING

ELEMENTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("执法依据", (("legal_basis", N_("Legal basis")),)),
    ("执法目标", (("goal", N_("Goal")),)),
    ("执法范围", (("scope", N_("Scope")),)),
    ("具体领域", (("specific_field", N_("Specific field")),)),
    ("职责分工", (("duties", N_("Division of duties")),)),
    ("实施步骤", (("stages", N_("Steps")),)),
    ("联合方式", (("mode", N_("Mode of joint enforcement")),)),
    (
        "保障措施",
        (
            ("people", N_("Safeguards: people")),
            ("vehicles", N_("Safeguards: vehicles")),
            ("equipment", N_("Safeguards: equipment")),
            ("discipline", N_("Safeguards: discipline")),
            ("safety", N_("Safeguards: safety")),
            ("funds", N_("Safeguards: funds")),
        ),
    ),
)
"""The eight elements of the decree (JE-4) as letters head them, each with its fields and their labels."""


def listed(parts: Sequence[Sentence | str]) -> Sentence:
    """Several phrases as one value of a sentence, each translated by itself."""
    first = parts[0] if isinstance(parts[0], Sentence) else Sentence(parts[0])
    if len(parts) == 1:
        return first
    return Sentence(N_("%(first)s; %(rest)s"), {"first": first, "rest": listed(parts[1:])})


def plan_of(facts: Facts) -> Mapping[str, Any]:
    """The newest draft of the plan; empty before the first."""
    return facts.last("draft")


def is_filled(value: Any) -> bool:
    """Whether a field of the plan says something."""
    return bool(value.strip() if isinstance(value, str) else value)


def empty_elements(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Labels of the fields of the eight elements that are still empty."""
    return tuple(label for _, fields in ELEMENTS for name, label in fields if not is_filled(plan.get(name)))


def without_duty(facts: Facts) -> tuple[UUID, ...]:
    """Agencies on the operation to which the plan assigns no duty."""
    named = {row["agency"] for row in plan_of(facts).get("duties", ())}
    return tuple(agency for agency in participants(facts) if str(agency) not in named)


def participants(facts: Facts) -> tuple[UUID, ...]:
    """Lead and cooperating agencies."""
    return (*facts.parties.all(LEAD), *facts.parties.all(COOPERATING))


@dataclass(frozen=True)
class Comment:
    """A comment with the lead's answer, if there is one."""

    agency: UUID
    text: str
    objects: bool
    at: datetime
    round: int
    adoption: str = ""
    reason: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether the lead has said what became of it."""
        return bool(self.adoption)


def comments(facts: Facts) -> tuple[Comment, ...]:
    """Every comment of all rounds; an answer belongs to the oldest open comment of its agency."""
    found: list[Comment] = []
    turn = 0
    for filed in facts.filings:
        turn += filed.step == "circulate"
        if filed.step == "comment" and filed.agency:
            found.append(Comment(filed.agency, filed.body["text"], filed.body["objects"], filed.at, turn))
        elif filed.step == "answer":
            open_ones = [n for n, one in enumerate(found) if str(one.agency) == filed.body["agency"]]
            waiting = [n for n in open_ones if not found[n].is_answered]
            if waiting:
                answered = found[waiting[0]]
                found[waiting[0]] = replace(answered, adoption=filed.body["adoption"], reason=filed.body["reason"])
    return tuple(found)


def unanswered(facts: Facts) -> tuple[UUID, ...]:
    """Agencies whose comment waits for the lead's answer."""
    return tuple(dict.fromkeys(comment.agency for comment in comments(facts) if not comment.is_answered))


def silent(facts: Facts) -> tuple[UUID, ...]:
    """Cooperating agencies that said nothing in the newest round: no comment received, never consent (JE-3)."""
    heard = {filed.agency for filed in facts.since("circulate", "comment")}
    return tuple(agency for agency in facts.parties.all(COOPERATING) if agency not in heard)


@dataclass(frozen=True)
class Liaison:
    """Who held a post of an agency from when; ``ended_on``: the day on which a successor began."""

    agency: UUID
    post: PostKind
    name: str
    rank: Rank
    position: str
    phone: str
    since: date
    ended_on: date | None = None

    @property
    def label(self) -> str:
        """The post as people read it."""
        return POST_LABELS[self.post]

    @property
    def warning(self) -> str:
        """What the decree says of the rank of this post, where the holder has another; else empty."""
        if self.post is PostKind.GENERAL and self.rank is not Rank.LEADER:
            return N_("The general liaison is to be the leader in charge (JE-12).")
        if self.post is PostKind.DAILY and self.rank is not Rank.UNIT_HEAD:
            return N_("The daily liaison is to be the head of the enforcement unit (JE-13).")
        return ""


def liaisons(facts: Facts) -> tuple[Liaison, ...]:
    """Everybody who was ever appointed, in order; the newest of a post holds it, those before have ended."""
    found: list[Liaison] = []
    for filed in facts.all("appoint_liaison"):
        if filed.agency is None:
            continue
        body = filed.body
        newest = Liaison(
            filed.agency,
            PostKind(body["post"]),
            body["name"],
            Rank(body["rank"]),
            body["position"],
            body["phone"],
            date.fromisoformat(body["since"]),
        )
        found = [_succeeded(one, newest) for one in found]
        found.append(newest)
    return tuple(found)


def _succeeded(held: Liaison, newest: Liaison) -> Liaison:
    same = (held.agency, held.post) == (newest.agency, newest.post)
    return replace(held, ended_on=newest.since) if same and held.ended_on is None else held


def active_liaisons(facts: Facts) -> tuple[Liaison, ...]:
    """Who holds a post now: one person for each agency and post."""
    return tuple(one for one in liaisons(facts) if one.ended_on is None)


def vacant(facts: Facts) -> tuple[tuple[UUID, PostKind], ...]:
    """Required posts without a holder: the lead's general and every cooperator's daily liaison (JE-11)."""
    held = {(one.agency, one.post) for one in active_liaisons(facts)}
    wanted = [(agency, PostKind.GENERAL) for agency in facts.parties.all(LEAD)]
    wanted += [(agency, PostKind.DAILY) for agency in facts.parties.all(COOPERATING)]
    return tuple(post for post in wanted if post not in held)


def without_agreement(facts: Facts) -> tuple[UUID, ...]:
    """Central-line bodies on the operation whose agreement is not on record."""
    recorded = {filed.body["agency"] for filed in facts.all("record_agreement")}
    return tuple(
        agency
        for agency in participants(facts)
        if facts.agencies[agency].joins_by_agreement and str(agency) not in recorded
    )


def lacking(facts: Facts) -> tuple[Sentence, ...]:
    """Everything that keeps the plan from being issued, each as a phrase."""
    return (
        *(Sentence(label) for label in empty_elements(plan_of(facts))),
        *_of(facts, N_("a duty for %(agency)s"), without_duty(facts) if plan_of(facts).get("duties") else ()),
        *(Sentence(VACANT[post], {"agency": facts.agencies[agency].name_zh}) for agency, post in vacant(facts)),
        *_of(facts, N_("an answer to the comment of %(agency)s"), unanswered(facts)),
    )


VACANT: Mapping[PostKind, str] = {
    PostKind.GENERAL: N_("the general liaison of %(agency)s"),
    PostKind.DAILY: N_("the daily liaison of %(agency)s"),
}


def _of(facts: Facts, phrase: str, agencies: Iterable[UUID]) -> tuple[Sentence, ...]:
    return tuple(Sentence(phrase, {"agency": facts.agencies[agency].name_zh}) for agency in agencies)
