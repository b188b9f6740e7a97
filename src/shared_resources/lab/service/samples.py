"""Samples: taken and sealed, split, put away, taken to the bench, kept, returned, destroyed (IN-1b)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.casework.entered import coming_day, past_instant
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission, Relation, not_found
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import DELEGATION
from shared_resources.lab.rules.sample import SAMPLE, portions_fit, stands_in
from shared_resources.lab.service.custody import (
    begin_custody,
    begin_portion,
    end_custody,
    pass_to,
    person,
    store_of,
)
from shared_resources.lab.service.rows import delegation_row, new_code, sample_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from shared_resources.lab.schemas.samples import (
        Destroying,
        Portion,
        PuttingAway,
        Retaining,
        SampleTaken,
        Splitting,
    )

TAKE, KEEP, WORK = Permission.SAMPLE_TAKE, Permission.SAMPLE_KEEP, Permission.BENCH_WORK
OPEN = ("draft", "submitted", "sent", "accepted", "sampled", "testing", "waiting")
"""States of a delegation in which samples are taken for it."""
COPIED = (
    "material, bench_name, condition, taken_at, taken_where, taken_by, second_taker, lowest_c, highest_c, wish,"
    " photo, seen_photo, seal_intact, received_condition, received_at, delegation, origin, unit"
)
"""What a portion has from the sample it was split off."""
speaks_for(
    "sample_seal_once",
    N_("This seal number is used already."),
    do=N_("Read the number on the seal again: every seal has its own."),
    code="seal_used",
    field="seal_no",
)


@verb
async def take_sample(
    actor: Actor, number: str, draft: SampleTaken, photo: UUID | None, act_id: str | None = None
) -> Moved:
    """Take and seal a sample for a delegation; whoever does so holds it.

    Args:
        photo: a stored picture of the seal.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the delegation takes no more samples.
        Invalid: no photo, a time that has not come, or a text with a secrecy marking.
        Taken: the seal number is used already.
        Repeated: this ``act_id`` was used before.
    """
    delegation = await delegation_row(actor, number, TAKE)
    if delegation["state"] not in OPEN:
        raise WrongState(N_("No more samples are taken for this delegation."), code="no_samples")
    markings.refuse_marked((draft.material, draft.condition), field="material")
    past_instant(draft.taken_at, "taken_at")
    await seal_photo(actor, photo)
    assert actor.agency is not None
    moved = await open_record(SAMPLE, actor, {Relation.REQUESTING: actor.agency}, draft.material, act_id=act_id)
    values = draft.model_dump() | {
        "id": moved.id,
        "code": await new_code(),
        "delegation": delegation["id"],
        "origin": delegation["id"],
        "bench_name": draft.material,
        "remaining": draft.amount,
        "photo": photo,
    }
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await connection().execute(f"INSERT INTO sample ({', '.join(values)}) VALUES ({places})", *values.values())
    await begin_custody(moved.id, actor)
    await tell(delegation["id"], actor, "sample_taken", {"sample": moved.id})
    return moved


@verb
async def put_away(actor: Actor, name: str, draft: PuttingAway, act_id: str | None = None) -> Moved:
    """Put a sample into one of the laboratory's places.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: not a place of this laboratory, or one that does not hold the temperature it needs.
    """
    row = await sample_row(actor, name, KEEP)
    store = await connection().fetchrow(
        "SELECT id, name, lowest_c, highest_c FROM lab_store WHERE id = $1 AND laboratory = $2",
        draft.store,
        row["laboratory"],
    )
    if store is None:
        raise Invalid(N_("This is not a place of the laboratory."), code="unknown_store", field="store")
    if not stands_in(store["lowest_c"], store["highest_c"], (row["lowest_c"], row["highest_c"])):
        raise Invalid(
            N_("%(store)s does not hold the temperature that the sample needs."),
            do=N_("Choose another place."),
            code="temperature",
            field="store",
            store=store["name"],
        )
    moved = await journal.act(SAMPLE, "put_away", row["id"], actor, data={"store": store["id"]}, act_id=act_id)
    assert actor.agency is not None
    await pass_to(row["id"], store_of(store["id"], actor.agency), actor)
    return moved


@verb
async def split(actor: Actor, name: str, draft: Splitting, act_id: str | None = None) -> list[Moved]:
    """Split portions off a sample; with nothing left it is divided wholly.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: the portions make more than what is left.
    """
    row = await sample_row(actor, name, KEEP)
    amounts = [portion.amount for portion in draft.portions]
    reason = portions_fit(amounts, row["remaining"])
    if reason is not None:
        raise Invalid(reason.msgid, do=N_("Weigh again."), code="portions", field="portions", **reason.params)
    left = row["remaining"] - sum(amounts, Decimal(0))
    data = {"portions": [str(amount) for amount in amounts]}
    await journal.act(SAMPLE, "split" if left else "divide", row["id"], actor, data=data, act_id=act_id)
    made = [await _portion(actor, row, portion) for portion in draft.portions]
    await connection().execute("UPDATE sample SET remaining = $2 WHERE id = $1", row["id"], left)
    if not left:
        await end_custody(row["id"], actor)
    return made


@verb
async def take_to_bench(actor: Actor, code: str, act_id: str | None = None) -> Moved:
    """An analyst takes a sample to the bench, known by its code alone.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: it is kept for a re-test, or its delegation is not being tested.
    """
    row = await sample_row(actor, code, WORK)
    if row["kept_for"] == "retest":
        raise WrongState(
            N_("This portion is kept for a re-test."), do=N_("Take the one for testing."), code="kept"
        )
    if row["delegation_state"] not in ("sampled", "testing"):
        raise WrongState(
            N_("This sample is not being tested now."),
            do=N_("Ask the sample room whether the delegation is waiting or over."),
            code="not_testing",
        )
    moved = await journal.act(SAMPLE, "to_bench", row["id"], actor, act_id=act_id)
    await pass_to(row["id"], person(actor), actor)
    return moved


@verb
async def retain(actor: Actor, name: str, draft: Retaining, act_id: str | None = None) -> Moved:
    """Keep a portion until a day.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: the day leaves no time.
    """
    coming_day(draft.keep_until, "keep_until")
    row = await sample_row(actor, name, KEEP)
    data = {"keep_until": draft.keep_until.isoformat()}
    moved = await journal.act(SAMPLE, "retain", row["id"], actor, data=data, act_id=act_id)
    await connection().execute("UPDATE sample SET keep_until = $2 WHERE id = $1", row["id"], draft.keep_until)
    return moved


@verb
async def clear(actor: Actor, name: str, act_id: str | None = None) -> Moved:
    """Release a sample for return: the client takes it back at the counter.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
    """
    row = await sample_row(actor, name, KEEP)
    moved = await journal.act(SAMPLE, "clear", row["id"], actor, act_id=act_id)
    await pass_to(row["id"], person(actor), actor)
    await connection().execute("UPDATE sample SET cleared_by = $2 WHERE id = $1", row["id"], actor.person)
    return moved


@verb
async def take_back(actor: Actor, name: str, act_id: str | None = None) -> Moved:
    """The client takes a released sample; one that serves a re-test elsewhere is sealed and can be sent again.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
    """
    row = await sample_row(actor, name, TAKE)
    goes_on = row["delegation"] != row["origin"] and row["delegation_state"] in OPEN
    moved = await journal.act(SAMPLE, "take_over" if goes_on else "take_back", row["id"], actor, act_id=act_id)
    await pass_to(row["id"], person(actor), actor, kind="return")
    return moved


@verb
async def destroy(actor: Actor, name: str, draft: Destroying, act_id: str | None = None) -> Moved:
    """Destroy a sample before two persons (销毁单).

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: it must be kept longer.
    """
    row = await sample_row(actor, name, KEEP)
    if row["keep_until"] is not None and row["keep_until"] >= clock.today():
        raise WrongState(
            N_("This portion is to be kept until %(day)s."),
            do=N_("Destroy it afterwards."),
            code="keep_longer",
            day=row["keep_until"].isoformat(),
        )
    note = f"{draft.how}：{draft.first}、{draft.second}"
    moved = await journal.act(SAMPLE, "destroy", row["id"], actor, note=note, act_id=act_id)
    await end_custody(row["id"], actor)
    return moved


async def seal_photo(actor: Actor, photo: UUID | None) -> None:
    """Within the running verb: a picture of the seal is there, and is the actor's agency's own.

    Raises:
        Invalid: it is missing, or another agency's.
    """
    if photo is None:
        raise Invalid(
            N_("A photo of the seal is needed."), do=N_("Take a photo of the seal."), code="photo", field="photo"
        )
    owner = await connection().fetchval("SELECT owner FROM file WHERE id = $1", photo)
    if owner is None or owner != actor.agency:
        raise not_found()


async def tell(delegation: UUID, actor: Actor, name: str, data: dict[str, Any]) -> Moved:
    """A line in the delegation's journal of what happened to its samples or results; returns how it stands."""
    standing = await journal.standing(DELEGATION, delegation)
    await journal.write(DELEGATION, None, standing, actor, None, data, None, name=name)
    return standing


async def serve_retest(old: UUID, new: UUID) -> Sequence[UUID]:
    """Within the running verb: what is left of a delegation's samples serves the re-test from now on."""
    rows = await connection().fetch(
        "SELECT s.id FROM sample s JOIN record r ON r.id = s.id WHERE s.delegation = $1"
        " AND r.state IN ('received', 'retained') AND s.kept_for = 'retest' ORDER BY s.id FOR NO KEY UPDATE OF r",
        old,
    )
    for row in rows:
        await journal.act(SAMPLE, "serve_retest", row["id"], SYSTEM_ACTOR, data={"delegation": new})
    kept = [row["id"] for row in rows]
    await connection().execute(
        "UPDATE sample SET delegation = $2, kept_for = 'test', keep_until = NULL WHERE id = ANY($1)", kept, new
    )
    return kept


async def _portion(actor: Actor, row: Any, portion: Portion) -> Moved:
    """One portion as a sample of its own."""
    client = (await journal.parties_of(row["id"]))[Relation.REQUESTING]
    given = {Relation.REQUESTING: client, Relation.LABORATORY: row["lab_owner"]}
    moved = await open_record(SAMPLE, actor, given, row["material"], data={"of": row["id"]})
    await connection().execute(
        f"INSERT INTO sample (id, code, parent, amount, remaining, kept_for, {COPIED})"
        f" SELECT $1, $2, $3, $4, $4, $5, {COPIED} FROM sample WHERE id = $3",
        moved.id,
        await new_code(),
        row["id"],
        portion.amount,
        portion.kept_for.value,
    )
    await _received(moved.id, actor)
    await begin_portion(moved.id, row["id"], actor)
    return moved


async def _received(portion: UUID, actor: Actor) -> None:
    """A portion is in the laboratory from its first minute."""
    await journal.act(SAMPLE, "receive", portion, actor)
