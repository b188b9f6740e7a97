"""A footage request walked by the cast: the borrower asks, the owner holds."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.cases.families import FAMILIES as CASES
from shared_resources.kernel import clock
from shared_resources.kernel.asks import Asked
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.schemas.asked import Claim
from shared_resources.video.families import PRESERVATIONS, REQUESTS
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.schemas import preservations, requests
from shared_resources.video.schemas.copies import CopyDraft
from shared_resources.video.service.copies import order_copy
from shared_resources.video.service.making import make_next
from shared_resources.video.service.receipts import confirm_copy
from tests.video.kept import BEGAN, kept

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast

assert CASES, "disputes are opened by requests"
OFFICERS = (
    {"name": "王执法", "permit_no": "渝01000001", "phone": "023-60000001"},
    {"name": "李执法", "permit_no": "渝01000002", "phone": "023-60000002"},
)
SPAN = {"camera": "观音桥步行街北口", "begins": BEGAN, "ends": BEGAN + timedelta(minutes=10)}
CLAIM = {
    "duty": "如实提供视频影像资料",
    "facts": "持有单位以保密为由不予提供，但未说明具体条款。",
    "own_law": "重庆市人民政府令第197号第四条第（一）项",
    "request": "请求协调持有单位依法提供。",
    "risk": "录像将被覆盖，证据灭失。",
}


def request_form(cast: Cast, **more: Any) -> requests.Request:
    """What the borrower asks of the owner."""
    told = {
        "holder": cast.owner.agency,
        "spans": (SPAN,),
        "purpose": "查明占道经营当事人。",
        "case_name": "观音桥占道经营案",
        "officers": OFFICERS,
        "supply_by": clock.today() + timedelta(days=10),
        "use_until": clock.today() + timedelta(days=60),
    }
    return requests.Request.model_validate(told | more)


FORMS: dict[str, Any] = {
    "call": lambda: requests.PhoneCall(caller="王执法", callee="值班员", phone="023-1", called_at=clock.now()),
    "narrow": lambda: requests.Narrowing(proposal="仅提供当日二十时至二十时十分的资料。"),
    "grant": lambda: requests.Grant(ready_by=clock.today() + timedelta(days=3)),
    "grant_in_part": lambda: requests.PartGrant(
        spans=(requests.Span.model_validate(SPAN),),
        left_out="其余时段",
        ground=requests.PartGround.LEAST_RANGE,
        ready_by=clock.today() + timedelta(days=3),
    ),
    "refuse": lambda: requests.CannotSupply.model_validate(
        {
            "ground": "law_forbids",
            "provision": "保守国家秘密法 第二十八条",
            "facts": "该摄像机属于涉密场所设备，依法不得向外提供。",
        }
    ),
    "does_not_exist": lambda: requests.Nonexistent(searched="北口录像机", why="该时段停电", stated_by="张管理"),
    "deliver": lambda: requests.Delivery(first="张管理", second="赵管理", original_at="区指挥中心机房"),
    "sign": lambda: requests.Receiving(first="王执法", second="李执法"),
    "extend_share": lambda: requests.Extension(until=clock.today() + timedelta(days=90), reason="案件延期办理。"),
    "purpose_done": lambda: requests.PurposeDone(
        first="王执法", second="李执法", outcome=requests.EndOfUse.DESTROYED, how="覆写两次"
    ),
    "dispute": lambda: Claim.model_validate(CLAIM),
}
NOTES = {"send_back", "take_back", "revoke", "withdraw"}


async def permit(actor: Actor, number: str) -> None:
    """Give somebody a permit number in their agency."""
    async with transaction() as db:
        await db.execute(
            "UPDATE appointment SET permit_no = $3 WHERE person = $1 AND agency = $2",
            actor.person,
            actor.agency,
            number,
        )


async def drafted(cast: Cast, **more: Any) -> Moved:
    """A draft by the borrower's officer, who is named in it."""
    await permit(cast.borrower.officer, OFFICERS[0]["permit_no"])
    await permit(cast.borrower.second_officer, OFFICERS[1]["permit_no"])
    return await open_case(cast.borrower.officer, REQUESTS, request_form(cast, **more))


async def step(actor: Actor, moved: Moved, name: str, form: Asked | None = None) -> Moved:
    """One step with the form of this story."""
    entries = form or (FORMS[name]() if name in FORMS else None)
    note = "情况有变。" if name in NOTES else None
    return await take_step(actor, REQUESTS, moved.number, name, entries, note=note)


async def sent(cast: Cast, **more: Any) -> Moved:
    """A request with the holder."""
    moved = await drafted(cast, **more)
    await step(cast.borrower.officer, moved, "submit")
    await step(cast.borrower.head, moved, "approve")
    return await step(cast.borrower.clerk, moved, "send")


async def granted(cast: Cast) -> tuple[Moved, str]:
    """A granted request with its copy made; the request and the number of the copy."""
    moved = await sent(cast)
    await step(cast.owner.head, moved, "grant")
    footage = await kept(cast.owner.officer)
    copy = CopyDraft(kind="extract", start_ms=0, end_ms=1500, request=moved.number)
    number = await order_copy(cast.owner.officer, footage.number, copy)
    await make_next()
    await made(number)
    return moved, number


async def made(number: str) -> None:
    """Wait until a copy is ready: beside a running house its worker makes it."""
    for _ in range(200):
        async with reading() as db:
            if await db.fetchval("SELECT state FROM footage_copy WHERE number = $1", number) == "ready":
                return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{number} was not made")


async def delivered(cast: Cast) -> tuple[Moved, str]:
    """A request whose copies are handed over."""
    moved, number = await granted(cast)
    return await step(cast.owner.officer, moved, "deliver"), number


async def in_use(cast: Cast) -> tuple[Moved, str]:
    """A request signed for."""
    moved, number = await delivered(cast)
    await compare(cast, moved)
    return await step(cast.borrower.officer, moved, "sign"), number


async def compare(cast: Cast, moved: Moved, *, spoil: bool = False) -> list[bool]:
    """The receiving side hashes what it got."""
    found = []
    for copy in await copies_of_request(moved.id):
        assert copy.sha256 is not None
        value = hashlib.sha256(b"altered").digest() if spoil else copy.sha256
        found.append(await confirm_copy(cast.borrower.officer, copy.number, value, copy.sm3))
    return found


async def preservation_of(request: UUID) -> Facts:
    """The preservation notice that belongs to a request."""
    async with reading() as db:
        found = await db.fetchval(
            "SELECT l.source FROM record_link l JOIN record r ON r.id = l.source"
            " WHERE l.target = $1 AND r.kind = 'preservation'",
            request,
        )
    return await facts_of(found)


async def confirm_preservation(cast: Cast, request: UUID) -> Moved:
    """The holder confirms."""
    facts = await preservation_of(request)
    form = preservations.Preserved(how="已导出封存", preserved_by="张管理", until=date(2030, 1, 1))
    return await take_step(cast.owner.officer, PRESERVATIONS, facts.number, "confirm", form)


def at(day: datetime) -> Any:
    """The house's clock at another instant."""
    return clock.at(day)
