"""The owner's laboratory in the scene: a sample on its way, one at the bench, a result, a row of the scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.lab.appraising import Appraisal


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


async def lay_specimens(story: Appraisal) -> Specimens:
    """One delegation with a sample on its way, another that is being tested."""
    waiting = await replace(story, number="", id=None).accepted()
    sample, code = await waiting.sample()
    shipment = await waiting.shipped(sample)
    tested = await replace(story, number="", id=None).accepted()
    bench = await tested.sampled()
    await tested.step("begin")
    await tested.take(bench)
    return Specimens(
        story.bench.number, story.bench.scope, sample, code, shipment, bench, await tested.measure(bench)
    )
