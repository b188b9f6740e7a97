"""Records that point to one another: part of, about, follows, uses. Shown to those who may see both.

``link`` and ``links_of`` are for verbs and rules, ``link_records``, ``tie`` and ``links_seen`` for people. What
people link is ``by_hand``: it shows on both pages, but no rule acts on it, or anybody could make a record move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal
from shared_resources.kernel.casework.facts import Linked
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import Permission, Relation, may
from shared_resources.kernel.procedure import known_procedures, procedure_of
from shared_resources.kernel.visible import see_permission, typed_record, visible_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.visible import Seen

KIND_LABELS: Mapping[str, str] = {
    "part_of": N_("Part of"),
    "about": N_("About"),
    "follows": N_("Follows from"),
    "uses": N_("Uses"),
}
"""What the source of a link is to its target."""
BACK_LABELS: Mapping[str, str] = {
    "part_of": N_("Has as a part"),
    "about": N_("Is the matter of"),
    "follows": N_("Led to"),
    "uses": N_("Is used for"),
}
"""The same, read from the target."""
ACT_LABELS: Mapping[str, str] = {"link": N_("Linked with another record")}
"""What the acts of this module are called in a journal."""


@dataclass(frozen=True)
class LinkShown:
    """A link as a page shows it; labels are msgids."""

    label: str
    number: str
    title: str
    path: str
    record_kind: str
    kind_label: str
    state_label: str
    tone: str


async def link(source: UUID, target: UUID, kind: str, by: UUID | None, *, by_hand: bool = False) -> None:
    """Within the running verb: let ``source`` point to ``target``; a link that is there already stays, one that
    was made by hand counts for rules from now on.

    Raises:
        ValueError: no such kind of link, or a record would point to itself.
    """
    if kind not in KIND_LABELS or source == target:
        raise ValueError(f"no link of kind {kind} from {source} to {target}")
    await connection().execute(
        "INSERT INTO record_link (id, source, target, kind, made_by, at, by_hand)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (source, target, kind) DO UPDATE SET by_hand = false"
        " WHERE record_link.by_hand AND NOT excluded.by_hand",
        new_id(),
        source,
        target,
        kind,
        by,
        clock.now(),
        by_hand,
    )


async def links_of(record: UUID) -> tuple[Linked, ...]:
    """Every link from and to a record, in the order of making; for rules, whoever looks."""
    return tuple(_linked(row) for row in await _rows(record))


async def links_seen(actor: Actor, record: UUID) -> tuple[LinkShown, ...]:
    """The links of a record whose other end ``actor`` may see; of the others nothing shows."""
    return tuple(_shown(row) for row in await _rows(record) if _visible(actor, row))


@verb
async def link_records(
    actor: Actor, number: str, other_number: str, kind: str, *, act_id: str | None = None
) -> UUID:
    """Let a record point to another; both must be of the actor's business. Returns the other's id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``, for the record itself.
        Invalid: the other is unknown or foreign (no difference), the record itself, or no such kind of link.
        Repeated: this ``act_id`` was used before.
    """
    own = await visible_record(actor, number)
    other = await known_record(actor, other_number, "other")
    if other.id == own.id:
        raise Invalid(N_("A record is not linked with itself."), code="own_number", field="other")
    if kind not in KIND_LABELS:
        raise Invalid(N_("Choose how the two belong together."), code="link_kind", field="kind")
    await tie(actor, own, other.id, other.number, kind, act_id)
    return other.id


async def known_record(actor: Actor, number: str, field: str) -> Seen:
    """The record that somebody typed the number of into ``field``.

    Raises:
        Invalid: it is unknown or foreign (no difference).
    """
    found = await typed_record(actor, number)
    if found is None:
        raise Invalid(
            N_("No record with this number is known to your agency."),
            do=N_("Check the number; it stands at the head of the record's page."),
            code="unknown_number",
            field=field,
        )
    return found


async def tie(
    actor: Actor, own: Seen, other: UUID, other_number: str, kind: str, act_id: str | None = None
) -> None:
    """Within the running verb: let a record point to another by hand, with a line in its journal.

    Raises:
        NotAllowed: the actor's role does not suffice on ``own``.
        Repeated: this ``act_id`` was used before.
    """
    data = {"other": other_number, "link": kind}
    await journal.note_line(own.procedure, "link", own.id, actor, Permission.RECORD_LINK, data=data, act_id=act_id)
    await link(own.id, other, kind, actor.person, by_hand=True)


async def _rows(record: UUID) -> list[Mapping[str, Any]]:
    """Links with their other end and, for who may see it, its parties; kinds without a procedure are left out."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT l.kind, l.by_hand, l.source = $1 AS outward,"
            " r.id, r.number, r.kind AS record_kind, r.title, r.state,"
            " array_agg(p.part ORDER BY p.id) AS parts, array_agg(p.agency ORDER BY p.id) AS agencies"
            " FROM record_link l"
            " JOIN record r ON r.id = CASE WHEN l.source = $1 THEN l.target ELSE l.source END"
            " JOIN party p ON p.record = r.id"
            " WHERE (l.source = $1 OR l.target = $1) AND r.kind = ANY($2) GROUP BY l.id, r.id ORDER BY l.at, l.id",
            record,
            [procedure.kind for procedure in known_procedures()],
        )
    return [dict(row) for row in rows]


def _linked(row: Mapping[str, Any]) -> Linked:
    kind, state = str(row["record_kind"]), str(row["state"])
    return Linked(
        kind=str(row["kind"]),
        outward=bool(row["outward"]),
        record=row["id"],
        number=str(row["number"]),
        record_kind=kind,
        title=str(row["title"]),
        state=state,
        is_final=procedure_of(kind).states[state].final,
        by_hand=bool(row["by_hand"]),
    )


def _visible(actor: Actor, row: Mapping[str, Any]) -> bool:
    kind = str(row["record_kind"])
    see, procedure = see_permission(kind), procedure_of(kind)
    pairs = zip(row["parts"], row["agencies"], strict=True)
    parties = Parties((Relation(part), agency) for part, agency in pairs)
    return see is not None and may(actor, see, journal.relations_of(procedure, actor, parties)) is True


def _shown(row: Mapping[str, Any]) -> LinkShown:
    procedure, number = procedure_of(str(row["record_kind"])), str(row["number"])
    state = procedure.states[str(row["state"])]
    labels = KIND_LABELS if row["outward"] else BACK_LABELS
    return LinkShown(
        label=labels[str(row["kind"])],
        number=number,
        title=str(row["title"]),
        path=procedure.path % {"number": number},
        record_kind=procedure.kind,
        kind_label=procedure.label,
        state_label=state.label,
        tone=state.tone,
    )
