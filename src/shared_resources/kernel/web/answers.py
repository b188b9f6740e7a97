"""What the doors of departments share: addresses with their filters, CSV answers, forms that come back."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response

from shared_resources.kernel.csv_text import csv_bytes
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.web.forms import Form, errors_of
from shared_resources.kernel.web.pages import WebRequest, page


def with_query(path: str, query: Mapping[str, Any], **changes: Any) -> str:
    """An address with its filters, some of them changed; what is empty is left out."""
    pairs = {name: value for name, value in {**query, **changes}.items() if value not in (None, "")}
    return f"{path}?{urlencode(pairs)}" if pairs else path


def query_of(request: WebRequest) -> dict[str, str]:
    """The query of an address, one value for each name."""
    return {name: str(value).strip() for name, value in request.query_params.items()}


def csv_file(name: str, lines: Iterable[Iterable[object]]) -> Response[bytes]:
    """Lines as a CSV download that spreadsheets read as UTF-8 and take for no formula."""
    return Response(
        csv_bytes(lines),
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "cache-control": "no-store",
        },
    )


def form_again(request: WebRequest, template: str, form: Form, refusal: Refusal, **context: Any) -> Response[str]:
    """The form with what was entered and what is wrong with it; refusals that no entry can mend pass.

    Raises:
        Refusal: nobody is signed in, the thing is not there, or the actor may not do this.
    """
    if refusal.status in (401, 403, 404) or refusal.code in ("repeated", "stale"):
        raise refusal
    errors = errors_of(request, refusal)
    return page(
        request,
        template,
        status=refusal.status,
        errors=errors,
        wrong=dict(reversed(errors)),
        entered=form.values,
        **context,
    )


def clean_form(values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The context of a form nobody has sent yet."""
    return {"errors": [], "wrong": {}, "entered": dict(values or {})}
