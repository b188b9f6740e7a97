"""Checking chained lines: every hash, every link, every column against what was hashed. Pure.

Lines are read in the order in which they were written, over all chains at once. A stretch of lines can be checked
by itself and joined to the one before, so that several processes may share the work.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
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
BETWEEN = "\x1f"


@dataclass(frozen=True)
class Form:
    """How one ledger reads: its body, and the columns that repeat the body with their SQL.

    The columns come as one text, put together by the server: a text is compared ten times as fast as ten values.
    ``repeat`` makes the same text of what a body says.
    """

    said: type[Said]
    columns: Mapping[str, str]
    repeat: Callable[[Any], str]

    @property
    def select(self) -> str:
        """The SQL list of what ``Stretch.walk`` wants of each line, in its order."""
        repeated = ", chr(31), ".join(self.columns.values())
        return f"gseq, chain::text, seq, prev, body, hash, note, salt, at, concat({repeated})"


def journal_repeat(said: JournalSaid) -> str:
    """What the columns of a journal line repeat, in their order."""
    return f"{said.act}\x1f{said.chain}\x1f{said.seq}\x1f{said.step}\x1f{said.actor or ''}\x1f{said.agency or ''}"


def custody_repeat(said: CustodySaid) -> str:
    """What the columns of a custody line repeat, in their order."""
    return (
        f"{said.act}\x1f{said.chain}\x1f{said.seq}\x1f{said.kind}\x1f{said.ends}\x1f{said.agency or ''}\x1f"
        f"{said.giver or ''}\x1f{said.taker or ''}\x1f{said.loan or ''}"
    )


FORMS: Mapping[str, Form] = {
    "journal_line": Form(
        JournalSaid,
        {
            "act": "act",
            "chain": "chain",
            "seq": "seq",
            "step": "step",
            "actor": "coalesce(actor::text, 'system')",
            "agency": "agency",
        },
        journal_repeat,
    ),
    "custody_line": Form(
        CustodySaid,
        {
            "act": "act",
            "chain": "chain",
            "seq": "seq",
            "kind": "kind",
            "holder": "holder_kind || ':' || holder",
            "agency": "holder_agency",
            "giver": "giver",
            "taker": "taker",
            "loan": "loan",
        },
        custody_repeat,
    ),
}

Last = tuple[int, bytes, str | None]
"""A chain up to here: number and hash of its last line, and the state or holder in which that left things.

A plain tuple, for there is one for every line.
"""
NOTHING: Last = (0, GENESIS, None)


class Opening(NamedTuple):
    """The first line of a chain within a stretch: what it follows is known elsewhere."""

    gseq: int
    seq: int
    prev: bytes
    begins: str | None


@dataclass
class Stretch:
    """Lines of one ledger in the order of writing, checked as far as they can be by themselves."""

    ledger: str
    openings: dict[str, Opening] = field(default_factory=dict)
    heads: dict[str, Last] = field(default_factory=dict)
    fault: Fault | None = None
    fault_at: int = 0

    def walk(self, rows: Iterable[Any]) -> bool:
        """Check further lines (rows of ``Form.select``); False once a fault was found."""
        form = FORMS[self.ledger]
        decode: Callable[[bytes], Any] = msgspec.json.Decoder(form.said).decode
        sha256, heads, last_of, repeat = hashlib.sha256, self.heads, self.heads.get, form.repeat
        for gseq, chain, seq, prev, body, digest, note, salt, at, columns in rows:
            if sha256(b"\x00" + prev + body).digest() != digest:
                return self._found(gseq, chain, seq, "its hash does not fit what it says")
            try:
                said = decode(body)
            except msgspec.MsgspecError:
                return self._found(gseq, chain, seq, "it is not a line of this ledger")
            if said.at != at or repeat(said) != columns or said.seq != seq or said.chain != chain:
                return self._found(gseq, chain, seq, f"{difference(form, said, columns)} is not what was hashed")
            if note is not None and (salt is None or note_hash(salt, note) != said.note_sha256):
                return self._found(gseq, chain, seq, "its note is not the one that was hashed")
            last = last_of(chain)
            if last is None:
                self.openings[chain] = Opening(gseq, seq, prev, said.begins)
            elif last[0] + 1 != seq or last[1] != prev or last[2] != said.begins:
                return self._found(gseq, chain, *broken(last, Opening(gseq, seq, prev, said.begins)))
            heads[chain] = (seq, digest, said.ends)
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

    def _found(self, gseq: int, chain: str, seq: int, what: str) -> bool:
        if self.fault is None:
            self.fault, self.fault_at = Fault(self.ledger, chain, seq, what), gseq
        return False


def difference(form: Form, said: Said, columns: str) -> str:
    """The name of the first column that is not what the body says."""
    pairs = zip(form.columns, form.repeat(said).split(BETWEEN), columns.split(BETWEEN), strict=False)
    return next((name for name, one, other in pairs if one != other), "at")


def follows(last: Last, opening: Opening) -> bool:
    """Whether a line continues the chain that ends with ``last``."""
    return (last[0] + 1, last[1], last[2]) == (opening.seq, opening.prev, opening.begins)


def broken(last: Last, opening: Opening) -> tuple[int, str]:
    """Which line is not as it was, and how, where ``opening`` does not follow ``last``."""
    seq, digest, ends = last
    if opening.seq > seq + 1:
        return seq + 1, f"it is missing before line {opening.seq}"
    if opening.seq <= seq:
        return opening.seq, "it stands in the chain a second time or out of turn"
    if opening.prev != digest:
        return seq or 1, "it is not the line after which the next one was written"
    return opening.seq, f"it begins at {opening.begins!r}, the line before ended at {ends!r}"
