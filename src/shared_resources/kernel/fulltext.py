"""Full text of records: what is written on them is found by any two characters that follow one another.

PostgreSQL's own dictionaries know no Chinese; ``text_words`` cuts the words, ``tsvector`` keeps them (weight A:
number and title, B: letters, C: the rest). What forms call sensitive, and sensitive papers, are not in it at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.asks import Question, questions
from shared_resources.kernel.casework.covered import form_of_step
from shared_resources.kernel.casework.family import Family, families, family_of
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.pager import cursor_after, key_of, page_size
from shared_resources.kernel.permissions import MATRIX, Actor, may
from shared_resources.kernel.text_words import asked, snippet, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

MOST = 40_000
"""Characters of a record that are searched, the newest forms first: below the megabyte that a tsvector holds."""
PLACES = 20
"""Places of one word that are kept; more tell nothing."""
LAST_PLACE = 16_383
HITS = 8
GATHER = (
    "SELECT r.kind, r.number, r.title, ARRAY(SELECT a.name_zh FROM party p JOIN agency a ON a.id = p.agency"
    "  WHERE p.record = r.id ORDER BY p.id) AS agencies,"
    " ARRAY(SELECT d.number || ' ' || d.title FROM document d WHERE d.record = r.id ORDER BY d.id DESC)"
    "  AS letters,"
    " ARRAY(SELECT t.label FROM attachment t WHERE t.record = r.id AND t.withdrawn_at IS NULL"
    "  AND t.confidentiality <> 'S' ORDER BY t.id DESC) AS papers,"
    " coalesce((SELECT jsonb_agg(jsonb_build_array(f.step, f.body) ORDER BY f.id DESC) FROM filing f"
    "  WHERE f.record = r.id), '[]') AS filings FROM record r WHERE r.id = $1"
)
FIND = (
    "SELECT r.id, r.kind, r.number, r.title, r.state, t.body FROM record_text t JOIN record r ON r.id = t.record"
    " WHERE t.vector @@ $1::tsquery AND (r.kind = ANY($2) OR EXISTS (SELECT FROM party p"
    "  JOIN unnest($3::text[], $4::text[]) AS seen(kind, part) ON seen.kind = r.kind AND seen.part = p.part"
    "  WHERE p.record = r.id AND p.agency = $5))"
    " ORDER BY ts_rank(t.vector, $1::tsquery) DESC, r.id DESC OFFSET $6 LIMIT $7"
)


@dataclass(frozen=True)
class TextHit:
    """A record with the words, and where they stand in it. Labels are msgids."""

    kind: str
    kind_label: str
    number: str
    title: str
    path: str
    state: str
    state_label: str
    tone: str
    snippet: str


@dataclass(frozen=True)
class TextHits:
    """A page of hits, the best first, and the cursor of the next."""

    hits: tuple[TextHit, ...] = ()
    next: str | None = None


async def index(record: UUID) -> None:
    """Within the running verb: bring the words of ``record`` up to date; kinds without a family have none."""
    row = await connection().fetchrow(GATHER, record)
    family = family_of(row["kind"]) if row else None
    if row is None or family is None:
        return
    head = f"{row['number']} {row['title']}"
    letters = "\n".join(row["letters"])[: MOST // 4]
    rest = "\n".join([*row["agencies"], *row["papers"], *_written(family, json.loads(row["filings"]))])[:MOST]
    await connection().execute(
        "INSERT INTO record_text (record, vector, body) VALUES ($1, $2::text::tsvector, $3)"
        " ON CONFLICT (record) DO UPDATE SET vector = excluded.vector, body = excluded.body",
        record,
        vector_of({"A": head, "B": letters, "C": rest}),
        "\n".join(part for part in (letters, rest) if part),
    )


async def search_records(
    actor: Actor, text: str, *, cursor: str | None = None, size: int | None = None
) -> TextHits:
    """Records in which all words of ``text`` stand, of those that the actor may see; one statement.

    Raises:
        Invalid: not a cursor of ours.
    """
    query, offset = query_of(text), (key_of(cursor, int) or [0])[0]
    everywhere, pairs = _sight(actor)
    if not query or not (everywhere or pairs):
        return TextHits()
    limit = page_size(size) if size else HITS
    async with reading() as db:
        rows = await db.fetch(
            FIND,
            query,
            everywhere,
            [kind for kind, _ in pairs],
            [part for _, part in pairs],
            actor.agency,
            max(0, offset),
            limit + 1,
        )
    following = cursor_after([offset + limit]) if len(rows) > limit else None
    return TextHits(tuple(_hit(row, text) for row in rows[:limit]), following)


def query_of(text: str) -> str:
    """The question to PostgreSQL: every word of ``text`` must be there; empty for a text without words."""
    return " & ".join(f"'{word}'" for word in asked(text)[:40])


def vector_of(weighted: Mapping[str, str]) -> str:
    """The words of texts with their places, each text with its weight, as PostgreSQL reads a tsvector."""
    places: dict[str, list[str]] = {}
    place = 0
    for weight, text in weighted.items():
        for word in tokens(text):
            place = min(place + 1, LAST_PLACE)
            known = places.setdefault(word, [])
            if len(known) < PLACES:
                known.append(f"{place}{weight}")
    return " ".join(f"'{word}':{','.join(known)}" for word, known in places.items())


def _sight(actor: Actor) -> tuple[list[str], list[tuple[str, str]]]:
    """Kinds of which the actor sees every record, and the parts by which others are seen."""
    everywhere, pairs = [], []
    for family in families():
        if actor.office in family.procedure.offices and actor.office and may(actor, family.see, {actor.office}):
            everywhere.append(family.kind)
        pairs += [(family.kind, part.value) for part in MATRIX[family.see] if may(actor, family.see, {part})]
    return everywhere, pairs


def _written(family: Family, filings: Iterable[Sequence[Any]]) -> Iterator[str]:
    """What people wrote into the forms of a record, sensitive answers aside."""
    for step, body in filings:
        form = form_of_step(family, step)
        if form is not None:
            yield from _answers(questions(form), body)


def _answers(asked_for: Iterable[Question], body: Mapping[str, Any]) -> Iterator[str]:
    for question in asked_for:
        answer = body.get(question.name)
        if question.ask.sensitive or not answer:
            continue
        if question.widget in ("text", "textarea"):
            yield from map(str, answer if isinstance(answer, list) else (answer,))
        elif question.widget == "rows":
            for row in answer:
                yield from _answers(question.columns, row)


def _hit(row: Any, text: str) -> TextHit:
    family = family_of(row["kind"])
    assert family is not None
    state = family.procedure.states[row["state"]]
    return TextHit(
        kind=row["kind"],
        kind_label=family.procedure.label,
        number=row["number"],
        title=row["title"],
        path=family.procedure.path % {"number": row["number"]},
        state=row["state"],
        state_label=state.label,
        tone=state.tone,
        snippet=snippet(row["body"], text),
    )
