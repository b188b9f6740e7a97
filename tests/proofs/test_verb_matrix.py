"""Who may do what, at the verbs themselves: every verb × role × part, against a table written by hand.

Each cell runs the verb in a transaction of its own that is rolled back, in a scene where whoever may do it
succeeds.
A verb without rows, a row without a verb, or a missing cell fails.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.cases import inspections, meetings, notices
from shared_resources.equipment import service
from shared_resources.equipment.trackers.service import (
    alarms,
    areas,
    checkins,
    commands,
    credentials,
    devices,
    holds,
    looks,
    models,
    retention,
    sources,
    taking_in,
)
from shared_resources.kernel import attachments, calendar, clock, identity, links, notices_read, seals
from shared_resources.kernel.casework import acts, jobs
from shared_resources.kernel.database.transaction import transaction, verb
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.lab import service as laboratories
from tests.proofs.calls import CALLS, Case
from tests.proofs.scene import AGENCY_ROLES, Scene

if TYPE_CHECKING:
    from collections.abc import Callable


TABLE = Path(__file__).parent / "data" / "verb-matrix.csv"
PARTS = ("owner", "borrower", "third")
OUTSIDE = ("system_admin", "signed_out")
SIGNED_OUT = Actor(None, None, "nobody")
ANSWERS = {"ok", "401", "403", "404"}
OF_THE_CLOCK = {"lapse", "overdue", "remind", "unpapered"}
"""Verbs of the department that no person calls: they have no actor."""


class Undo(Exception):
    """Ends a cell."""


def verbs_in(*packages: Any) -> dict[str, Callable[..., Any]]:
    """Every ``@verb`` of the packages' modules by name; a private one stands for the public act around it."""
    made_by = verb(SIGNED_OUT).__code__  # type: ignore[arg-type]
    found: dict[str, Callable[..., Any]] = {}
    for package in packages:
        modules = [package.__name__]
        modules += (
            [f"{package.__name__}.{name}" for _, name, _ in pkgutil.iter_modules(package.__path__)]
            if (hasattr(package, "__path__"))
            else []
        )
        for name in modules:
            for member in vars(importlib.import_module(name)).values():
                if getattr(member, "__code__", None) is made_by and member.__module__ == name:
                    assert member.__name__.lstrip("_") not in found, f"two verbs are called {member.__name__}"
                    found[member.__name__.lstrip("_")] = member
    return found


def takes_an_actor(function: Callable[..., Any]) -> bool:
    """Whether a person calls it."""
    return "actor" in inspect.signature(function).parameters


PACKAGES = (
    service,
    identity,
    calendar,
    notices_read,
    attachments,
    links,
    acts,
    jobs,
    seals,
    inspections.service,
    meetings.service,
    notices.service,
    alarms,
    areas,
    checkins,
    commands,
    credentials,
    devices,
    holds,
    looks,
    models,
    retention,
    sources,
    taking_in,
    laboratories,
)
ELSEWHERE = {
    "open_case": "each family's opening has its rows in step-matrix.csv",
    "take_step": "each family's steps have their rows in step-matrix.csv",
    "attach": "inner half: the file is kept before; test_cases_papers asks the whole act",
    "contaminated": "inner half of attach, for a file that bears a marking",
    "note_reading": "inner half of reading an attachment: who reads the record",
    "enter": "inner half: the seal is made before; test_cases_papers asks the whole act",
    "replace": "inner half of entering a seal; test_cases_papers asks the whole act",
    "receive_answer": "a calendar program's answer by mail, asked in tests/kernel/test_invitations",
}
"""Verbs that a rolled back cell cannot ask, and where they are asked."""
VERBS = {
    name: function
    for name, function in verbs_in(*PACKAGES).items()
    if takes_an_actor(function) and name not in ELSEWHERE
}


def table() -> dict[tuple[str, str, str], str]:
    """The file: (verb, role, column) to answer."""
    cells: dict[tuple[str, str, str], str] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column in (*PARTS, "outside"):
                key = (row["verb"], row["role"], column)
                assert key not in cells, f"twice in the file: {key}"
                if row[column]:
                    cells[key] = row[column]
    return cells


CELLS = table()


def test_the_table_has_exactly_the_cells_there_are() -> None:
    """No verb without its rows, no row without its verb, no empty cell, no foreign word."""
    inside = {(name, role.value, part) for name in VERBS for role in AGENCY_ROLES for part in PARTS}
    assert set(CELLS) == inside | {(name, who, "outside") for name in VERBS for who in OUTSIDE}
    assert set(CELLS.values()) <= ANSWERS
    assert set(CALLS) == set(VERBS)


def test_what_is_asked_elsewhere_is_there() -> None:
    """No reason without its verb."""
    assert set(verbs_in(*PACKAGES)) >= set(ELSEWHERE)


def test_every_verb_of_the_department_has_an_actor_or_is_the_clocks() -> None:
    """A verb without an actor would be a hole in the table."""
    without = {name for name, function in verbs_in(service).items() if not takes_an_actor(function)}
    assert without == OF_THE_CLOCK


def test_every_verb_can_be_done_by_somebody_and_not_by_everybody() -> None:
    """A column of ``ok`` alone would prove nothing; nor would a scene in which nobody succeeds."""
    for name in VERBS:
        answers = {answer for (verb_name, _, _), answer in CELLS.items() if verb_name == name}
        assert "ok" in answers, name
        assert answers - {"ok"}, name


def actor_of(scene: Scene, role: str, column: str) -> Actor:
    """Who acts in a cell."""
    if role == "signed_out":
        return SIGNED_OUT
    if role == "system_admin":
        return scene.second_administrator
    return scene.actor(column, Role(role))


async def answer(name: str, case: Case) -> str:
    """What the verb answers: ``ok``, or the status of its refusal. Nothing of it stays."""
    call, function = CALLS[name], VERBS[name].__wrapped__  # type: ignore[attr-defined]
    with clock.at(call.at):
        try:
            async with transaction():
                if call.prepare and case.actor.person:
                    await call.prepare(case)
                positional, named = call.arguments(case)
                await function(case.actor, *positional, **named)
                raise Undo
        except Undo:
            return "ok"
        except Refusal as refusal:
            return str(refusal.status) if refusal.status < 405 else f"{refusal.status} {refusal.code}"


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_every_cell_answers_as_written(name: str, scene: Scene) -> None:
    """All cells of one verb, each from the same scene."""
    wrong = {}
    for (verb_name, role, column), expected in CELLS.items():
        if verb_name == name:
            found = await answer(name, Case(scene, actor_of(scene, role, column), column))
            if found != expected:
                wrong[role, column] = f"{found}, not {expected}"
    assert not wrong
