"""Recordings go in by the command line and by an independent client, copies come out and are compared."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest
from tusclient.client import TusClient

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission
from shared_resources.video.command import Server, fetch, send
from shared_resources.video.queries.copies import copies_of_request
from tests.people import make_cast
from tests.proofs.serving import a_house, token_of
from tests.video import asking
from tests.video.kept import BEGAN, short_film

if TYPE_CHECKING:
    from pathlib import Path

    from tests.people import Cast

SEES = (Permission.FOOTAGE_TAKE_IN, Permission.FOOTAGE_REQUEST_SEE, Permission.FOOTAGE_VIEW)
RECEIVES = (*SEES, Permission.FOOTAGE_REQUEST_RECEIVE)


def words(server: str, token: str, **more: object) -> argparse.Namespace:
    """What the command line says."""
    told = {"name": "夜市检查", "recorded_from": BEGAN.isoformat(), "taken_by": "王执法", "retention": "purpose"}
    return argparse.Namespace(
        server=server,
        token=token,
        **told,
        source="",
        shared_use="",
        declare_no_secrets=True,
        **more,
    )


async def test_sent_cut_gone_on_with_and_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = short_film().read_bytes()
    film = tmp_path / "夜市 2.mp4"
    film.write_bytes(data)
    with a_house() as house:
        async with house.database():
            cast = await make_cast()
            moved, number = await asking.delivered(cast)
            holder = await token_of(cast.owner.officer, *SEES)
            asker = await token_of(cast.borrower.officer, *RECEIVES)
            await asyncio.to_thread(cut_and_gone_on, house.address, holder, film, monkeypatch)
            await asyncio.to_thread(by_tuspy, house.address, holder, tmp_path)
            await asyncio.to_thread(fetched, house.address, asker, moved.number, tmp_path / "copies")
            await has_arrived(data)
            copies = await copies_of_request(moved.id)
            assert [(copy.number, copy.matches) for copy in copies] == [(number, True)]
            got = (tmp_path / "copies" / f"{number}.mp4").read_bytes()
            assert hashlib.sha256(got).digest() == copies[0].sha256
            await nobody_else(house.address, cast, moved.number)


def cut_and_gone_on(address: str, token: str, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line breaks after the first piece; a second call goes on from there."""
    monkeypatch.setattr("shared_resources.video.command.PIECE", 7_000)
    monkeypatch.setattr("shared_resources.video.command.PAUSES", ())
    real, sent = Server.ask, list[int]()

    def broken(self: Server, method: str, *rest: object, **more: object) -> object:
        if method == "PATCH" and len(sent) == 1:
            raise ConnectionResetError
        if method == "PATCH":
            sent.append(1)
        return real(self, method, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Server, "ask", broken)
    with pytest.raises(ValueError, match="call again"):
        send(words(address, token, file=film))
    monkeypatch.setattr(Server, "ask", real)
    assert "VF" in send(words(address, token, file=film))


def by_tuspy(address: str, token: str, folder: Path) -> None:
    """A client that knows nothing of us but the protocol."""
    other = folder / "by-tuspy.mp4"
    other.write_bytes(short_film().read_bytes())
    client = TusClient(f"{address}/api/v1/footage-uploads", headers={"Authorization": f"Bearer {token}"})
    told = {"filename": other.name, "name": "另一客户端", "recorded_from": BEGAN.isoformat()}
    told |= {"taken_by": "李执法", "declared": "true"}
    with other.open("rb") as stream:
        uploader = client.uploader(file_stream=stream, chunk_size=5_000, metadata=told)
        uploader.upload_chunk()
        uploader.upload()
        assert uploader.offset == other.stat().st_size


def fetched(address: str, token: str, request: str, folder: Path) -> None:
    said: list[str] = []
    asked = argparse.Namespace(server=address, token=token, request=request, folder=folder)
    assert fetch(asked, said.append)
    assert len(said) == 1


async def has_arrived(data: bytes) -> None:
    """Both uploads are recordings, bit for bit."""
    for _ in range(100):
        async with reading() as db:
            rows = await db.fetch(
                "SELECT file.sha256 FROM footage f JOIN file ON file.id = f.file WHERE f.name IN ($1, $2)",
                "夜市检查",
                "另一客户端",
            )
        if len(rows) == 2:
            break
        await asyncio.sleep(0.1)
    assert [row["sha256"] for row in rows] == [hashlib.sha256(data).digest()] * 2


async def nobody_else(address: str, cast: Cast, request: str) -> None:
    token = await token_of(cast.third.officer, *RECEIVES)
    asked = argparse.Namespace(server=address, token=token, request=request, folder=None)
    with pytest.raises(ValueError, match=r".+"):
        await asyncio.to_thread(fetch, asked)
