"""Reads Mosquitto's access file and decides as it does; for the stand-in, and to test what we write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Rule = tuple[str, str]
"""``read`` or ``write``, and a filter."""


@dataclass(frozen=True)
class Access:
    """``patterns`` count for everybody, ``%u`` being the user's name; ``users`` have more of their own."""

    patterns: tuple[Rule, ...]
    users: Mapping[str, tuple[Rule, ...]]

    def may_write(self, user: str, topic: str) -> bool:
        """Whether ``user`` may publish to ``topic``."""
        return not set("+#") & set(topic) and any(covers(one, topic) for one in self._filters(user, "write"))

    def may_read(self, user: str, topic: str) -> bool:
        """Whether ``user`` may hear all that the filter ``topic`` stands for."""
        return any(covers(one, topic) for one in self._filters(user, "read"))

    def _filters(self, user: str, what: str) -> Iterable[str]:
        if any(letter in user for letter in "+#/"):
            return
        for kind, topic in (*self.patterns, *self.users.get(user, ())):
            if kind == what:
                yield topic.replace("%u", user)


def parse(text: str) -> Access:
    """The rules of a file as ``files.access`` writes it.

    Raises:
        ValueError: a line that it would not write.
    """
    patterns: list[Rule] = []
    users: dict[str, list[Rule]] = {}
    user = ""
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        match words:
            case ["user", name]:
                user = name
            case ["pattern", "read" | "write" as kind, topic]:
                patterns.append((kind, topic))
            case ["topic", "read" | "write" as kind, topic] if user:
                users.setdefault(user, []).append((kind, topic))
            case _:
                raise ValueError(f"not a line of ours: {line}")
    return Access(tuple(patterns), {name: tuple(rules) for name, rules in users.items()})


def covers(allowed: str, asked: str) -> bool:
    """Whether every topic of the filter ``asked`` is one of the filter ``allowed``."""
    ours, theirs = allowed.split("/"), asked.split("/")
    for place, level in enumerate(ours):
        if level == "#":
            return len(theirs) >= place and not (place == 0 and theirs[0].startswith("$"))
        if place == len(theirs):
            return False
        if theirs[place] == "#" or (level != "+" and level != theirs[place]):
            return False
    return len(ours) == len(theirs)
