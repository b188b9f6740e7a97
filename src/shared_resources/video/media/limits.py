"""How much a child may take for each task, and how long we wait for it. Measured in documents.md, section 4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MEMORY = 1_300 << 20
LARGEST_COPY = 40 << 30


@dataclass(frozen=True)
class Limits:
    """``memory`` and ``written`` in bytes, CPU and wall clock in seconds."""

    memory: int
    cpu_seconds: int
    written: int
    wall_seconds: int


LIMITS: Mapping[str, Limits] = {
    "probe": Limits(MEMORY, 20, 0, 40),
    "strip": Limits(MEMORY, 120, 4 << 20, 240),
    "extract": Limits(MEMORY, 3600, LARGEST_COPY, 2 * 3600),
    "viewing": Limits(2 * MEMORY, 12 * 3600, LARGEST_COPY, 24 * 3600),
}
