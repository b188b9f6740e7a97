"""Words that the letters of all families share: the decree, days, instants, how agencies name themselves. Pure."""

from __future__ import annotations

from datetime import date, datetime

from shared_resources.kernel.letters import day_text
from shared_resources.kernel.schemas.asked import ZONE

DECREE = "《关于市级行政机关整合执法资源实施执法联动改革试点的决定》"
DECREE_NO = f"{DECREE}（重庆市人民政府令第197号）"
STRUCK = "／"
"""Stands where a form has nothing to say."""


def day(given: str | date | None, *, none: str = "") -> str:
    """A day of a form, or a date, as letters write it; ``none`` where there is none."""
    if not given:
        return none
    return day_text(date.fromisoformat(given) if isinstance(given, str) else given)


def minute(text: str) -> str:
    """An instant of a form to the minute, in Chongqing."""
    at = datetime.fromisoformat(text).astimezone(ZONE)
    return f"{day_text(at.date())}{at.hour}时{at.minute:02d}分"


def short(name: str) -> str:
    """局, 委, 办 …: what stands behind 我 and 贵; 单位 for agencies that are called otherwise."""
    if name.endswith("委员会"):
        return "委"
    return name[-1] if name.endswith(("局", "委", "厅", "办")) else "单位"


def full_stop(text: str) -> str:
    """``text`` as a sentence, closed by one full stop; nothing stays nothing."""
    closed = text.rstrip()
    return closed if not closed or closed.endswith(("。", "！", "？")) else f"{closed.rstrip('；; ')}。"
