"""Credentials through the pages: seen once, renewed, revoked; of a gateway too; foreign ones unknown."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from shared_resources.equipment.trackers.schemas.devices import SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.service.devices import register_tracker
from shared_resources.equipment.trackers.service.sources import register_source
from shared_resources.kernel.database.transaction import reading
from tests.equipment.counter import english
from tests.equipment.trackers.register.devices import a_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    import httpx

    from shared_resources.kernel.permissions import Actor
    from tests.clients import Browser

SHOWN = 'id="made"'


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def a_device(keeper: Actor, key: str, payload: str = "native") -> str:
    """A device that speaks for itself under this key; its number."""
    draft = TrackerDraft(name="定位器", model=await a_model(keeper, payload=payload), key=key)
    return (await register_tracker(keeper, draft)).number


def secret_in(answer: httpx.Response) -> str:
    """The password that the page shows."""
    return answer.text.split(SHOWN)[0].rsplit('value="', 1)[1].split('"')[0]


async def credential(username: str) -> str:
    """The id behind a name."""
    async with reading() as db:
        return str(await db.fetchval("SELECT id FROM tracker_credential WHERE username = $1", username))


async def test_a_device_gets_its_credentials_once(cast: Cast) -> None:
    key = "tag-7"
    number = await a_device(cast.owner.custodian, key)
    here = f"/trackers/{number}"
    async with english(cast.owner.custodian) as browser:
        await browser.page(here)
        made = await browser.send(f"{here}/credentials")
        assert made.status_code == 200
        assert made.headers["cache-control"] == "no-store"
        password = secret_in(made)
        assert len(password) >= 22
        assert f"t/{key}/…" in made.text
        assert "mqtt://127.0.0.1:" in made.text
        again = await browser.page(here)
        assert password not in again.text
        assert SHOWN not in again.text
        assert (await browser.send(f"{here}/credentials")).status_code == 409
        renewed = await browser.send(f"{here}/credentials/rotate")
        assert secret_in(renewed) != password
        assert f"{key}.2" in renewed.text
        assert "Valid until" in renewed.text
        await _is_revoked(browser, here, key)


async def _is_revoked(browser: Browser, here: str, username: str) -> None:
    """The button does what it says, once."""
    revoke = f"{here}/credentials/{await credential(username)}/revoke"
    assert (await browser.send(revoke)).status_code == 303
    assert "Revoked" in (await browser.page(here)).text
    assert (await browser.send(revoke)).status_code == 409


async def test_a_phone_is_set_up_by_its_code(cast: Cast) -> None:
    key = "phone-7"
    number = await a_device(cast.owner.custodian, key, "owntracks")
    async with english(cast.owner.custodian) as browser:
        await browser.page(f"/trackers/{number}")
        made = await browser.send(f"/trackers/{number}/credentials")
    link = made.text.split('id="owntracks"')[0].rsplit('value="', 1)[1].split('"')[0]
    told = json.loads(
        base64.b64decode(parse_qs(urlsplit(link.replace("owntracks:", "https:")).query)["inline"][0])
    )
    assert (told["username"], told["password"]) == (key, secret_in(made))
    assert told["pubTopicBase"] == f"owntracks/{key}/phone"


async def test_a_gateway_gets_its_own(cast: Cast) -> None:
    key = await register_source(cast.owner.custodian, SourceDraft(key="door-1", name="门口", payload="ble"))
    here = f"/tracker-sources/{key}"
    async with english(cast.owner.custodian) as browser:
        await browser.page(here)
        made = await browser.send(f"{here}/credentials")
        assert secret_in(made)
        assert f"s/{key}/…" in made.text
        assert secret_in(await browser.send(f"{here}/credentials/rotate")) != secret_in(made)
        await _is_revoked(browser, here, f"{key}.2")


async def test_those_of_one_device_are_not_revoked_by_way_of_another(cast: Cast) -> None:
    one, other = await a_device(cast.owner.custodian, "one"), await a_device(cast.owner.custodian, "two")
    async with english(cast.owner.custodian) as browser:
        await browser.page(f"/trackers/{one}")
        await browser.send(f"/trackers/{one}/credentials")
        answer = await browser.send(f"/trackers/{other}/credentials/{await credential('one')}/revoke")
    assert answer.status_code == 404
