"""The register for programs: sources for all, recordings for whoever may see them, looks for the holder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel.database.transaction import reading
from shared_resources.video.api.register import CAMERA
from shared_resources.video.service.openings import open_recording
from tests.clients import client_for
from tests.people import make_cast
from tests.video import asking
from tests.video.kept import kept

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def got(actor: Actor, path: str, status: int = 200) -> Any:
    """What the API answers."""
    async with client_for(actor) as browser:
        answer = await browser.ask("GET", f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_source_is_entered_once_and_everybody_finds_it(cast: Cast) -> None:
    key = {"idempotency-key": "camera-1"}
    async with client_for(cast.owner.custodian) as browser:
        first = await browser.ask("POST", "/api/v1/footage-sources", CAMERA.value, **key)
        again = await browser.ask("POST", "/api/v1/footage-sources", CAMERA.value, **key)
    assert first.status_code == 201, first.text
    assert first.json() == again.json()
    number = first.json()["number"]
    found = await got(cast.borrower.officer, "footage-sources?q=观音桥&holder=owner")
    assert [one["number"] for one in found["sources"]] == [number]
    assert (await got(cast.borrower.officer, "footage-sources?mine=true"))["sources"] == []
    one = await got(cast.third.officer, f"footage-sources/{number}")
    assert (one["store_days"], one["latitude"]) == (30, CAMERA.value["latitude"])


async def test_half_a_place_is_refused_with_its_field(cast: Cast) -> None:
    body = {name: value for name, value in CAMERA.value.items() if name != "longitude"}
    async with client_for(cast.owner.custodian) as browser:
        answer = await browser.ask("POST", "/api/v1/footage-sources", body)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_recordings_are_seen_by_those_who_may(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    (line,) = (await got(cast.owner.officer, "footage"))["recordings"]
    assert (line["number"], line["held"]) == (moved.number, False)
    one = await got(cast.owner.officer, f"footage/{moved.number}")
    assert (len(one["sha256"]), len(one["sm3"]), one["duration_ms"]) == (64, 64, line["duration_ms"])
    assert (await got(cast.third.officer, "footage"))["recordings"] == []
    foreign = await got(cast.third.officer, f"footage/{moved.number}", 404)
    unknown = await got(cast.third.officer, "footage/VF2026-99999", 404)
    own = {"instance": "", "request_id": ""}
    assert {**foreign, **own} == {**unknown, **own}


async def test_looks_are_the_holders_to_read(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    await open_recording(cast.owner.officer, moved.number, "view", "核对录像")
    (look,) = (await got(cast.owner.head, "footage-looks?act=view"))["looks"]
    assert (look["footage"], look["reason"], look["copy_number"]) == (moved.number, "核对录像", None)
    assert (await got(cast.borrower.head, "footage-looks"))["looks"] == []


async def test_copies_of_a_request_are_listed_and_compared(cast: Cast) -> None:
    moved, number = await asking.delivered(cast)
    (copy,) = await got(cast.borrower.officer, f"footage-requests/{moved.number}/copies")
    assert copy["number"] == number
    told = {"sha256": "0" * 64, "sm3": copy["sm3"]}
    for _ in range(2):
        async with client_for(cast.borrower.officer) as browser:
            path = f"/api/v1/footage-copies/{number}/compare"
            answer = await browser.ask("POST", path, told, **{"idempotency-key": "told-once"})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"equal": False}
    async with reading() as db:
        lines = await db.fetchval(
            "SELECT count(*) FROM journal_line WHERE chain = $1 AND step = 'compare'", moved.id
        )
    assert lines == 1
