"""The red round seal as it is seen on paper, drawn as lines and letters, not as a scanned picture."""

from __future__ import annotations

import functools
import json
import threading
from pathlib import Path
from typing import cast

import typst

from shared_resources.kernel import fonts

TEST_FOOT = "测试专用章"
FATTER = 0.35
"""Points drawn around letters where no heavy face is at hand."""
DRAWING = Path(__file__).with_name("seal.typ")

_drawing = threading.Lock()


@functools.lru_cache(maxsize=256)
def seal_picture(name: str, foot: str = "") -> bytes:
    """A PDF of one page of 42 mm: a star and ``name`` around it; the same for the same words."""
    faces = fonts.faces()
    stack = list(faces.stacks["title"] if faces.bold else faces.stacks["song"])
    asked = {"name": name, "foot": foot, "faces": stack, "stroke": 0 if faces.bold else FATTER}
    with _drawing:
        made = _compiler().compile(sys_inputs={"seal": json.dumps(asked)})
    return cast("bytes", made)


@functools.lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        str(DRAWING), root=str(DRAWING.parent), font_paths=fonts.library(), ignore_system_fonts=True
    )
