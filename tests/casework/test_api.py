"""The API of every family: the form's schema is the body, the page's buttons are the choices."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from shared_resources.app import DOORS, create_app
from shared_resources.kernel.doors.casework_api import api_of
from tests.casework.errand import FAMILY
from tests.clients import client_for
from tests.people import make_cast


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(doors=[*DOORS, SimpleNamespace(ROUTES=api_of(FAMILY))])


async def test_a_program_opens_answers_and_reads(db: str, app: Any) -> None:
    cast = await make_cast()
    wish = {"matter": "取回样品", "helper": str(cast.borrower.agency), "stops": [{"place": "观音桥"}]}
    async with client_for(cast.owner.officer, app) as asker:
        wrong = await asker.ask("POST", "/api/v1/errands", {**wish, "stops": [{}]})
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["field"] == "stops.0.place"
        opened = await asker.ask("POST", "/api/v1/errands", wish)
        assert opened.status_code == 201, opened.text
        number = opened.json()["number"]
    async with client_for(cast.borrower.head, app) as helper:
        seen = (await helper.get(f"/api/v1/errands/{number}")).json()
        assert {choice["step"]: choice["allowed"] for choice in seen["choices"]} == {
            "answer": True,
            "finish": False,
        }
        done = await helper.ask("POST", f"/api/v1/errands/{number}/answer", {"text": "同意办理。"})
        assert done.status_code == 200, done.text
        assert done.json()["letters"][0]["number"] == "渝borrower函〔2026〕1号"
        assert [each["number"] for each in (await helper.get("/api/v1/errands")).json()["records"]] == [number]
    async with client_for(cast.third.head, app) as stranger:
        assert (await stranger.get(f"/api/v1/errands/{number}")).status_code == 404
