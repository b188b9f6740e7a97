"""One delegation of the demo: commissioned, sampled, shipped, tested, reported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.demo.cases.stage import form
from shared_resources.demo.laboratories.seals import seal_photo
from shared_resources.demo.people import hash_of
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Role
from shared_resources.lab.queries.results import tests_of
from shared_resources.lab.schemas import delegations as forms
from shared_resources.lab.schemas.results import ResultDraft
from shared_resources.lab.schemas.samples import Arrival, Portion, PuttingAway, SampleTaken, Sending, Splitting
from shared_resources.lab.service.bench import record_result, review_result
from shared_resources.lab.service.samples import put_away, split, take_sample, take_to_bench
from shared_resources.lab.service.shipments import close_shipment, scan, send

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.demo.cases.stage import Stage, Story
    from shared_resources.demo.laboratories.register import DemoLab
    from shared_resources.kernel.permissions import Actor

Values = dict[str, tuple[str, str, str]]
"""What is found by item: value, unit, judgement."""


@dataclass
class Appraising:
    """A client, a laboratory, a question; what is found, and with which instrument (number of the item)."""

    stage: Stage
    nick: str
    client: str
    lab: DemoLab
    number: str
    case: str
    question: str
    material: str
    tests: tuple[tuple[str, str, str], ...]
    found: Values = field(default_factory=dict)
    instrument: str | None = None
    more: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)
    unit: str = "kg"

    @property
    def story(self) -> Story:
        """Its record."""
        return self.stage.story(f"appraisal-{self.nick}", "lab_delegation")

    @property
    def clerk(self) -> Actor:
        """Who receives samples in the laboratory."""
        return self.stage.people.with_role(self.lab.slug, Role.LAB_CLERK)[0]

    @property
    def analysts(self) -> Sequence[Actor]:
        """Who tests and who reviews."""
        return self.stage.people.with_role(self.lab.slug, Role.ANALYST)

    def form(self) -> forms.Delegation:
        """The delegation as its officer fills it in."""
        officer = self.stage.officer(self.client)
        told: dict[str, Any] = {
            "laboratory": self.number,
            "case_name": self.case,
            "outline": f"执法人员在检查中发现{self.material}涉嫌不符合规定，依法抽样取证。",
            "question": self.question,
            "materials": ({"name": self.material, "quantity": "1 份", "state": "性状正常", "wish": "keep"},),
            "tests": tuple(
                {"item": item, "method": method, "standard_limit": limit} for item, method, limit in self.tests
            ),
            "destructive": True,
            "needed_by": clock.today() + timedelta(days=45),
            "contact": officer.name,
            "phone": self.stage.crew(self.client)[0].phone,
        }
        return forms.Delegation.model_validate(told | self.more)

    def sent(self, day: int) -> Story:
        """Drafted by an officer, issued by the head."""
        officer = self.stage.officer(self.client)
        story = self.story.opens((day, "09:20"), officer, self.form).takes((day, "09:40"), officer, "submit")
        return story.takes((day, "11:10"), self.stage.head(self.client), "issue")

    def accepted(self, day: int, term: int = 25) -> Story:
        """Accepted the same afternoon with a day."""
        entries = lambda: form(  # noqa: E731 filled in when its time has come
            forms.Acceptance, agreed_due=clock.today() + timedelta(days=term), accepted_by=self.clerk.name
        )
        return self.sent(day).takes((day, "15:05"), self.clerk, "accept", entries)

    def sampled(self, day: int, term: int = 25, *, count: int = 1) -> Story:
        """Samples taken in the morning of the next day, in the laboratory the day after, one part kept."""
        story = self.accepted(day, term)
        for number in range(1, count + 1):
            story.also((day + 1, f"10:{number:02d}"), "sample", self.take(str(number)))
        story.also((day + 1, "14:30"), "ship", self.ship)
        story.also((day + 2, "09:30"), "receive", self._receive)
        return story.also((day + 2, "10:30"), "split", self._split)

    def testing(self, day: int, term: int = 25) -> Story:
        """The analyst has begun."""
        return self.sampled(day, term).takes((day + 3, "08:50"), self.clerk, "begin")

    def tested(self, day: int, term: int = 25) -> Story:
        """Results are there and reviewed."""
        return self.testing(day, term).also((day + 4, "14:00"), "measure", self._measure)

    def reported(self, day: int, conclusion: str, term: int = 25) -> Story:
        """The report is signed."""
        methods = "；".join(dict.fromkeys(method for _, method, _ in self.tests))
        draft = form(forms.ReportDraft, kind="report", basis=methods, conclusion=conclusion)
        story = self.tested(day, term).takes((day + 5, "10:00"), self.clerk, "draft_report", draft)
        return story.takes((day + 5, "16:20"), self.stage.head(self.lab.slug), "sign")

    def received(self, day: int, conclusion: str, term: int = 25) -> Story:
        """The client has it, and told the party."""
        officer = self.stage.officer(self.client)
        got = form(forms.ReportReceived, received_by=officer.name)
        story = self.reported(day, conclusion, term).takes((day + 6, "09:10"), officer, "receive", got)
        entries = lambda: form(  # noqa: E731 filled in when its time has come
            forms.PartyTold,
            party="重庆某商贸有限公司",
            told_at=clock.now() - timedelta(minutes=20),
            channel="served",
            told_by=officer.name,
            objection_by=clock.today() + timedelta(days=7),
        )
        return story.takes((day + 6, "15:40"), officer, "tell_party", entries)

    def take(self, name: str) -> Any:
        async def act() -> None:
            officer, crew = self.stage.officer(self.client), self.stage.crew(self.client)
            seal = f"CQ{hash_of(self.nick) % 10**6:06d}-{name}"
            draft = SampleTaken.model_validate(
                {
                    "material": self.material,
                    "amount": "2",
                    "unit": self.unit,
                    "condition": "包装完好",
                    "seal_no": seal,
                    "taken_at": clock.now() - timedelta(minutes=5),
                    "taken_where": "当事人经营场所",
                    "taken_by": officer.name,
                    "second_taker": crew[1].name,
                    "lowest_c": 0 if len(self.lab.places) > 1 else None,
                    "highest_c": 4 if len(self.lab.places) > 1 else None,
                }
            )
            photo = await seal_photo(officer, seal)
            self.samples[name] = (await take_sample(officer, self.story.number, draft, photo)).number

        return act

    async def ship(self) -> None:
        sending = Sending(carrier="机要通信车", waybill=f"JY{clock.today():%m%d}", conditions="冷藏箱 0–4 ℃")
        officer = self.stage.officer(self.client)
        moved = await send(officer, self.story.number, list(self.samples.values()), sending)
        self.stage.numbers[f"shipment-{self.nick}"] = moved.number

    async def _receive(self) -> None:
        for name in self.samples:
            await self.arrive(name)
        await close_shipment(self.clerk, self.stage.numbers[f"shipment-{self.nick}"])

    async def arrive(self, name: str, **more: Any) -> None:
        """Intake scans one sample."""
        code, seal = await code_and_seal(self.samples[name])
        told = {"code": code, "seal": "whole", "condition": "性状正常", "bench_name": self.tests[0][0] + "检材"}
        photo = await seal_photo(self.clerk, seal, torn=more.get("seal") == "broken")
        shipment = self.stage.numbers[f"shipment-{self.nick}"]
        await scan(self.clerk, shipment, Arrival.model_validate(told | more), photo)

    async def _split(self) -> None:
        """Half for the bench, half kept; both are put away."""
        halves = Splitting(portions=(Portion.model_validate({"amount": 1}), KEPT))
        for number in list(self.samples.values()):
            made = await split(self.clerk, number, halves)
            for moved, name in zip(made, ("bench", "kept"), strict=True):
                self.samples[name] = moved.number
                await put_away(self.clerk, moved.number, PuttingAway(store=await store_of(moved.number)))

    async def _measure(self) -> None:
        """One tests, another reviews."""
        code, _ = await code_and_seal(self.samples["bench"])
        first, second = self.analysts[0], self.analysts[1]
        await take_to_bench(first, code)
        for test in await tests_of(await record_of(self.story.number)):
            value, unit, judgement = self.found[test.item]
            draft = ResultDraft.model_validate(
                {
                    "test": test.id,
                    "value": value,
                    "unit": unit or None,
                    "judgement": judgement,
                    "instrument": self.instrument,
                    "measured_at": clock.now() - timedelta(hours=1),
                    "place": f"{self.lab.name_zh}实验室",
                }
            )
            await review_result(second, await record_result(first, code, draft))


KEPT = Portion.model_validate({"amount": 1, "kept_for": "retest"})


async def code_and_seal(number: str) -> tuple[str, str]:
    """What the label and the seal of a sample say."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT s.code, coalesce(s.seal_no, '') AS seal FROM sample s JOIN record r ON r.id = s.id"
            " WHERE r.number = $1",
            number,
        )
    assert row is not None
    return row["code"], row["seal"]


async def store_of(number: str) -> UUID:
    """A place that suits a sample."""
    async with reading() as db:
        return await db.fetchval(  # type: ignore[no-any-return]
            "SELECT o.id FROM lab_store o JOIN lab_delegation d ON d.laboratory = o.laboratory"
            " JOIN sample s ON s.delegation = d.id JOIN record r ON r.id = s.id WHERE r.number = $1"
            " AND (s.lowest_c IS NULL OR o.lowest_c >= s.lowest_c)"
            " AND (s.highest_c IS NULL OR o.highest_c <= s.highest_c) ORDER BY o.name LIMIT 1",
            number,
        )


async def record_of(number: str) -> UUID:
    """The id behind a number."""
    async with reading() as db:
        return await db.fetchval("SELECT id FROM record WHERE number = $1", number)  # type: ignore[no-any-return]
