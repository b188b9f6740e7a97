"""Checking exported lines without a database: whoever was handed the file can prove it by themselves. Pure.

A journal has to be whole from its first line. Of an item's custody a borrower gets the lines of its own loan only:
what is left out is told, and every line that is there still has to fit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from shared_resources.kernel.chains import FORMS, NOTHING, Fault, Last, Opening, broken, follows
from shared_resources.kernel.ledger import line_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class UnreadableProof(ValueError):
    """The file holds no exported lines."""


class Line(msgspec.Struct, frozen=True):
    """One line as it is exported: hex but for the body, which is the text that was hashed."""

    ledger: str
    chain: str
    seq: int
    prev: str
    body: str
    hash: str


@dataclass(frozen=True)
class Finding:
    """What an exported file proves: how many lines of how many chains, what is left out, the first fault."""

    lines: int
    chains: int
    remarks: Sequence[str] = ()
    fault: Fault | None = None


def check_export(text: str) -> Finding:
    """Check a file of exported lines: a JSON list, or one JSON object a line.

    Raises:
        UnreadableProof: it is neither.
    """
    chains: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    lines = read(text)
    for line in lines:
        chains[line.ledger, line.chain].append(line)
    remarks: list[str] = []
    for (ledger, chain), members in chains.items():
        fault = check_chain(ledger, chain, sorted(members, key=lambda line: line.seq), remarks)
        if fault:
            return Finding(len(lines), len(chains), remarks, fault)
    return Finding(len(lines), len(chains), remarks)


def read(text: str) -> list[Line]:
    """The lines of a file.

    Raises:
        UnreadableProof: they are not to be had.
    """
    try:
        rows = json.loads(text) if text.lstrip().startswith("[") else parsed(text.splitlines())
        lines = msgspec.convert(rows, list[Line])
    except (ValueError, msgspec.MsgspecError) as error:
        raise UnreadableProof(f"this is no file of exported lines: {error}") from error
    unknown = {line.ledger for line in lines} - FORMS.keys()
    if unknown or not lines:
        raise UnreadableProof(f"this file holds no lines of ours {sorted(unknown) or ''}".strip())
    return lines


def parsed(lines: Iterable[str]) -> list[Any]:
    """One JSON value for each line that is not blank."""
    return [json.loads(line) for line in lines if line.strip()]


def check_chain(ledger: str, chain: str, lines: Sequence[Line], remarks: list[str]) -> Fault | None:
    """The first fault of one chain's lines, in their order; gaps that an export may have go to ``remarks``."""
    last = NOTHING
    for line in lines:
        opening, head = opened(line)
        if opening is None or head is None:
            return Fault(ledger, chain, line.seq, "it is not what was hashed")
        if not follows(last, opening):
            if ledger == "journal_line" or opening.seq <= last[0] + 1:
                return Fault(ledger, chain, *broken(last, opening))
            remarks.append(f"{ledger} {chain}: lines {last[0] + 1} to {line.seq - 1} are not in this file")
        last = head
    return None


def opened(line: Line) -> tuple[Opening | None, Last | None]:
    """What a line follows and where it leaves things; nothing where hash, chain or number do not fit its body."""
    body = line.body.encode()
    try:
        prev, digest = bytes.fromhex(line.prev), bytes.fromhex(line.hash)
        said: Any = msgspec.json.decode(body, type=FORMS[line.ledger].said)
    except (ValueError, msgspec.MsgspecError):
        return None, None
    if line_hash(prev, body) != digest or (said.chain, said.seq) != (line.chain, line.seq):
        return None, None
    return Opening(0, line.seq, prev, said.begins), (line.seq, digest, said.ends)
