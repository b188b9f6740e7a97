"""Marking words for translation without translating them: doors know the reader, rules do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def N_(msgid: str) -> str:
    """Mark ``msgid`` for the catalogue (gettext keyword ``N_``) and return it unchanged."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """A translatable sentence with its values: ``%(name)s`` places are filled after translation."""

    msgid: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid
