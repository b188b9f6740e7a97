"""Calendar feeds: secret, revocable, honest about changes; read by a second parser and by a real client."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
import vobject

from shared_resources.equipment.schemas.booking import MoveDraft
from shared_resources.equipment.schemas.feeds import FeedKind
from shared_resources.equipment.service.changes import move_loan
from shared_resources.equipment.service.decisions import withdraw_loan
from shared_resources.equipment.service.feeds import create_feed
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import NotAllowed, NotFound
from tests.clients import application, client_for
from tests.equipment.counter import english
from tests.makers import END, HOUR, MONDAY, START, make_item, make_loan
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx

    from shared_resources.kernel.permissions import Actor

VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair loans]
a = "ours"
b = "theirs"
collections = null
[storage ours]
type = "http"
url = "{url}"
[storage theirs]
type = "filesystem"
path = "{folder}/calendar"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[loans]]
path = {folder}/calendar
type = calendar
[locale]
local_timezone = Asia/Shanghai
default_timezone = Asia/Shanghai
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
[default]
default_calendar = loans
"""


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(MONDAY):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def fetch(token: str, **headers: str) -> httpx.Response:
    """The feed as a calendar asks for it: no cookie, no browser."""
    async with client_for() as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.get(f"/feeds/{token}.ics", headers=sent)


async def events(token: str) -> list[Any]:
    """The events as the second parser reads them."""
    answer = await fetch(token)
    assert answer.status_code == 200, answer.text
    calendar = vobject.readOne(answer.text)
    return list(calendar.contents.get("vevent", []))


async def test_a_loan_is_an_event_with_its_instants(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    token = await create_feed(cast.borrower.officer, FeedKind.PERSON)
    (event,) = await events(token)
    assert event.dtstart.value.astimezone(UTC) == START
    assert event.dtend.value.astimezone(UTC) == END
    assert event.status.value == "CONFIRMED"
    assert loan.number in event.summary.value
    assert event.url.value.endswith(f"/loans/{loan.number}")


async def test_moved_then_cancelled_keeps_its_uid_and_raises_its_sequence(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="requested")
    token = await create_feed(cast.borrower.officer, FeedKind.AGENCY)
    (asked,) = await events(token)
    draft = MoveDraft.model_validate({"from": START + 48 * HOUR, "to": END + 48 * HOUR})
    await move_loan(cast.borrower.officer, loan.number, draft)
    (moved,) = await events(token)
    await withdraw_loan(cast.borrower.officer, loan.number)
    (cancelled,) = await events(token)
    assert asked.uid.value == moved.uid.value == cancelled.uid.value
    assert int(asked.sequence.value) < int(moved.sequence.value) < int(cancelled.sequence.value)
    assert [event.status.value for event in (asked, moved, cancelled)] == ["TENTATIVE", "TENTATIVE", "CANCELLED"]
    assert moved.dtstart.value.astimezone(UTC) == START + timedelta(days=2)


async def test_the_second_poll_costs_nothing_until_something_changes(cast: Cast) -> None:
    loan = await make_loan(cast=cast)
    token = await create_feed(cast.owner.custodian, FeedKind.AGENCY)
    first = await fetch(token)
    again = await fetch(token, if_none_match=first.headers["etag"])
    await withdraw_loan(cast.borrower.officer, loan.number)
    changed = await fetch(token, if_none_match=first.headers["etag"])
    assert first.headers["content-type"].startswith("text/calendar")
    assert "private" in first.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_of_other_agencies_items_one_learns_free_and_busy_only(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast, state="approved", codes=(item.code,), purpose="SECRET-PURPOSE")
    theirs = await create_feed(cast.third.officer, FeedKind.ITEM, item.code)
    ours = await create_feed(cast.owner.officer, FeedKind.ITEM, item.code)
    (hidden,), (shown,) = await events(theirs), await events(ours)
    text = (await fetch(theirs)).text
    for secret in (loan.number, "SECRET-PURPOSE", "市场监督", str(loan.id)):
        assert secret not in text
    assert hidden.contents["class"][0].value == "PRIVATE"
    assert hidden.uid.value != shown.uid.value
    assert "SECRET-PURPOSE" in shown.description.value
    assert hidden.dtstart.value == shown.dtstart.value


async def test_the_queue_shows_what_waits_for_a_decision(cast: Cast) -> None:
    waiting = await make_loan(cast=cast)
    await make_loan(cast=cast, state="approved")
    token = await create_feed(cast.owner.head, FeedKind.QUEUE)
    assert [waiting.number in event.summary.value for event in await events(token)] == [True]
    with pytest.raises(NotAllowed):
        await create_feed(cast.owner.officer, FeedKind.QUEUE)


async def test_the_language_is_that_of_its_person(cast: Cast) -> None:
    token = await create_feed(cast.borrower.officer, FeedKind.PERSON)
    chinese = await fetch(token, accept_language="en")
    async with transaction() as db:
        await db.execute("UPDATE person SET locale = 'en' WHERE id = $1", cast.borrower.officer.person)
    other = await fetch(token, accept_language="zh-CN")
    assert chinese.headers["content-language"] == "zh-CN"
    assert other.headers["content-language"] == "en"
    assert "X-WR-CALNAME:My loans · borrower" in other.text


async def made_by_page(actor: Actor, **fields: str) -> tuple[str, str]:
    """The page after a feed was made, and the secret of its address."""
    async with english(actor) as browser:
        await browser.page("/feeds")
        made = await browser.send("/feeds", **fields)
    assert made.status_code == 200, made.text
    address = made.text.split('data-copy="')[1].split('"')[0]
    return made.text, address.rsplit("/", 1)[1].removesuffix(".ics")


async def test_an_address_is_shown_once_and_can_be_revoked(cast: Cast) -> None:
    _, token = await made_by_page(cast.borrower.officer, kind="person")
    assert (await fetch(token)).status_code == 200
    async with english(cast.borrower.officer) as browser:
        page = await browser.page("/feeds")
        assert token not in page.text
        feed = page.text.split('action="/feeds/')[1].split("/revoke")[0]
        async with english(cast.owner.officer) as other:
            assert (await other.send(f"/feeds/{feed}/revoke")).status_code == 404
        assert (await browser.send(f"/feeds/{feed}/revoke")).status_code == 303
    revoked, unknown = await fetch(token), await fetch("x" * 43)
    assert revoked.status_code == unknown.status_code == 404
    assert (await fetch(token[:-1])).status_code == 404


async def test_who_leaves_loses_the_feed(cast: Cast) -> None:
    token = await create_feed(cast.borrower.officer, FeedKind.PERSON)
    async with transaction() as db:
        await db.execute("UPDATE person SET is_active = false WHERE id = $1", cast.borrower.officer.person)
    assert (await fetch(token)).status_code == 404


async def test_wrong_wishes_have_their_sentences(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        no_code = await browser.send("/feeds", kind="item", subject="12")
        no_kind = await browser.send("/feeds", kind="everything")
        queue = await browser.send("/feeds", kind="queue")
        bare = await browser.page("/feeds/not-a-calendar")
    assert (no_code.status_code, no_kind.status_code, queue.status_code, bare.status_code) == (422, 422, 403, 404)
    assert "This is not a code of ours." in no_code.text
    assert "Choose one of" in no_kind.text


async def test_programs_make_list_and_revoke(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    async with english(cast.owner.custodian) as browser:
        made = await browser.ask("POST", "/api/v1/feeds", {"kind": "item", "subject": item.code})
        assert made.status_code == 201, made.text
        listed = (await browser.ask("GET", "/api/v1/feeds")).json()
        ended = await browser.ask("DELETE", f"/api/v1/feeds/{listed[0]['id']}")
    token = made.json()["address"].rsplit("/", 1)[1].removesuffix(".ics")
    assert [(line["kind"], line["subject"]) for line in listed] == [("item", item.code)]
    assert ended.status_code == 204
    assert (await fetch(token)).status_code == 404


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[str]:
    """The application on a port of this machine; its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(application(), lifespan="off", log_level="error", access_log=False)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server._serve([listener]))
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


async def run(program: str, folder: Path, *arguments: str) -> str:
    """What a program of this environment prints; its settings and files lie in ``folder``."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name(program)),
        *arguments,
        env={**os.environ, "HOME": str(folder), "XDG_CACHE_HOME": str(folder), "LC_ALL": "C.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()
    return out.decode()


async def test_a_real_client_follows_a_loan(cast: Cast, tmp_path: Path) -> None:
    loan = await make_loan(cast=cast, state="approved")
    token = await create_feed(cast.borrower.officer, FeedKind.PERSON)
    (tmp_path / "calendar").mkdir()

    async def synchronised() -> str:
        await run("vdirsyncer", tmp_path, "-c", str(tmp_path / "vdirsyncer"), "sync", "--force-delete")
        days = ("2026-11-30", "2026-12-05")
        shown = ("-c", str(tmp_path / "khal"), "list", "--format", "{start} {end} {title} {status}")
        return await run("khal", tmp_path, *shown, *days)

    async with served() as address:
        url = f"{address}/feeds/{token}.ics"
        (tmp_path / "vdirsyncer").write_text(VDIRSYNCER.format(folder=tmp_path, url=url))
        (tmp_path / "khal").write_text(KHAL.format(folder=tmp_path))
        await run("vdirsyncer", tmp_path, "-c", str(tmp_path / "vdirsyncer"), "discover")
        before = await synchronised()
        draft = MoveDraft.model_validate({"from": START + 24 * HOUR, "to": END + 24 * HOUR})
        await move_loan(cast.owner.custodian, loan.number, draft)
        moved = await synchronised()
        await withdraw_loan(cast.borrower.officer, loan.number)
        cancelled = await synchronised()
    assert f"2026-12-01 09:00 2026-12-01 15:00 {loan.number}" in before
    assert f"2026-12-02 09:00 2026-12-02 15:00 {loan.number}" in moved
    assert "2026-12-01" not in moved
    assert "CANCELLED" in cancelled


async def test_no_feed_of_an_item_that_one_may_not_see(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, state="retired")
    with pytest.raises(NotFound):
        await create_feed(cast.borrower.officer, FeedKind.ITEM, item.code)
    assert await create_feed(cast.owner.custodian, FeedKind.ITEM, item.code)
