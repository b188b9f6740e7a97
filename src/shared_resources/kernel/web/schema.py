"""What the OpenAPI document says about the API as a whole."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, OpenAPI, SecurityScheme, Server, Tag

import shared_resources

PATH = "/schema/openapi.json"
DESCRIPTION = (
    "Everything that the pages do, programs can do: the same verbs, the same rules, the same refusals.\n\n"
    "**Signing in.** `Authorization: Bearer <token>`; make a token under Account and security.\n\n"
    "**Doing things once.** Give every POST, PUT, PATCH and DELETE an `Idempotency-Key`; a repetition of the same "
    "request gets the same answer, another request with the same key is refused (422).\n\n"
    "**Errors** are `application/problem+json` (RFC 9457) with `do`, what to do about it, and `errors`, one entry "
    "for each field. `Accept-Language: zh-CN` or `en` chooses the language of the sentences.\n\n"
    "**Lists** come in pages: `size` and `cursor`; `next` of an answer is the cursor of the page after it."
)
TAGS = {
    "items": "Equipment items, models, categories and depots",
    "loans": "Bookings, loans and what is free",
    "handovers": "Hand-over, return and custody",
    "incidents": "Damage and loss",
    "trackers": "Trackers: where things on loan are, alarms, what came home by itself",
    "footage": "Sources of footage, recordings, copies and who looked at them",
    "laboratories": "The directory of laboratories, samples, shipments, the bench and its results",
    "agencies": "Agencies and people",
    "people": "People to choose from",
    "calendar": "Working days and when a term is due",
    "parties": "Regulated parties, and who plans to inspect them",
    "records": "Records of working together: each kind with its acts, papers, links, search, the inbox",
    "letters": "Issued letters and their seals",
    "files": "Photos and scans that records show",
    "account": "Who one is, notices and subscriptions",
}


class Document(OpenAPI):
    """The document as it is given out: where a value has one of several shapes, it may have more than one of them.

    Litestar writes ``oneOf``, which no item of one's own would satisfy: it is a public item as well.
    """

    def to_schema(self) -> dict[str, Any]:
        """The document as JSON."""
        found: dict[str, Any] = _any_of(super().to_schema())
        return found


class Config(OpenAPIConfig):
    """How the document is made."""

    def to_openapi_schema(self) -> OpenAPI:
        """The frame of the document."""
        frame = super().to_openapi_schema()
        return Document(**{field.name: getattr(frame, field.name) for field in fields(frame)})


def _any_of(node: Any) -> Any:
    if isinstance(node, dict):
        return {"anyOf" if name == "oneOf" else name: _any_of(value) for name, value in node.items()}
    return [_any_of(one) for one in node] if isinstance(node, list) else node


OPENAPI = Config(
    title="Shared Resources",
    version=shared_resources.__version__,
    description=DESCRIPTION,
    path=PATH,
    render_plugins=[JsonRenderPlugin(path="/")],
    servers=[Server(url="/", description="this server")],
    tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
    security=[{"token": []}, {"session": []}],
    components=Components(
        security_schemes={
            "token": SecurityScheme(type="http", scheme="bearer", description="A token made on the account page."),
            "session": SecurityScheme(
                type="apiKey",
                name="sr_session",
                security_scheme_in="cookie",
                description="The browser's session; changes also need the header X-CSRF-Token.",
            ),
        }
    ),
)
