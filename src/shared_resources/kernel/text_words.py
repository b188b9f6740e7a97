"""How a text is cut into words that can be found again. Pure.

Chinese has no spaces and the house has no dictionary: 非法采砂 becomes 非法 法采 采砂, and so is found by any two
of its characters in a row. Single characters are kept too, so that one character finds something. Letters and
digits make words of the usual kind.
"""

from __future__ import annotations

import re
import unicodedata

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_IDEOGRAPH = re.compile(f"[{CJK}]")
LONGEST = 60
"""Of a word of letters or digits; what is longer is no word that anybody types."""


def tokens(text: str) -> tuple[str, ...]:
    """The words of ``text`` as they are indexed, in their order: single characters and pairs, words, numbers."""
    found: list[str] = []
    for run in _runs(text):
        if _IDEOGRAPH.match(run):
            found += run
            found += _pairs(run)
        else:
            found.append(run[:LONGEST])
    return tuple(found)


def asked(text: str) -> tuple[str, ...]:
    """The words that a query asks for, all of which must be there: pairs, and single characters standing alone."""
    found: list[str] = []
    for run in _runs(text):
        found += _pairs(run) or [run] if _IDEOGRAPH.match(run) else [run[:LONGEST]]
    return tuple(dict.fromkeys(found))


def snippet(text: str, query: str, around: int = 30) -> str:
    """The piece of ``text`` where the longest part of ``query`` stands; its beginning where none does."""
    flat = " ".join(text.split())
    folded = unicodedata.normalize("NFKC", flat).casefold()
    same_length = len(folded) == len(flat)
    runs = sorted(_runs(query), key=len, reverse=True)
    words = [*runs, *(pair for run in runs if _IDEOGRAPH.match(run) for pair in _pairs(run))]
    places = (folded.find(word) for word in words) if same_length else iter(())
    place = next((place for place in places if place >= 0), 0)
    begin, end = max(0, place - around), place + 2 * around
    return f"{'…' if begin else ''}{flat[begin:end]}{'…' if end < len(flat) else ''}"


def _runs(text: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", text).casefold())


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]
