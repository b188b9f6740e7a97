"""What a form asks: pydantic models whose fields say how they are shown to people. Pure.

    class Refusal(Asked):
        ground: Annotated[Ground, Ask(N_("Statutory ground"), labels=GROUND_LABELS)]
        facts: Annotated[str, Ask(N_("Facts"), widget="textarea")] = Field(min_length=10)

From such a model follow the form on the page, the checks, the API's schema and how the paper is shown once filed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Widget = Literal[
    "text", "textarea", "date", "datetime", "number", "check", "choice", "choices", "agency", "agencies", "rows"
]


@dataclass(frozen=True)
class Ask:
    """How a field is asked for. ``label`` and ``hint`` are msgids; ``labels`` name the members of an enum.

    ``widget`` follows from the type where it is not given: str text, date, datetime, int number, bool check, Enum
    choice, tuple of Enum choices, UUID agency, tuple of UUID agencies, tuple of Asked rows. ``sensitive`` values
    are shown to the record's parties only (class S). ``default_today``: the form opens with today's date.
    ``rows``: how many empty rows the form offers without script. ``first``: asked before all others, also before
    those of a model that this one extends. ``group``: fields with the same msgid stand together under it;
    ``folded``: until they are wanted they are kept under its title (where nothing in the group is required).
    """

    label: str
    hint: str = ""
    widget: Widget | None = None
    labels: Mapping[Any, str] = field(default_factory=dict)
    sensitive: bool = False
    default_today: bool = False
    rows: int = 3
    first: bool = False
    group: str = ""
    folded: bool = False


class Asked(BaseModel):
    """A form as a value: checked when made, never changed afterwards; unknown names are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True)
class Question:
    """One field of a form as templates draw it. ``options``: (value, msgid); ``columns``: the fields of a row."""

    name: str
    ask: Ask
    widget: Widget
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    columns: tuple[Question, ...] = ()
    longest: int | None = None
    default: Any = None


def questions(model: type[BaseModel]) -> tuple[Question, ...]:
    """The questions of a form in their order.

    Raises:
        TypeError: a field says nothing of how it is asked for.
    """
    found = [_question(name, info) for name, info in model.model_fields.items()]
    return tuple(sorted(found, key=lambda question: not question.ask.first))


def _question(name: str, info: FieldInfo) -> Question:
    ask = next((each for each in info.metadata if isinstance(each, Ask)), None)
    if ask is None:
        raise TypeError(f"the field {name} does not say how it is asked for")
    bare = _without_none(info.annotation)
    many = get_origin(bare) is tuple
    inner = _without_annotations(get_args(bare)[0]) if many else bare
    widget = ask.widget or _widget(inner, many)
    options: tuple[tuple[str, str], ...] = ()
    if isinstance(inner, type) and issubclass(inner, Enum):
        options = tuple((str(member.value), ask.labels.get(member, str(member.value))) for member in inner)
    columns = questions(inner) if widget == "rows" else ()
    longest = next((each.max_length for each in info.metadata if hasattr(each, "max_length")), None)
    default = None if info.default is PydanticUndefined else info.default
    return Question(name, ask, widget, info.is_required(), options, columns, longest, default)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        rest = [each for each in get_args(kind) if each is not type(None)]
        return _without_annotations(rest[0])
    return _without_annotations(kind)


def _without_annotations(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _widget(inner: Any, many: bool) -> Widget:
    if many:
        if inner is UUID:
            return "agencies"
        return "rows" if issubclass(inner, BaseModel) else "choices"
    if issubclass(inner, bool):
        return "check"
    if issubclass(inner, Enum):
        return "choice"
    by_type: Mapping[type, Widget] = {datetime: "datetime", date: "date", int: "number", UUID: "agency"}
    return by_type.get(inner, "text")


def shown(model: type[BaseModel], body: Mapping[str, Any]) -> tuple[tuple[Question, Any], ...]:
    """A filed form: each question with its value, those left empty aside."""
    return tuple(
        (question, body[question.name])
        for question in questions(model)
        if body.get(question.name) not in (None, "", [], False)
    )
