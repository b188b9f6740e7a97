"""Who may do what: one table, one question, one answer with its reason (ROLES.md).

Pages draw a button with ``may``, verbs guard the act with ``require``: the same function. Whoever may not
even know that a thing exists meets ``NotFound``, exactly as for an unknown id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.errors import NotAllowed, NotFound, SignInNeeded
from shared_resources.kernel.permission_table import KNOWN_BY, MATRIX, Permission
from shared_resources.kernel.roles import (
    DECIDING,
    FIELD,
    KEEPING,
    LEADING,
    OFFICES,
    PAPERS,
    ROLE_LABELS,
    WORKING,
    Relation,
    Role,
)
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "DECIDING",
    "FIELD",
    "KEEPING",
    "KNOWN_BY",
    "LEADING",
    "MATRIX",
    "NOT_SIGNED_IN",
    "OFFICES",
    "PAPERS",
    "ROLE_LABELS",
    "SYSTEM_ACTOR",
    "SYSTEM_NAME",
    "WORKING",
    "Actor",
    "Permission",
    "Reason",
    "Relation",
    "Role",
    "may",
    "not_found",
    "require",
]


@dataclass(frozen=True)
class Reason:
    """Why not. False in a condition, a sentence on the page."""

    sentence: Sentence

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Actor:
    """Who acts: a person for one agency at a time, with the roles held there today.

    ``scopes`` is None for a signed-in person and the granted permissions for an API token. ``office`` is the
    standing office of the municipality that the agency holds (legal office, government, supervisory organ).
    """

    person: UUID | None
    agency: UUID | None
    name: str
    agency_name: str = ""
    roles: frozenset[Role] = frozenset()
    county: str | None = None
    scopes: frozenset[str] | None = None
    locale: str = "zh_CN"
    office: Relation | None = None

    @property
    def is_system(self) -> bool:
        """The clock or a job of ours, not a person."""
        return self.person is None and self.name == SYSTEM_NAME

    def relations(self, owner: UUID | None = None, borrower: UUID | None = None) -> frozenset[Relation]:
        """What this actor's agency is to a thing of ``owner`` lent to ``borrower``."""
        if self.agency is None:
            return frozenset({Relation.THIRD})
        found = {
            relation
            for relation, agency in ((Relation.OWNER, owner), (Relation.BORROWER, borrower))
            if agency is not None and agency == self.agency
        }
        return frozenset(found or {Relation.THIRD})


SYSTEM_NAME = "system"
SYSTEM_ACTOR = Actor(person=None, agency=None, name=SYSTEM_NAME)

NOT_SIGNED_IN = Reason(Sentence(N_("Please sign in first.")))
NOT_YOUR_ROLE = Reason(Sentence(N_("Your role in this agency does not include this act.")))
NOT_YOUR_PART = Reason(Sentence(N_("This act belongs to the other side.")))
NOT_IN_SCOPE = Reason(Sentence(N_("This token was not granted this act.")))


def may(actor: Actor | None, permission: Permission, relations: Iterable[Relation]) -> bool | Reason:
    """True, or the reason why not."""
    if actor is None or (actor.person is None and not actor.is_system):
        return NOT_SIGNED_IN
    if actor.is_system:
        return True
    if actor.scopes is not None and permission not in actor.scopes:
        return NOT_IN_SCOPE
    row = MATRIX[permission]
    held = set(relations)
    if any(row.get(relation, frozenset()) & actor.roles for relation in held):
        return True
    return NOT_YOUR_ROLE if held & row.keys() else NOT_YOUR_PART


def require(actor: Actor | None, permission: Permission, relations: Iterable[Relation]) -> None:
    """Pass, or refuse in the way that gives nothing away.

    Raises:
        SignInNeeded: nobody is signed in.
        NotAllowed: the actor may know of the thing but not do this.
        NotFound: the actor may not know of the thing.
    """
    held = frozenset(relations)
    answer = may(actor, permission, held)
    if answer is True:
        return
    if answer is NOT_SIGNED_IN:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    if not held & KNOWN_BY[permission]:
        raise not_found()
    assert isinstance(answer, Reason)
    raise NotAllowed(answer.sentence.msgid, code="not_allowed", do=N_("Ask a colleague with the right role."))


def not_found() -> NotFound:
    """The one answer for things that are not there and for things that are none of the reader's business."""
    return NotFound(
        N_("There is nothing here under this address."),
        do=N_("Check the number, or search for it."),
        code="not_found",
    )
