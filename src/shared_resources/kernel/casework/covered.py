"""What is covered for readers who see a record by their office only: answers that forms call sensitive, wherever
they stand, and letters that print them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.asks import questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shared_resources.kernel.asks import Asked, Question
    from shared_resources.kernel.casework.family import Family

SHORTEST = 2
"""Characters below which an answer is found in any letter and tells nothing."""


def form_of_step(family: Family, step: str) -> type[Asked] | None:
    """The form that is filed with a step, or opens the record."""
    if step == family.procedure.opening:
        return family.opening
    return next((each.form for each in family.procedure.steps if each.name == step and each.form), None)


def without_sensitive(asked: Sequence[Question], body: Mapping[str, Any]) -> dict[str, Any]:
    """A filed form without its sensitive values, in rows as well."""
    kept: dict[str, Any] = {}
    for question in asked:
        value = body.get(question.name)
        if not question.ask.sensitive:
            rows = question.widget == "rows" and value
            kept[question.name] = (
                [without_sensitive(question.columns, row) for row in value or ()] if rows else value
            )
    return kept


def prints_sensitive(family: Family, filings: Iterable[tuple[str, Mapping[str, Any]]], page: Any) -> bool:
    """Whether a letter, as plain data, shows a sensitive answer of forms filed with these steps."""
    printed = _squeezed("".join(_texts(page)))
    return any(
        len(line) >= SHORTEST and line in printed
        for step, body in filings
        if (form := form_of_step(family, step)) is not None
        for answer in _sensitive(questions(form), body)
        for line in map(_squeezed, answer.splitlines())
    )


def _sensitive(asked: Sequence[Question], body: Mapping[str, Any]) -> Iterator[str]:
    for question in asked:
        value = body.get(question.name)
        if question.ask.sensitive:
            yield from _texts(value)
        elif question.widget == "rows":
            for row in value or ():
                yield from _sensitive(question.columns, row)


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data, in its order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _squeezed(text: str) -> str:
    """Without spaces, and without the stop that a letter may add or leave out."""
    return "".join(text.split()).rstrip("。.；;")
