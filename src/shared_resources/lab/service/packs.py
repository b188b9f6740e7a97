"""The pack of a delegation: report, letters, seals, custody and journals with their proofs, as for footage."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import journal
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.custody import log_of
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.pack.page import index
from shared_resources.kernel.pack.telling import journal_told, papers_told, sealed
from shared_resources.kernel.pack.writing import Member, as_json, made
from shared_resources.kernel.permissions import Permission, not_found
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.verify import checkpoint
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.words import N_
from shared_resources.lab.queries.results import standing_results, versions_of
from shared_resources.lab.queries.samples import custody_of, samples_of
from shared_resources.lab.rules.delegation import DELEGATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from shared_resources.lab.schemas.results import ResultView
    from shared_resources.lab.schemas.samples import SampleLine


async def pack_of(actor: Actor, number: str) -> tuple[str, Iterator[bytes]]:
    """The pack of a delegation once its report is signed: its name, and its bytes piece by piece.

    Raises:
        NotFound, NotAllowed: see ``visible_record``.
        WrongState: no report is signed yet.
    """
    record = await visible_record(actor, number)
    if record.procedure is not DELEGATION:
        raise not_found()
    if not await versions_of(record.id):
        raise WrongState(N_("There is nothing to pack yet."), code="pack_empty")
    await _note(actor, record.id)
    await checkpoint()
    facts, samples = await facts_of(record.id), await samples_of(record.id)
    results = await standing_results(record.id)
    payload = [
        *await _seals(samples),
        *await papers_told(facts),
        *[await _custody(line) for line in samples],
        as_json("results.json", [result.model_dump(mode="json") for result in results]),
        *await journal_told([record.id, *(line.id for line in samples)]),
        made("index.html", _page(facts, samples, results)),
    ]
    return await sealed(payload, number, facts.title, actor)


@verb
async def _note(actor: Actor, record: UUID) -> None:
    """The pack has a line of its own in the delegation's journal, and so in the pack."""
    await journal.note_line(DELEGATION, "pack", record, actor, Permission.DELEGATION_SEE)


async def _seals(samples: Sequence[SampleLine]) -> list[Member]:
    """The photos of the seals, as both sides took them; portions share those of the sample they were split off."""
    found: dict[UUID, Member] = {}
    for line in samples:
        for photo, side in ((line.photo, "taken"), (line.seen_photo, "received")):
            if photo is not None and photo not in found:
                file, path = await open_file(photo)
                suffix = file.name.rpartition(".")[2]
                found[photo] = made(f"seals/{line.number}-{side}.{suffix}", path.read_bytes())
    return list(found.values())


async def _custody(line: SampleLine) -> Member:
    """Everybody who held a sample, with the hashes of the chain."""
    hands = [
        {"holder": hand.holder, "holder_kind": hand.holder_kind, "giver": hand.giver, "taker": hand.taker}
        for hand in await custody_of(line.id)
    ]
    lines = [
        {**hand, "at": raw["at"].isoformat(), "kind": raw["kind"], "hash": raw["hash"].hex()}
        for hand, raw in zip(hands, await log_of(line.id), strict=True)
    ]
    return as_json(f"custody/{line.number}.json", lines)


def _page(facts: Facts, samples: Sequence[SampleLine], results: Sequence[ResultView]) -> str:
    taken = [
        (line.number, line.code, line.material, line.seal_no or "", f"{line.taken_at:%Y-%m-%d %H:%M}")
        for line in samples
    ]
    found = [
        (one.sample_code, one.item, one.method, f"{one.value} {one.unit or ''}", one.analyst_name)
        for one in results
    ]
    letters = [(letter.number, letter.title, f"{letter.issued_at:%Y-%m-%d}") for letter in facts.letters]
    return index(
        f"{facts.title}（{facts.number}）",
        "本包含有鉴定委托、样品封条照片和流转记录、检验检测结果、报告以及全部操作日志及其证明。",
        (
            ("样品", ("编号", "标签编码", "检材", "封条", "取样时间"), taken),
            ("结果", ("标签编码", "项目", "方法", "结果", "检验人"), found),
            ("文书", ("文号", "标题", "日期"), letters),
        ),
    )
