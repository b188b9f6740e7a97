"""A laboratory as data, what its certificates cover on a day, and when it can be done with a test. Pure.

The CMA scope must cover item and method on the day of the report (EXPECTATIONS 7).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from uuid import UUID

LABORATORY = register(
    Procedure(
        kind="laboratory",
        prefix="LB",
        basis="IN-1b",
        label=N_("Laboratory"),
        path="/laboratories/%(number)s",
        opening="register",
        initial="active",
        parties=(Relation.LABORATORY,),
        states={
            "active": State(N_("Accepts delegations"), "good"),
            "retired": State(N_("Closed down"), "neutral", final=True),
        },
        steps=(
            Step(
                "retire",
                ("active",),
                "retired",
                Permission.LABORATORY_EDIT,
                N_("Take out of the directory"),
                "IN-1b",
                needs_note=True,
            ),
        ),
    )
)
CMA = "cma"
DAY = timedelta(days=1)
FURTHEST = 400
"""Days ahead within which a free place is looked for."""


@dataclass(frozen=True)
class Span:
    """Days on which something is valid, both ends counted; ``ended_on``: the day on which it was ended early."""

    valid_from: date
    valid_to: date
    ended_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is valid on ``day``."""
        return self.valid_from <= day <= self.valid_to and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True)
class Scope:
    """A scope row as rules need it, with the days of its certificate."""

    id: UUID
    field: str
    item: str
    method: str
    certificate_kind: str
    certificate_no: str
    span: Span


def key_of(text: str) -> str:
    """Item or method as they are compared: spaces and letter case say nothing."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def scopes_for(scopes: Iterable[Scope], item: str, method: str) -> list[Scope]:
    """The rows for an item by a method, whatever their days."""
    return [row for row in scopes if key_of(row.item) == key_of(item) and key_of(row.method) == key_of(method)]


def covering(scopes: Iterable[Scope], item: str, method: str, day: date) -> Scope | None:
    """The row that covers an item by a method on ``day``: CMA before CNAS, the longest one; None without any."""
    found = [row for row in scopes_for(scopes, item, method) if row.span.holds(day)]
    return max(found, key=lambda row: (row.certificate_kind == CMA, row.span.valid_to), default=None)


def uncovered(scopes: Sequence[Scope], item: str, method: str, day: date) -> Sentence | None:
    """Why a test is not covered on ``day``; None when it is."""
    if covering(scopes, item, method, day) is not None:
        return None
    known = scopes_for(scopes, item, method)
    if not known:
        return Sentence(
            N_("%(item)s by %(method)s is not in the scope of the laboratory."), {"item": item, "method": method}
        )
    last = max(row.span.ended_on or row.span.valid_to for row in known)
    return Sentence(
        N_("The certificate for %(item)s ends on %(last)s, before %(day)s."),
        {"item": item, "last": last.isoformat(), "day": day.isoformat()},
    )


@dataclass(frozen=True)
class Signatory:
    """An authorisation to sign."""

    fields: frozenset[str]
    span: Span


def unsigned_fields(signatories: Iterable[Signatory], fields: Collection[str], day: date) -> list[str]:
    """Those of ``fields`` in which none of a person's authorisations lets them sign on ``day``."""
    held = {key_of(field) for one in signatories if one.span.holds(day) for field in one.fields}
    return sorted(field for field in set(fields) if key_of(field) not in held)


def place_free_on(today: date, dues: Sequence[date], capacity: int) -> date:
    """The first day on which one more delegation fits in: today, or when enough of those in work are due.

    Those that are late already hold their places until tomorrow at least.
    """
    if len(dues) < capacity:
        return today
    return max(sorted(dues)[len(dues) - capacity], today + DAY)


def finish_on(
    start: date, days: int, works: Callable[[date], bool], closures: Iterable[tuple[date, date]] = ()
) -> date:
    """The ``days``-th working day after ``start`` on which the laboratory is open.

    Args:
        works: whether a day is a working day.
        closures: first and last days on which the laboratory is shut.
    """
    shut = tuple(closures)
    day, left = start, days
    while left:
        day += DAY
        if works(day) and not any(first <= day <= last for first, last in shut):
            left -= 1
    return day
