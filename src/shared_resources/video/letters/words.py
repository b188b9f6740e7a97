"""Words that the letters of footage share. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.letter_words import STRUCK, minute, short
from shared_resources.kernel.letters import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def we_of(name: str) -> str:
    """How the writer speaks of itself: 我局."""
    return f"我{short(name)}"


def you_of(name: str) -> str:
    """How the writer speaks to the addressee: 贵委."""
    return f"贵{short(name)}"


def spans_table(spans: Iterable[Mapping[str, Any]], caption: str = "") -> Grid:
    """Cameras and times as a ruled table."""
    rows = tuple(
        (str(number), span.get("source") or STRUCK, span["camera"], minute(span["begins"]), minute(span["ends"]))
        for number, span in enumerate(spans, 1)
    )
    return Grid(("序号", "来源编号", "摄像机或者地点", "起", "止"), rows, caption, (1.0, 2.4, 4.0, 3.2, 3.2))


def officers_table(officers: Iterable[Mapping[str, Any]]) -> Grid:
    """Officers with their permits and phones."""
    rows = tuple((each["name"], each["permit_no"], each["phone"]) for each in officers)
    return Grid(("姓名", "执法证号", "联系电话"), rows, "调取人员", (2.0, 3.0, 3.0))
