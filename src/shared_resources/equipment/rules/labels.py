"""Labels: the QR symbol as an SVG path, and how labels lie on paper (millimetres throughout).

Level Q: a quarter of the symbol may be scratched or dirty. Upper-case addresses stay in QR's alphanumeric mode,
so the modules of a 50 mm label are still more than half a millimetre wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from shared_resources.equipment.schemas.register import Label, Preset
from shared_resources.kernel.codes import grouped, label_address
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

QUIET_ZONE = 4
"""Modules of white around the symbol that ISO/IEC 18004 asks for."""

PRESETS = (
    Preset(name="single", label=N_("One large label a page (100 × 60 mm)"), columns=1, rows=1, symbol_mm=46),
    Preset(name="roll", label=N_("Roll of 50 × 30 mm"), columns=1, rows=1, symbol_mm=26),
    Preset(name="a4-3x8", label=N_("A4 sheet, 3 × 8 labels of 70 × 37 mm"), columns=3, rows=8, symbol_mm=32),
    Preset(name="a4-2x7", label=N_("A4 sheet, 2 × 7 labels of 99.1 × 38.1 mm"), columns=2, rows=7, symbol_mm=34),
)
"""Papers that shops sell. Their sizes stand in ``site/styles/labels.css`` under the same names."""


def preset_named(name: str) -> Preset:
    """The paper with this name.

    Raises:
        Invalid: there is none.
    """
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise Invalid(N_("There is no such label paper."), do=N_("Choose one of the list."), field="preset")


def symbol(content: str) -> tuple[int, str]:
    """The QR symbol of ``content``: modules per side, quiet zone included, and the path that blackens it.

    One rectangle for each run of dark modules; one unit is one module.
    """
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(content)
    code.make(fit=True)
    matrix = code.get_matrix()
    return len(matrix), "".join(
        f"M{start} {row}h{length}v1h-{length}z"
        for row, modules in enumerate(matrix)
        for start, length in _runs(modules)
    )


def label_of(origin: str, item: Mapping[str, str]) -> Label:
    """The label of one item: ``code``, ``asset_no`` and the names of owner and model."""
    address = label_address(origin, item["code"])
    modules, path = symbol(address)
    return Label(
        code=item["code"],
        grouped=grouped(item["code"]),
        address=address,
        asset_no=item["asset_no"],
        owner_name_zh=item["owner_name_zh"],
        owner_name_en=item["owner_name_en"],
        model_name_zh=item["model_name_zh"],
        model_name_en=item["model_name_en"],
        modules=modules,
        path=path,
    )


def pages_of(labels: Sequence[Label], preset: Preset, start: int = 1) -> list[list[Label | None]]:
    """The labels page by page; the first ``start - 1`` places of the first sheet stay empty (used up before).

    Raises:
        Invalid: the sheet has no such place.
    """
    if not 1 <= start <= preset.per_page:
        raise Invalid(
            N_("This sheet has places 1 to %(last)s."),
            do=N_("Count from the top left, row by row."),
            code="start",
            field="start",
            last=preset.per_page,
        )
    places: list[Label | None] = [None] * (start - 1) + list(labels)
    return [places[first : first + preset.per_page] for first in range(0, len(places), preset.per_page)]


def _runs(modules: Sequence[bool | None]) -> list[tuple[int, int]]:
    """Start and length of every run of dark modules in one row."""
    runs: list[tuple[int, int]] = []
    for position, dark in enumerate(modules):
        if not dark:
            continue
        if runs and sum(runs[-1]) == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((position, 1))
    return runs
