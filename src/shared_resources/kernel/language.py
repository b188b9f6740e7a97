"""The languages of the house: Chinese first, English beside it, both through gettext."""

from __future__ import annotations

import functools
import gettext
import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import shared_resources
from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.words import Sentence
from shared_resources.settings import settings

CHINESE, ENGLISH = "zh_CN", "en"
LOCALES = {CHINESE: "简体中文", ENGLISH: "English"}
LOCALE_DIR = Path(shared_resources.__file__).parent / "site" / "locale"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
"""An instant as ``ledger.plain`` writes it: what a notice keeps among its values."""
PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


class Language:
    """One language: says sentences and words in it."""

    def __init__(self, locale: str, translations: gettext.NullTranslations) -> None:
        self.locale = locale
        self._translations = translations

    @property
    def tag(self) -> str:
        """The tag for ``lang`` and ``Content-Language`` (BCP 47)."""
        return "zh-CN" if self.locale == CHINESE else self.locale

    @property
    def other(self) -> str:
        """The locale that is one click away."""
        return ENGLISH if self.locale == CHINESE else CHINESE

    def gettext(self, msgid: str) -> str:
        """``msgid`` in this language; the empty text stays empty (gettext keeps its header there)."""
        return self._translations.gettext(msgid) if msgid else ""

    __call__ = gettext

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form for ``count`` things."""
        return self._translations.ngettext(one, many, count)

    def say(self, sentence: Sentence | str) -> str:
        """A whole sentence with its values; values that are words of ours are translated as well."""
        if isinstance(sentence, str):
            return self.gettext(sentence)
        text = self.gettext(sentence.msgid)
        if not sentence.params:
            return text
        return text % {name: self._value(value) for name, value in sentence.params.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Sentence):
            return self.say(value)
        if isinstance(value, str):
            if not INSTANT.fullmatch(value):
                return self.gettext(value)
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is not None:
            return f"{value.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
        if isinstance(value, date):
            return value.isoformat()
        return value


@functools.cache
def _language(locale: str) -> Language:
    """The language of a locale, its catalogue compiled in memory from the ``.po`` file."""
    path = LOCALE_DIR / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Language(locale, gettext.NullTranslations())
    with path.open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language(locale, gettext.GNUTranslations(compiled))


def language_of(locale: str | None) -> Language:
    """The language with this locale, else the house's default."""
    return _language(locale if locale in LOCALES else settings().default_locale)


def preferred(accept_language: str) -> str | None:
    """The locale of ours that an ``Accept-Language`` header (RFC 9110 12.5.4) likes best; None for no liking."""
    best: tuple[float, str] | None = None
    for part in accept_language[:500].split(","):
        found = PREFERENCE.fullmatch(part)
        if not found:
            continue
        locale = {"zh": CHINESE, "en": ENGLISH}.get(found[1].lower())
        quality = float(found[2] or 1)
        if locale and quality > 0 and (best is None or quality > best[0]):
            best = (quality, locale)
    return best[1] if best else None
