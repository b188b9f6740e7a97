"""The languages of the house, under the name by which doors know them; see ``kernel.language``."""

from __future__ import annotations

from shared_resources.kernel.language import (
    CHINESE,
    ENGLISH,
    LOCALE_DIR,
    LOCALES,
    PREFERENCE,
    Language,
    language_of,
    preferred,
)

__all__ = ["CHINESE", "ENGLISH", "LOCALES", "LOCALE_DIR", "PREFERENCE", "Language", "language_of", "preferred"]
