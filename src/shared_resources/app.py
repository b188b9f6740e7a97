"""The entrance for people and programs: builds the application, lists the doors."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from litestar import Litestar
from litestar.datastructures import State

from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.doors import health, language, sign_in
from shared_resources.kernel.web import assets
from shared_resources.kernel.web.dependencies import DEPENDENCIES
from shared_resources.kernel.web.errors import answer, answer_asgi
from shared_resources.kernel.web.gate import Gate
from shared_resources.kernel.web.live import hub_is
from shared_resources.kernel.web.once import Once
from shared_resources.kernel.web.own_forms import require_own_form
from shared_resources.kernel.web.schema import OPENAPI
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from litestar.types import ASGIApp

    from shared_resources.kernel.doors.sign_in import DemoSignIn

DOORS = [
    health,
    language,
    sign_in,
]
"""Every door of the house: modules with ``ROUTES``."""

FILES_AT_ONCE = 10
"""A form may carry this many files of the largest size."""


def create_app(demo: Sequence[DemoSignIn] = ()) -> ASGIApp:
    """The whole application as uvicorn runs it. The database of the settings is opened when it starts.

    ``demo``: sign-ins that the sign-in page offers to everybody.
    """
    application = Litestar(
        route_handlers=[assets.static, *(route for door in DOORS for route in door.ROUTES)],
        dependencies=DEPENDENCIES,
        exception_handlers={Exception: answer},
        guards=[require_own_form],
        lifespan=[_running],
        openapi_config=OPENAPI,
        state=State({"demo": tuple(demo)}),
        request_max_body_size=settings().upload_limit_mb * 1_000_000 * FILES_AT_ONCE,
    )
    return Gate(Once(application, answer_asgi), answer_asgi)


@asynccontextmanager
async def _running(_: Litestar) -> AsyncIterator[None]:
    """What runs beside the requests: the pool, word from the database, the worker's tasks if they are ours."""
    chosen = settings()
    if chosen.database_url is None:
        raise RuntimeError("no database: start with `shared-resources serve`")
    await connect(chosen.database_url, min_size=chosen.pool_min, max_size=chosen.pool_max)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(disconnect)
        hub = await stack.enter_async_context(Hub(chosen.database_url))
        stack.enter_context(hub_is(hub))
        yield
