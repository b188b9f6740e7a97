"""The help: one page a task, written in Markdown in ``docs/``, in the reader's language."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from markdown_it import MarkdownIt
from markupsafe import Markup

import shared_resources
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.web.language import CHINESE
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHELVES: Mapping[str, tuple[str, Sequence[str]]] = {
    "officers": (
        N_("For officers"),
        (
            *("inbox", "ask", "answer", "lead", "cooperate", "convene", "attend", "transfer", "receive", "crime"),
            *("dispute", "situation", "inspect", "obtain", "appraise", "letters", "check", "papers", "links"),
            *("borrow", "timeline", "scan", "tracking", "emergency", "search", "messages", "subscribe", "account"),
        ),
    ),
    "keepers": (N_("For equipment custodians"), ("register", "approve", "incidents", "trackers", "footage")),
    "laboratories": (N_("For laboratories"), ("directory", "samples")),
    "supervisors": (
        N_("For the legal office, the government office and the supervisory organ"),
        ("examine", "coordinate", "name", "urge", "figures"),
    ),
    "administrators": (
        N_("For administrators"),
        ("people", "agency", "seal", "duty", "notices", "calendar"),
    ),
    "operators": (
        N_("For operators"),
        (
            *("run", "database", "proxy", "fonts", "trust", "replies", "broker", "tracker-payloads"),
            *("backup", "upgrade", "monitor", "escalation", "storage", "footage-storage", "verify", "api"),
        ),
    ),
}
"""Folder, for whom it is, and its pages in the order of a day's work."""


@dataclass(frozen=True)
class Sheet:
    """One page of the help in one language."""

    name: str
    title: str
    lead: str
    body: Markup


@get("/docs", include_in_schema=False)
async def contents(request: WebRequest) -> Response[str]:
    """Every page of the help, by who needs it."""
    locale = reader_of(request).language.locale
    shelves = [(label, [sheet(name, locale) for name in names]) for label, names in SHELVES.values()]
    return page(request, "help/contents.html", shelves=shelves)


@get("/docs/{name:str}", include_in_schema=False)
async def topic(request: WebRequest, name: str) -> Response[Any]:
    """One page of the help."""
    if name not in shelf_of():
        raise not_found()
    locale = reader_of(request).language.locale
    label, names = SHELVES[shelf_of()[name]]
    beside = [sheet(other, locale) for other in names]
    return page(request, "help/page.html", sheet=sheet(name, locale), shelf=label, beside=beside)


@functools.cache
def shelf_of() -> dict[str, str]:
    """The folder in which each page lies."""
    return {name: folder for folder, (_, names) in SHELVES.items() for name in names}


@functools.cache
def sheet(name: str, locale: str) -> Sheet:
    """A page read and set once for each language: ``borrow.md`` in Chinese, ``borrow.en.md`` in English."""
    ending = ".md" if locale == CHINESE else f".{locale}.md"
    text = (folder() / shelf_of()[name] / f"{name}{ending}").read_text("utf-8")
    title, _, rest = text.partition("\n")
    body = Markup(setter().render(rest))  # noqa: S704 made from our own files, without raw HTML
    return Sheet(name, title.removeprefix("# ").strip(), lead_of(rest), body)


def lead_of(text: str) -> str:
    """The first paragraph as plain text: what the page is about."""
    first = next((token for token in setter().parse(text) if token.type == "inline"), None)
    words = first.children or () if first else ()
    return "".join(" " if child.type == "softbreak" else child.content for child in words)


def folder() -> Path:
    """The documents: beside the sources in a checkout, inside the package when installed from a wheel."""
    package = Path(shared_resources.__file__).parent
    inside, beside = package / "docs", package.parent.parent / "docs"
    return inside if inside.is_dir() else beside


@functools.cache
def setter() -> MarkdownIt:
    """Markdown to HTML: no raw HTML, tables in a region that scrolls, links between pages as addresses of ours."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("link_open", link_open)
    made.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0"><table>')
    made.add_render_rule("table_close", lambda *_: "</table></div>")
    return made


def link_open(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    """A link to another file of the help becomes the address of its page."""
    href = str(tokens[index].attrGet("href"))
    path = urlsplit(href).path
    if path.endswith(".md"):
        tokens[index].attrSet("href", f"/docs/{Path(path).name.partition('.')[0]}")
    rendered: str = self.renderToken(tokens, index, options, env)
    return rendered


ROUTES: list[HTTPRouteHandler] = [contents, topic]
