"""The page of one's own notices: unread first, read by following or by hand, nobody else's."""

from __future__ import annotations

import pytest

from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.notices import tell_people
from shared_resources.kernel.notices_read import notices_of, unread
from shared_resources.kernel.permissions import Actor
from tests.clients import client_for
from tests.people import Cast, make_cast

MOVED = "%(number)s %(title)s: the due date moves from %(before)s to %(after)s."


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def tell(actor: Actor, title: str, link: str | None = "/agencies/owner") -> None:
    assert actor.person is not None
    params = {"number": "L2026-00001", "title": title, "before": "2026-11-20", "after": "2026-11-25"}
    await tell_people([actor.person], MOVED, params, record=None, link=link, key=title)


async def ids(actor: Actor) -> list[str]:
    async with reading() as db:
        return [str(row["id"]) for row in await db.fetch("SELECT id FROM notice ORDER BY id")]


async def test_notices_are_said_with_their_values_and_followed_once(cast: Cast) -> None:
    me = cast.owner.officer
    await tell(me, "四合一检测仪")
    [notice] = await ids(me)
    async with client_for(me) as browser:
        text = (await browser.page("/notices")).text
        assert "四合一检测仪" in text
        assert "2026-11-25" in text
        assert 'class="unread"' in text
        followed = await browser.page(f"/notices/{notice}")
        assert followed.headers["location"] == "/agencies/owner"
        assert 'class="unread"' not in (await browser.page("/notices")).text
    assert me.person is not None
    assert await unread(me.person) == 0


async def test_unread_ones_come_first_and_all_are_read_at_once(cast: Cast) -> None:
    me = cast.owner.officer
    for title in ("第一件", "第二件", "第三件"):
        await tell(me, title)
    async with client_for(me) as browser:
        newest = (await ids(me))[-1]
        assert (await browser.send(f"/notices/{newest}/read")).status_code == 303
        text = (await browser.page("/notices")).text
        assert text.index("第二件") < text.index("第一件") < text.index("第三件")
        waiting = (await browser.page("/notices", params={"waiting": "true"})).text
        assert "第三件" not in waiting
        await browser.send("/notices/read")
        assert 'class="empty"' in (await browser.page("/notices", params={"waiting": "true"})).text


async def test_nobody_reads_or_marks_what_others_were_told(cast: Cast) -> None:
    await tell(cast.owner.officer, "不给外人")
    [notice] = await ids(cast.owner.officer)
    async with client_for(cast.owner.clerk) as browser:
        assert "不给外人" not in (await browser.page("/notices")).text
        assert (await browser.page(f"/notices/{notice}")).status_code == 404
        assert (await browser.send(f"/notices/{notice}/read")).status_code == 404
    assert cast.owner.officer.person is not None
    assert await unread(cast.owner.officer.person) == 1


async def test_a_notice_leads_nowhere_outside(cast: Cast) -> None:
    me = cast.owner.officer
    await tell(me, "外链", "https://elsewhere.example/")
    [notice] = await ids(me)
    async with client_for(me) as browser:
        assert (await browser.page(f"/notices/{notice}")).headers["location"] == "/notices"


async def test_pages_hold_each_notice_once(cast: Cast) -> None:
    me = cast.owner.officer
    for number in range(7):
        await tell(me, f"第{number}件")
    async with client_for(me) as browser:
        for notice in (await ids(me))[:3]:
            await browser.send(f"/notices/{notice}/read")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        found = await notices_of(me, cursor=cursor, size=2)
        seen += [line.params["title"] for line in found.lines]
        cursor = found.next
        if cursor is None:
            break
    assert seen == ["第6件", "第5件", "第4件", "第3件", "第2件", "第1件", "第0件"]


async def test_the_page_needs_somebody(cast: Cast) -> None:
    async with client_for() as browser:
        assert (await browser.page("/notices")).status_code == 303
