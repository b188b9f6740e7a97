"""The API against its own OpenAPI document: a machine reads it, asks everything, and finds what it was promised.

Every operation is tried with generated requests, right ones and wrong ones, half of them on things that are there.
No answer is an error of the server, every answer has a status, a type and a shape that the document tells.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, Response
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared_resources.kernel import clock
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.identity import create_token, grantable
from shared_resources.kernel.schemas.people import TokenDraft
from tests.clients import ADDRESS, application
from tests.conftest import TEMPLATE, copy_of
from tests.proofs.bodies import document
from tests.proofs.scene import Scene, build
from tests.proofs.walks import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.database.cluster import Cluster

EXAMPLES = 15
OF_A_FAMILY, SLOW = 3, {"checkLetter": 2}
"""Steps of the families share one handler, and test_cases_once takes each: three requests are enough. A check of a
letter starts a process of its own."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(document())
OPERATIONS: dict[str, Any] = {
    found.ok().definition.raw["operationId"]: found.ok()  # type: ignore[union-attr]
    for found in SCHEMA.get_all_operations()
}


@dataclass(frozen=True)
class Desk:
    """A program's connection: a loop that lives as long as the pool, a client with a keeper's token."""

    runner: asyncio.Runner
    http: httpx.AsyncClient
    scene: Scene

    def send(self, case: Case[Any]) -> Any:
        """Send a generated request; the answer as schemathesis wants it."""
        wanted: Any = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()
        body = wanted.body.encode() if isinstance(wanted.body, str) else wanted.body
        headers = {name: value for name, value in wanted.headers.items() if name.lower() != "authorization"}
        answer = self.runner.run(self.http.request(wanted.method, wanted.url, content=body, headers=headers))
        return Response.from_httpx(answer, verify=False)


@pytest.fixture(scope="module")
def desk(postgres: Cluster, template_dsn: str) -> Iterator[Desk]:
    """The scene, and the token of the keeper who owns what is in it."""

    async def opened(dsn: str) -> tuple[Scene, str]:
        await connect(dsn)
        scene = await build()
        keeper = scene.cast.owner.custodian
        scopes = frozenset(scope.value for scope in grantable(keeper.roles))
        draft = TokenDraft(name="schemathesis", scopes=scopes, expires_at=clock.now() + timedelta(days=90))
        return scene, (await create_token(keeper, draft)).token

    with copy_of(postgres, TEMPLATE) as dsn, asyncio.Runner() as runner:
        scene, token = runner.run(opened(dsn))
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=application(), raise_app_exceptions=False),
            headers={"authorization": f"Bearer {token}"},
        )
        yield Desk(runner, http, scene)
        runner.run(http.aclose())
        runner.run(disconnect())


def things(scene: Scene) -> dict[str, list[str]]:
    """What the parameters of a path may be called, and such things."""
    loans = list(scene.loans.values())
    return {
        "certificate_id": [str(scene.certificate)],
        "closure": [str(scene.closure)],
        "code": [scene.item.code, *(code for loan in loans for code in loan.codes)],
        "feed": [str(scene.feed)],
        "handover": [str(scene.out_handover), str(scene.back_handover)],
        "identifier": [str(scene.model), str(scene.depots["owner"])],
        "notice": [str(scene.told)],
        "attachment": [str(scene.papers.attachment)],
        "document": [str(scene.papers.document)],
        "number": [*(loan.number for loan in loans), scene.incident, scene.papers.party],
        "rule": [str(scene.rule)],
        "slug": ["owner", "borrower"],
    }


def kind_of(path: str) -> str | None:
    """The kind of record that a path is about, if a family has it."""
    return next((kind for kind in BY_KIND if f"{path}/".startswith(f"/api/v1{BY_KIND[kind].address}/")), None)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_answers_as_its_document_tells(name: str, desk: Desk) -> None:
    """Fifteen requests or fewer, the same ones each time."""
    there = things(desk.scene)
    kind = kind_of(OPERATIONS[name].path)
    if kind:
        there["number"] = [desk.scene.papers.numbers[kind]]

    @seed(20261124)
    @settings(
        max_examples=SLOW.get(name, OF_A_FAMILY if kind else EXAMPLES),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[name].as_strategy(), data=st.data())
    def tried(case: Case[Any], data: st.DataObject) -> None:
        for parameter in case.path_parameters or {}:
            if parameter in there and data.draw(st.booleans()):
                case.path_parameters[parameter] = data.draw(st.sampled_from(there[parameter]))
        case.validate_response(desk.send(case), checks=CHECKS)

    tried()
