"""The sentences of the house: collected from code and templates, compared with the catalogues.

``python -m tests.translations`` brings the catalogue up to date: new sentences are added empty, vanished ones go.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import shared_resources
from shared_resources.kernel.web.language import LOCALE_DIR
from shared_resources.kernel.web.templates import EXTENSIONS

PACKAGE = Path(shared_resources.__file__).parent
CATALOGUE = LOCALE_DIR / "zh_CN" / "LC_MESSAGES" / "messages.po"
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {
    "**/templates/**.html": {"extensions": ",".join(EXTENSIONS), "trimmed": "true", "silent": "false"},
}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
"""One date for all: a catalogue changes when its sentences do."""
SKIPPED = ("site/node_modules", "site/dist")


def collected() -> Catalog:
    """Every sentence that the code can say, with the place that says it."""
    catalogue = Catalog(
        locale="zh_CN",
        project="Shared Resources",
        version="1",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="Shared Resources",
        language_team="Shared Resources",
        header_comment="# Chinese words of Shared Resources; written by `make translations` and by hand.",
        fuzzy=False,
    )
    found = extract_from_dir(
        PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=(), directory_filter=_is_ours
    )
    for name, _line, message, _comments, _context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        catalogue.add(message, locations=[(name, None)])
    return catalogue


def _is_ours(folder: str) -> bool:
    return not folder.endswith(SKIPPED)


def translated() -> Catalog:
    """The Chinese catalogue as it is committed; empty when there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="zh_CN")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def update() -> None:
    """Write the catalogue anew, keeping every translation whose sentence is still said."""
    fresh, old = collected(), translated()
    for message in fresh:
        known = old.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        if message.id and known is not None and known.string:
            message.string = known.string
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, sort_output=True, omit_header=False, width=120, include_lineno=False)
    empty = sum(1 for message in fresh if message.id and not _is_said(message.string))
    print(f"{CATALOGUE}: {len(fresh)} sentences, {empty} without a translation")


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    update()
