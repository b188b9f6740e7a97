"""Walking through the house by its links, and what must hold of every page."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

NOT_PAGES = re.compile(
    r"^/(static|files|feeds/.+\.ics|api|live|schema/openapi|seals/letters|attachments/)|\.(csv|json|geojson|gpx|ics|svg|webmanifest)$|/photo"
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
    r"|disputes|inspections|footage-requests|preservations|shared-footage)(?=\?)"
)
"""The lists of the families are one page: with a filter on, one of them is looked at for all."""

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


def walk(page: Page, start: str, limit: int, each: int = SHAPE_LIMIT) -> Iterator[tuple[str, int]]:
    """Every page that links lead to, each shape ``each`` times; the path and the status of the answer."""
    seen: dict[str, int] = {}
    known = {start}
    waiting = deque([start])
    visited = 0
    while waiting and visited < limit:
        path = waiting.popleft()
        if seen.get(shape_of(path), 0) >= each:
            continue
        seen[shape_of(path)] = seen.get(shape_of(path), 0) + 1
        answer = page.goto(path)
        visited += 1
        yield path, answer.status if answer else 0
        home = urlsplit(page.url)
        if home.path.startswith(TELLS_ALL):
            continue
        for link in page.evaluate(LINKS):
            to = urlsplit(urljoin(page.url, link))
            if (to.scheme, to.netloc) != (home.scheme, home.netloc) or NOT_PAGES.search(to.path):
                continue
            target = to.path + (f"?{to.query}" if to.query else "")
            if target not in known:
                known.add(target)
                waiting.append(target)
