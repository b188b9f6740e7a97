"""Conditions of a question as they are put together, each value with its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = (
    *("m.name_zh", "m.name_en", "c.name_zh", "c.name_en"),
    *("d.name_zh", "d.name_en", "a.name_zh", "a.name_en"),
)
"""What an item is found by: its model, kind, depot and owner."""


class Where:
    """Conditions that all have to hold, and all values of the statement in their order."""

    def __init__(self, *values: Any) -> None:
        """Begin with the values that the statement has anyway, ``$1`` onwards."""
        self.values: list[Any] = list(values)
        self.parts: list[str] = []

    def put(self, value: Any) -> str:
        """Take one more value; returns its place, such as ``$3``."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, condition: str, *values: Any) -> None:
        """One more condition; ``{0}`` stands for the first of ``values``."""
        self.parts.append(condition.format(*(self.put(value) for value in values)))

    def beyond(self, columns: str, sign: str, key: Sequence[Any]) -> str:
        """A condition, not yet added: rows that come after ``key`` in the order of ``columns``."""
        return f"({columns}) {sign} ({', '.join(self.put(part) for part in key)})"

    def __str__(self) -> str:
        """SQL."""
        return " AND ".join(self.parts) or "true"


def named_in(*columns: str) -> str:
    """A condition for ``add``: the text stands in one of ``columns``."""
    return "(" + " OR ".join(f"{column} ILIKE {{0}}" for column in columns) + ")"
