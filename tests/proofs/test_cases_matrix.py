"""Who may do what on every record: each family × state × step × part × role, against two tables written by hand.

``step-matrix.csv`` says which roles of which part take a step (PROCEDURES.md 1.2, ROLES.md); ``house`` marks steps
that only the clock or another record's act takes. ``record-readers.csv`` says who reads a record: those that are
named on it, offices of the municipality always or once they are named. The button, the verb and the API are asked
the same question and have to give the answer of the tables.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock, holds
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page, choices_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import connection, reading, transaction
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import NOT_YOUR_ROLE, Actor, Role
from tests.clients import client_for
from tests.proofs.houses import STATES
from tests.proofs.walks import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.casework.facts import Facts
    from tests.people import Team
    from tests.proofs.houses import House
    from tests.proofs.walks import Walk

DATA = Path(__file__).parent / "data"
ROLES: dict[str, frozenset[Role]] = {
    "papers": frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK}),
    "leading": frozenset({Role.UNIT_HEAD, Role.LEADER}),
    "leader": frozenset({Role.LEADER}),
    "films": frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK, Role.CUSTODIAN, Role.ARCHIVIST}),
    "intake": frozenset({Role.UNIT_HEAD, Role.LEADER, Role.LAB_CLERK}),
    "": frozenset(),
}
KINDS = sorted(BY_KIND)
SAID_BY_THE_VERB = {
    ("joint_operation", "close_comments"): "409 window_open",
    ("joint_operation", "link_booking"): "422 unknown_loan",
}
"""What a working button cannot know: the end of the comment round is a deadline, a loan is named in the form (the
second cooperating agency has none)."""


class Undo(Exception):
    """Ends a cell."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _steps() -> dict[tuple[str, str], dict[str, frozenset[Role]]]:
    """(family, step) to part to roles."""
    found: dict[tuple[str, str], dict[str, frozenset[Role]]] = {}
    for row in _rows("step-matrix.csv"):
        parts = found.setdefault((row["family"], row["step"]), {})
        assert row["part"] not in parts, f"twice in the file: {row}"
        assert (row["part"] == "house") == (row["roles"] == ""), row
        parts[row["part"]] = ROLES[row["roles"]]
    return found


STEPS = _steps()
READERS = {(row["family"], row["part"]): row["when"] for row in _rows("record-readers.csv")}


def test_the_tables_have_exactly_the_rows_there_are() -> None:
    """A new step, part or family without its row fails, as does a row without its step."""
    steps = {(kind, step.name) for kind in KINDS for step in BY_KIND[kind].procedure.steps}
    openings = {(kind, BY_KIND[kind].procedure.opening) for kind in KINDS if BY_KIND[kind].open}
    assert set(STEPS) == steps | openings
    assert {kind for kind, _ in READERS} == set(KINDS)
    assert set(READERS.values()) == {"named", "always"}
    for kind, step in STEPS:
        for part in STEPS[kind, step]:
            assert part == "house" or (kind, part) in READERS, (kind, step, part)


def parts_of(kind: str, facts: Facts, team: Team) -> frozenset[str]:
    """The parts of a team on a record, as the tables have it."""
    named = {part.value for part, agency in facts.parties.pairs if agency == team.agency}
    office = team.head.office
    if office is not None and READERS.get((kind, office.value)) == "always":
        named.add(office.value)
    return frozenset(named)


def actor_of(team: Team, role: Role) -> Actor:
    """Somebody of a team with exactly this role; the officer's name carries roles nobody else has."""
    person = team.second_officer if role is Role.LEADER else team.with_role(role)
    return Actor(person.person, team.agency, person.name, roles=frozenset({role}), office=team.head.office)


def everybody(walk: Walk) -> Iterator[tuple[str, Actor]]:
    """Every role of every agency, by the agency's name; and the administrator of the system."""
    for name, team in walk.teams.items():
        for role in Role:
            if role is not Role.SYSTEM_ADMIN:
                yield name, actor_of(team, role)
    yield "nobody", Actor(new_id(), None, "root", roles=frozenset({Role.SYSTEM_ADMIN}))


def expected(kind: str, parts: frozenset[str], step: str, role: Role) -> str:
    """``yes``, ``role`` (403), ``part`` (403: knows of the record), ``hidden`` (404), as the tables say."""
    rows = STEPS[kind, step]
    if "house" in rows or not any((kind, part) in READERS for part in parts):
        return "hidden"
    if any(role in rows.get(part, ()) for part in parts):
        return "yes"
    return "role" if parts & rows.keys() else "part"


async def of_number(number: str) -> Any:
    """The id of a record."""
    async with reading() as db:
        return await db.fetchval("SELECT id FROM record WHERE number = $1", number)


def role_of(actor: Actor) -> Role:
    """The only role of an actor of this file."""
    (role,) = actor.roles
    return role


@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_buttons_are_those_of_the_table(kind: str, state: str, house: House) -> None:
    """Every role of every agency: works or waits for something else, greyed for the role, or not there."""
    family, wrong = BY_KIND[kind], list[Any]()
    async with house.opened() as walk:
        facts = await facts_of(await of_number(house.numbers[state]))
        held = await holds.held_by(facts.id)
        leaving = {step.name for step in family.procedure.steps_from(state)}
        for name, actor in everybody(walk):
            parts = parts_of(kind, facts, walk.teams[name]) if name in walk.teams else frozenset[str]()
            shown = {choice.step.name: choice for choice in choices_of(actor, family, facts, held)}
            for step in {key[1] for key in STEPS if key[0] == kind}:
                wanted = expected(kind, parts, step, role_of(actor)) if step in leaving else "hidden"
                choice = shown.get(step)
                greyed = choice is not None and choice.reason == NOT_YOUR_ROLE.sentence
                found = "none" if choice is None else "role" if greyed else "yes"
                if found != {"yes": "yes", "role": "role"}.get(wanted, "none"):
                    wrong.append((name, role_of(actor), step, found, wanted))
    assert not wrong


async def answer(walk: Walk, number: str, state: str, step: str, actor: Actor) -> str:
    """What the verb answers within the open transaction: ``ok``, or status and code of its refusal."""
    take: Any = take_step
    with clock.at(walk.at(state, step)):
        try:
            await take.__wrapped__(actor, BY_KIND[walk.kind], number, step, walk.form(step), note="理由如此。")
        except Refusal as refusal:
            return f"{refusal.status} {refusal.code}"
    return "ok"


async def kept_nothing(walk: Walk, number: str, state: str, step: str, actor: Actor) -> str:
    """What the verb answers; nothing of it stays."""
    found = ""
    try:
        async with transaction():
            found = await answer(walk, number, state, step, actor)
            raise Undo
    except Undo:
        return found


@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_verbs_refuse_whom_the_table_does_not_name(kind: str, state: str, house: House) -> None:
    """Every role of every agency, every step that leaves the state: 404 for those who may not know, else 403."""
    family, wrong, number = BY_KIND[kind], list[Any](), house.numbers[state]
    steps = list(dict.fromkeys(step.name for step in family.procedure.steps_from(state)))
    async with house.opened() as walk:
        facts = await facts_of(await of_number(number))
        async with transaction():
            versions = await connection().fetchval("SELECT sum(version) FROM record")
            for name, actor in everybody(walk):
                parts = parts_of(kind, facts, walk.teams[name]) if name in walk.teams else frozenset[str]()
                for step in steps:
                    wanted = expected(kind, parts, step, role_of(actor))
                    if wanted == "yes":
                        continue
                    found = await answer(walk, number, state, step, actor)
                    if found != {"hidden": "404 not_found"}.get(wanted, "403 not_allowed"):
                        wrong.append((name, role_of(actor), step, found, wanted))
            assert await connection().fetchval("SELECT sum(version) FROM record") == versions
    assert not wrong


@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_who_may_does_where_the_button_works(kind: str, state: str, house: House) -> None:
    """One of each part that the table names: a working button's step is taken, a greyed one's is refused (409)."""
    family, wrong, number = BY_KIND[kind], list[Any](), house.numbers[state]
    async with house.opened() as walk:
        facts = await facts_of(await of_number(number))
        for step in dict.fromkeys(step.name for step in family.procedure.steps_from(state)):
            for name, team in walk.teams.items():
                roles = {role for role in Role if _may(kind, facts, team, step, role)}
                usual = walk.usual(step)
                actor = usual if usual.agency == team.agency and not usual.is_system else None
                for able in [actor] if actor else [actor_of(team, role) for role in sorted(roles)[:1]]:
                    if not roles:
                        continue
                    with clock.at(walk.at(state, step)):
                        page = await case_page(able, family, number)
                    choice = next(each for each in page.choices if each.step.name == step)
                    found = await kept_nothing(walk, number, state, step, able)
                    if found == SAID_BY_THE_VERB.get((kind, step)):
                        continue
                    if (found == "ok") != choice.allowed:
                        wrong.append((name, step, found, choice.reason))
                    if not choice.allowed and not found.startswith("409"):
                        wrong.append((name, step, found, "greyed"))
    assert not wrong


def _may(kind: str, facts: Facts, team: Team, step: str, role: Role) -> bool:
    return expected(kind, parts_of(kind, facts, team), step, role) == "yes"


@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_the_api_says_and_does_the_same(kind: str, state: str, house: House) -> None:
    """Read by one of each agency: there with the buttons of the table, or not there; refused steps alike."""
    family, wrong, number = BY_KIND[kind], list[Any](), house.numbers[state]
    steps = list(dict.fromkeys(step.name for step in family.procedure.steps_from(state) if step.permission))
    async with house.opened() as walk:
        facts = await facts_of(await of_number(number))
        for name, team in walk.teams.items():
            parts = parts_of(kind, facts, team)
            async with client_for(team.auditor) as browser:
                found = await browser.ask("GET", f"/api/v1{family.address}/{number}")
                reads = any((kind, part) in READERS for part in parts)
                if found.status_code != (200 if reads else 404):
                    wrong.append((name, "read", found.status_code))
                told = {each["step"]: each["allowed"] for each in found.json().get("choices", ())}
                due = {step for step in steps if parts & STEPS[kind, step].keys()}
                if told != dict.fromkeys(due, False):
                    wrong.append((name, told, due))
                for step in steps[:3]:
                    form = walk.form(step)
                    body = form.model_dump(mode="json") if form is not None else {"note": "理由如此。"}
                    answer = await browser.ask("POST", f"/api/v1{family.address}/{number}/{step}", body)
                    if answer.status_code != (403 if reads else 404):
                        wrong.append((name, step, answer.status_code, answer.text))
    assert not wrong


@pytest.mark.parametrize("kind", KINDS)
async def test_who_opens_a_record(kind: str, house: House) -> None:
    """Every role opens one or is refused, as the table says; the administrator of the system does not."""
    family = BY_KIND[kind]
    if family.open is None or family.opening is None:
        assert (kind, family.procedure.opening) not in STEPS
        return
    (roles,) = STEPS[kind, family.procedure.opening].values()
    opening: Any = open_case
    async with house.opened() as walk, transaction():
        body = await connection().fetchval(
            "SELECT body FROM filing f JOIN record r ON r.id = f.record WHERE r.number = $1 AND f.step = $2",
            house.numbers[family.procedure.initial],
            family.procedure.opening,
        )
        entries = family.opening.model_validate_json(body)
        for role in Role:
            if role in roles:
                continue
            agency = None if role is Role.SYSTEM_ADMIN else walk.teams["owner"].agency
            actor = Actor(walk.teams["owner"].officer.person, agency, "x", roles=frozenset({role}))
            with pytest.raises(Refusal) as refused:
                await opening.__wrapped__(actor, family, entries)
            assert refused.value.status == 403, role
