"""Trackers, sources and models through the pages: entered, put on an item, asked of, foreign ones unknown."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from shared_resources.equipment.trackers.pages.provisioning import owntracks
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from tests.equipment.counter import english
from tests.equipment.trackers.pages.story import NOW, Tracked, tracked_loan
from tests.makers import make_item
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = {
    "name": "Own tag",
    "payload": "native",
    "interval_seconds": "60",
    "silent_minutes": "30",
    "lost_hours": "12",
    "low_battery_pct": "15",
    "outside_fixes": "2",
    "dwell_minutes": "5",
    "depot_radius_m": "90",
    "worst_accuracy_m": "150",
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def story(cast: Cast) -> Tracked:
    return await tracked_loan(cast)


async def test_from_model_to_item(cast: Cast, story: Tracked) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    async with english(cast.owner.custodian) as browser:
        await browser.page("/tracker-models/new")
        assert (await browser.send("/tracker-models/new", **{**MODEL, "field_map": "{"})).status_code == 422
        assert (await browser.send("/tracker-models/new", **MODEL)).status_code == 303
        listed = (await browser.page("/tracker-models")).text
        assert "Own tag" in listed
        form = (await browser.page("/trackers/new")).text
        model = form.split(">Own tag<")[0].rsplit('value="', 1)[1].split('"')[0]
        assert (await browser.send("/trackers/new", name="", model=model)).status_code == 422
        made = await browser.send("/trackers/new", name="Tag 9", model=model)
        here = made.headers["location"]
        wrong = await browser.send(f"{here}/bind", code=story.code)
        assert wrong.status_code in (409, 422)
        assert (await browser.send(f"{here}/bind", code=item.code)).status_code == 303
        text = (await browser.page(here)).text
        assert f'href="/items/{item.code}"' in text
        assert "Waiting for its first word" in text
        assert "Issue credentials" in text
        assert (await browser.send(f"{here}/unbind", note="broken clip")).status_code == 303
        assert (await browser.send(f"{here}/retire", note="broken")).status_code == 303
        assert "broken clip" in (await browser.page(here)).text


async def test_what_is_asked_is_pending_until_the_device_says_so(cast: Cast, story: Tracked) -> None:
    here = f"/trackers/{story.number}"
    async with english(cast.owner.custodian) as browser:
        await browser.page(here)
        assert (await browser.send(f"{here}/command", interval_seconds="5")).status_code == 422
        assert (await browser.send(f"{here}/command", interval_seconds="60", find="1")).status_code == 303
        assert "Pending" in (await browser.page(here)).text
        async with transaction() as db:
            await db.execute("UPDATE tracker SET reported_rev = desired_rev, reported_at = $1", clock.now())
        assert "Applied" in (await browser.page(here)).text


async def test_the_list_tells_last_words_and_health(cast: Cast, story: Tracked) -> None:
    async with english(cast.owner.officer) as browser:
        text = (await browser.page("/trackers?q=Tracker")).text
        assert "3 minutes ago" in text
        assert "inside the allowed area" in text
        assert "106.55" not in text
        assert "/trackers/new" not in text
        assert story.number not in (await browser.page("/trackers?q=nothing")).text
    async with english(cast.owner.custodian) as browser:
        listed = (await browser.ask("GET", "/api/v1/trackers")).json()
        assert [one["number"] for one in listed["devices"]] == [story.number]


async def test_sources_are_entered_and_corrected(cast: Cast) -> None:
    numbers = {"rssi_floor": "-70", "sightings_needed": "3", "sighting_seconds": "20"}
    async with english(cast.owner.custodian) as browser:
        await browser.page("/tracker-sources/new")
        door = await browser.send("/tracker-sources/new", name="Door", payload="ble", return_door="1", **numbers)
        assert door.status_code == 422
        assert 'value="Door"' in door.text
        made = await browser.send("/tracker-sources/new", name="Door", payload="ble", **numbers)
        here = made.headers["location"]
        assert "Issue credentials" in (await browser.page(here)).text
        assert (await browser.send(here, name="North door", **numbers)).status_code == 303
        assert "North door" in (await browser.page("/tracker-sources")).text
        assert (await browser.send(f"{here}/retire")).status_code == 303
        assert "Out of use" in (await browser.page(here)).text
    async with english(cast.third.custodian) as browser:
        assert (await browser.page(here)).status_code == 404


async def test_foreign_trackers_are_unknown(cast: Cast, story: Tracked) -> None:
    async with english(cast.third.custodian) as browser:
        for path in (f"/trackers/{story.number}", f"/alarms/{story.number}", f"/api/v1/trackers/{story.number}"):
            assert (await browser.page(path)).status_code == 404, path
        for act in ("bind", "unbind", "retire", "command"):
            answer = await browser.send(f"/trackers/{story.number}/{act}", code=story.code, note="x")
            assert answer.status_code == 404, act
        assert (await browser.page(f"/tracker-models/{uuid4()}/edit")).status_code == 404


async def test_inboxes_are_there_for_those_who_may(cast: Cast) -> None:
    async with english(cast.owner.custodian) as browser:
        assert "Trackers report nothing that needs a person." in (await browser.page("/alarms")).text
        assert "Nothing came home by itself." in (await browser.page("/checkins")).text
        assert (await browser.ask("GET", "/api/v1/alarms")).json() == {"alarms": [], "next": None}
        assert (await browser.ask("GET", "/api/v1/checkins")).json() == []


def test_phones_are_told_everything_in_one_address() -> None:
    address = owntracks("mqtt.example", 8883, "k7m2pq.2", "secret+/=", tls=True)
    assert address.startswith("owntracks:///config?inline=")
    told = json.loads(base64.b64decode(parse_qs(urlsplit(address).query)["inline"][0]))
    assert told["_type"] == "configuration"
    assert (told["username"], told["password"]) == ("k7m2pq.2", "secret+/=")
    assert told["pubTopicBase"] == "owntracks/k7m2pq/phone"
    assert told["mode"] == 0
