"""The pack of a report proves itself, with seals, custody and results in it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import bagit
import pytest

from shared_resources.kernel.errors import NotFound, WrongState
from shared_resources.lab.service.packs import pack_of
from tests.lab.appraising import Appraisal, make_appraisal
from tests.people import make_cast

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def one(db: str) -> Appraisal:
    return await (await make_appraisal(await make_cast())).accepted()


async def unpacked(one: Appraisal, folder: Path) -> Path:
    """The pack as the client gets it."""
    name, pieces = await pack_of(one.cast.borrower.officer, one.number)
    target = folder / name
    target.write_bytes(b"".join(pieces))
    with zipfile.ZipFile(target) as found:
        found.extractall(folder)
    return folder / one.number


def check(bag: Path) -> tuple[int, str]:
    """What the checker in the pack says, with nothing of ours on its path."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(bag / "data" / "check.py")], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout


async def test_a_pack_holds_the_whole_chain_and_names_what_was_changed(one: Appraisal, tmp_path: Path) -> None:
    with pytest.raises(WrongState):
        await pack_of(one.cast.borrower.officer, one.number)
    await one.reported()
    with pytest.raises(NotFound):
        await pack_of(one.cast.third.officer, one.number)
    bag = await unpacked(one, tmp_path)
    assert check(bag)[0] == 0, check(bag)[1]
    assert bagit.Bag(str(bag)).is_valid()
    names = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    assert sum(name.startswith("data/seals/") for name in names) == 2
    assert sum(name.startswith("data/custody/") for name in names) == 3
    assert sum(name.startswith("data/letters/") for name in names) == 3
    results = json.loads((bag / "data" / "results.json").read_text("utf-8"))
    assert [result["value"] for result in results] == ["0.08"]
    results[0]["value"] = "0.01"
    (bag / "data" / "results.json").write_text(json.dumps(results), "utf-8")
    code, said = check(bag)
    assert code == 1
    assert "results.json" in said
