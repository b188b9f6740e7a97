"""Which lines of a recording's journal a request's pack tells: what others did with it is not for its readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.video.rules.footage import FOOTAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True)
class Asker:
    """Who gets the pack: the agency, its request (number and id), the copies and records that belong to it."""

    agency: str
    number: str
    request: str
    copies: Collection[str]
    records: Collection[str]

    def may_read(self, said: Mapping[str, Any]) -> bool:
        """Whether the body of a line of the recording's is theirs to read.

        Where it came from, what was made, shared and held for the request, and their own looks.
        """
        data = said["data"]
        if said["step"] == FOOTAGE.opening:
            return True
        if data.get("opening"):
            return bool(said["agency"] == self.agency and data.get("request") == self.number)
        return (
            data.get("request") == self.request
            or data.get("copy") in self.copies
            or data.get("record") in self.records
        )
