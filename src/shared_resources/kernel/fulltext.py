"""Full text of records: what is written on them is found by any two characters that follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID


async def index(record: UUID) -> None:
    """Within the running verb: bring the words of ``record`` up to date."""
