"""The owner's laboratory in the scene: a sample on its way, one at the bench, a result, a row of the scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.lab.queries.results import tests_of
from shared_resources.lab.service.shipments import close_shipment
from tests.lab.appraising import photo_of

if TYPE_CHECKING:
    from tests.lab.appraising import Appraisal
    from tests.lab.house import Bench


@dataclass(frozen=True)
class Specimens:
    """Numbers, codes and ids of what lies in the owner's laboratory."""

    laboratory: str
    scope: UUID
    sample: str
    code: str
    shipment: str
    bench: str
    result: UUID
    people: Bench
    accepted: str
    tested: UUID
    sealed: str
    received: str
    received_code: str
    test: UUID
    store: UUID
    seals: UUID


async def lay_specimens(story: Appraisal) -> Specimens:
    """One delegation with a sample on its way, another that is being tested."""
    waiting = await replace(story, number="", id=None).accepted()
    sample, code = await waiting.sample()
    shipment = await waiting.shipped(sample)
    tested = await replace(story, number="", id=None).accepted()
    bench = await tested.sampled()
    await tested.step("begin")
    await tested.take(bench)
    result = await tested.measure(bench)
    received, received_code = await tested.sample()
    second = await tested.shipped(received)
    await tested.arrive(second, received_code)
    await close_shipment(story.bench.clerk, second)
    sealed, _ = await waiting.sample()
    assert tested.id is not None
    return Specimens(
        laboratory=story.bench.number,
        scope=story.bench.scope,
        sample=sample,
        code=code,
        shipment=shipment,
        bench=bench,
        result=result,
        people=story.bench,
        accepted=waiting.number,
        tested=tested.id,
        sealed=sealed,
        received=received,
        received_code=received_code,
        test=(await tests_of(tested.id))[0].id,
        store=story.bench.store,
        seals=await photo_of(story.cast.borrower.officer),
    )
