"""What trackers bring about, for programs: alarms and check-ins as they stand."""

from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter

from shared_resources.equipment.trackers.queries.alarms import alarm_list, alarm_page
from shared_resources.equipment.trackers.queries.checkins import checkins
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter, AlarmList, AlarmPage, CheckinView
from shared_resources.kernel.permissions import Actor

TAGS = ["trackers"]


@get("/api/v1/alarms", operation_id="listAlarms", summary="Alarms of one's agency", tags=TAGS)
async def alarms(
    actor: Actor,
    open_only: Annotated[bool, QueryParameter(name="open", description="only those not settled yet")] = True,
    kind: Annotated[str | None, Parameter(max_length=20)] = None,
    loan: Annotated[str | None, Parameter(max_length=20, description="number")] = None,
    tracker: Annotated[str | None, Parameter(max_length=20, description="number")] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> AlarmList:
    """As owner and as borrower, the latest first."""
    wanted = AlarmFilter(open_only=open_only, kind=kind, loan=loan, tracker=tracker)
    return await alarm_list(actor, wanted, cursor=cursor, size=size)


@get("/api/v1/alarms/{number:str}", operation_id="getAlarm", summary="One alarm", tags=TAGS)
async def one_alarm(actor: Actor, number: str) -> AlarmPage:
    """With its facts, no coordinates among them, and its journal."""
    return await alarm_page(actor, number)


@get("/api/v1/checkins", operation_id="listCheckins", summary="What came home by itself", tags=TAGS)
async def waiting(actor: Actor) -> list[CheckinView]:
    """What waits for a keeper of the owner: to be confirmed, or to be taken in."""
    return list(await checkins(actor))


ROUTES: list[HTTPRouteHandler] = [alarms, one_alarm, waiting]
