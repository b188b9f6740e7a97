"""A form shown again with what was typed and every reason against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.errors import Invalid, NotAllowed, Refusal, Refusals, Taken, WrongState
from shared_resources.kernel.web.forms import errors_of
from shared_resources.kernel.web.pages import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Response

    from shared_resources.kernel.web.pages import WebRequest

KEPT = (Invalid, NotAllowed, Refusals, Taken, WrongState)
"""Refusals that leave somebody with something to mend; the others become a page of their own."""


def form_page(
    request: WebRequest,
    template: str,
    values: Mapping[str, Any],
    refusal: Refusal | None = None,
    **context: Any,
) -> Response[str]:
    """A page with a form: ``values`` fill its fields, ``errors`` are the reasons of ``refusal``.

    ``wrong`` gives the first of them for each field.
    """
    errors = errors_of(request, refusal) if refusal else []
    status, wrong = refusal.status if refusal else 200, dict(reversed(errors))
    return page(request, template, status, values=Values(values), errors=errors, wrong=wrong, **context)


class Values(dict[str, Any]):
    """What was typed, by the name of the field; an empty text where nothing was."""

    def __missing__(self, _name: str) -> str:
        return ""

    def __getattr__(self, name: str) -> Any:
        return self[name]
