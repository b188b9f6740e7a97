"""Files come in pieces, go on where they were cut, are compared with what was sent, told when they fail."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import random
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Locked, NotFound, TooLarge, WrongState
from shared_resources.settings import settings
from shared_resources.video.api.uploads import ALL, PIECES
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service import uploads
from shared_resources.video.service.arrivals import check_next
from tests.clients import client_for
from tests.people import Cast, make_cast
from tests.video.kept import BEGAN, short_film

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


DRAFT = FootageDraft(name="观音桥夜市检查", recorded_from=BEGAN, taken_by="王执法", declared=True)


class Cut(Exception):
    """The line broke."""


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def pieces(data: bytes, cut: bool = False) -> AsyncIterator[bytes]:
    for at in range(0, len(data), 5_000):
        yield data[at : at + 5_000]
    if cut:
        raise Cut


def metadata(**more: str) -> str:
    told = {"filename": "夜市 1.mp4", "name": "观音桥夜市检查", "recorded_from": BEGAN.isoformat()}
    told |= {"taken_by": "王执法", "declared": "true"} | more
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())


@pytest.mark.parametrize("seed", range(4))
async def test_cut_at_random_places_it_arrives_whole(cast: Cast, seed: int) -> None:
    chance, data = random.Random(seed), short_film().read_bytes()
    actor = cast.owner.officer
    digest = hashlib.sha256(data).digest()
    upload = await uploads.start_upload(actor, "夜市 1.mp4", len(data), DRAFT, sent_sha256=digest)
    reached = 0
    while reached < len(data):
        end = min(len(data), reached + chance.randrange(1, len(data)))
        with contextlib.suppress(Cut):
            await uploads.append(actor, upload, reached, pieces(data[reached:end], cut=end < len(data)))
        reached = (await uploads.upload_of(actor, upload)).offset
        assert reached == end
    assert await check_next()
    found = await uploads.upload_of(actor, upload)
    assert found.state == "done"
    async with reading() as db:
        stored = await db.fetchval(
            "SELECT file.sha256 FROM footage f JOIN file ON file.id = f.file JOIN record r ON r.id = f.id"
            " WHERE r.number = $1",
            found.footage,
        )
        strip = await db.fetchval("SELECT count(*) FROM footage_picture")
    assert stored == digest
    assert strip == 10
    assert not uploads.half_of(upload).exists()


async def test_one_writes_at_a_time_and_only_where_we_are(cast: Cast) -> None:
    actor, data = cast.owner.officer, b"x" * 50_000
    upload = await uploads.start_upload(actor, "a.mp4", len(data), DRAFT)

    async def slowly() -> AsyncIterator[bytes]:
        yield data[:1000]
        with pytest.raises(Locked):
            await uploads.append(actor, upload, 0, pieces(data))
        yield data[1000:2000]

    assert await uploads.append(actor, upload, 0, slowly()) == 2000
    with pytest.raises(WrongState):
        await uploads.append(actor, upload, 1999, pieces(data))
    with pytest.raises(TooLarge):
        await uploads.append(actor, upload, 2000, pieces(data))
    for stranger in (cast.owner.second_officer, cast.third.officer):
        with pytest.raises(NotFound):
            await uploads.append(stranger, upload, 2000, pieces(data))


async def test_what_was_changed_on_the_way_or_is_no_recording_is_told(cast: Cast) -> None:
    actor, data = cast.owner.officer, short_film().read_bytes()
    for sent, name in ((data[:-1] + b"!", "changed.mp4"), (b"%PDF-1.7 " * 100, "paper.mp4")):
        digest = hashlib.sha256(data if name == "changed.mp4" else sent).digest()
        upload = await uploads.start_upload(actor, name, len(sent), DRAFT, sent_sha256=digest)
        await uploads.append(actor, upload, 0, pieces(sent))
        await check_next()
        found = await uploads.upload_of(actor, upload)
        assert found.state == "failed"
        assert found.error
    async with reading() as db:
        assert await db.fetchval("SELECT count(*) FROM footage") == 0


async def test_limit_and_quota(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = cast.owner.officer
    with pytest.raises(TooLarge):
        await uploads.start_upload(actor, "a.mp4", settings().footage_limit_gb * uploads.GIGA + 1, DRAFT)
    few = settings().model_copy(update={"footage_quota_gb": 1})
    monkeypatch.setattr(uploads, "settings", lambda: few)
    await uploads.start_upload(actor, "a.mp4", uploads.GIGA, DRAFT)
    with pytest.raises(TooLarge):
        await uploads.start_upload(actor, "b.mp4", 1, DRAFT)
    await uploads.start_upload(cast.borrower.officer, "b.mp4", 1, DRAFT)


async def test_a_process_that_died_after_taking_in_says_so_afterwards(cast: Cast) -> None:
    actor, data = cast.owner.officer, short_film().read_bytes()
    upload = await uploads.start_upload(actor, "a.mp4", len(data), DRAFT)
    await uploads.append(actor, upload, 0, pieces(data))
    await check_next()
    async with reading() as db:
        await db.execute("UPDATE footage_upload SET state = 'checking', footage = NULL")
    assert await check_next()
    assert (await uploads.upload_of(actor, upload)).state == "done"
    async with reading() as db:
        assert await db.fetchval("SELECT count(*) FROM footage") == 1


async def test_the_protocol(cast: Cast) -> None:
    data = short_film().read_bytes()
    async with client_for(cast.owner.officer) as browser:
        options = await browser.request("OPTIONS", ALL)
        assert options.headers["tus-version"] == "1.0.0"
        made = await send(browser, "POST", ALL, {"upload-length": str(len(data)), "upload-metadata": metadata()})
        assert made.status_code == 201
        place = made.headers["location"]
        half = await send(browser, "PATCH", place, {"upload-offset": "0", "content-type": PIECES}, data[:9_000])
        assert (half.status_code, half.headers["upload-offset"]) == (204, "9000")
        assert (await browser.http.head(place)).headers["upload-offset"] == "9000"
        wrong = await send(browser, "PATCH", place, {"upload-offset": "0", "content-type": PIECES}, data)
        assert wrong.status_code == 409
        rest = {"upload-offset": "9000", "content-type": PIECES}
        assert (await send(browser, "PATCH", place, rest, data[9_000:])).status_code == 204
        assert (await browser.get(place)).json()["state"] == "checking"
        await check_next()
        assert (await browser.get(place)).json()["footage"].startswith("VF")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload-length": "x", "upload-metadata": metadata()}, 422),
        ({"upload-length": "5"}, 422),
        ({"upload-length": "5", "upload-metadata": "name %%%"}, 422),
        ({"upload-length": "5", "upload-metadata": metadata(sha256="00")}, 422),
        ({"upload-length": "5", "upload-metadata": metadata(declared="false")}, 422),
        ({"upload-length": "5", "upload-metadata": metadata(name="绝密★行动")}, 422),
        ({"upload-length": "9" * 15, "upload-metadata": metadata()}, 413),
    ],
)
async def test_hostile_announcements_are_refused(cast: Cast, headers: dict[str, str], status: int) -> None:
    async with client_for(cast.owner.officer) as browser:
        answer = await send(browser, "POST", ALL, headers)
        assert answer.status_code == status
        assert answer.json()["title"]


async def test_strangers_find_nothing(cast: Cast) -> None:
    upload = await uploads.start_upload(cast.owner.officer, "a.mp4", 5, DRAFT)
    async with client_for(cast.third.officer) as browser:
        assert (await browser.http.head(f"{ALL}/{upload}")).status_code == 404
        assert (await send(browser, "DELETE", f"{ALL}/{upload}", {})).status_code == 404
    async with client_for(cast.owner.officer) as browser:
        assert (await send(browser, "DELETE", f"{ALL}/{upload}", {})).status_code == 204
        assert (await browser.http.head(f"{ALL}/{upload}")).status_code == 404


async def send(browser: Any, method: str, path: str, headers: dict[str, str], data: bytes = b"") -> Any:
    """A request as a script of ours sends it."""
    if browser.csrf is None:
        await browser.page("/nothing-here")
    return await browser.request(method, path, headers={"x-csrf-token": browser.csrf, **headers}, content=data)


async def test_slow_senders_hold_no_connection(cast: Cast) -> None:
    """More of them than the pool has connections, and everybody else goes on."""
    actor, begun, go_on = cast.owner.officer, asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x"
        begun.release()
        await go_on.wait()
        yield b"x"

    ids = [await uploads.start_upload(actor, "a.mp4", 10, DRAFT) for _ in range(12)]
    sending = [asyncio.create_task(uploads.append(actor, upload, 0, slow())) for upload in ids]
    for _ in ids:
        await begun.acquire()
    async with reading() as db:
        assert await db.fetchval("SELECT count(*) FROM footage_upload WHERE state = 'open'") == len(ids)
    go_on.set()
    assert await asyncio.gather(*sending) == [2] * len(ids)


async def test_an_upload_whose_file_vanished_holds_up_nobody(cast: Cast) -> None:
    actor, data = cast.owner.officer, short_film().read_bytes()
    first, second = [await uploads.start_upload(actor, "a.mp4", len(data), DRAFT) for _ in range(2)]
    for upload in (first, second):
        await uploads.append(actor, upload, 0, pieces(data))
    uploads.half_of(first).unlink()
    assert await check_next()
    assert await check_next()
    states = [(await uploads.upload_of(actor, upload)).state for upload in (first, second)]
    assert states == ["failed", "done"]
