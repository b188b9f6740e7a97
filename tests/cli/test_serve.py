"""Serving: up with one command, down with one signal, and kill -9 loses nothing that was acknowledged."""

from __future__ import annotations

import asyncio
import signal
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from shared_resources.kernel import clock, identity, verify
from shared_resources.kernel.database.cluster import cluster_of
from shared_resources.kernel.database.postgres import answers
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.schemas.people import TokenDraft
from shared_resources.settings import Settings, settings
from tests.cli.running import Serving, command, fresh_state, serving
from tests.makers import make_depot, make_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ENOUGH = 40
"""Acknowledged acts after which the server is killed."""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_stops_everything_in_order(sign: signal.Signals) -> None:
    with fresh_state() as state:
        with serving(state) as server:
            assert httpx.get(f"{server.address}/healthz").json()["status"] == "ok"
            assert httpx.get(f"{server.address}/sign-in").status_code == 200
            assert server.end(sign) == 0, server.output
            assert "Traceback" not in server.output
        assert not answers(cluster_of(Settings(state_dir=state)))


def test_second_start_finds_what_the_first_left() -> None:
    with fresh_state() as state:
        with serving(state) as server:
            # beside a running server: the commands join its database
            made = command(state, "create-admin", "root", "--password-stdin", stdin="three radios in a van\n")
            assert made.returncode == 0, made.stderr
            assert server.end(signal.SIGTERM) == 0
        with serving(state) as server:
            again = command(state, "create-admin", "root", "--password-stdin", stdin="three radios in a van\n")
            assert again.returncode != 0
            assert server.end(signal.SIGTERM) == 0


def test_taken_port_is_said_plainly() -> None:
    with fresh_state() as state, socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command(state, "serve", PORT=str(port))
        assert done.returncode != 0
        assert f"port {port}" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (state / "postgres").exists()


async def program_of(cast: Cast) -> str:
    """A key by which a program of the owner's custodian registers items."""
    draft = TokenDraft(
        name="import", scopes=frozenset({Permission.ITEM_EDIT}), expires_at=clock.now() + timedelta(days=1)
    )
    return (await identity.create_token(cast.owner.custodian, draft)).token


async def test_killed_in_the_middle_of_many_acts(db: str) -> None:
    cast = await make_cast()
    keeper = cast.owner.custodian
    model, depot = await make_model(keeper=keeper), await make_depot(keeper=keeper)
    key = await program_of(cast)
    draft = {"model": str(model), "depot": str(depot)}
    server = await asyncio.to_thread(Serving, settings().state_dir, DATABASE_URL=db)
    acknowledged: dict[str, str] = {}
    try:
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=server.address, headers=headers) as http:
            await asyncio.gather(
                *(register_many(http, writer, draft, acknowledged, server) for writer in range(6))
            )
    finally:
        await asyncio.to_thread(server.end, signal.SIGKILL)
    assert len(acknowledged) >= ENOUGH
    await nothing_is_lost_and_nothing_half_done(acknowledged)


async def register_many(
    http: httpx.AsyncClient,
    writer: int,
    draft: dict[str, Any],
    acknowledged: MutableMapping[str, str],
    server: Serving,
) -> None:
    """Register items one after the other until the server is gone; somebody kills it on the way."""
    for number in range(10_000):
        asset = f"W{writer}-{number}"
        try:
            answer = await http.post(
                "/api/v1/items", json=draft | {"asset_no": asset}, headers={"idempotency-key": f"key-{asset}"}
            )
        except httpx.TransportError:
            assert server.process.poll() is not None or len(acknowledged) >= ENOUGH
            return
        assert answer.status_code == 201, answer.text
        acknowledged[asset] = answer.json()["code"]
        if len(acknowledged) == ENOUGH:
            server.process.kill()


async def nothing_is_lost_and_nothing_half_done(acknowledged: dict[str, str]) -> None:
    """Every acknowledged item is there with journal and custody; every item that is there is whole."""
    async with reading() as connection:
        rows = await connection.fetch(
            "SELECT i.asset_no, i.code, (SELECT count(*) FROM journal_line j WHERE j.chain = i.id) AS journal,"
            " (SELECT count(*) FROM custody_line c WHERE c.chain = i.id) AS custody,"
            " EXISTS (SELECT FROM party p WHERE p.record = i.id) AS party FROM item i"
        )
        orphans = await connection.fetchval(
            "SELECT count(*) FROM record r LEFT JOIN item i ON i.id = r.id WHERE r.kind = 'item' AND i.id IS NULL"
        )
    found = {row["asset_no"]: row["code"] for row in rows}
    assert acknowledged.items() <= found.items()
    assert all(row["journal"] and row["custody"] and row["party"] for row in rows)
    assert orphans == 0
    assert await verify.verify_all() is None
