"""Every family of the coordination records, in the order of the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.casework.family import Family

FAMILIES: Sequence[Family] = ()
