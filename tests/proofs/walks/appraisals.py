"""Delegations of appraisals: the borrower commissions, the owner's laboratory tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor
from shared_resources.kernel.schemas.asked import BookingLink
from shared_resources.lab.families import DELEGATIONS
from tests.lab.appraising import Appraisal, make_appraisal
from tests.proofs.walks import MORNING, teams_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shared_resources.kernel.asks import Asked
    from tests.people import Cast, Offices, Team

SENT = ("submit", "issue")
AFTER = {
    "reported": (),
    "received": ("receive",),
    "retest_decision": ("receive", "object"),
    "retest": ("receive", "object", "grant_retest"),
    "retest_refused": ("receive", "object", "refuse_retest"),
    "closed": ("receive", "close"),
}


@dataclass
class Appraisals:
    """The borrower asks the owner's laboratory; ``loan``: of the owner's equipment."""

    story: Appraisal
    cast: Cast
    teams: Mapping[str, Team]
    loan: str
    kind: str = "lab_delegation"

    @classmethod
    async def made(cls, cast: Cast, offices: Offices, loan: str) -> Appraisals:
        """With a laboratory that has room for a record in every state."""
        return cls(await make_appraisal(cast, capacity=1000), cast, teams_of(cast, offices), loan)

    async def reach(self, state: str) -> str:
        story = self.story = replace(self.story, number="", id=None)
        await story.drafted()
        ways = {
            "draft": (),
            "submitted": ("submit",),
            "sent": SENT,
            "declined": (*SENT, "decline"),
            "withdrawn": ("withdraw",),
        }
        if state in ways:
            await story.steps(*ways[state])
            return story.number
        await story.steps(*SENT, "accept")
        if state == "accepted":
            return story.number
        if state == "sampled":
            await story.sampled()
            return story.number
        await story.tested()
        await self._onwards(state)
        return story.number

    async def _onwards(self, state: str) -> None:
        """From tested results to where it is to stand; every sample is accounted for on the way."""
        story = self.story
        if state == "waiting":
            await story.step("need_more")
        if state in ("testing", "waiting"):
            return
        await story.step("draft_report")
        if state == "under_review":
            return
        await story.step("sign")
        await story.settled()
        await story.steps(*AFTER[state])

    def usual(self, step: str) -> Actor:
        if DELEGATIONS.procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        return self.story.usual(step)

    def form(self, step: str) -> Asked | None:
        return BookingLink(number=self.loan) if step == "link_booking" else self.story.form(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING
