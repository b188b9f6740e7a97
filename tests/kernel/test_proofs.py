"""Exported lines proved without a database, by the command that people use."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.ledger_story import whole_story

from shared_resources.cli import main
from shared_resources.equipment.queries.custody import provable
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.proofs import UnreadableProof, check_export

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[dict[str, Any]]


@pytest.fixture
async def rows(db: str) -> Rows:
    _, chain = await whole_story()
    async with reading() as connection:
        return [
            dict(row)
            for ledger in ("journal_line", "custody_line")
            for row in await connection.fetch(provable(ledger) + " WHERE chain = $1 ORDER BY seq", chain)
        ]


async def test_export_is_whole_as_list_and_line_by_line(rows: Rows) -> None:
    for text in (json.dumps(rows), "\n".join(json.dumps(row) for row in reversed(rows))):
        found = check_export(text)
        assert (found.lines, found.chains, found.remarks, found.fault) == (8, 2, [], None)


@pytest.mark.parametrize("field", ["chain", "seq", "prev", "body", "hash"])
@pytest.mark.parametrize("place", [1, 6])
async def test_changed_line_is_named(rows: Rows, place: int, field: str) -> None:
    true = rows[place]["seq"]
    changes = {"seq": 9, "chain": "other", "body": rows[place]["body"].replace("2026", "2027")}
    rows[place][field] = changes.get(field, "00" * 32)
    fault = check_export(json.dumps(rows)).fault
    assert fault is not None
    assert field in ("seq", "chain") or fault.seq == true


async def test_journal_with_a_gap_is_no_proof(rows: Rows) -> None:
    del rows[2]
    fault = check_export(json.dumps(rows)).fault
    assert fault is not None
    assert (fault.ledger, fault.seq) == ("journal_line", 3)


async def test_custody_of_a_borrower_tells_what_is_left_out(rows: Rows) -> None:
    del rows[5:7]
    found = check_export(json.dumps(rows))
    assert found.fault is None
    assert [remark.endswith("lines 1 to 2 are not in this file") for remark in found.remarks] == [True]


async def test_command_needs_no_database(rows: Rows, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.json"
    file.write_text(json.dumps(rows))
    main(["verify", "--file", str(file)])
    assert "8 lines of 2 chains are as they were written" in capsys.readouterr().out
    rows[3]["body"] = rows[3]["body"].replace("agree", "agreE")
    file.write_text(json.dumps(rows))
    with pytest.raises(SystemExit, match="line 4"):
        main(["verify", "--file", str(file)])


@pytest.mark.parametrize("text", ["", "[]", "{", "[1]", '[{"ledger": "x"}]', "中文"])
def test_anything_else_is_said_to_be_unreadable(text: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableProof):
        check_export(text)
    file = tmp_path / "x"
    file.write_text(text)
    with pytest.raises(SystemExit, match=r"lines|exported"):
        main(["verify", "--file", str(file)])
