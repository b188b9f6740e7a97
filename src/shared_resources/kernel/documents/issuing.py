"""Issuing a letter: checked, numbered without gaps, set, kept. Inside the verb whose act it is."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, fonts, storage
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.documents.contents import Issuer, contents, number_text, with_back
from shared_resources.kernel.documents.typesetting import refuse_undrawn, typeset
from shared_resources.kernel.dues import back_of
from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.media_types import PDF
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shared_resources.kernel.letters import LetterDraft
    from shared_resources.kernel.permissions import Actor

COLUMNS = (
    "id, record, step, kind, issuer, word, year, serial, number, title, addressees, draft, back, pdf, sha256,"
    " issued_by, issued_at"
)
NEXT_SERIAL = (
    "INSERT INTO letter_serial (id, agency, word, year, last) VALUES ($1, $2, $3, $4, 1)"
    " ON CONFLICT (agency, word, year) DO UPDATE SET last = letter_serial.last + 1 RETURNING last"
)
"""Its row stays locked until the verb ends: whoever rolls back gives the number back, so there are no gaps."""


@dataclass(frozen=True)
class Issued:
    """A letter as it was issued; ``sha256`` is that of the unsigned original."""

    id: UUID
    number: str
    sha256: bytes

    @property
    def line(self) -> dict[str, str]:
        """What the journal keeps of it."""
        return {"document": str(self.id), "letter": self.number, "sha256": self.sha256.hex()}


async def issue(
    draft: LetterDraft,
    *,
    record: UUID,
    step: str,
    issuer: UUID,
    actor: Actor,
    at: datetime | None = None,
) -> Issued:
    """Issue ``draft`` as a letter of ``issuer`` within the running verb.

    The caller has asked for permission and puts ``Issued.line`` into the journal.

    Args:
        at: the instant of issue; now when not given. Its Chongqing date is printed and gives the year.

    Raises:
        Invalid, Refusals: elements that FORMS.md demands are missing, or a character that cannot be printed.
    """
    raise_all(missing_elements(draft))
    instant = (at or clock.now()).replace(microsecond=0)
    day = clock.local_date(instant)
    names = await agencies_named((issuer, *draft.countersigned_by))
    data = page_data(draft, issuer, names, actor)
    await asyncio.to_thread(refuse_undrawn, data)  # before the serial's lock: nobody waits for a letter that fails
    back = await back_of(record)
    serial = await connection().fetchval(NEXT_SERIAL, new_id(), issuer, draft.word, day.year)
    number = number_text(names[issuer].code, draft.word, day.year, serial)
    data = page_data(draft, issuer, names, actor, number=number, at=instant)
    pdf = await asyncio.to_thread(typeset, with_back(data, back), instant)
    file = await storage.keep(issuer, f"{number}.pdf", PDF, pdf, actor.person)
    issued = Issued(new_id(), number, file.sha256)
    await connection().execute(
        f"INSERT INTO document ({COLUMNS}) VALUES"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, $14, $15, $16, $17)",
        issued.id,
        record,
        step,
        draft.kind,
        issuer,
        draft.word,
        day.year,
        serial,
        number,
        draft.title,
        list(draft.addressees),
        as_json({"page": data, "draft": plain_draft(draft)}),
        as_json(back),
        file.id,
        file.sha256,
        actor.person,
        instant,
    )
    return issued


async def preview(draft: LetterDraft, issuer: UUID, actor: Actor, record: UUID | None = None) -> bytes:
    """How the letter would look: marked 草稿, without a number. Missing elements do not hinder it."""
    names = await agencies_named((issuer, *draft.countersigned_by))
    data = page_data(draft, issuer, names, actor, is_draft=True)
    back = await back_of(record) if record else []
    return await asyncio.to_thread(typeset, with_back(data, back), clock.now())


async def paper(
    draft: LetterDraft, *, issuer: str, number: str, foot: str, symbol: str = "", at: datetime | None = None
) -> bytes:
    """A form that keeps the number of its record and may be printed again (loan form, hand-over form).

    Args:
        foot: stands below every page (address, version of the form).
        symbol: an SVG picture at the head, the QR symbol that leads back to the page.
    """
    instant = at or clock.now()
    data = contents(
        draft,
        Issuer(issuer, ""),
        number=number,
        day=clock.local_date(instant),
        signer="",
        countersigners=(),
        faces=fonts.faces(),
        foot=foot,
        symbol=symbol,
        is_sealed=False,
    )
    return await asyncio.to_thread(typeset, data, instant)


def missing_elements(draft: LetterDraft) -> list[Refusal]:
    """A refusal for every required element that the draft does not have, and for a series without a name."""
    reasons: list[Refusal] = [
        Invalid(
            N_("The letter lacks: %(element)s."),
            do=N_("Add it, then issue the letter."),
            code="element_missing",
            element=Sentence(label),
        )
        for label in draft.missing
    ]
    return reasons


def page_data(
    draft: LetterDraft,
    issuer: UUID,
    names: Mapping[UUID, Issuer],
    actor: Actor,
    *,
    number: str = "",
    at: datetime | None = None,
    is_draft: bool = False,
) -> dict[str, Any]:
    """The front of the letter as the templates take it."""
    return contents(
        draft,
        names[issuer],
        number=number,
        day=clock.local_date(at or clock.now()),
        signer=actor.name,
        countersigners=[names[one].name for one in draft.countersigned_by],
        faces=fonts.faces(),
        foot=number,
        is_draft=is_draft,
    )


async def agencies_named(agencies: Sequence[UUID]) -> dict[UUID, Issuer]:
    """Names and letter codes; an agency without a code numbers its letters with its name.

    Raises:
        NotFound: there is no such agency.
    """
    async with reading() as db:
        rows = await db.fetch("SELECT id, name_zh, letter_code FROM agency WHERE id = ANY($1)", list(agencies))
    found = {row["id"]: Issuer(row["name_zh"], row["letter_code"] or row["name_zh"]) for row in rows}
    if not found.keys() >= set(agencies):
        raise not_found()
    return found


def plain_draft(draft: LetterDraft) -> dict[str, Any]:
    """The draft as it was given, blocks by the name of their class."""
    return {
        **asdict(draft),
        "blocks": [{"type": type(block).__name__, **asdict(block)} for block in draft.blocks],
    }


def as_json(value: Any) -> str:
    """JSON for a column; identifiers as texts."""
    return json.dumps(value, ensure_ascii=False, default=str)
