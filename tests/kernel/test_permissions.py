"""The permission matrix is data: every cell of the file is a case, a missing or extra cell fails."""

from __future__ import annotations

import csv
import functools
from pathlib import Path
from uuid import uuid4

import pytest

from shared_resources.kernel.errors import NotAllowed, NotFound, SignInNeeded
from shared_resources.kernel.permissions import (
    KNOWN_BY,
    SYSTEM_ACTOR,
    Actor,
    Permission,
    Relation,
    Role,
    may,
    require,
)

MATRIX = Path(__file__).parent / "data" / "permission-matrix.csv"
Cell = tuple[Permission, Role, Relation]


@functools.cache
def cells() -> dict[Cell, bool]:
    """The file: one row for each permission and role, one column for each relation, y or empty."""
    found: dict[Cell, bool] = {}
    with MATRIX.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for relation in Relation:
                key = (Permission(row["permission"]), Role(row["role"]), relation)
                assert key not in found, f"twice in the file: {key}"
                found[key] = {"y": True, "": False}[row[relation.value]]
    return found


def person(role: Role, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(uuid4(), uuid4(), "somebody", roles=frozenset({role}), scopes=scopes)


def test_the_file_has_exactly_the_cells_there_are() -> None:
    assert set(cells()) == {(p, role, relation) for p in Permission for role in Role for relation in Relation}


@pytest.mark.parametrize("permission", Permission)
def test_every_cell_is_as_written(permission: Permission) -> None:
    for (named, role, relation), allowed in cells().items():
        if named is permission:
            assert (may(person(role), permission, {relation}) is True) is allowed, (role, relation)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_signed_in_may_nothing(permission: Permission) -> None:
    for relation in Relation:
        with pytest.raises(SignInNeeded):
            require(None, permission, {relation})


@pytest.mark.parametrize("permission", Permission)
def test_a_token_without_the_scope_may_nothing(permission: Permission) -> None:
    for role in Role:
        for relation in Relation:
            assert may(person(role, frozenset()), permission, {relation}) is not True


@pytest.mark.parametrize("permission", Permission)
def test_refusals_tell_strangers_nothing(permission: Permission) -> None:
    for (named, role, relation), allowed in cells().items():
        if named is not permission or allowed:
            continue
        expected = NotAllowed if relation in KNOWN_BY[permission] else NotFound
        with pytest.raises(expected):
            require(person(role), permission, {relation})


def test_the_clock_is_not_a_person_but_may_act() -> None:
    assert may(SYSTEM_ACTOR, Permission.LOAN_APPROVE, {Relation.THIRD}) is True


def test_a_nameless_actor_is_not_the_clock() -> None:
    with pytest.raises(SignInNeeded):
        require(Actor(None, None, "nobody"), Permission.LOAN_SEE, {Relation.OWNER})


def test_an_administrator_of_the_system_sees_no_content() -> None:
    for permission in (Permission.LOAN_SEE, Permission.ITEM_SEE, Permission.CUSTODY_SEE, Permission.JOURNAL_READ):
        for relation in Relation:
            assert may(person(Role.SYSTEM_ADMIN), permission, {relation}) is not True
