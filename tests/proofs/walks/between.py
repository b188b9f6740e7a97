"""Assistance, disputes, transfers, receipts and referrals: owner and borrower face each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor
from tests.cases.assistance import asking
from tests.cases.assistance.test_assistance_machine import PATHS as ASSISTANCE_PATHS
from tests.cases.disputes import disputing
from tests.cases.disputes.test_dispute_machine import PATHS as DISPUTE_PATHS
from tests.cases.joint_operations.operating import clock_takes
from tests.cases.transfers import transferring
from tests.cases.transfers.test_receipts import PATHS as RECEIPT_PATHS
from tests.cases.transfers.test_receipts import walk as walk_receipt
from tests.cases.transfers.test_referrals import PATHS as REFERRAL_PATHS
from tests.cases.transfers.test_transfer_machine import PATHS as TRANSFER_PATHS
from tests.cases.transfers.test_transfer_machine import walk as walk_transfer
from tests.proofs.walks import MORNING, teams_of

if TYPE_CHECKING:
    from shared_resources.kernel.asks import Asked


class Assistance:
    """Owner asks, borrower helps."""

    kind = "assistance"

    def __init__(self, story: asking.Asking) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices)

    async def reach(self, state: str) -> str:
        urgent = asking.URGENT if state in ("oral_open", "sent", "assisting") else {}
        await self.story.open(**urgent)
        path = ("oral_request", "act_at_once") if state == "assisting" else ASSISTANCE_PATHS[state]
        await self.story.take(*path)
        return self.story.number

    def usual(self, step: str) -> Actor:
        return self.story.actor(step)

    def form(self, step: str) -> Asked | None:
        if step == "amend":
            return asking.schemas.Terms(**asking.terms())
        return asking.FORMS.get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class Disputes:
    """Owner against borrower."""

    kind = "dispute"

    def __init__(self, story: disputing.Disputing) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices)

    async def reach(self, state: str) -> str:
        await self.story.open()
        await self.story.take(*(("propose",) if state == "negotiating" else DISPUTE_PATHS[state]))
        if state == "coordinating":
            await self.story.take("hear")
        return self.story.number

    def usual(self, step: str) -> Actor:
        return self.story.actor(step)

    def form(self, step: str) -> Asked | None:
        return disputing.FORMS.get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class Transfers:
    """Owner sends, borrower receives; the third agency is the next hop."""

    kind = "transfer"

    def __init__(self, story: transferring.Transferring) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices)

    async def reach(self, state: str) -> str:
        await self.story.open()
        if state == "overdue":
            await clock_takes(transferring.TRANSFERS, self.story.number, "mark_overdue")
        else:
            await walk_transfer(self.story, TRANSFER_PATHS[state])
        return self.story.number

    def usual(self, step: str) -> Actor:
        return SYSTEM_ACTOR if self._permission(step) is None else self.story.actor(step)

    def _permission(self, step: str) -> object:
        return transferring.TRANSFERS.procedure.permission_of(step)

    def form(self, step: str) -> Asked | None:
        return transferring.transfer_forms(self.story.cast.third.agency).get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING + timedelta(days=3) if state == "overdue" else MORNING


class Receipts:
    """A complaint received by the owner."""

    kind = "receipt"

    def __init__(self, story: transferring.Transferring) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices)

    async def reach(self, state: str) -> str:
        owner = self.story.cast.owner
        number = (await open_case(owner.clerk, transferring.RECEIPTS, transferring.registration())).number
        if state == "undecided":
            await clock_takes(transferring.RECEIPTS, number, "warn_undecided")
        else:
            await walk_receipt(self.story, number, RECEIPT_PATHS[state])
        return number

    def usual(self, step: str) -> Actor:
        if transferring.RECEIPTS.procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        owner = self.story.cast.owner
        return owner.head if step in ("judge_own", "judge_not_own", "withdraw") else owner.clerk

    def form(self, step: str) -> Asked | None:
        return transferring.receipt_forms(self.story.cast.borrower.agency).get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class Referrals:
    """Owner refers a suspected crime to the police."""

    kind = "referral"

    def __init__(self, story: transferring.Referring) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices, police=story.police)

    async def reach(self, state: str) -> str:
        await self.story.open()
        await self.story.take(*REFERRAL_PATHS[state])
        return self.story.number

    def usual(self, step: str) -> Actor:
        return SYSTEM_ACTOR if step == "lapse" else self.story.actor(step)

    def form(self, step: str) -> Asked | None:
        return transferring.referral_forms().get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING
