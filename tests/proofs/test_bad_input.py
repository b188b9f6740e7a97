"""Bad input, once through the page and once through the API: the same reason, in the reader's language, no trace.

Every line of the table is refused with one code; the sentence is another one for each, in Chinese and in English;
not a row of a record, a loan, a line, the journal or custody comes of it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.web import cookies
from shared_resources.settings import settings
from tests.clients import client_for
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    OFFICE,
    START,
    draft_of,
    lines_of,
    make_certificate,
    make_depot,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.clients import Browser

LEDGERS = ("record", "loan", "loan_line", "cart", "journal_line", "custody_line", "notice", "outbox", "file")
HAN = re.compile(r"[\u4e00-\u9fff]")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 2000
PHOTO = b"\xff\xd8\xff\xe0" + b"\0" * 2000
PROGRAM = b"\x7fELF" + b"\0" * 2000


@dataclass(frozen=True)
class Bad:
    """One bad request: its code, who sends it, to which page with which fields, to which address with what."""

    code: str
    page: tuple[str, dict[str, Any]]
    api: tuple[str, Any]
    who: str = "borrower.officer"
    files: dict[str, Any] = field(default_factory=dict)


def local(instant: datetime) -> str:
    """An instant as a form of ours sends it."""
    return instant.astimezone(clock.LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def booking(code: str, *items: str, starts_at: datetime = START, ends_at: datetime = END, **more: Any) -> Bad:
    """A request for items that cannot be."""
    draft = draft_of(*items, starts_at=starts_at, ends_at=ends_at, **more)
    fields = {
        "codes": " ".join(items),
        "starts_at": local(starts_at),
        "ends_at": local(ends_at),
        "purpose": draft.purpose,
        "ground": "other",
        "mode": "loan",
        "evidential": "1" if draft.evidential else None,
    }
    return Bad(code, ("/loans/new", fields), ("/api/v1/bookings", draft.model_dump(mode="json")))


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Monday morning; the largest file has one megabyte."""
    monkeypatch.setenv("SHARED_RESOURCES_UPLOAD_LIMIT_MB", "1")
    settings.cache_clear()
    with clock.at(MONDAY):
        yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def bookings(cast: Cast) -> dict[str, Bad]:
    """Every bad request for equipment."""
    keeper = cast.owner.custodian
    item = await make_item(keeper=keeper, model=await make_model(keeper=keeper, longest_loan_hours=24))
    office = await make_item(keeper=keeper, depot=await make_depot(keeper=keeper, hours=OFFICE))
    strict = await make_model(keeper=keeper, evidence_needs_certificate=True)
    lapsing = await make_item(keeper=keeper, model=strict)
    await make_certificate(keeper=keeper, code=lapsing.code, valid_to=date(2026, 11, 30))
    broken = await make_item(keeper=keeper, state="repair")
    own = await make_item(keeper=cast.borrower.custodian)
    early = await make_item(keeper=keeper, model=await make_model(keeper=keeper, notice_hours=100))
    taken = await make_loan(cast=cast, state="approved")
    evening = START + 13 * HOUR
    return {
        "overlapping": booking("item_taken", taken.codes[0]),
        "inverted": booking("inverted", item.code, starts_at=END, ends_at=START),
        "past": booking("past", item.code, starts_at=MONDAY - 3 * HOUR, ends_at=MONDAY + HOUR),
        "too long": booking("too_long", item.code, ends_at=START + 25 * HOUR),
        "too far": booking(
            "too_far", item.code, starts_at=START + timedelta(days=900), ends_at=END + timedelta(days=900)
        ),
        "closed when collected": booking("closed_at_start", office.code, starts_at=MONDAY + 13 * HOUR),
        "closed when returned": booking("closed_at_end", office.code, ends_at=evening),
        "certificate lapses": booking("certificate", lapsing.code, evidential=True),
        "in repair": booking("not_lendable", broken.code),
        "one's own": booking("own_item", own.code),
        "too soon": booking("short_notice", early.code),
        "twice": booking("duplicate", item.code, item.code),
        "unknown code": booking("unknown_item", "1234567Y"),
        "slip in the code": booking("unknown_code", item.code[:-1] + ("0" if item.code[-1] != "0" else "1")),
    }


async def acts(cast: Cast) -> dict[str, Bad]:
    """Bad acts on loans that are there."""
    loan, out = await make_loan(cast=cast, state="approved"), await make_loan(cast=cast, state="approved")
    line = str((await lines_of(loan.number))[0]["id"])
    foreign = await make_item(keeper=cast.third.custodian)
    other_kind = await make_item(keeper=cast.owner.custodian)
    earlier = {"until": (END - HOUR).isoformat()}

    def act(code: str, step: str, who: str, body: Any, number: str = loan.number, page: Any = None) -> Bad:
        named = {"papers": "file_papers", "extension": "ask_extension"}.get(step, step)
        return Bad(code, (f"/loans/{number}/{named}", page or body), (f"/api/v1/loans/{number}/{step}", body), who)

    return {
        "foreign item": act("foreign_item", "exchange", "owner.head", {"line": line, "to_item": foreign.code}),
        "other kind": act("other_kind", "exchange", "owner.head", {"line": line, "to_item": other_kind.code}),
        "not later": act(
            "not_later",
            "extension",
            "borrower.officer",
            earlier,
            out.number,
            {"until": local(END - HOUR)},
        ),
        "no papers due": act("no_papers", "papers", "borrower.officer", {"note": "文号"}),
        "decided already": act("wrong_state", "approve", "owner.head", {}),
        "not an emergency": act("ordinary", "release", "owner.head", {}, (await make_loan(cast=cast)).number),
        "seen before it moved": act("stale", "revoke", "owner.head", {"note": "自用", "version": 0}),
    }


async def counted() -> dict[str, int]:
    """Rows of everything that a request may leave behind."""
    async with reading() as db:
        return {name: await db.fetchval(f"SELECT count(*) FROM {name}") for name in LEDGERS}


async def through_both(cast: Cast, bad: Bad, locale: str) -> tuple[httpx.Response, httpx.Response]:
    """The answers of the page and of the API, in a language."""
    team, part = bad.who.split(".")
    async with client_for(getattr(getattr(cast, team), part)) as browser:
        browser.cookies.set(cookies.LOCALE, locale)
        page = await browser.send(bad.page[0], files=bad.files or None, **bad.page[1])
        return page, await told_by_api(browser, bad)


async def told_by_api(browser: Browser, bad: Bad) -> httpx.Response:
    """The API's answer."""
    if not bad.files:
        return await browser.ask("POST", *bad.api)
    (file,) = bad.files.values()
    return await browser.post(bad.api[0], files={"data": file}, headers={"x-csrf-token": browser.csrf or ""})


def sentence_of(bad: Bad, page: httpx.Response, api: httpx.Response) -> str:
    """The sentence that page and API agree on, for the code that was expected."""
    problem = api.json()
    assert page.status_code == api.status_code, (page.status_code, problem)
    assert problem["type"] == f"/problems/{bad.code}", problem
    assert problem["detail"] in html.unescape(page.text), problem
    assert bad.files or problem["do"] in html.unescape(page.text), problem
    return str(problem["detail"])


async def refuse(cast: Cast, table: dict[str, Bad]) -> None:
    """Everything in the table is refused everywhere, in both languages, without a trace."""
    said: dict[str, str] = {}
    for name, bad in table.items():
        before = await counted()
        sentences = {
            locale: sentence_of(bad, *await through_both(cast, bad, locale)) for locale in ("zh_CN", "en")
        }
        assert await counted() == before, name
        chinese, english = sentences["zh_CN"], sentences["en"]
        assert HAN.search(chinese), (name, chinese)
        assert chinese != english, name
        for sentence in (chinese, english):
            assert sentence not in said, (name, said.get(sentence))
            said[sentence] = name


async def test_what_cannot_be_borrowed(cast: Cast) -> None:
    """Requests."""
    await refuse(cast, await bookings(cast))


async def test_what_cannot_be_done_to_a_loan(cast: Cast) -> None:
    """Acts."""
    await refuse(cast, await acts(cast))


async def test_what_is_not_kept_as_a_picture(cast: Cast) -> None:
    """Uploads: larger than the limit, something else than they say, empty."""
    item = await make_item(keeper=cast.owner.custodian)

    def upload(code: str, content: bytes, kind: str = "image/png") -> Bad:
        page = (f"/items/{item.code}/photos/new", {"caption": "照片"})
        files = {"photo": ("radio.png", content, kind)}
        return Bad(code, page, ("/api/v1/files", None), "owner.custodian", files)

    await refuse(
        cast,
        {
            "oversized": upload("file_too_large", PICTURE[:8] + b"\0" * 1_100_000),
            "disguised": upload("file_disguised", PHOTO),
            "a program": upload("file_kind", PROGRAM),
            "empty": upload("file_empty", b""),
        },
    )


async def test_a_replayed_request_is_done_once(cast: Cast) -> None:
    """The page's form sent again, the API's key sent again or with another request: one loan each."""
    first, second = [await make_item(keeper=cast.owner.custodian) for _ in range(2)]
    async with client_for(cast.borrower.officer) as browser:
        bad = booking("", first.code)
        sent = [await browser.send(bad.page[0], act_id="form-1", **bad.page[1]) for _ in range(2)]
        assert sent[0].status_code == 303
        once = await counted()
        again = await browser.send(bad.page[0], act_id="form-1", **bad.page[1])
        assert again.status_code in (303, 409)
        assert await counted() == once
        to, body = booking("", second.code).api
        made = [await browser.ask("POST", to, body, idempotency_key="k") for _ in range(2)]
        assert made[0].content == made[1].content
        once = await counted()
        other = await browser.ask("POST", to, {**body, "purpose": "别的"}, idempotency_key="k")
        assert other.status_code == 422
        assert await counted() == once
    assert once["loan"] == 2


def test_the_clock_of_this_file() -> None:
    """Monday 30 November 2026, nine in the morning in Chongqing."""
    assert clock.now() == datetime(2026, 11, 30, 1, tzinfo=UTC)
