"""How dates, times, lengths and sizes are written. Instants are shown in Chongqing's time by default."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.web.client import browser_name
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo

    from shared_resources.kernel.web.language import Language

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
SIZES = ("B", "KB", "MB", "GB", "TB")
TIME = Markup('<time datetime="{}">{}</time>')


def instant(value: datetime | None, zone: ZoneInfo = LOCAL_ZONE) -> Markup:
    """``2026-11-24 09:30`` in a ``<time>`` that tells machines the UTC instant."""
    if value is None:
        return Markup("")
    return TIME.format(f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", instant_text(value, zone))


def instant_text(value: datetime | None, zone: ZoneInfo = LOCAL_ZONE) -> str:
    """``2026-11-24 09:30`` as plain text, for form values, titles and macros."""
    return f"{value.astimezone(zone):%Y-%m-%d %H:%M}" if value else ""


def instant_input(value: datetime | None, zone: ZoneInfo = LOCAL_ZONE) -> str:
    """The value of an ``<input type=datetime-local>``."""
    return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}" if value else ""


def clock_time(value: datetime | None, zone: ZoneInfo = LOCAL_ZONE) -> str:
    """``09:30``."""
    return f"{value.astimezone(zone):%H:%M}" if value else ""


def day(value: date | datetime | None) -> Markup:
    """``2026-11-24`` in a ``<time>``; of an instant, its Chongqing date."""
    if value is None:
        return Markup("")
    text = (value.astimezone(LOCAL_ZONE).date() if isinstance(value, datetime) else value).isoformat()
    return TIME.format(text, text)


def filesize(size: int) -> str:
    """A number of bytes as people read it: 1.4 MB (decimal units)."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {SIZES[unit]}" if unit == 0 or amount >= 10 else f"{amount:.1f} {SIZES[unit]}"


def filters_for(language: Language) -> dict[str, Callable[..., Any]]:
    """All filters, the talking ones bound to a language."""

    def weekday(value: date | datetime) -> str:
        found = value.astimezone(LOCAL_ZONE) if isinstance(value, datetime) else value
        return language.gettext(WEEKDAYS[found.weekday()])

    def duration(value: timedelta | int) -> str:
        """Of a timedelta, or of minutes as a whole number; the two largest units."""
        minutes = value if isinstance(value, int) else round(value.total_seconds() / 60)
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        said = [
            (days, language.ngettext("%(num)d day", "%(num)d days", days)),
            (hours, language.ngettext("%(num)d hour", "%(num)d hours", hours)),
            (rest, language.ngettext("%(num)d minute", "%(num)d minutes", rest)),
        ]
        shown = [(number, words) for number, words in said if number][:2] or said[-1:]
        return " ".join(words % {"num": number} for number, words in shown)

    def named(value: Any, attribute: str = "name") -> str:
        """The Chinese or English name of a thing that has both (``name_zh``, ``name_en``)."""
        suffix, other = ("zh", "en") if language.locale == "zh_CN" else ("en", "zh")
        return pick(value, f"{attribute}_{suffix}") or pick(value, f"{attribute}_{other}") or ""

    def said_options(options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Values with their msgids, put into words."""
        return [(value, language.gettext(label)) for value, label in options]

    return {
        "instant": instant,
        "instant_text": instant_text,
        "instant_input": instant_input,
        "clock_time": clock_time,
        "date": day,
        "filesize": filesize,
        "weekday": weekday,
        "duration": duration,
        "sentence": language.say,
        "named": named,
        "said": said_options,
        "label_of": lambda options, value: dict(options).get(str(value), str(value)),
        "iso_instant": iso_instant,
        "browser_name": browser_name,
    }


def iso_instant(text: str) -> Markup:
    """An instant as it stands in JSON, shown like any other."""
    return instant(datetime.fromisoformat(text))


def pick(value: Any, name: str) -> Any:
    """An attribute of an object or a key of a mapping; None when it has neither."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)
