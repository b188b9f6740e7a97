"""Merkle trees as RFC 6962 (2.1) has them: one root over many lines, a short proof that one is in it. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256().digest()


def leaf(data: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The root over entries that come one after the other; it remembers one hash for each level."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def extend(self, entries: Iterable[bytes]) -> None:
        """Further entries."""
        peaks = self._peaks
        for entry in entries:
            found, size = leaf(entry), self.size
            while size & 1:
                found = node(peaks.pop(), found)
                size >>= 1
            peaks.append(found)
            self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all entries so far."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node(peak, found)
        return found


def proofs(entries: Sequence[bytes], wanted: Iterable[int]) -> dict[int, list[bytes]]:
    """The audit path of each wanted entry, from its leaf upwards."""
    levels = [[leaf(entry) for entry in entries]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
        levels.append([*pairs, below[-1]] if len(below) % 2 else pairs)
    found = {}
    for index in wanted:
        path, at = [], index
        for level in levels[:-1]:
            beside = at ^ 1
            if beside < len(level):
                path.append(level[beside])
            at >>= 1
        found[index] = path
    return found


def root_by(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to; None for a proof that is too short or too long (RFC 9162, 2.1.3.2)."""
    at, last, found = index, size - 1, leaf(entry)
    for beside in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, beside)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None
