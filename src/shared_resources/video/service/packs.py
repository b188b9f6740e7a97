"""The pack of a request: files, papers, journal with its proofs, a page and a checker, ready to be streamed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal
from shared_resources.kernel.asks import questions
from shared_resources.kernel.casework.covered import form_of_step, without_sensitive
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.errors import NotAllowed, NotFound, WrongState
from shared_resources.kernel.inclusion import inclusions
from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.roles import OFFICES
from shared_resources.kernel.seals.stamps import stamp
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.verify import checkpoint
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.words import N_
from shared_resources.settings import settings
from shared_resources.video.pack import checker
from shared_resources.video.pack.page import index
from shared_resources.video.pack.signing import sign
from shared_resources.video.pack.writing import Member, as_json, bagged, made, zipped
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.queries.visible import visible_copy
from shared_resources.video.rules.packs import Asker
from shared_resources.video.rules.request import REQUEST
from shared_resources.video.service.openings import open_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shared_resources.kernel.casework.facts import Facts, Filed
    from shared_resources.kernel.permissions import Actor
    from shared_resources.video.queries.copies import CopyShown

TIME_STAMP = "timestamp.tst"
CHECKER = Path(checker.__file__).read_bytes()
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
        *await _papers(facts, is_covered=not record.relations - OFFICES),
        *await _journal(chains, may_read),
        made("index.html", _page(facts, copies)),
        made("check.py", CHECKER),
    ]
    at = clock.now()
    about = {
        "Source-Organization": actor.agency_name,
        "External-Identifier": number,
        "External-Description": facts.title,
        "Bagging-Date": f"{clock.local_date(at):%Y-%m-%d}",
        "Bag-Software-Agent": "shared_resources",
    }
    if settings().timestamp_url:
        about["Time-Stamp"] = TIME_STAMP
    members = bagged(payload, about)
    members += await _proofs(members[-1])
    local = at.astimezone(clock.LOCAL_ZONE).replace(tzinfo=None)
    return Pack(f"{number}.zip", zipped(members, number, local), tuple(openings))


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


async def _papers(facts: Facts, *, is_covered: bool) -> list[Member]:
    """Forms as filed, without their sensitive answers where those are covered, and letters as issued."""
    forms = [
        as_json(
            f"forms/{number:02d}-{filed.step}.json",
            {
                "step": filed.step,
                "by": filed.person_name,
                "at": filed.at.isoformat(),
                "form": _covered(filed) if is_covered else dict(filed.body),
            },
        )
        for number, filed in enumerate(facts.filings, 1)
    ]
    letters = []
    async with reading() as db:
        rows = await db.fetch(
            "SELECT number, pdf FROM document WHERE record = $1 ORDER BY issued_at, id", facts.id
        )
    for row in rows:
        file, path = await open_file(row["pdf"])
        letters.append(made(f"letters/{row['number']}.pdf", path.read_bytes()))
        assert file.size
    return [*forms, *letters]


def _covered(filed: Filed) -> dict[str, Any]:
    family = family_of(REQUEST.kind)
    assert family is not None, "families of footage are loaded together"
    form = form_of_step(family, filed.step)
    return without_sensitive(questions(form), filed.body) if form is not None else {}


async def _journal(chains: Sequence[UUID], may_read: Callable[[Any], bool]) -> list[Member]:
    """The lines of the records with their proofs, the checkpoints they lead to, and where each chain ends.

    Of a line that the reader may not read only its place and its hash are there.
    """
    lines, proved, points = await inclusions(chains)
    told: list[str] = []
    heads: dict[str, dict[str, Any]] = {}
    async with reading() as db:
        named = await db.fetch("SELECT id, number FROM record WHERE id = ANY($1)", list(chains))
    numbers = {row["id"]: row["number"] for row in named}
    for line in lines:
        if line["gseq"] not in proved:
            continue  # written after the checkpoint that this pack was made with
        proof = proved[line["gseq"]]
        told.append(
            json.dumps(
                {
                    "ledger": "journal_line",
                    "chain": str(line["chain"]),
                    "seq": line["seq"],
                    "prev": line["prev"].hex(),
                    "hash": line["hash"].hex(),
                    **(_read(line) if may_read(line) else {"withheld": True}),
                    "proof": {
                        "checkpoint": str(proof.checkpoint),
                        "index": proof.index,
                        "path": [one.hex() for one in proof.path],
                    },
                },
                ensure_ascii=False,
            )
        )
        heads[str(line["chain"])] = {
            "number": numbers[line["chain"]],
            "seq": line["seq"],
            "hash": line["hash"].hex(),
        }
    signed = [
        {
            "id": str(point.id),
            "at": point.at.isoformat(),
            "before": point.before.hex(),
            "root": point.root.hex(),
            "size": point.size,
        }
        for point in points
    ]
    return [
        made("journal/lines.ndjson", "\n".join(told) + "\n"),
        as_json("journal/heads.json", heads),
        as_json("journal/checkpoints.json", signed),
    ]


async def _proofs(manifest: Member) -> list[Member]:
    """What stands beside the manifests: our signature, and the token of a time stamp service where one is set."""
    token = await stamp(bytes.fromhex(manifest.sha256))
    signed = as_json("signature.json", sign(manifest.data or b""))
    return [signed] if token is None else [signed, made(TIME_STAMP, token)]


def _read(line: Any) -> dict[str, Any]:
    salt = line["salt"].hex() if line["salt"] else None
    return {"body": line["body"].decode(), "note": line["note"], "salt": salt}


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
