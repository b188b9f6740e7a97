"""Every family of records of every department. Whoever runs verbs loads them all: acts of one department open
records of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.families import FAMILIES as OF_CASES
from shared_resources.equipment.queries import instruments
from shared_resources.lab.families import FAMILIES as OF_LABORATORIES
from shared_resources.video.families import FAMILIES as OF_FOOTAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.casework.family import Family

FAMILIES: Sequence[Family] = (*OF_CASES, *OF_FOOTAGE, *OF_LABORATORIES)
INSTRUMENTS = instruments
"""Imported for what it says: where laboratories find instruments and their certificates."""
