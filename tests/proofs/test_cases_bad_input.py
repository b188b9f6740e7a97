"""Bad input on records of every family, by page and by API: a clear sentence, a status of 4xx, nothing half done.

An act in the wrong state, without its form or with a wrong one, without its reason, on a version that is not the
newest; a date in the past or future where that is wrong. The wrong agency: test_foreign_is_unknown and
test_cases_matrix; files that are no sealed letter: tests/doors/test_check.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.asks import questions
from tests.clients import Browser, client_for
from tests.proofs.houses import STATES
from tests.proofs.test_cases_matrix import kept_nothing
from tests.proofs.test_cases_walk import traces
from tests.proofs.walks import BY_KIND

if TYPE_CHECKING:
    import httpx

    from shared_resources.kernel.procedure import Step
    from tests.proofs.houses import House
    from tests.proofs.walks import Walk

SHORTEST = 4
"""A sentence has more characters; that each has its Chinese is tested with the catalogues."""
KINDS = sorted(BY_KIND)
OPEN = [(kind, state) for kind, state in STATES if not BY_KIND[kind].procedure.states[state].final]
TOO_EARLY, TOO_LATE = date(1900, 1, 1), date(2200, 1, 1)


def json_of(walk: Walk, step: str) -> Any:
    """What a program sends with a step when everything is right."""
    form = walk.form(step)
    return form.model_dump(mode="json") if form is not None else {"note": "理由如此。"}


async def send(browser: Browser, walk: Walk, number: str, step: str, body: Any) -> httpx.Response:
    """A step through the API."""
    return await browser.ask("POST", f"/api/v1{BY_KIND[walk.kind].address}/{number}/{step}", body)


def said_well(answer: httpx.Response) -> bool:
    """A refusal of 4xx that tells a person what is wrong, with a code of ours."""
    told = answer.json()
    return (
        400 <= answer.status_code < 500
        and told["type"].startswith("/problems/")
        and len(told["detail"]) > SHORTEST
        and "Traceback" not in answer.text
    )


def steps_of(walk: Walk, state: str) -> list[Step]:
    """Steps of people that leave a state."""
    return [step for step in BY_KIND[walk.kind].procedure.steps_from(state) if step.permission is not None]


@pytest.mark.parametrize(("kind", "state"), OPEN)
async def test_forms_that_are_not_filled_in_change_nothing(kind: str, state: str, house: House) -> None:
    """Every step with a form: with a name that nobody asked for, with each required value missing or wrong."""
    wrong, number = list[Any](), house.numbers[state]
    async with house.opened() as walk:
        before = await traces()
        for step in steps_of(walk, state):
            if step.form is None:
                continue
            with clock.at(walk.at(state, step.name)):
                whole = json_of(walk, step.name)
                required = [each.name for each in questions(step.form) if each.required]
                tries = [{**whole, "no_such_field": "x"}]
                tries += [{name: value for name, value in whole.items() if name != left} for left in required]
                tries += [{**whole, name: {"a": ["b"]}} for name in required]
                async with client_for(walk.usual(step.name)) as browser:
                    for body in tries:
                        answer = await send(browser, walk, number, step.name, body)
                        if not said_well(answer) or answer.status_code not in (400, 422):
                            wrong.append((step.name, body, answer.status_code, answer.text))
        assert await traces() == before
    assert not wrong


@pytest.mark.parametrize("kind", KINDS)
async def test_reasons_versions_and_wrong_states(kind: str, house: House) -> None:
    """No reason where one is needed; a version that is old; a step of another state, by page and by API."""
    family, wrong = BY_KIND[kind], list[Any]()
    async with house.opened() as walk:
        before = await traces()
        for state, number in house.numbers.items():
            for step in steps_of(walk, state):
                if step.form is not None:
                    continue
                with clock.at(walk.at(state, step.name)):
                    async with client_for(walk.usual(step.name)) as browser:
                        bodies: list[Any] = [{"note": "理由", "version": 999}]
                        bodies += [{}, {"note": "  "}] if step.needs_note else []
                        for body in bodies:
                            answer = await send(browser, walk, number, step.name, body)
                            if not said_well(answer):
                                wrong.append((state, step.name, body, answer.status_code, answer.text))
        outside = [step for step in family.procedure.steps if step.permission is not None]
        for step in outside:
            sources = {name for each in outside if each.name == step.name for name in each.sources}
            state = next(name for name in family.procedure.states if name not in sources)
            actor = walk.usual(step.name)
            with clock.at(walk.at(state, step.name)):
                async with client_for(actor) as browser:
                    sent = await send(browser, walk, house.numbers[state], step.name, json_of(walk, step.name))
                    path = f"{family.address}/{house.numbers[state]}/{step.name}"
                    shown = await browser.send(path, note="理由如此。")
                    if sent.status_code not in (403, 404, 409) or not said_well(sent):
                        wrong.append((state, step.name, sent.status_code, sent.text))
                    if shown.status_code not in (303, 403, 404, 409, 422):
                        wrong.append((state, step.name, "page", shown.status_code))
        assert await traces() == before
    assert not wrong


@pytest.mark.parametrize(("kind", "state"), OPEN)
async def test_dates_that_cannot_be_are_refused_or_kept_whole(kind: str, state: str, house: House) -> None:
    """Every date of every form in 1900 and in 2200: never an error of the server, and a refusal leaves nothing."""
    wrong, number = list[Any](), house.numbers[state]
    async with house.opened() as walk:
        for step in steps_of(walk, state):
            if step.form is None:
                continue
            dates = [each for each in questions(step.form) if each.widget in ("date", "datetime")]
            with clock.at(walk.at(state, step.name)):
                whole = json_of(walk, step.name)
                for question in dates:
                    for day in (TOO_EARLY, TOO_LATE):
                        text = day.isoformat()
                        moment = text if question.widget == "date" else f"{text}T09:00:00+08:00"
                        body = {**whole, question.name: moment}
                        found = await refused_alone(walk, house, number, state, step.name, body)
                        if found:
                            wrong.append((step.name, question.name, moment, found))
    assert not wrong


async def refused_alone(walk: Walk, house: House, number: str, state: str, step: str, body: Any) -> str:
    """What is wrong with the answer to a body, which is tried in a transaction that is rolled back."""
    form = next(each.form for each in BY_KIND[walk.kind].procedure.steps if each.name == step)
    assert form is not None
    try:
        entries = form.model_validate(body)
    except ValueError:
        return ""
    before = await traces()
    trying = Given(walk, entries)
    found = await kept_nothing(trying, number, state, step, walk.usual(step))
    if await traces() != before:
        return "left something"
    return "" if found == "ok" or found[:3] in ("403", "404", "409", "422") else found


class Given:
    """A walk whose forms are one given form."""

    def __init__(self, walk: Walk, entries: Any) -> None:
        self.kind, self.teams, self.at, self.entries = walk.kind, walk.teams, walk.at, entries
        self.usual, self.reach = walk.usual, walk.reach

    def form(self, step: str) -> Any:
        return self.entries


@pytest.mark.parametrize(
    ("kind", "state", "step", "change", "code"),
    [
        ("assistance", "assisting", "extend", {"until": "2026-11-01"}, "not_later"),
        ("dispute", "raised", "negotiate", {"held_on": "2026-12-31"}, "future"),
        ("dispute", "coordinating", "opine", {"execute_by": "2026-11-01"}, "past"),
        ("inspection", "planned", "done", {"done_on": "2027-01-01"}, "future"),
        ("meeting", "noticed", "postpone", {"starts_at": "2026-11-01T09:00:00+08:00"}, "past"),
        ("receipt", "own", "handle", {"concluded_on": "2026-12-31"}, "future"),
        ("referral", "signed", "file_case", {"decided_on": "2026-12-31"}, "future"),
        ("task", "running", "set_deadline", {"deadline": "2026-11-01"}, "past"),
        ("transfer", "sent", "accept", {"received_at": "2027-01-01T09:00:00+08:00"}, "future"),
        ("transfer", "accepted", "file", {"filed_on": "2026-12-31"}, "future"),
        ("transfer", "overdue", "urge", {"deadline": "2026-11-01"}, "past"),
    ],
)
async def test_days_that_are_wrong_where_they_are_wrong(
    kind: str, state: str, step: str, change: dict[str, Any], code: str, house: House
) -> None:
    """What is to come lies not in the past, what has happened not in the future; the field is named."""
    async with house.opened() as walk:
        before = await traces()
        with clock.at(walk.at(state, step)):
            async with client_for(walk.usual(step)) as browser:
                body = {**json_of(walk, step), **change}
                answer = await send(browser, walk, house.numbers[state], step, body)
        assert answer.status_code == 422, answer.text
        assert said_well(answer)
        told = answer.json()
        assert code in told["type"] or "value_error" in told["type"], told
        assert await traces() == before
