"""Shipments: the manifest is locked once sent; on arrival every line gets its disposition (IN-1b)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.codes import code_in
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.journal import parties_of
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.sample import SAMPLE, SHIPMENT
from shared_resources.lab.schemas.samples import Disposition, Found, Seal
from shared_resources.lab.service.custody import pass_to, person
from shared_resources.lab.service.rows import delegation_row
from shared_resources.lab.service.samples import seal_photo, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from shared_resources.lab.schemas.samples import Arrival, Sending

TAKE, KEEP = Permission.SAMPLE_TAKE, Permission.SAMPLE_KEEP
ACCEPTED = ("accepted", "sampled", "testing", "waiting")


@verb
async def send(
    actor: Actor, number: str, samples: Sequence[str], draft: Sending, act_id: str | None = None
) -> Moved:
    """Send sealed samples to the laboratory with a manifest; the sender answers for them until it signs.

    Args:
        number: of the delegation.
        samples: numbers of its samples.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the laboratory has not accepted yet, or a sample is not sealed any more.
        Invalid: no sample was chosen.
        Repeated: this ``act_id`` was used before.
    """
    delegation = await delegation_row(actor, number, TAKE)
    if delegation["state"] not in ACCEPTED:
        raise WrongState(
            N_("The laboratory has not accepted yet."), do=N_("Send the samples once it has."), code="not_accepted"
        )
    rows = await _sealed(delegation["id"], samples)
    assert actor.agency is not None
    parties = {Relation.REQUESTING: actor.agency, Relation.LABORATORY: delegation["lab_owner"]}
    data = {"samples": [row["id"] for row in rows]}
    moved = await open_record(SHIPMENT, actor, parties, delegation["title"], data=data, act_id=act_id)
    await connection().execute(
        "INSERT INTO shipment (id, delegation, carrier, waybill, conditions, sent_by, sent_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        moved.id,
        delegation["id"],
        draft.carrier,
        draft.waybill,
        draft.conditions,
        actor.person,
        clock.now(),
    )
    for row in rows:
        await journal.act(SAMPLE, "ship", row["id"], actor, data={"shipment": moved.id})
        await journal.join(row["id"], Relation.LABORATORY, delegation["lab_owner"])
        await _line(moved.id, row["id"], row["code"])
    await tell(delegation["id"], actor, "shipped", {"shipment": moved.id})
    return await journal.act(SHIPMENT, "send", moved.id, actor)


@verb
async def call_back(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Call a shipment back before anything of it was scanned; its samples are sealed again.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
        WrongState: the laboratory has begun to scan.
    """
    row = await _shipment(actor, number, TAKE)
    if await connection().fetchval(
        "SELECT true FROM shipment_line WHERE shipment = $1 AND disposition IS NOT NULL LIMIT 1", row["id"]
    ):
        raise WrongState(N_("The laboratory is receiving it already."), code="being_received")
    moved = await journal.act(SHIPMENT, "call_back", row["id"], actor, note=reason, act_id=act_id)
    for line in await connection().fetch("SELECT sample FROM shipment_line WHERE shipment = $1", row["id"]):
        await journal.act(SAMPLE, "unship", line["sample"], actor)
    return moved


@verb
async def scan(
    actor: Actor, number: str, draft: Arrival, photo: UUID | None, act_id: str | None = None
) -> Disposition:
    """Scan one sample on arrival: whole, damaged, rejected, or not on the manifest; custody passes at once.

    Args:
        photo: a stored picture of the seal as it arrived.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: it was scanned already.
        Invalid: no photo of the seal, or a rejection without a reason.
    """
    row = await _shipment(actor, number, KEEP)
    label = code_in(draft.code) or draft.code.strip().upper()[:60]
    line = await connection().fetchrow(
        "SELECT l.id, l.sample, l.disposition FROM shipment_line l LEFT JOIN sample s ON s.id = l.sample"
        " LEFT JOIN record r ON r.id = l.sample WHERE l.shipment = $1 AND (l.label = $2 OR r.number = $2)"
        " FOR UPDATE OF l",
        row["id"],
        label,
    )
    if line is not None and line["disposition"] is not None:
        raise WrongState(
            N_("This sample was scanned already."), do=N_("Scan the next one."), code="scanned", field="code"
        )
    disposition = Disposition(draft.found.value) if line is not None else Disposition.UNEXPECTED
    if line is None:
        sample = await _stray(row["delegation"], label)
        line_id = await _line(row["id"], sample, label)
    else:
        sample, line_id = line["sample"], line["id"]
    data = {"line": line_id, "sample": sample, "disposition": disposition.value}
    await journal.note_line(SHIPMENT, "scan", row["id"], actor, KEEP, note=draft.note, data=data, act_id=act_id)
    if sample is not None:
        await _receive(actor, row, sample, draft, photo)
    await _decide(actor, line_id, disposition, draft.note)
    return disposition


@verb
async def close_shipment(actor: Actor, number: str, act_id: str | None = None) -> Moved:
    """Close a manifest: what was not scanned is missing, and its sender goes on answering for it.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: nothing was scanned at all.
    """
    row = await _shipment(actor, number, KEEP)
    lines = await connection().fetch(
        "SELECT id, sample, disposition FROM shipment_line WHERE shipment = $1 ORDER BY id", row["id"]
    )
    if all(line["disposition"] is None for line in lines):
        raise WrongState(
            N_("Nothing of it was scanned yet."),
            do=N_("Scan what arrived. If nothing did, ask the sender to call the shipment back."),
            code="nothing_scanned",
        )
    missing = [line for line in lines if line["disposition"] is None]
    for line in missing:
        await journal.act(SAMPLE, "miss", line["sample"], actor, data={"shipment": row["id"]})
        await _decide(actor, line["id"], Disposition.MISSING, None)
    data = {"missing": [line["sample"] for line in missing]}
    moved = await journal.act(SHIPMENT, "receive", row["id"], actor, data=data, act_id=act_id)
    await connection().execute("UPDATE shipment SET received_at = $2 WHERE id = $1", row["id"], clock.now())
    await samples_are_in(row["delegation"])
    return moved


async def samples_are_in(delegation: UUID) -> None:
    """Within the running verb: an accepted delegation of which samples lie in the laboratory goes on."""
    family = family_of("lab_delegation")
    assert family is not None, "families are loaded with the verbs"
    state = await connection().fetchval("SELECT state FROM record WHERE id = $1 FOR NO KEY UPDATE", delegation)
    if state == "accepted" and await are_in(delegation):
        await move(family, delegation, "samples_in", SYSTEM_ACTOR)


async def are_in(delegation: UUID) -> bool:
    """Whether samples of a delegation lie in its laboratory."""
    return bool(
        await connection().fetchval(
            "SELECT true FROM sample s JOIN record r ON r.id = s.id JOIN lab_delegation d ON d.id = s.delegation"
            " JOIN laboratory l ON l.id = d.laboratory WHERE s.delegation = $1 AND r.state = 'received'"
            " AND l.owner = (SELECT holder_agency FROM custody_line WHERE chain = s.id ORDER BY seq DESC LIMIT 1)"
            " LIMIT 1",
            delegation,
        )
    )


async def _shipment(actor: Actor, number: str, permission: Permission) -> Any:
    row = await connection().fetchrow(
        "SELECT s.*, r.state FROM shipment s JOIN record r ON r.id = s.id WHERE r.number = $1"
        " FOR NO KEY UPDATE OF r, s",
        number,
    )
    if row is None:
        raise not_found()
    require(actor, permission, (await parties_of(row["id"])).relations_of(actor))
    if row["state"] != "sent":
        SHIPMENT.step("receive", row["state"])
    return row


async def _sealed(delegation: UUID, numbers: Sequence[str]) -> Sequence[Any]:
    """The samples of a delegation with these numbers, locked in one order for everybody.

    Raises:
        Invalid: none, or one that is not this delegation's.
    """
    rows = await connection().fetch(
        "SELECT s.id, s.code FROM sample s JOIN record r ON r.id = s.id"
        " WHERE s.delegation = $1 AND r.number = ANY($2) ORDER BY s.id FOR NO KEY UPDATE OF r",
        delegation,
        list(dict.fromkeys(numbers)),
    )
    if not rows or len(rows) != len(set(numbers)):
        raise Invalid(
            N_("Choose the samples that are sent."),
            do=N_("Tick at least one sealed sample of this delegation."),
            code="no_samples",
            field="samples",
        )
    return list(rows)


async def _stray(delegation: UUID, label: str) -> UUID | None:
    """A sealed sample of the same delegation that is not on the manifest; other labels tell nothing."""
    return await connection().fetchval(  # type: ignore[no-any-return]
        "SELECT s.id FROM sample s JOIN record r ON r.id = s.id WHERE s.delegation = $1 AND s.code = $2"
        " AND r.state = 'sealed' FOR NO KEY UPDATE OF r",
        delegation,
        label,
    )


async def _receive(actor: Actor, shipment: Any, sample: UUID, draft: Arrival, photo: UUID | None) -> None:
    """Sign for one sample: the laboratory holds it from this minute on."""
    await seal_photo(actor, photo)
    assert actor.agency is not None
    await journal.join(sample, Relation.LABORATORY, actor.agency)
    step = "reject" if draft.found is Found.REJECTED else "receive"
    data = {"shipment": shipment["id"], "seal": draft.seal.value}
    await journal.act(SAMPLE, step, sample, actor, note=draft.note, data=data)
    await pass_to(sample, person(actor), actor, kind="receive", note=draft.note)
    await connection().execute(
        "UPDATE sample SET seen_photo = $2, seal_intact = $3, received_condition = $4, received_at = $5,"
        " bench_name = coalesce($6, bench_name) WHERE id = $1",
        sample,
        photo,
        draft.seal is Seal.WHOLE,
        draft.condition,
        clock.now(),
        draft.bench_name,
    )


async def _line(shipment: UUID, sample: UUID | None, label: str) -> UUID:
    line = new_id()
    await connection().execute(
        "INSERT INTO shipment_line (id, shipment, sample, label) VALUES ($1, $2, $3, $4)",
        line,
        shipment,
        sample,
        label,
    )
    return line


async def _decide(actor: Actor, line: UUID, disposition: Disposition, note: str | None) -> None:
    await connection().execute(
        "UPDATE shipment_line SET disposition = $2, note = $3, decided_by = $4, decided_at = $5 WHERE id = $1",
        line,
        disposition.value,
        note,
        actor.person,
        clock.now(),
    )
