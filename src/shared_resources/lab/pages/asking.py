"""Forms of ``Asked`` models on a page of their own, drawn with what was entered and with choices of the house."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from litestar import Response

from shared_resources.kernel.asks import Asked
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.web.asked import Drawn, Entered, drawn, entered
from shared_resources.kernel.web.forms import Form, errors_of
from shared_resources.kernel.web.pages import WebRequest, page

A = TypeVar("A", bound=Asked)
Choices = Mapping[str, Sequence[tuple[str, str]]]


def ask(
    request: WebRequest,
    model: type[Asked],
    *,
    path: str,
    title: str,
    back: tuple[str, str],
    act: str,
    values: Entered | None = None,
    choices: Choices | None = None,
    refusal: Refusal | None = None,
    template: str = "lab/form.html",
    **context: Any,
) -> Response[Any]:
    """The page with the form ``model``; ``back``: label and address of the page it belongs to.

    Args:
        act: msgid of the button.
        choices: options of fields that only the database knows, by field.
        refusal: why what was entered is not right yet.

    Raises:
        Refusal: one that no entry can mend.
    """
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code in ("repeated", "stale")):
        raise refusal
    errors = errors_of(request, refusal) if refusal else []
    return page(
        request,
        template,
        refusal.status if refusal else 200,
        path=path,
        title=title,
        back=back,
        act=act,
        questions=with_choices(drawn(model, values, errors), choices or {}),
        errors=errors,
        **context,
    )


def again(model: type[Asked], form: Form) -> Entered:
    """What was entered, to be shown again."""
    return entered(model, form)


def with_choices(questions: Sequence[Drawn], choices: Choices) -> tuple[Drawn, ...]:
    """The fields with the options of the house; fields of rows as well (``rows.field``)."""
    return tuple(
        replace(
            field,
            question=_with_options(field.question, choices.get(field.question.name)),
            rows=tuple(
                tuple(
                    replace(
                        inner,
                        question=_with_options(
                            inner.question, choices.get(f"{field.question.name}.{inner.question.name}")
                        ),
                    )
                    for inner in row
                )
                for row in field.rows
            ),
        )
        for field in questions
    )


def _with_options(question: Any, options: Sequence[tuple[str, str]] | None) -> Any:
    return question if options is None else replace(question, widget="choice", options=tuple(options))
