"""Walking through the house by its links, and what must hold of every page."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

NOT_PAGES = re.compile(
    r"^/(static|files|feeds/.+\.ics|api|live|schema/openapi|seals/letters|attachments/)|\.(csv|xlsx|json|geojson|gpx|ics|svg|webmanifest)$|/photo"
    r"|\.pdf$|/(pdf|docx|file)$"
)
NUMBERS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/agencies)/(?!new)[a-z0-9-]+|(?<=/tracker-sources)/(?!new)[\w-]+|(?<=/items)/[0-9A-Z]{8}(?=/|$)|L\d{4}-\d+|[A-Z]+\d{4}-\d+(?:-\d+)?|\d{4}-\d\d-\d\d|/(?=[0-9A-Z]*\d)[0-9A-Z]{8}(?=/|$)"
)
TELLS_ALL = "/docs"
"""Help speaks to every role and leads to pages that not everybody may open."""
SHAPE_LIMIT = 2
"""So many pages of one shape are looked at: loans, items and people are many and alike."""
LISTS = re.compile(
    r"^/(operations|tasks|assistance|meetings|resolved-items|transfers|referrals|receipts|situation-notices"
    r"|disputes|inspections|footage-requests|preservations|shared-footage|lab-delegations)(?=\?)"
)
"""The lists of the families are one page: with a filter on, one of them is looked at for all."""

HREF = re.compile(r'<a\b(?![^>]*\bdownload\b)[^>]*?\bhref="([^"]+)"')
LINKS = "() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href)"
FACTS = """() => ({
  headings: document.querySelectorAll('h1').length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  lang: document.documentElement.lang,
})"""
TEXTS = """(selector) => {
  const apart = 'code, kbd, samp, pre, .code, .mono, .hash, [lang]:not(html), script, style, template';
  const found = [];
  for (const part of document.querySelectorAll(selector)) {
    if (part.closest(apart)) continue;
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim();
      if (text && !node.parentElement.closest(apart)) found.push(text);
    }
  }
  for (const part of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    if (part.matches(selector + ', ' + selector + ' *') && !part.closest(apart))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        if (part.getAttribute(name)) found.push(part.getAttribute(name));
  return found;
}"""
"""Every piece of text that readers meet, apart from codes and from what is in another language on purpose."""


def shape_of(address: str) -> str:
    """Which page of the house it is, without the one thing that it shows and without filters."""
    split = urlsplit(address)
    names = sorted(part.split("=")[0] for part in split.query.split("&") if part)
    return LISTS.sub("/…", NUMBERS.sub("/…", split.path) + ("?" + "&".join(names) if names else ""))


def walk(
    page: Page, start: str, limit: int, each: int = SHAPE_LIMIT, seen: dict[str, int] | None = None
) -> Iterator[tuple[str, int]]:
    """Every page that links lead to, each shape ``each`` times; the path and the status of the answer.

    ``seen``: how often earlier walks looked at each shape. What was looked at often enough is only fetched,
    because its links may lead this reader to pages of their own.
    """
    seen = {} if seen is None else seen
    mine: Counter[str] = Counter()
    known = {start}
    waiting = deque([start])
    visited = 0
    while waiting and visited < limit:
        path = waiting.popleft()
        shape = shape_of(path)
        if mine[shape] >= each:
            continue
        mine[shape] += 1
        if path == start or seen.get(shape, 0) < each:
            seen[shape] = seen.get(shape, 0) + 1
            visited += 1
            answer = page.goto(path)
            yield path, answer.status if answer else 0
            here, links = page.url, page.evaluate(LINKS)
        else:
            fetched = page.request.get(path)
            here, links = fetched.url, [unescape(link) for link in HREF.findall(fetched.text())]
        if urlsplit(here).path.startswith(TELLS_ALL):
            continue
        waiting.extend(_onward(here, links, known))


def _onward(here: str, links: list[str], known: set[str]) -> Iterator[str]:
    """Pages of ours that links lead to and that nobody knew of yet."""
    home = urlsplit(here)
    for link in links:
        to = urlsplit(urljoin(here, link))
        if (to.scheme, to.netloc) != (home.scheme, home.netloc) or NOT_PAGES.search(to.path):
            continue
        target = to.path + (f"?{to.query}" if to.query else "")
        if target not in known:
            known.add(target)
            yield target
