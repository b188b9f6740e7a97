"""Telling the sixty stories through the verbs, each act at the hour at which it would have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from shared_resources.demo.stories import STORIES, Story
from shared_resources.equipment.queries.handover import line_rows, loan_row
from shared_resources.equipment.schemas.booking import BookingDraft, Ground, Mode, Offer, Wish
from shared_resources.equipment.schemas.handover import (
    Condition,
    Direction,
    HandoverDraft,
    IncidentKind,
    IncidentReport,
    InspectedItem,
    ItemState,
)
from shared_resources.equipment.service.decisions import (
    approve_loan,
    offer_part,
    refuse_loan,
    withdraw_loan,
)
from shared_resources.equipment.service.emergency import release_loan
from shared_resources.equipment.service.handover import confirm_handover, propose_handover
from shared_resources.equipment.service.incidents import inspect_return, report_incident
from shared_resources.equipment.service.register import change_item_state
from shared_resources.equipment.service.requests import request_booking
from shared_resources.equipment.service.sweeps import lapse_uncollected, mark_overdue
from shared_resources.kernel import clock
from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from shared_resources.demo.people import People
    from shared_resources.demo.register import Register
    from shared_resources.kernel.permissions import Actor

T = TypeVar("T")
SATURDAY = 5
ASKED_BEFORE, DECIDED_AFTER = timedelta(days=2), timedelta(hours=3)
SOON_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Scene:
    """One story with its people and hours."""

    story: Story
    asker: Actor
    decider: Actor
    keeper: Actor
    starts_at: datetime
    ends_at: datetime

    @property
    def asked_at(self) -> datetime:
        """Two days before the loan, but never later than now."""
        return min(self.starts_at - ASKED_BEFORE, clock.now() - DECIDED_AFTER - SOON_BEFORE)

    @property
    def taker(self) -> Actor:
        """Who receives the items: in shared use the owner's own operator."""
        return self.decider if self.story.mode == "shared_use" else self.asker


async def load_loans(people: People, register: Register) -> None:
    """Tell every story, the oldest first, then let the clock do what it would have done."""
    scenes = sorted((scene_of(people, story) for story in STORIES), key=lambda scene: scene.starts_at)
    for scene in scenes:
        await tell(scene, register)
    await lapse_uncollected()
    await mark_overdue()


def scene_of(people: People, story: Story) -> Scene:
    """The people and hours of a story."""
    starts_at = clock.now() if story.ends == "emergency" else working_hour(story.day, story.hour)
    return Scene(
        story,
        asker=people.with_role(story.borrower, Role.OFFICER)[0],
        decider=people.with_role(story.owner, Role.UNIT_HEAD)[0],
        keeper=people.with_role(story.owner, Role.CUSTODIAN)[0],
        starts_at=starts_at,
        ends_at=return_hour(story, starts_at),
    )


def return_hour(story: Story, starts_at: datetime) -> datetime:
    """When it is due back: not on a week-end, and what is still out is due in the future."""
    ends_at = starts_at + timedelta(hours=story.hours)
    if story.ends == "emergency":
        return ends_at
    while ends_at.weekday() >= SATURDAY or (story.ends == "out" and ends_at < clock.now() + SOON_BEFORE):
        ends_at += timedelta(days=1)
    return ends_at


def working_hour(days: int, hour: int) -> datetime:
    """``hour`` of the day that lies ``days`` from today, moved past a week-end in the same direction."""
    day = clock.today() + timedelta(days=days)
    step = timedelta(days=-1 if days < 0 else 1)
    while day.weekday() >= SATURDAY:
        day += step
    return datetime.combine(day, time(hour), LOCAL_ZONE)


async def tell(scene: Scene, register: Register) -> None:
    """One story up to where it ends."""
    number = await ask(scene, register)
    match scene.story.ends:
        case "requested":
            return
        case "emergency":
            await at(clock.now(), release_loan(scene.decider, number))
            await hand_out(scene, number)
        case "refused":
            await decided(scene, refuse_loan(scene.decider, number, "该时段本单位执法任务需要,无法借出。"))
        case "withdrawn":
            await decided(scene, withdraw_loan(scene.asker, number, "检查计划取消。"))
        case "offered":
            await decided(scene, offer_half(scene, number))
        case _:
            await go_on(scene, number)


async def go_on(scene: Scene, number: str) -> None:
    """A story that was approved."""
    if (await loan_row(number)).state == "requested":
        await decided(scene, approve_loan(scene.decider, number))
    ends = scene.story.ends
    if ends in ("approved", "lapsed"):
        return
    if ends == "conflict":
        code = await first_code(number)
        await change_item_state(scene.keeper, code, "send_to_repair", note="镜头起雾")
        return
    await hand_out(scene, number)
    if ends in ("out", "overdue"):
        return
    if ends == "lost":
        await lose(scene, number)
        return
    await take_back(scene, number)
    if ends == "damaged":
        await damage(scene, number)
    elif ends == "closed":
        await inspect(scene, number)


async def ask(scene: Scene, register: Register) -> str:
    """The request; returns the loan's number."""
    story = scene.story
    draft = BookingDraft(
        wishes=(Wish(model=register.models[story.category], count=story.count, owner=story.owner),),
        starts_at=scene.starts_at,
        ends_at=scene.ends_at,
        purpose=story.purpose,
        place=story.place,
        ground=Ground(story.ground),
        mode=Mode(story.mode),
        evidential=story.evidential,
        emergency=story.ends == "emergency",
    )
    with clock.at(clock.now() if story.ends == "emergency" else scene.asked_at):
        made = await request_booking(scene.asker, draft)
    return made.loans[0].number


async def at(instant: datetime, act: Awaitable[T]) -> T:
    """Await ``act`` with the clock held at ``instant``."""
    with clock.at(instant):
        return await act


async def decided(scene: Scene, act: Awaitable[T]) -> T:
    """The owner's answer, some hours after the request."""
    return await at(scene.asked_at + DECIDED_AFTER, act)


async def offer_half(scene: Scene, number: str) -> None:
    """Offer the first line only."""
    rows = await line_rows(await loan_row(number))
    offer = Offer(lines=(rows[0]["id"],), reason="另一架正在定检。")
    await offer_part(scene.decider, number, offer)


async def hand_out(scene: Scene, number: str) -> None:
    """Both sign at the counter when the loan begins."""
    begins = min(scene.starts_at + timedelta(minutes=5), clock.now())
    with clock.at(begins):
        await both_sign(number, Direction.OUT, scene.keeper, scene.taker)


async def take_back(scene: Scene, number: str) -> None:
    """Both sign a little before the end."""
    with clock.at(scene.ends_at - timedelta(minutes=20)):
        await both_sign(number, Direction.BACK, scene.taker, scene.keeper)


async def both_sign(number: str, direction: Direction, giver: Actor, taker: Actor) -> None:
    """One hand-over of everything on the loan: proposed by the giver, confirmed by the taker."""
    draft = HandoverDraft(
        direction=direction,
        other=person(taker),
        items=tuple([state_of(row) for row in await line_rows(await loan_row(number))]),
        place="装备库柜台",
    )
    handover = await propose_handover(giver, number, draft)
    await confirm_handover(taker, handover)


def state_of(row: Any) -> ItemState:
    """An item in good order, storage wiped."""
    return ItemState(code=row["code"], condition=Condition.GOOD, wiped=True)


async def lose(scene: Scene, number: str) -> None:
    """Reported lost on the evening of the loan."""
    report = IncidentReport(
        code=await first_code(number), kind=IncidentKind.LOSS, description="活动散场时遗失,已调取周边视频查找。"
    )
    await at(scene.ends_at - timedelta(hours=1), report_incident(scene.asker, report))


async def damage(scene: Scene, number: str) -> None:
    """Found damaged on inspection."""
    report = IncidentReport(
        code=await first_code(number), kind=IncidentKind.DAMAGE, description="外壳开裂,无法开机,初步判断为跌落。"
    )
    await at(scene.ends_at + timedelta(hours=1), report_incident(scene.keeper, report))


async def inspect(scene: Scene, number: str) -> None:
    """Everything fit: the loan closes the next morning."""
    rows = await line_rows(await loan_row(number))
    findings = [InspectedItem(code=row["code"], fit=True) for row in rows]
    await at(scene.ends_at + timedelta(hours=15), inspect_return(scene.keeper, number, findings))


async def first_code(number: str) -> str:
    """The code of the first item on a loan."""
    rows = await line_rows(await loan_row(number))
    return str(rows[0]["code"])


def person(actor: Actor) -> UUID:
    """The person behind an actor of the demo."""
    assert actor.person is not None
    return actor.person
