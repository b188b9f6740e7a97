"""The live map, the track of a loan and its files: who sees them, in which words, and that looks are written."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from shared_resources.equipment.trackers.pages.exports import GPX
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.equipment.counter import english
from tests.equipment.trackers.pages.story import NOW, Tracked, tracked_loan
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


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


async def looked() -> list[str]:
    async with reading() as db:
        return [row["view"] for row in await db.fetch("SELECT view FROM position_look ORDER BY at, id")]


async def test_the_map_tells_in_words_where_things_are(cast: Cast, story: Tracked) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.page("/map")
    assert answer.status_code == 200
    assert "3 minutes ago" in answer.text
    assert "2.0 km north of the depot" in answer.text
    assert f'href="/loans/{story.loan.number}/track"' in answer.text
    assert "64 %" in answer.text
    assert await looked() == ["map"]


async def test_the_map_for_programs_is_geojson(cast: Cast, story: Tracked) -> None:
    async with english(cast.borrower.head) as browser:
        answer = await browser.ask("GET", "/api/v1/map")
        foreign = await browser.ask("GET", "/api/v1/loans/L2026-99999/track")
    features = {one["properties"]["kind"]: one for one in answer.json()["features"]}
    assert features["tracker"]["id"] == story.number
    assert features["tracker"]["geometry"]["coordinates"] == [106.5516, 29.581]
    assert features["depot"]["geometry"]["coordinates"] == [106.5516, 29.563]
    assert foreign.status_code == 404
    assert await looked() == ["live"]


async def test_nobody_else_sees_positions(cast: Cast, story: Tracked) -> None:
    here = f"/loans/{story.loan.number}/track"
    async with english(cast.third.custodian) as browser:
        assert story.number not in (await browser.page("/map")).text
        for path in (here, f"{here}.csv", f"{here}.gpx", f"{here}.geojson", f"/loans/{story.loan.number}/areas"):
            assert (await browser.page(path)).status_code == 404
    async with english(cast.borrower.officer) as browser:
        assert (await browser.page("/map")).status_code == 403
        assert (await browser.page(here)).status_code == 403
        assert "Last word" not in (await browser.page(f"/loans/{story.loan.number}")).text
    assert await looked() == []


async def test_the_track_is_shown_and_says_who_looked(cast: Cast, story: Tracked) -> None:
    here = f"/loans/{story.loan.number}/track"
    async with english(cast.owner.custodian) as browser:
        await browser.page(here)
        text = (await browser.page(here)).text
    assert text.count("data-fix=") == 10
    assert "29.58100, 106.55160" in text
    assert "the track" in text
    told = json.loads(text.split('id="map-data">')[1].split("</script>")[0])
    assert [one["properties"]["at"] for one in told["features"] if "at" in one["properties"]][-1].endswith("Z")


async def test_files_hold_the_whole_track(cast: Cast, story: Tracked) -> None:
    here = f"/loans/{story.loan.number}/track"
    async with english(cast.owner.custodian) as browser:
        table = await browser.page(f"{here}.csv")
        shapes = await browser.page(f"{here}.geojson")
        way = await browser.page(f"{here}.gpx")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert len(rows) == 10
    assert rows[-1]["latitude_wgs84"] == "29.581"
    assert rows[-1]["at_utc"] == f"{NOW:%Y-%m-%d}T05:57:00Z"
    assert shapes.headers["content-type"].startswith("application/geo+json")
    points = shapes.json()["features"]
    assert points[-1]["geometry"]["coordinates"] == [106.5516, 29.581]
    root = ElementTree.fromstring(way.content)
    assert root.attrib["version"] == "1.1"
    assert len(root.findall(f".//{{{GPX}}}trkpt")) == 10
    assert await looked() == ["export"]


async def test_a_track_is_kept_as_evidence_and_released(cast: Cast, story: Tracked) -> None:
    here = f"/loans/{story.loan.number}/track"
    async with english(cast.owner.head) as browser:
        assert (await browser.send(f"{here}/hold", reason="")).status_code in (403, 422)
    async with english(cast.owner.custodian) as browser:
        await browser.page(here)
        kept = await browser.send(f"{here}/hold", reason="dispute about where it broke")
        assert kept.status_code == 303
        assert "dispute about where it broke" in (await browser.page(here)).text
        assert (await browser.send(f"{here}/release", reason="settled")).status_code == 303
        assert "Keep as evidence" in (await browser.page(here)).text


async def test_circles_are_set_and_removed(cast: Cast, story: Tracked) -> None:
    here = f"/loans/{story.loan.number}/areas"
    async with english(cast.owner.custodian) as browser:
        wrong = await browser.send(here, name="Plant", latitude="129", longitude="106.5", radius_m="900")
        assert wrong.status_code == 422
        assert 'value="129"' in wrong.text
        done = await browser.send(here, name="Plant", latitude="29.56", longitude="106.55", radius_m="900")
        assert done.status_code == 303
        text = (await browser.page(here)).text
        assert "Plant" in text
        remove = text.split(f'action="{here}/')[1].split('"')[0]
        assert (await browser.send(f"{here}/{remove}")).status_code == 303
        assert "the items may be anywhere" in (await browser.page(here)).text


async def test_loan_and_item_say_when_they_were_last_seen(cast: Cast, story: Tracked) -> None:
    async with english(cast.owner.custodian) as browser:
        for path in (f"/loans/{story.loan.number}", f"/items/{story.code}"):
            text = (await browser.page(path)).text
            assert "3 minutes ago" in text, path
            assert f'href="/trackers/{story.number}"' in text, path
