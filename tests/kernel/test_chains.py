"""Chained lines by themselves: random chains, one random tampering, always found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel.chains import Stretch
from shared_resources.kernel.ledger import GENESIS, line_hash, note_hash, plain

NAMES = ("gseq", "chain", "seq", "prev", "body", "hash", "note", "salt", "at", "columns")
Line = dict[str, Any]


def written(chains: list[int]) -> list[Line]:
    """Journal lines as ``ledger.append`` writes them: one for each entry, on the chain it names."""
    lines: list[Line] = []
    heads: dict[int, tuple[int, bytes, str | None]] = {}
    for gseq, chain in enumerate(chains, 1):
        seq, prev, before = heads.get(chain, (0, GENESIS, None))
        at, after, note = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=gseq), f"s{seq}", f"n{gseq}"
        said = {"act": f"a{gseq}", "step": "go", "at": at, "actor": "system", "agency": None, "before": before}
        said |= {"after": after, "chain": str(chain), "seq": seq + 1, "note_sha256": note_hash(b"salt", note)}
        body = rfc8785.dumps(plain(said))
        digest = line_hash(prev, body)
        columns = "\x1f".join((f"a{gseq}", str(chain), str(seq + 1), "go", "system", ""))
        values = (gseq, str(chain), seq + 1, prev, body, digest, note, b"salt", at, columns)
        lines.append(dict(zip(NAMES, values, strict=True)))
        heads[chain] = (seq + 1, digest, after)
    return lines


def checked(lines: list[Line], parts: int = 1) -> Stretch:
    """The lines checked in so many stretches."""
    whole, size = Stretch("journal_line"), len(lines) // parts + 1
    for start in range(0, len(lines), size):
        stretch = Stretch("journal_line")
        stretch.walk([tuple(line.values()) for line in lines[start : start + size]])
        whole.join(stretch)
        if whole.fault:
            break
    return whole


CHAINS = st.lists(st.integers(1, 4), min_size=1, max_size=30)


@given(CHAINS, st.integers(1, 5))
def test_what_was_written_is_whole_however_it_is_cut(chains: list[int], parts: int) -> None:
    whole = checked(written(chains), parts)
    assert whole.fault is None
    assert {chain: head[0] for chain, head in whole.heads.items()} == {
        str(chain): chains.count(chain) for chain in chains
    }


@given(CHAINS, st.integers(1, 4), st.data())
def test_any_change_of_any_field_is_found_and_named(chains: list[int], parts: int, data: st.DataObject) -> None:
    lines = written(chains)
    victim = data.draw(st.sampled_from(lines))
    name = data.draw(st.sampled_from([name for name in NAMES if name != "gseq"]))
    true = (victim["chain"], victim["seq"])
    victim[name] = changed(victim[name], data)
    fault = checked(lines, parts).fault
    assert fault is not None
    assert name in ("chain", "seq") or (fault.chain, fault.seq) == true


def changed(value: Any, data: st.DataObject) -> Any:
    """Another value of the same type; of bytes, one bit."""
    if isinstance(value, bytes):
        place, bit = data.draw(st.integers(0, len(value) - 1)), data.draw(st.integers(0, 7))
        return value[:place] + bytes([value[place] ^ (1 << bit)]) + value[place + 1 :]
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return value + 1 if isinstance(value, int) else f"{value}x"


@given(CHAINS, st.integers(1, 4), st.data())
def test_dropped_line_is_found_unless_it_was_the_last_of_its_chain(
    chains: list[int], parts: int, data: st.DataObject
) -> None:
    lines = written(chains)
    victim = data.draw(st.sampled_from(lines))
    lines.remove(victim)
    whole = checked(lines, parts)
    if victim["seq"] == chains.count(int(victim["chain"])):
        # the chain's head, kept by the database, tells: see test_verify
        assert whole.fault is None
        assert victim["chain"] not in whole.heads or whole.heads[victim["chain"]][0] == victim["seq"] - 1
    else:
        assert whole.fault is not None
        assert (whole.fault.chain, whole.fault.seq) == (victim["chain"], victim["seq"])


@given(CHAINS, st.integers(1, 4), st.data())
def test_line_written_twice_is_found(chains: list[int], parts: int, data: st.DataObject) -> None:
    lines = written(chains)
    place = data.draw(st.integers(0, len(lines) - 1))
    lines.insert(data.draw(st.integers(place + 1, len(lines))), dict(lines[place]))
    fault = checked(lines, parts).fault
    assert fault is not None
    assert fault.chain == lines[place]["chain"]


@given(st.lists(st.just(1), min_size=2, max_size=20), st.integers(1, 4), st.data())
def test_swapped_lines_are_found(chains: list[int], parts: int, data: st.DataObject) -> None:
    lines = written(chains)
    one, other = data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=2, max_size=2, unique=True))
    lines[one], lines[other] = lines[other], lines[one]
    for gseq, line in enumerate(lines, 1):
        line["gseq"] = gseq
    assert checked(lines, parts).fault is not None
