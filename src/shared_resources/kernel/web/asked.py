"""Forms drawn from ``Asked`` models: what was entered becomes a value, and a value becomes a form again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from shared_resources.kernel import clock
from shared_resources.kernel.asks import Asked, Question, questions
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.web.formats import instant_input
from shared_resources.kernel.web.forms import Form, local_instant, parse

if TYPE_CHECKING:
    from pydantic import BaseModel

A = TypeVar("A", bound=Asked)
Entered = Mapping[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A question with what stands in its field: a text, a list of chosen texts, or rows of drawn questions.

    ``id`` is the field's name and its anchor; in a row ``items.0.name``.
    """

    question: Question
    id: str
    value: Any
    error: str = ""
    rows: tuple[tuple[Drawn, ...], ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether something stands in it, or a sentence against it."""
        return bool(self.value or self.error) or any(cell.is_used for row in self.rows for cell in row)


def entered(model: type[BaseModel], form: Form) -> dict[str, Any]:
    """What a form carries for ``model``, in the words of JSON; empty rows and fields are left out."""
    found = {question.name: _read(question, form, question.name) for question in questions(model)}
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def asked(model: type[A], form: Form) -> A:
    """The value that a form carries.

    Raises:
        Invalid, Refusals: everything that is wrong, with its field.
    """
    return parse(model, {name: _instants(value) for name, value in entered(model, form).items()})


def drawn(
    model: type[BaseModel], values: Entered | None = None, errors: Sequence[tuple[str, str]] = ()
) -> tuple[Drawn, ...]:
    """The fields of a form, filled with ``values`` (words of JSON) and with the sentences against them."""
    wrong = dict(reversed(errors))
    return tuple(_draw(question, question.name, values, wrong) for question in questions(model))


def opening(model: type[BaseModel], given: Entered) -> Entered:
    """With what a form opens that somebody has begun to fill in: ``given``, and its defaults elsewhere."""
    defaults = {question.name: _opening_value(question) for question in questions(model)}
    return {**{name: value for name, value in defaults.items() if value is not None}, **given}


def _read(question: Question, form: Form, name: str) -> Any:
    if question.widget == "check":
        return form.flag(name) or None
    if question.widget in ("choices", "agencies"):
        return [text for text in form.texts(name) if text]
    if question.widget != "rows":
        return form.text(name) or None
    rows = []
    for index in _indices(form, name):
        row = {each.name: _read(each, form, f"{name}.{index}.{each.name}") for each in question.columns}
        filled = {key: value for key, value in row.items() if value not in (None, "", [])}
        if filled:
            rows.append(filled)
    return rows


def _indices(form: Form, name: str) -> list[int]:
    pattern = re.compile(re.escape(name) + r"\.(\d{1,4})\.")
    return sorted({int(found[1]) for each in form.names if (found := pattern.match(each))})


LOCAL_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")


def _instants(value: Any) -> Any:
    """Local instants as people type them, with their zone; everything else as it is."""
    if isinstance(value, list):
        return [_instants(each) for each in value]
    if isinstance(value, dict):
        return {name: _instants(each) for name, each in value.items()}
    if isinstance(value, str) and LOCAL_INSTANT.fullmatch(value):
        try:
            return local_instant(value).isoformat()
        except Refusal:
            return value
    return value


def _draw(question: Question, name: str, values: Entered | None, wrong: Mapping[str, str]) -> Drawn:
    given = values.get(question.name) if values is not None else _opening_value(question)
    error = wrong.get(name, "")
    if question.widget != "rows":
        return Drawn(question, name, _shown(question, given), error)
    filled = list(given or ())
    blank = max(question.ask.rows, len(filled) + 1) if values is None else max(question.ask.rows, len(filled))
    rows = [*filled, *({} for _ in range(blank - len(filled)))]
    drawn_rows = tuple(
        tuple(_draw(column, f"{name}.{index}.{column.name}", row, wrong) for column in question.columns)
        for index, row in enumerate(rows)
    )
    return Drawn(question, name, None, error or _row_error(name, wrong), drawn_rows)


def _row_error(name: str, wrong: Mapping[str, str]) -> str:
    """A sentence against a row as a whole, shown above the rows."""
    return next((said for field, said in wrong.items() if re.fullmatch(re.escape(name) + r"\.\d+", field)), "")


def _opening_value(question: Question) -> Any:
    if question.ask.default_today:
        return clock.today().isoformat()
    default = question.default
    return default if default not in (None, (), "") else None


def _shown(question: Question, value: Any) -> Any:
    if question.widget in ("choices", "agencies"):
        return [str(getattr(each, "value", each)) for each in value or ()]
    if question.widget == "check":
        return bool(value)
    if question.widget == "datetime" and value:
        return instant_input(value if isinstance(value, datetime) else _parsed(str(value)))
    return "" if value is None else str(getattr(value, "value", value))


def _parsed(text: str) -> datetime | None:
    try:
        return local_instant(text)
    except Refusal:
        return None
