"""Devices and their keeper in the browser: entered, put on items, let in; then they speak by themselves."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import asyncpg
from playwright.sync_api import expect

from shared_resources.kernel import clock
from shared_resources.kernel.database.cluster import cluster_of
from shared_resources.settings import Settings
from tests.equipment.trackers.mosquitto import comes, guest, is_let_in

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

KEEPER_OF_BROKER_SECONDS = 10.0
HANDED_OUT_BEFORE = timedelta(minutes=30)


@dataclass(frozen=True)
class Access:
    """What the page of a device or a source shows once."""

    host: str
    port: int
    username: str
    password: str
    below: str
    """The topics it may write to begin with this, without the slash."""


@dataclass
class Voice:
    """A device or a source that speaks to the broker with what it was given."""

    access: Access
    said: int = 0

    def says(self, *told: tuple[str, dict[str, Any]]) -> None:
        """Connect, publish each (the end of its topic, payload) and wait until the broker has it."""
        of = self.access
        with guest(of.port, of.username, of.password) as client:
            for end, payload in told:
                self.said += 1
                client.say(f"{of.below}/{end}", json.dumps(payload).encode())

    def is_at(self, latitude: float, longitude: float, *, ahead: timedelta = timedelta()) -> None:
        """A word of a device about itself, in our own language."""
        at = (clock.now() + ahead).isoformat()
        self.says(
            ("obs", {"seq": self.said, "at": at, "lat": latitude, "lon": longitude, "acc": 8, "battery": 64})
        )

    def reads(self, mac: str, times: int) -> None:
        """A gateway at a door reads a tag."""
        topic = f"gateway/BTtoMQTT/{mac.replace(':', '')}"
        self.says(*((topic, {"id": mac, "rssi": -50 - number}) for number in range(times)))


def model(keeper: Page, name: str, payload: str) -> None:
    """A further model of tracker."""
    keeper.goto("/tracker-models/new")
    keeper.locator("[name=name]").fill(name)
    keeper.locator("[name=payload]").select_option(payload)
    keeper.locator("[name=dwell_minutes]").fill("1")
    keeper.locator(".thumbs button[type=submit]").click()
    keeper.wait_for_url(re.compile("/tracker-models$"))


def tracker(keeper: Page, name: str, of_model: str, source: str = "", natural_id: str = "") -> str:
    """A further tracker; its number."""
    keeper.goto("/trackers/new")
    keeper.locator("[name=name]").fill(name)
    keeper.locator("[name=model]").select_option(label=of_model)
    keeper.locator("[name=source]").select_option(source)
    keeper.locator("[name=natural_id]").fill(natural_id)
    keeper.locator("main form button[type=submit]").last.click()
    keeper.wait_for_url(re.compile(r"/trackers/K\d"))
    return keeper.url.rsplit("/", 1)[1].partition("#")[0]


def source(keeper: Page, name: str, depot: str) -> str:
    """A reader at the return door of a depot; its key."""
    keeper.goto("/tracker-sources/new")
    keeper.locator("[name=name]").fill(name)
    keeper.locator("[name=payload]").select_option("ble")
    keeper.locator("[name=depot]").select_option(label=depot)
    keeper.locator("[name=return_door]").check()
    keeper.locator("main form button[type=submit]").last.click()
    keeper.wait_for_url(re.compile(r"/tracker-sources/(?!new)"))
    return keeper.url.rsplit("/", 1)[1].partition("#")[0]


def bind(keeper: Page, number: str, code: str) -> None:
    """Put a tracker on the item with this label."""
    keeper.goto(f"/trackers/{number}")
    way = keeper.locator("[id='act-bind']")
    if way.locator("summary").count():
        way.locator("summary").click()
    keeper.locator("[name=code]").fill(code)
    way.locator("button[type=submit]").click()
    expect(keeper.locator("#state")).to_contain_text(f"{code[:4]}-{code[4:]}")


def issue(keeper: Page, address: str) -> Access:
    """Issue credentials and read them off the page, which shows them this one time."""
    keeper.goto(address)
    keeper.locator("[id='issue'] button[type=submit], button[id='issue']").first.click()
    card = keeper.locator("#secret")
    expect(card).to_be_visible()
    told = [cell.inner_text().strip() for cell in card.locator("dd").all()]
    username, topics, server = told
    where = urlsplit(server)
    made = Access(
        where.hostname or "", where.port or 0, username, keeper.locator("#made").input_value(), topics.rstrip("/…")
    )
    keeper.goto(address)
    expect(keeper.locator("#secret")).to_have_count(0)
    assert made.password not in keeper.content()
    return made


def let_in(access: Access) -> bool:
    """Whether the broker takes it before long."""
    return bool(comes(lambda: is_let_in(access.port, access.username, access.password), KEEPER_OF_BROKER_SECONDS))


def handed_out_before(folder: Path, loan: str) -> None:
    """As if the items had left half an hour ago: a door that still reads what just left means nothing.

    In a thread of its own: the browser's driver has a loop in this one.
    """
    dsn = cluster_of(Settings(state_dir=folder / "state")).dsn()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _moved_back(dsn, loan)).result()


async def _moved_back(dsn: str, loan: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            "UPDATE loan_line SET out_at = out_at - $2::interval FROM record"
            " WHERE record.id = loan_line.loan AND record.number = $1",
            loan,
            HANDED_OUT_BEFORE,
        )
    finally:
        await connection.close()
