"""Secrecy markings: what must not come into the house is known by the words that mark it (class X). Pure.

A marking stands by itself (机密★, 内部资料); a mere mention (不涉及国家秘密、工作秘密) is none, nor are 计算机密码
or 司机密切. What is marked goes by the paper channel (AR-3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PAPER_CHANNEL = N_("Marked papers go by the paper channel. Do not send it again, and tell your secrecy office.")
MARKED = N_("This bears the secrecy marking “%(marking)s”; it must not come into this system.")

_GAPS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·_\-—.]+")
_TRADITIONAL = str.maketrans("絕機祕內資參", "绝机秘内资参")
_MENTIONED = "".join(
    f"(?<!{before})"
    for before in ("涉及", "包含", "不含", "属于", "属", "泄露", "保守", "秘密和", "秘密、", "秘密或", "秘密及")
)
_LONGER = "(?![切封闭布集度码钥匙室性])"
"""司机密切, 计算机密码, 飞机密度: words that only happen to hold the two characters."""
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "绝密": re.compile("(?<!拒)绝密" + _LONGER + "|拒绝密级|绝密[★☆*级]"),
    "机密": re.compile("(?<!商业)机密" + _LONGER + "|机密[★☆*级]"),
    "秘密★": re.compile("秘密[★☆*]|[【\\[(（〔]秘密[】\\])）〕]|秘密级|密级[:：](?:秘密|机密|绝密)"),
    "工作秘密": re.compile(_MENTIONED + "工作秘密"),
    "内部资料": re.compile("内部(?:资料|文件|刊物|参考)|仅供内部|内部[★☆*]"),
}


def found(text: str) -> tuple[str, ...]:
    """The markings that ``text`` bears, whatever spaces, widths or old characters it is written with."""
    plain = _GAPS.sub("", unicodedata.normalize("NFKC", text)).translate(_TRADITIONAL)
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.search(plain))


def refuse_marked(texts: Iterable[str], *, field: str | None = None) -> None:
    """Pass, or refuse what people wrote: the words themselves are not repeated, only the marking.

    Raises:
        Invalid: one of ``texts`` bears a marking.
    """
    for text in texts:
        marks = found(text)
        if marks:
            raise marked(marks[0], field)


def marked(marking: str, field: str | None = None) -> Invalid:
    """The refusal for a marked text or file."""
    return Invalid(MARKED, do=PAPER_CHANNEL, code="marked", field=field, marking=marking)


def texts_of(body: Any) -> Iterator[str]:
    """Every text inside a form as filed, rows and lists too."""
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from texts_of(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from texts_of(value)
