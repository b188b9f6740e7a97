"""Typst: data in, PDF out. One compiler for each thread, used again for every letter.

The data go in as JSON and are never parsed as markup. Equal data at an equal instant give equal bytes.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import typst

import shared_resources
from shared_resources.kernel import fonts
from shared_resources.kernel.documents.contents import texts
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TEMPLATES = Path(shared_resources.__file__).parent / "site" / "letters"
STANDARD: Literal["a-2b"] = "a-2b"
PAGE_HEIGHT = 841.8898
"""Points of A4; PDF counts from the foot of the page, the typesetter from its head."""
MOST_NAMED = 5

_own = threading.local()


@dataclass(frozen=True)
class SealPlace:
    """The middle of a seal: ``index`` 0 is the issuer's, then the countersigners in order.

    Points from the left and from the foot of ``page`` (counted from 1).
    """

    index: int
    page: int
    x: float
    y: float


def typeset(data: Mapping[str, Any], at: datetime) -> bytes:
    """The letter as PDF/A-2b, made at ``at``.

    Raises:
        Invalid: it holds a character that no face of ours draws.
    """
    refuse_undrawn(data)
    made = _compiler().compile(
        sys_inputs=_inputs(data), pdf_standards=[STANDARD], timestamp=at.astimezone(UTC).replace(microsecond=0)
    )
    return cast("bytes", made)


def drawn_pages(data: Mapping[str, Any], ppi: int = 96) -> list[bytes]:
    """The pages as PNG pictures."""
    made = _compiler().compile(sys_inputs=_inputs(data), format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made or ())


def seal_places_in(data: Mapping[str, Any]) -> tuple[SealPlace, ...]:
    """Where the seals of a letter go, the issuer's first."""
    compiler = _compiler()
    compiler.compile(sys_inputs=_inputs(data))
    found = json.loads(compiler.query("<sealpos>", field="value"))
    places = (SealPlace(one["index"], one["page"], one["x"], PAGE_HEIGHT - one["y"]) for one in found)
    return tuple(sorted(places, key=lambda place: place.index))


def seal_place(data: Mapping[str, Any], index: int = 0) -> tuple[int, float, float]:
    """Page and middle of one seal: see ``SealPlace``.

    Raises:
        LookupError: the letter has no such seal.
    """
    for place in seal_places_in(data):
        if place.index == index:
            return place.page, place.x, place.y
    raise LookupError(index)


def refuse_undrawn(data: Mapping[str, Any]) -> None:
    """Refuse what would be printed as an empty box."""
    missing = fonts.undrawn(texts(data))
    if missing:
        raise Invalid(
            N_("The letter holds characters that no typeface here can print: %(characters)s"),
            do=N_("Write them differently, or let the operator add a typeface that has them."),
            code="character_missing",
            characters="、".join(f"{one} (U+{ord(one):04X})" for one in missing[:MOST_NAMED]),
        )


def forget() -> None:
    """Let this thread take up faces that were added."""
    _own.__dict__.clear()


def _compiler() -> typst.Compiler:
    library = fonts.library()
    if getattr(_own, "library", None) is not library:
        _own.library = library
        _own.compiler = typst.Compiler(
            str(TEMPLATES / "main.typ"), root=str(TEMPLATES), font_paths=library, ignore_system_fonts=True
        )
    return cast("typst.Compiler", _own.compiler)


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    return {"doc": json.dumps({"back": [], **data}, ensure_ascii=False, sort_keys=True)}
