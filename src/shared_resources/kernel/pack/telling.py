"""What every pack tells: forms and letters, journal lines with their proofs, signature and time stamp."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from shared_resources.kernel.asks import questions
from shared_resources.kernel.casework.covered import form_of_step, without_sensitive
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.inclusion import inclusions
from shared_resources.kernel.pack import checker
from shared_resources.kernel.pack.signing import sign
from shared_resources.kernel.pack.writing import Member, as_json, bagged, made, zipped
from shared_resources.kernel.seals.stamps import stamp
from shared_resources.kernel.storage import open_file
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts, Filed
    from shared_resources.kernel.permissions import Actor

TIME_STAMP = "timestamp.tst"
CHECKER = Path(checker.__file__).read_bytes()


async def sealed(payload: Sequence[Member], number: str, title: str, actor: Actor) -> tuple[str, Iterator[bytes]]:
    """A pack of ``payload`` with the checker: its name, and its bytes piece by piece."""
    at = clock.now()
    about = {
        "Source-Organization": actor.agency_name,
        "External-Identifier": number,
        "External-Description": title,
        "Bagging-Date": f"{clock.local_date(at):%Y-%m-%d}",
        "Bag-Software-Agent": "shared_resources",
    }
    if settings().timestamp_url:
        about["Time-Stamp"] = TIME_STAMP
    members = bagged([*payload, made("check.py", CHECKER)], about)
    members += await _proofs(members[-1])
    local = at.astimezone(clock.LOCAL_ZONE).replace(tzinfo=None)
    return f"{number}.zip", zipped(members, number, local)


async def papers_told(facts: Facts, *, is_covered: bool = False) -> list[Member]:
    """Forms as filed, without their sensitive answers where those are covered, and letters as issued."""
    forms = [
        as_json(
            f"forms/{number:02d}-{filed.step}.json",
            {
                "step": filed.step,
                "by": filed.person_name,
                "at": filed.at.isoformat(),
                "form": _covered(facts, filed) if is_covered else dict(filed.body),
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


def _covered(facts: Facts, filed: Filed) -> dict[str, Any]:
    family = family_of(facts.kind)
    assert family is not None, "papers lie on records of families"
    form = form_of_step(family, filed.step)
    return without_sensitive(questions(form), filed.body) if form is not None else {}


async def journal_told(
    chains: Sequence[UUID], may_read: Callable[[Any], bool] = lambda line: True
) -> list[Member]:
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
