"""A pack proves itself: whole it passes, and what was changed, dropped or added is named, by other tools too."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import bagit
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from shared_resources.kernel import merkle
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotFound
from shared_resources.kernel.verify import checkpoint, verify_all
from shared_resources.settings import PREFIX, settings
from shared_resources.video.pages import packs
from shared_resources.video.service.openings import open_copy, open_recording
from shared_resources.video.service.packs import pack_of
from tests.kernel.stamping import ROOT, service
from tests.people import Cast, make_cast, make_offices
from tests.ports import a_port
from tests.video import asking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from shared_resources.kernel.permissions import Actor


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def unpacked(actor: Actor, number: str, folder: Path) -> Path:
    """The pack, streamed into a file and unpacked."""
    pack = await pack_of(actor, number)
    target = folder / pack.name
    with target.open("wb") as file:
        for piece in pack.pieces:
            file.write(piece)
    with zipfile.ZipFile(target) as found:
        assert found.testzip() is None
        found.extractall(folder)
    return folder / number


def check(bag: Path) -> tuple[int, str]:
    """What the checker in the pack says, with nothing of ours on its path."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(bag / "data" / "check.py")], capture_output=True, text=True, check=False
    )
    assert not done.stderr
    return done.returncode, done.stdout


async def test_a_pack_names_whatever_was_done_to_it(cast: Cast, tmp_path: Path) -> None:
    moved, number = await asking.in_use(cast)
    await open_copy(cast.borrower.officer, number, "view", "调取后查看")
    bag = await unpacked(cast.borrower.officer, moved.number, tmp_path)
    assert check(bag)[0] == 0, check(bag)[1]
    assert bagit.Bag(str(bag)).is_valid()
    names = {path.relative_to(bag).as_posix() for path in bag.rglob("*") if path.is_file()}
    assert {"data/index.html", f"data/footage/{number}.mp4", "signature.json"} <= names
    assert sum(name.startswith("data/letters/") for name in names) == 3
    steps = [json.loads(json.loads(line)["body"])["step"] for line in lines_of(bag)]
    assert {"draft", "approve", "deliver", "compare", "sign", "view", "take_in", "pack"} <= set(steps)

    for done, said in (
        (one_byte_of_the_film, "footage"),
        (one_line_changed, "第 2 行"),
        (one_line_dropped, "缺行"),
        (the_last_line_dropped, "缺行"),
        (one_file_added, "多出"),
        (one_file_removed, "缺失"),
        (the_manifest_written_anew, "签名不符"),
    ):
        copy = tmp_path / done.__name__
        shutil.copytree(bag, copy)
        done(copy)
        code, told = check(copy)
        assert code == 1, done.__name__
        assert said in told, (done.__name__, told)


def lines_of(bag: Path) -> list[str]:
    return (bag / "data/journal/lines.ndjson").read_text(encoding="utf-8").splitlines()


def write_lines(bag: Path, lines: list[str]) -> None:
    (bag / "data/journal/lines.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")


def one_byte_of_the_film(bag: Path) -> None:
    film = next((bag / "data/footage").iterdir())
    data = bytearray(film.read_bytes())
    data[len(data) // 2] ^= 1
    film.write_bytes(data)


def one_line_changed(bag: Path) -> None:
    lines = lines_of(bag)
    write_lines(bag, [lines[0], lines[1].replace("VI-1c", "VI-1d"), *lines[2:]])


def one_line_dropped(bag: Path) -> None:
    lines = lines_of(bag)
    write_lines(bag, [*lines[:2], *lines[3:]])


def the_last_line_dropped(bag: Path) -> None:
    write_lines(bag, lines_of(bag)[:-1])


def one_file_added(bag: Path) -> None:
    (bag / "data" / "more.txt").write_text("x")


def one_file_removed(bag: Path) -> None:
    next((bag / "data/letters").iterdir()).unlink()


def the_manifest_written_anew(bag: Path) -> None:
    """Whoever can make bags can make this one valid again; only the signature tells."""
    one_byte_of_the_film(bag)
    made = bagit.Bag(str(bag))
    made.save(manifests=True)


@pytest.fixture
def stamped_by(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Sets the time stamp service for one test."""

    def chosen(url: str) -> None:
        monkeypatch.setenv(f"{PREFIX}TIMESTAMP_URL", url)
        settings.cache_clear()

    yield chosen
    monkeypatch.undo()
    settings.cache_clear()


async def test_a_time_stamp_is_over_all(cast: Cast, tmp_path: Path, stamped_by: Callable[[str], None]) -> None:
    moved, _ = await asking.in_use(cast)
    with service() as url:
        stamped_by(url)
        bag = await unpacked(cast.borrower.officer, moved.number, tmp_path)
        other = await unpacked(cast.owner.officer, moved.number, folder(tmp_path, "other"))
    code, told = check(bag)
    assert (code, "时间戳" in told) == (0, True), told
    await asyncio.to_thread(agreed_by_openssl, bag, tmp_path / "root.pem")
    shutil.copyfile(other / "timestamp.tst", bag / "timestamp.tst")
    assert "时间戳不符" in check(bag)[1]
    (bag / "timestamp.tst").unlink()
    assert "文件缺失：timestamp.tst" in check(bag)[1]


def agreed_by_openssl(bag: Path, root: Path) -> None:
    """Another program finds the token good, by the authority's own certificate."""
    root.write_bytes(ROOT.certificate.public_bytes(Encoding.PEM))
    asked = ["openssl", "ts", "-verify", "-data", bag / "tagmanifest-sha256.txt", "-in", bag / "timestamp.tst"]
    done = subprocess.run([*asked, "-token_in", "-CAfile", root], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_no_pack_without_the_time_stamp_that_is_set(cast: Cast, stamped_by: Callable[[str], None]) -> None:
    moved, _ = await asking.in_use(cast)
    stamped_by(f"http://127.0.0.1:{a_port()}/")
    with pytest.raises(Invalid, match="time stamp"):
        await pack_of(cast.borrower.officer, moved.number)


async def test_a_pack_on_its_way_breaks_off_when_the_share_is_revoked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "WATCHED", 1)
    moved, _ = await asking.in_use(cast)
    whole = b"".join([piece async for piece in on_its_way(cast, moved.number)])
    assert whole.count(b"PK\x05\x06") == 1
    sent = []
    async for piece in on_its_way(cast, moved.number):
        if not sent:
            await asking.step(cast.owner.head, moved, "revoke")
        sent.append(piece)
    assert len(sent) == 1


async def on_its_way(cast: Cast, number: str) -> AsyncIterator[bytes]:
    """The pack as its receiver's connection gets it."""
    found = await pack_of(cast.borrower.officer, number)
    async for piece in packs.pieces_of(cast.borrower.officer, found):
        yield piece


async def test_the_pack_holds_only_what_its_reader_may_open(cast: Cast, tmp_path: Path) -> None:
    moved, number = await asking.in_use(cast)
    bag = await unpacked(cast.borrower.clerk, moved.number, tmp_path)
    assert not (bag / "data/footage").exists(), "the clerk is not named in the request"
    with pytest.raises(NotFound):
        await pack_of(cast.third.officer, moved.number)
    async with reading() as db:
        footage = await db.fetchval("SELECT footage FROM footage_copy WHERE number = $1", number)
        before = await db.fetchval("SELECT count(*) FROM journal_line WHERE chain = $1", footage)
    await pack_of(cast.borrower.officer, moved.number)
    async with reading() as db:
        after = await db.fetchval("SELECT count(*) FROM journal_line WHERE chain = $1", footage)
    assert after == before + 1, "a copy in a pack is a download"


async def test_a_pack_tells_its_reader_nothing_of_others(cast: Cast, tmp_path: Path) -> None:
    moved, number = await asking.in_use(cast)
    await open_recording(cast.owner.officer, number.rpartition("-")[0], "view", "内部核查某某")
    asker = await unpacked(cast.borrower.officer, moved.number, folder(tmp_path, "asker"))
    holder = await unpacked(cast.owner.head, moved.number, folder(tmp_path, "holder"))
    assert "内部核查某某" in "".join(lines_of(holder))
    assert "内部核查某某" not in "".join(lines_of(asker))
    code, told = check(asker)
    assert (code, "未附内容" in told) == (0, True), told
    assert check(holder)[0] == 0
    told_lines = [line for line in map(json.loads, lines_of(asker)) if "body" in line]
    steps = {json.loads(line["body"])["step"] for line in told_lines}
    assert {"take_in", "copy", "copy_made", "share", "download"} <= steps
    withheld = next(number for number, line in enumerate(lines_of(asker)) if "withheld" in line)
    lines = lines_of(asker)
    write_lines(asker, [*lines[:withheld], *lines[withheld + 1 :]])
    assert "缺行" in check(asker)[1]


async def test_what_is_sensitive_stays_covered_for_offices(cast: Cast, tmp_path: Path) -> None:
    offices = await make_offices()
    moved, _ = await asking.in_use(cast)
    phone = asking.OFFICERS[0]["phone"]
    for actor, name, seen in ((offices.legal.head, "office", False), (cast.owner.head, "holder", True)):
        bag = await unpacked(actor, moved.number, folder(tmp_path, name))
        forms = "".join(path.read_text("utf-8") for path in (bag / "data/forms").iterdir())
        assert (phone in forms) is seen


def folder(place: Path, name: str) -> Path:
    made = place / name
    made.mkdir()
    return made


async def test_a_look_that_was_changed_in_the_database_is_found_by_night(cast: Cast, db: str) -> None:
    _, number = await asking.in_use(cast)
    await open_copy(cast.borrower.officer, number, "view", "调取后查看")
    await checkpoint()
    assert await verify_all() is None
    import asyncpg  # noqa: PLC0415

    root = await asyncpg.connect(db)
    await root.execute("ALTER TABLE journal_line DISABLE TRIGGER ALL")
    await root.execute("UPDATE journal_line SET note = '另有原因' WHERE step = 'view'")
    await root.close()
    fault = await verify_all()
    assert fault is not None
    assert "note" in fault.what


def test_proofs_of_every_size_lead_to_the_root_and_to_no_other() -> None:
    for size in range(1, 40):
        entries = [bytes([one]) * 32 for one in range(size)]
        tree = merkle.Tree()
        tree.extend(entries)
        for index, path in merkle.proofs(entries, range(size)).items():
            assert merkle.root_by(entries[index], index, size, path) == tree.root
            assert merkle.root_by(b"other", index, size, path) != tree.root
            if path:
                assert merkle.root_by(entries[index], index, size, path[:-1]) != tree.root
