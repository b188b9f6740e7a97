"""A delegation walked by the cast: the borrower commissions, the owner's laboratory tests."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PIL import Image

from shared_resources.equipment.queries import instruments
from shared_resources.families import FAMILIES
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.storage import keep
from shared_resources.lab.families import DELEGATIONS
from shared_resources.lab.queries.results import tests_of
from shared_resources.lab.schemas import delegations as forms
from shared_resources.lab.schemas.results import ResultDraft
from shared_resources.lab.schemas.samples import (
    Arrival,
    Destroying,
    Portion,
    PuttingAway,
    Retaining,
    SampleTaken,
    Sending,
    Splitting,
)
from shared_resources.lab.service.bench import record_result, review_result
from shared_resources.lab.service.samples import destroy, put_away, retain, split, take_sample, take_to_bench
from shared_resources.lab.service.shipments import close_shipment, scan, send
from tests.lab.house import ITEM, METHOD, make_bench

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from tests.lab.house import Bench
    from tests.people import Cast

assert FAMILIES
assert instruments
NOTES = {"send_back", "withdraw", "send_back_report"}
MATERIAL = {"name": "黄瓜", "quantity": "2 kg", "state": "新鲜", "wish": "keep"}


def request_form(bench: Bench, **more: Any) -> forms.Delegation:
    """What the borrower asks of the owner's laboratory."""
    told = {
        "laboratory": bench.number,
        "case_name": "巴南农贸市场蔬菜农残案",
        "outline": "执法人员在市场抽取黄瓜样品，疑似农药残留超标。",
        "question": "送检黄瓜毒死蜱残留量是否符合国家标准？",
        "materials": (MATERIAL,),
        "tests": ({"item": ITEM, "method": METHOD, "standard_limit": "≤0.02 mg/kg"},),
        "destructive": True,
        "needed_by": clock.today() + timedelta(days=40),
        "contact": "王执法",
        "phone": "023-60000001",
    }
    return forms.Delegation.model_validate(told | more)


FORMS: dict[str, Any] = {
    "accept": lambda: forms.Acceptance(agreed_due=clock.today() + timedelta(days=20), accepted_by="收样员"),
    "decline": lambda: forms.Declining(ground=forms.DeclineGround.MATERIAL, reason="样品已经腐败变质。"),
    "need_more": lambda: forms.MoreNeeded(what="请补充同批次留样。"),
    "supply": lambda: forms.Supplied(what="已补充同批次留样。"),
    "ask_later": lambda: forms.Later(until=clock.today() + timedelta(days=40), reason="仪器检修。"),
    "agree_later": lambda: forms.LaterAgreed(agreed_by="王执法"),
    "draft_report": lambda: forms.ReportDraft(basis=METHOD, conclusion="所检项目不符合国家标准。"),
    "amend_report": lambda: forms.Amendment(reason="更正样品名称。"),
    "receive": lambda: forms.ReportReceived(received_by="王执法"),
    "tell_period": lambda: forms.PeriodTold(party="某商行"),
    "tell_party": lambda: forms.PartyTold(
        party="某商行",
        told_at=clock.now(),
        channel=forms.Channel.SERVED,
        told_by="王执法",
        objection_by=clock.today() + timedelta(days=7),
    ),
    "object": lambda: forms.Objection(party="某商行", objected_on=clock.today(), grounds="不认可抽样过程。"),
    "refuse_retest": lambda: forms.RetestRefused(party="某商行", reason="备份样品超过保存期限。"),
}


@dataclass
class Appraisal:
    """One laboratory, one delegation, and whatever is on its way."""

    cast: Cast
    bench: Bench
    number: str = ""
    id: UUID | None = None

    def usual(self, step: str) -> Actor:
        """Who usually takes a step."""
        if step in ("issue", "send_back", "grant_retest", "refuse_retest"):
            return self.cast.borrower.head
        if step in ("sign", "send_back_report", "amend_report"):
            return self.cast.owner.head
        ours = ("accept", "decline", "begin", "need_more", "ask_later", "link_booking", "draft_report")
        return self.bench.clerk if step in ours else self.cast.borrower.officer

    def form(self, step: str) -> Asked | None:
        """A form that does for a step."""
        if step == "amend":
            return request_form(self.bench)
        if step == "grant_retest":
            return forms.Retest(
                laboratory=self.bench.number,
                needed_by=clock.today() + timedelta(days=60),
                reason="当事人申请重新检验。",
            )
        found: Asked | None = FORMS[step]() if step in FORMS else None
        return found

    async def drafted(self, **more: Any) -> Appraisal:
        """A draft by the borrower's officer."""
        moved = await open_case(self.cast.borrower.officer, DELEGATIONS, request_form(self.bench, **more))
        self.number, self.id = moved.number, moved.id
        return self

    async def step(self, name: str, form: Asked | None = None, actor: Actor | None = None) -> Moved:
        """One step by whoever usually takes it."""
        entries = form if form is not None else self.form(name)
        note = "情况有变。" if name in NOTES else None
        return await take_step(actor or self.usual(name), DELEGATIONS, self.number, name, entries, note=note)

    async def steps(self, *names: str) -> Appraisal:
        """Several steps, one after the other."""
        for name in names:
            await self.step(name)
        return self

    async def accepted(self, **more: Any) -> Appraisal:
        """Issued and accepted."""
        await self.drafted(**more)
        return await self.steps("submit", "issue", "accept")

    async def sample(self, **more: Any) -> tuple[str, str]:
        """A sample taken for it: its number and its code."""
        actor = self.cast.borrower.officer
        moved = await take_sample(actor, self.number, sample_form(**more), await photo_of(actor))
        return moved.number, await code_of(moved.number)

    async def shipped(self, *numbers: str) -> str:
        """Samples sent; the number of the shipment."""
        sending = Sending(carrier="李押运", waybill="SF-1001", conditions="冷藏 0–5 °C")
        return (await send(self.cast.borrower.officer, self.number, numbers, sending)).number

    async def arrive(self, shipment: str, code: str, **more: Any) -> str:
        """One sample scanned by intake."""
        clerk = self.bench.clerk
        return await scan(clerk, shipment, arrival_form(code, **more), await photo_of(clerk))

    async def sampled(self) -> str:
        """One sample in the laboratory, split into a part for testing and one kept; the code of the first."""
        number, code = await self.sample()
        shipment = await self.shipped(number)
        await self.arrive(shipment, code)
        await close_shipment(self.bench.clerk, shipment)
        made = await split(
            self.bench.clerk, number, Splitting(portions=(Portion(amount=1), Portion(amount=1, kept_for="retest")))
        )
        return await code_of(made[0].number)

    async def tested(self, *, instrument: str | None = None) -> UUID:
        """A result for the only test, reviewed."""
        code = await self.sampled()
        await self.step("begin")
        await self.take(code)
        result = await self.measure(code, instrument=instrument)
        await review_result(self.bench.second_analyst, result)
        return result

    async def take(self, code: str) -> None:
        """The analyst takes a sample to the bench."""
        await take_to_bench(self.bench.analyst, code)

    async def measure(self, code: str, **more: Any) -> UUID:
        """What the analyst finds for the first test."""
        assert self.id is not None
        test = (await tests_of(self.id))[0]
        told = {
            "test": test.id,
            "value": "0.08",
            "unit": "mg/kg",
            "judgement": "fails",
            "measured_at": clock.now(),
            "place": "农残室",
        }
        return await record_result(self.bench.analyst, code, ResultDraft.model_validate(told | more))

    async def reported(self) -> Appraisal:
        """Tested, drafted, signed."""
        await self.tested()
        return await self.steps("draft_report", "sign")

    async def settled(self) -> Appraisal:
        """Every sample accounted for: what was at the bench is destroyed, what was kept stays kept."""
        async with reading() as db:
            rows = await db.fetch(
                "SELECT r.number, r.state, s.kept_for FROM sample s JOIN record r ON r.id = s.id"
                " WHERE s.delegation = $1 ORDER BY r.number",
                self.id,
            )
        clerk = self.bench.clerk
        for row in rows:
            if row["state"] == "at_bench":
                await put_away(clerk, row["number"], PuttingAway(store=self.bench.store))
                await destroy(clerk, row["number"], Destroying(how="高温焚毁", first="收样员", second="检验员"))
            elif row["state"] == "received":
                await retain(clerk, row["number"], Retaining(keep_until=clock.today() + timedelta(days=90)))
        return self

    async def state(self) -> str:
        """Where it stands."""
        assert self.id is not None
        return (await facts_of(self.id)).state


async def make_appraisal(cast: Cast, **more: Any) -> Appraisal:
    """The owner's laboratory and nothing yet."""
    return Appraisal(cast, await make_bench(cast.owner, **more))


_seals = iter(range(1, 100_000))


def sample_form(**more: Any) -> SampleTaken:
    """A sample as two officers take it."""
    told = {
        "material": "黄瓜",
        "amount": "2",
        "unit": "kg",
        "condition": "新鲜",
        "seal_no": f"FT-{next(_seals):06d}",
        "taken_at": clock.now(),
        "taken_where": "巴南农贸市场12号摊",
        "taken_by": "王执法",
        "second_taker": "李执法",
        "lowest_c": 0,
        "highest_c": 8,
    }
    return SampleTaken.model_validate(told | more)


def arrival_form(code: str, **more: Any) -> Arrival:
    """A sample as intake finds it."""
    told = {"code": code, "seal": "whole", "condition": "新鲜", "bench_name": "蔬菜"}
    return Arrival.model_validate(told | more)


async def code_of(number: str) -> str:
    """The code on the label of a sample."""
    async with reading() as db:
        return await db.fetchval(  # type: ignore[no-any-return]
            "SELECT s.code FROM sample s JOIN record r ON r.id = s.id WHERE r.number = $1", number
        )


async def photo_of(actor: Actor) -> UUID:
    """A stored photo of the actor's agency."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    assert actor.agency is not None
    async with transaction():
        stored = await keep(actor.agency, "seal.png", "image/png", buffer.getvalue(), actor.person)
    return stored.id
