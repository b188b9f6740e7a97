"""The entrance for people and programs: builds the application, lists the doors."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from litestar import Litestar
from litestar.datastructures import State

from shared_resources import worker
from shared_resources.cases import api as cases_api
from shared_resources.cases import pages as cases_pages
from shared_resources.cases.inspections import api as parties_api
from shared_resources.cases.inspections import pages as parties
from shared_resources.cases.meetings import pages as meetings
from shared_resources.equipment.api import bookings as bookings_api
from shared_resources.equipment.api import calendar as calendar_api
from shared_resources.equipment.api import catalogue as catalogue_api
from shared_resources.equipment.api import custody as custody_api
from shared_resources.equipment.api import depots as depots_api
from shared_resources.equipment.api import feeds as feeds_api
from shared_resources.equipment.api import free as free_api
from shared_resources.equipment.api import handovers as handovers_api
from shared_resources.equipment.api import incidents as incidents_api
from shared_resources.equipment.api import items as items_api
from shared_resources.equipment.api import loans as loans_api
from shared_resources.equipment.api import search as search_api
from shared_resources.equipment.pages import calendar as booking_calendar
from shared_resources.equipment.pages import (
    catalogue,
    certificates,
    custody,
    decisions,
    depots,
    feeds,
    free,
    handovers,
    home,
    imports,
    incidents,
    inspections,
    item_acts,
    items,
    labels,
    loans,
    print_forms,
    requests,
    scan,
    search,
)
from shared_resources.equipment.queries import shown_files
from shared_resources.equipment.trackers.api import broker as broker_api
from shared_resources.equipment.trackers.api import devices as trackers_api
from shared_resources.equipment.trackers.api import positions as positions_api
from shared_resources.equipment.trackers.api import standing as standing_api
from shared_resources.equipment.trackers.api import standing_acts as standing_acts_api
from shared_resources.equipment.trackers.pages import alarm_acts as tracker_alarm_acts
from shared_resources.equipment.trackers.pages import alarms as tracker_alarms
from shared_resources.equipment.trackers.pages import areas as tracker_areas
from shared_resources.equipment.trackers.pages import checkin_acts as tracker_checkin_acts
from shared_resources.equipment.trackers.pages import checkins as tracker_checkins
from shared_resources.equipment.trackers.pages import credentials as tracker_credentials
from shared_resources.equipment.trackers.pages import devices as tracker_devices
from shared_resources.equipment.trackers.pages import map as tracker_map
from shared_resources.equipment.trackers.pages import models as tracker_models
from shared_resources.equipment.trackers.pages import sources as tracker_sources
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.doors import (
    account,
    admin_accounts,
    admin_people,
    administration,
    agencies,
    api,
    api_kernel,
    attachments,
    calendar,
    calendar_notices,
    check,
    documents,
    duty,
    figures,
    files,
    health,
    help,
    inbox,
    language,
    links,
    live,
    mailbox,
    notices,
    people,
    record_search,
    schema,
    seals,
    sign_in,
)
from shared_resources.kernel.web import assets
from shared_resources.kernel.web.api import described
from shared_resources.kernel.web.dependencies import DEPENDENCIES
from shared_resources.kernel.web.errors import answer, answer_asgi
from shared_resources.kernel.web.gate import Gate
from shared_resources.kernel.web.live import hub_is
from shared_resources.kernel.web.once import Once
from shared_resources.kernel.web.own_forms import require_own_form
from shared_resources.kernel.web.schema import OPENAPI
from shared_resources.lab.api import directory as laboratories_api
from shared_resources.lab.api import records as lab_records_api
from shared_resources.lab.api import samples as samples_api
from shared_resources.lab.pages import bench, samples, scope_lists, shipments
from shared_resources.lab.pages import directory as laboratories
from shared_resources.lab.pages import papers as lab_papers
from shared_resources.lab.pages import records as lab_records
from shared_resources.settings import settings
from shared_resources.video.api import copies as footage_copies_api
from shared_resources.video.api import records as footage_records_api
from shared_resources.video.api import register as footage_register_api
from shared_resources.video.api import uploads as footage_uploads_api
from shared_resources.video.pages import footage
from shared_resources.video.pages import packs as footage_packs
from shared_resources.video.pages import player as footage_player
from shared_resources.video.pages import records as footage_records
from shared_resources.video.pages import sources as footage_sources
from shared_resources.video.pages import uploads as footage_uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from litestar.types import ASGIApp

    from shared_resources.kernel.doors.sign_in import DemoSignIn

DOORS = [
    account,
    admin_accounts,
    admin_people,
    administration,
    agencies,
    api,
    api_kernel,
    attachments,
    bench,
    bookings_api,
    booking_calendar,
    broker_api,
    calendar,
    calendar_api,
    calendar_notices,
    catalogue,
    cases_api,
    cases_pages,
    catalogue_api,
    certificates,
    check,
    custody,
    custody_api,
    decisions,
    depots,
    depots_api,
    documents,
    duty,
    feeds,
    feeds_api,
    figures,
    files,
    footage,
    footage_copies_api,
    footage_packs,
    footage_player,
    footage_records,
    footage_records_api,
    footage_register_api,
    footage_sources,
    footage_uploads,
    footage_uploads_api,
    free,
    free_api,
    handovers,
    handovers_api,
    health,
    help,
    home,
    imports,
    inbox,
    incidents,
    incidents_api,
    inspections,
    item_acts,
    items,
    items_api,
    lab_papers,
    lab_records,
    lab_records_api,
    labels,
    laboratories,
    laboratories_api,
    language,
    links,
    live,
    loans,
    loans_api,
    mailbox,
    meetings,
    notices,
    parties,
    parties_api,
    people,
    positions_api,
    print_forms,
    record_search,
    requests,
    samples,
    samples_api,
    scan,
    schema,
    scope_lists,
    search,
    search_api,
    seals,
    shipments,
    sign_in,
    standing_acts_api,
    standing_api,
    tracker_alarm_acts,
    tracker_alarms,
    tracker_areas,
    tracker_checkin_acts,
    tracker_checkins,
    tracker_credentials,
    tracker_devices,
    tracker_map,
    tracker_models,
    tracker_sources,
    trackers_api,
]
"""Every door of the house: modules with ``ROUTES``."""

SHOWN_FILES = shown_files
"""Imported for what it says: which records of equipment show a file."""

FILES_AT_ONCE = 10
"""A form may carry this many files of the largest size."""
PARTS_AT_ONCE = 10_000
"""The counter of a loan of 300 items sends this many fields."""


def create_app(demo: Sequence[DemoSignIn] = (), doors: Sequence[Any] = DOORS) -> ASGIApp:
    """The whole application as uvicorn runs it. The database of the settings is opened when it starts.

    Args:
        demo: sign-ins that the sign-in page offers to everybody.
        doors: modules with ``ROUTES``; tests bring their own.
    """
    application = Litestar(
        route_handlers=[assets.static, *(described(route) for door in doors for route in door.ROUTES)],
        dependencies=DEPENDENCIES,
        exception_handlers={Exception: answer},
        guards=[require_own_form],
        lifespan=[_running],
        openapi_config=OPENAPI,
        state=State({"demo": tuple(demo)}),
        request_max_body_size=settings().upload_limit_mb * 1_000_000 * FILES_AT_ONCE,
        multipart_form_part_limit=PARTS_AT_ONCE,
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
        if chosen.worker_in_process:
            await stack.enter_async_context(worker.running(hub))
        yield
