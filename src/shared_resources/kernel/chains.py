"""Checking chained lines: every hash, every link, every column against what was hashed. Pure.

Lines are read in the order in which they were written, over all chains at once. A stretch of lines can be checked
by itself and joined to the one before, so that several processes may share the work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shared_resources.kernel.ledger import GENESIS, note_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True)
class Fault:
    """The first line that is not as it was written. ``seq`` is 0 where no line can be named."""

    ledger: str
    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        where = f"{self.ledger} {self.chain}" if self.chain else self.ledger
        return f"{where}, line {self.seq}: {self.what}" if self.seq else f"{where}: {self.what}"


class JournalSaid(msgspec.Struct, gc=False):
    """What the body of a journal line says, as far as columns repeat it."""

    chain: str
    seq: int
    act: str
    step: str
    at: datetime
    actor: str | None = None
    agency: str | None = None
    begins: str | None = msgspec.field(name="before", default=None)
    ends: str | None = msgspec.field(name="after", default=None)
    note_sha256: str | None = None


class CustodySaid(msgspec.Struct, gc=False):
    """What the body of a custody line says, as far as columns repeat it."""

    chain: str
    seq: int
    act: str
    kind: str
    at: datetime
    ends: str = msgspec.field(name="to")
    begins: str | None = msgspec.field(name="from", default=None)
    agency: str | None = None
    giver: str | None = None
    taker: str | None = None
    loan: str | None = None
    note_sha256: str | None = None


Said = JournalSaid | CustodySaid


@dataclass(frozen=True)
class Form:
    """How one ledger reads: its body, and the columns that repeat the body with their SQL."""

    said: type[Said]
    columns: Mapping[str, str]

    @property
    def select(self) -> str:
        """The SQL list of what ``Stretch.walk`` wants of each line, in its order."""
        return ", ".join(("gseq, seq, prev, body, hash, note, salt, chain::text", *self.columns.values()))


FORMS: Mapping[str, Form] = {
    "journal_line": Form(
        JournalSaid,
        {
            "seq": "seq",
            "act": "act",
            "step": "step",
            "at": "at",
            "actor": "coalesce(actor::text, 'system')",
            "agency": "agency::text",
        },
    ),
    "custody_line": Form(
        CustodySaid,
        {
            "seq": "seq",
            "act": "act",
            "kind": "kind",
            "at": "at",
            "ends": "holder_kind || ':' || holder",
            "agency": "holder_agency::text",
            "giver": "giver::text",
            "taker": "taker::text",
            "loan": "loan::text",
        },
    ),
}


class Head(NamedTuple):
    """A chain up to here: its last line, and the state or holder in which that line left things."""

    seq: int
    hash: bytes
    ends: str | None


class Opening(NamedTuple):
    """The first line of a chain within a stretch: what it follows is known elsewhere."""

    gseq: int
    seq: int
    prev: bytes
    begins: str | None


NOTHING = Head(0, GENESIS, None)


@dataclass
class Stretch:
    """Lines of one ledger in the order of writing, checked as far as they can be by themselves."""

    ledger: str
    openings: dict[str, Opening] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    fault: Fault | None = None
    fault_at: int = 0
    lines: int = 0

    def walk(self, rows: Iterable[Any]) -> bool:
        """Check further lines (rows of ``Form.select``); False once a fault was found."""
        form = FORMS[self.ledger]
        decode: Callable[[bytes], Any] = msgspec.json.Decoder(form.said).decode
        repeated = attrgetter("chain", *form.columns)
        sha256, heads, openings = hashlib.sha256, self.heads, self.openings
        for row in rows:
            gseq, seq, prev, body, digest, note, salt, chain = row[:8]
            if sha256(b"\x00" + prev + body).digest() != digest:
                return self._found(gseq, chain, seq, "its hash does not fit what it says")
            try:
                said = decode(body)
            except msgspec.MsgspecError:
                return self._found(gseq, chain, seq, "it is not a line of this ledger")
            if repeated(said) != row[7:]:
                return self._found(gseq, chain, seq, f"{difference(form, said, row)} is not what was hashed")
            if note is not None and (salt is None or note_hash(salt, note) != said.note_sha256):
                return self._found(gseq, chain, seq, "its note is not the one that was hashed")
            last = heads.get(chain)
            if last is None:
                openings[chain] = Opening(gseq, seq, prev, said.begins)
            elif last.seq + 1 != seq or last.hash != prev or last.ends != said.begins:
                return self._found(gseq, chain, *broken(last, Opening(gseq, seq, prev, said.begins)))
            heads[chain] = Head(seq, digest, said.ends)
            self.lines += 1
        return True

    def join(self, later: Stretch) -> None:
        """Append a stretch that begins where this one ends."""
        wrong = [
            (opening.gseq, chain, *broken(self.heads.get(chain, NOTHING), opening))
            for chain, opening in later.openings.items()
            if not follows(self.heads.get(chain, NOTHING), opening)
        ]
        if later.fault is not None:
            fault = later.fault
            wrong.append((later.fault_at, fault.chain, fault.seq, fault.what))
        if wrong:
            self._found(*min(wrong))
        self.heads |= later.heads
        self.lines += later.lines

    def _found(self, gseq: int, chain: str, seq: int, what: str) -> bool:
        if self.fault is None:
            self.fault, self.fault_at = Fault(self.ledger, chain, seq, what), gseq
        return False


def difference(form: Form, said: Said, row: Any) -> str:
    """The name of the first column that is not what the body says."""
    names = ("chain", *form.columns)
    return next(name for name, value in zip(names, row[7:], strict=True) if getattr(said, name) != value)


def follows(last: Head, opening: Opening) -> bool:
    """Whether a line continues the chain that ends with ``last``."""
    return (last.seq + 1, last.hash, last.ends) == (opening.seq, opening.prev, opening.begins)


def broken(last: Head, opening: Opening) -> tuple[int, str]:
    """Which line is not as it was, and how, where ``opening`` does not follow ``last``."""
    if opening.seq > last.seq + 1:
        return last.seq + 1, f"it is missing before line {opening.seq}"
    if opening.seq <= last.seq:
        return opening.seq, "it stands in the chain a second time or out of turn"
    if opening.prev != last.hash:
        return last.seq or 1, "it is not the line after which the next one was written"
    return opening.seq, f"it begins at {opening.begins!r}, the line before ended at {last.ends!r}"
