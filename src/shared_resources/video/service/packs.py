"""The pack of a request: files, papers, journal with its proofs, a page and a checker, ready to be streamed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import journal
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.errors import NotAllowed, NotFound, WrongState
from shared_resources.kernel.pack.page import index
from shared_resources.kernel.pack.telling import journal_told, papers_told, sealed
from shared_resources.kernel.pack.writing import Member, made
from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.roles import OFFICES
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.verify import checkpoint
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.words import N_
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.queries.visible import visible_copy
from shared_resources.video.rules.packs import Asker
from shared_resources.video.rules.request import REQUEST
from shared_resources.video.service.openings import open_copy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from shared_resources.video.queries.copies import CopyShown

KINDS = {"extract": "证据件（原码流）", "viewing": "查看件", "masked": "遮挡件"}


@dataclass(frozen=True)
class Pack:
    """A pack ready to go out: its name, its bytes piece by piece, and the openings that it gives out."""

    name: str
    pieces: Iterator[bytes]
    openings: tuple[UUID, ...]


async def pack_of(actor: Actor, number: str) -> Pack:
    """The pack of a request. The copies that the actor may open are in it; each counts as a download.

    Raises:
        NotFound, NotAllowed: see ``visible_record``.
        WrongState: there is nothing to pack yet.
    """
    record = await visible_record(actor, number)
    copies = await openable_copies(actor, record.id)
    openings = [await open_copy(actor, copy.number, "download", f"{number} 证据包") for copy in copies]
    await _note(actor, record.id, [copy.number for copy in copies])
    await checkpoint()
    facts = await facts_of(record.id)
    if not facts.letters and not copies:
        raise WrongState(N_("There is nothing to pack yet."), code="pack_empty")
    films = frozenset(copy.footage for copy in copies)
    chains = [record.id, *_preservations(facts), *films]
    asker = None if record.relations - {Relation.REQUESTING} else _asker(actor, facts, copies)

    def may_read(line: Any) -> bool:
        return asker is None or line["chain"] not in films or asker.may_read(json.loads(line["body"]))

    payload = [
        *await _films(copies),
        *await papers_told(facts, is_covered=not record.relations - OFFICES),
        *await journal_told(chains, may_read),
        made("index.html", _page(facts, copies)),
    ]
    name, pieces = await sealed(payload, number, facts.title, actor)
    return Pack(name, pieces, tuple(openings))


async def openable_copies(actor: Actor, request: UUID) -> list[CopyShown]:
    """The copies of a request that the actor may open now."""
    found = []
    for copy in await copies_of_request(request):
        try:
            await visible_copy(actor, copy.number)
        except (NotFound, NotAllowed):
            continue
        found.append(copy)
    return found


@verb
async def _note(actor: Actor, request: UUID, copies: Sequence[str]) -> None:
    """The pack has a line of its own, in the request's journal and so in the pack."""
    await journal.note_line(
        REQUEST, "pack", request, actor, Permission.FOOTAGE_REQUEST_SEE, data={"copies": list(copies)}
    )


def _preservations(facts: Facts) -> list[UUID]:
    return [link.record for link in facts.linked("preservation")]


async def _films(copies: Sequence[CopyShown]) -> list[Member]:
    """The copies as files whose values are known already."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT c.number, c.file, c.crc32 FROM footage_copy c WHERE c.number = ANY($1)",
            [copy.number for copy in copies],
        )
    films = []
    for row in rows:
        file, path = await open_file(row["file"])
        films.append(Member(f"footage/{file.name}", file.sha256.hex(), file.size, row["crc32"], path=path))
    return films


def _asker(actor: Actor, facts: Facts, copies: Sequence[CopyShown]) -> Asker:
    records = (facts.id, *_preservations(facts))
    return Asker(
        str(actor.agency),
        facts.number,
        str(facts.id),
        frozenset(copy.number for copy in copies),
        frozenset(map(str, records)),
    )


def _page(facts: Facts, copies: Sequence[CopyShown]) -> str:
    films = [
        (
            copy.number,
            KINDS[copy.kind],
            copy.device,
            f"{copy.begins:%Y-%m-%d %H:%M:%S} 至 {copy.ends:%H:%M:%S}",
            f"{copy.clock_offset_ms / 1000:+.1f} 秒",
            (copy.sha256 or b"").hex(),
            (copy.sm3 or b"").hex(),
        )
        for copy in copies
    ]
    letters = [(letter.number, letter.title, f"{letter.issued_at:%Y-%m-%d}") for letter in facts.letters]
    return index(
        f"{facts.title}（{facts.number}）",
        "本包含有调取的视频影像资料、请求及批准文书、全部操作日志及其证明。",
        (
            ("视频资料", ("编号", "类别", "设备", "设备时间", "时钟误差", "SHA-256", "SM3"), films),
            ("文书", ("文号", "标题", "日期"), letters),
        ),
    )
