"""A door behind which everything goes wrong, for the tests of the translator and of acts done once."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import asyncpg
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from pydantic import BaseModel, Field

from shared_resources.app import create_app
from shared_resources.kernel.doors import sign_in
from shared_resources.kernel.errors import (
    Invalid,
    NotAllowed,
    Refusals,
    Repeated,
    SignInNeeded,
    Taken,
    TooLarge,
    TooMany,
    WrongState,
)
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.web.assets import AssetsMissing

DO = "Check the number, or search for it."

TROUBLES: dict[str, Exception] = {
    "invalid": Invalid("A name is needed.", code="name", field="name"),
    "several": Refusals(
        [Invalid("A name is needed.", code="name", field="name"), Taken("No.", code="taken", do=DO)]
    ),
    "missing": not_found(),
    "forbidden": NotAllowed("Your role in this agency does not include this act.", do=DO, code="not_allowed"),
    "nobody": SignInNeeded("Please sign in first."),
    "moved": WrongState("Somebody changed this while you were looking at it.", code="stale"),
    "repeated": Repeated("This was done before.", code="repeated"),
    "large": TooLarge("This is larger than we take.", code="too_large"),
    "many": TooMany("Too many tries. Please wait %(minutes)d min and try again.", seconds=77, minutes=2),
    "exclusion": asyncpg.ExclusionViolationError("conflicting key"),
    "unique": asyncpg.UniqueViolationError("duplicate key"),
    "linked": asyncpg.ForeignKeyViolationError("violates"),
    "serialization": asyncpg.SerializationError("could not serialize"),
    "deadlock": asyncpg.DeadlockDetectedError("deadlock"),
    "slow": asyncpg.QueryCanceledError("statement timeout"),
    "gone": asyncpg.ConnectionDoesNotExistError("closed"),
    "refused": ConnectionRefusedError("no server"),
    "odd": asyncpg.CharacterNotInRepertoireError("0x00"),
    "wrong sql": asyncpg.UndefinedTableError("relation secret_table"),
    "fault": RuntimeError("secret detail"),
    "assets": AssetsMissing("styles/main.css"),
}

runs: list[str] = []
gate = asyncio.Event()
started = asyncio.Event()


class Draft(BaseModel):
    """What the door takes."""

    name: str = Field(min_length=1, max_length=5)
    count: int = Field(ge=1, le=9)


@get(["/api/v1/trouble/{kind:str}", "/trouble/{kind:str}"])
async def trouble(kind: FromPath[str]) -> None:
    """Raise what is asked for."""
    raise TROUBLES[kind]


@post("/trouble/{kind:str}", include_in_schema=False)
async def trouble_form(kind: FromPath[str]) -> None:
    """The same for forms."""
    raise TROUBLES[kind]


@get("/api/v1/numbers")
async def numbers(size: FromQuery[int] = 1) -> int:
    """A number from the query."""
    return size


@post("/api/v1/acts")
async def act(actor: Actor, data: Draft, act_id: str | None) -> Response[dict[str, Any]]:
    """An act that must happen once."""
    runs.append(str(act_id))
    started.set()
    if data.name == "slow":
        await gate.wait()
    if data.name == "fault":
        raise RuntimeError
    if data.name == "taken":
        raise Taken("No.", code="taken")
    return Response({"run": len(runs)}, status_code=201, headers={"location": f"/api/v1/acts/{len(runs)}"})


ROUTES: list[HTTPRouteHandler] = [trouble, trouble_form, numbers, act]
app = create_app(doors=[sign_in, SimpleNamespace(ROUTES=ROUTES)])
