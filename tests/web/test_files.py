"""Uploads that are what they say, and stored files for those who may see them, whole or in part."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from PIL import Image
from tests.clients import Browser, client_for
from tests.people import make_cast

from shared_resources.app import create_app
from shared_resources.kernel.doors import files, sign_in
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.ranged import UNSATISFIABLE, wanted_part
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.settings import settings


@post("/upload", include_in_schema=False)
async def upload(request: WebRequest, actor: Actor) -> Response[Any]:
    """Keep one photo."""
    file = (await form_of(request)).file("photo")
    if file is None:
        raise Invalid("A file is needed.", code="file", field="photo")
    return Response(str(await store_upload(actor, file, images_only=True)), status_code=201)


ROUTES: list[HTTPRouteHandler] = [upload]


def application() -> Any:
    """The application with a door for uploads, under the settings of this moment."""
    return create_app(doors=[sign_in, files, SimpleNamespace(ROUTES=ROUTES)])


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One megabyte a file."""
    monkeypatch.setenv("SHARED_RESOURCES_UPLOAD_LIMIT_MB", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    return buffer.getvalue()


async def send(browser: Browser, content: bytes, name: str = "radio.png", kind: str = "image/png") -> Any:
    await browser.page("/nothing-here")
    return await browser.send("/upload", files={"photo": (name, content, kind)})


async def test_a_photo_is_kept_and_shown_to_its_agency_only(db: str) -> None:
    cast, app = await make_cast(), application()
    async with client_for(cast.owner.custodian, app) as browser, client_for(cast.third.head, app) as stranger:
        answer = await send(browser, picture(), "对讲机.png")
        assert answer.status_code == 201
        path = f"/files/{answer.text}"
        shown = await browser.get(path)
        assert (shown.status_code, shown.content) == (200, picture())
        assert shown.headers["content-type"].startswith("image/png")
        assert shown.headers["cache-control"] == "private, no-cache"
        assert shown.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E5%AF%B9")
        foreign = await stranger.page(path)
        unknown = await stranger.page("/files/0193a000-0000-7000-8000-000000000000")
        assert foreign.status_code == unknown.status_code == 404
        async with client_for(None, app) as nobody:
            assert (await nobody.page(path)).status_code == 303


async def test_a_file_is_given_in_parts_and_only_when_it_changed(db: str) -> None:
    cast, content = await make_cast(), picture()
    async with client_for(cast.owner.custodian, application()) as browser:
        path = f"/files/{(await send(browser, content)).text}"
        tag = (await browser.get(path)).headers["etag"]
        same = await browser.get(path, headers={"if-none-match": tag})
        assert (same.status_code, same.content) == (304, b"")
        part = await browser.get(path, headers={"range": "bytes=5-9"})
        assert (part.status_code, part.content) == (206, content[5:10])
        assert part.headers["content-range"] == f"bytes 5-9/{len(content)}"
        end = await browser.get(path, headers={"range": "bytes=-4"})
        assert end.content == content[-4:]
        outside = await browser.get(path, headers={"range": f"bytes={len(content)}-"})
        assert (outside.status_code, outside.headers["content-range"]) == (416, f"bytes */{len(content)}")
        changed = await browser.get(path, headers={"range": "bytes=5-9", "if-range": '"other"'})
        assert (changed.status_code, changed.content) == (200, content)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(10)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("bytes=9-", range(9, 10)),
        ("bytes=10-", UNSATISFIABLE),
        ("bytes=-0", UNSATISFIABLE),
        ("bytes=5-3", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("", None),
    ],
)
def test_which_part_is_wanted(header: str, part: range | None) -> None:
    assert wanted_part(header, 10) == part


@pytest.mark.parametrize(
    ("content", "name", "kind", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "photo.png", "image/png", "file_kind"),
        (b"%PDF-1.7 ...", "photo.png", "image/png", "file_kind"),
        (b"\xff\xd8\xff\xe0 not really", "photo.png", "image/png", "file_disguised"),
        (b"MZ\x90\x00", "photo.png", "image/png", "file_kind"),
        (b"", "photo.png", "image/png", "file_empty"),
    ],
)
async def test_a_file_in_disguise_is_refused(db: str, content: bytes, name: str, kind: str, code: str) -> None:
    async with client_for((await make_cast()).owner.custodian, application()) as browser:
        await browser.page("/nothing-here")
        answer = await browser.request(
            "POST",
            "/upload",
            data={"csrf_token": browser.csrf},
            files={"photo": (name, content, kind)},
            headers={"accept": "application/json"},
        )
    assert answer.status_code == 422
    assert answer.json()["type"] == f"/problems/{code}"


async def test_an_oversized_file_is_refused_and_nothing_of_it_stays(db: str, small_limit: None) -> None:
    async with client_for((await make_cast()).owner.custodian, application()) as browser:
        answer = await send(browser, picture() + bytes(1_000_001))
        assert answer.status_code == 413
        far_too_large = await send(browser, picture() + bytes(11_000_000))
        assert far_too_large.status_code == 413
    assert not list(settings().storage.glob(".half-*"))


async def test_a_name_with_a_path_is_only_a_name(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, application()) as browser:
        answer = await send(browser, picture(), "../../etc/passwd.png")
        shown = await browser.get(f"/files/{answer.text}?download=true")
    assert shown.headers["content-disposition"] == "attachment; filename*=UTF-8''passwd.png"


async def test_a_program_keeps_a_photo_before_its_act_names_it(db: str) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.custodian) as browser, client_for(cast.third.head) as stranger:
        await browser.page("/nothing-here")
        headers = {"x-csrf-token": browser.csrf or ""}
        kept = await browser.post(
            "/api/v1/files", files={"data": ("a.png", picture(), "image/png")}, headers=headers
        )
        assert kept.status_code == 201, kept.text
        path = f"/files/{kept.json()['id']}"
        assert (await browser.get(path)).content == picture()
        assert (await stranger.get(path)).status_code == 404
        disguised = await browser.post(
            "/api/v1/files", files={"data": ("a.png", b"MZ\x90\x00 program", "image/png")}, headers=headers
        )
        assert disguised.status_code == 422
        assert disguised.headers["content-type"] == "application/problem+json"
