"""Which walk belongs to which family, and how its people come together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cases.assistance.asking import make_asking
from tests.cases.disputes.disputing import make_disputing
from tests.cases.joint_operations.operating import make_operating
from tests.cases.meetings.convening import make_convening
from tests.cases.transfers.transferring import make_referring, make_transferring
from tests.makers import make_loan
from tests.people import make_cast, make_offices
from tests.proofs.walks import between, filming, together
from tests.proofs.walks.appraisals import Appraisals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.proofs.walks import Walk


async def _assistance() -> Walk:
    return between.Assistance(await make_asking())


async def _disputes() -> Walk:
    return between.Disputes(await make_disputing())


async def _operations() -> Walk:
    story = await make_operating()
    return together.Operations(story, (await make_loan(cast=story.cast)).number)


async def _tasks() -> Walk:
    return together.Tasks(await make_operating())


async def _meetings() -> Walk:
    return together.Meetings(await make_convening())


async def _items() -> Walk:
    return together.ResolvedItems(await make_convening())


async def _transfers() -> Walk:
    return between.Transfers(await make_transferring())


async def _receipts() -> Walk:
    return between.Receipts(await make_transferring())


async def _referrals() -> Walk:
    return between.Referrals(await make_referring())


async def _notices() -> Walk:
    return together.Notices(await make_cast(), await make_offices())


async def _inspections() -> Walk:
    return together.Inspections(await make_cast(), await make_offices())


async def _footage_requests() -> Walk:
    return filming.FootageRequests(await make_cast(), await make_offices())


async def _preservations() -> Walk:
    return filming.Preservations(await make_cast(), await make_offices())


async def _shared_footage() -> Walk:
    return filming.SharedFootage(await make_cast(), await make_offices())


async def _appraisals() -> Walk:
    cast = await make_cast()
    return await Appraisals.made(cast, await make_offices(), (await make_loan(cast=cast)).number)


MAKERS: Mapping[str, Callable[[], Awaitable[Walk]]] = {
    "assistance": _assistance,
    "dispute": _disputes,
    "footage_request": _footage_requests,
    "inspection": _inspections,
    "joint_operation": _operations,
    "lab_delegation": _appraisals,
    "meeting": _meetings,
    "preservation": _preservations,
    "receipt": _receipts,
    "referral": _referrals,
    "resolved_item": _items,
    "shared_footage": _shared_footage,
    "situation_notice": _notices,
    "task": _tasks,
    "transfer": _transfers,
}
