"""The OpenAPI document and its page: every operation told, refusals in the shape they really have."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from tests.clients import application, client_for

from shared_resources.kernel.web.reference import reference

PROBLEM = "application/problem+json"
CHANGING = ("post", "put", "patch", "delete")


@functools.cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = application().app.app.openapi_schema.to_schema()
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, told) for path, item in document()["paths"].items() for method, told in item.items()]


def test_every_operation_has_a_name_a_summary_and_a_group_of_the_document() -> None:
    ids = [told["operationId"] for _, _, told in operations()]
    assert len(ids) == len(set(ids))
    groups = {tag["name"] for tag in document()["tags"]}
    for path, method, told in operations():
        assert path.startswith("/api/v1/"), path
        assert told["summary"], (method, path)
        assert set(told["tags"]) <= groups, (method, path)


def test_refusals_are_told_in_the_shape_they_have() -> None:
    for path, method, told in operations():
        for code, response in told["responses"].items():
            if code.startswith(("4", "5")):
                assert list(response["content"]) == [PROBLEM], (method, path, code)


def test_every_act_can_be_done_once() -> None:
    bare = [
        (method, path)
        for path, method, told in operations()
        if method in CHANGING and "Idempotency-Key" not in {entry["name"] for entry in told.get("parameters", ())}
    ]
    assert bare == []


async def test_the_page_names_every_operation_and_how_to_call_it(db: str) -> None:
    async with client_for() as browser:
        page = await browser.page("/schema")
        raw = await browser.get("/schema/openapi.json")
    assert page.status_code == 200
    assert raw.json()["info"]["title"] == "Shared Resources"
    for _, _, told in operations():
        assert f'id="{told["operationId"]}"' in page.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_call_to_try_has_what_it_needs(method: str) -> None:
    made = [one for group in reference(document(), "https://here") for one in group.operations]
    for operation in made:
        if operation.method.lower() == method:
            assert operation.curl.startswith("curl -s ")
            assert f"https://here{operation.path}" in operation.curl
            assert ("Idempotency-Key" in operation.curl) == (method != "get")
