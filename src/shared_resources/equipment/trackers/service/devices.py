"""Verbs of devices: registered, put on an item, taken off, out of use."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.service.register import own_agency, own_item
from shared_resources.equipment.trackers.payloads import KINDS, normal_id
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.kernel import clock, journal, outbox
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.equipment.trackers.schemas.devices import TrackerDraft, TrackerEdit
    from shared_resources.kernel.journal import Moved

KEY_TAKEN = N_("This key is taken.")
OR_EMPTY = N_("Choose another, or leave it empty.")
speaks_for("tracker_key_key", KEY_TAKEN, do=OR_EMPTY, code="key_taken", field="key")
speaks_for(
    "tracker_natural_id",
    N_("This source speaks for a device with this id already."),
    do=N_("Check the id, or open that device."),
    code="natural_id_taken",
    field="natural_id",
)
for name in ("tracker_one_per_item", "tracker_binding_item"):
    speaks_for(
        name,
        N_("Another tracker is on this item."),
        do=N_("Take that one off first."),
        code="item_has_tracker",
        field="code",
    )

KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letter or digit that is taken for another when read aloud."""
KEY_LENGTH = 6


@verb
async def register_tracker(actor: Actor, draft: TrackerDraft, act_id: str | None = None) -> Moved:
    """Enter a device of the actor's agency; it is on no item yet.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: unknown model or source, an id that does not go with what publishes it.
        Taken: the key, or the id at this source, is taken.
        Repeated: this ``act_id`` was used before.
    """
    agency = own_agency(actor, Permission.TRACKER_EDIT)
    await journal.refuse_repeated(act_id)
    model = await _model(draft.model)
    source = await _source(agency, draft.source)
    natural_id = _natural_id(draft.natural_id, source, model)
    moved = await open_record(TRACKER, actor, {Relation.OWNER: agency}, draft.name, act_id=act_id)
    await connection().execute(
        "INSERT INTO tracker (id, agency, key, name, model, source, natural_id, desired, desired_rev,"
        " reported_rev) VALUES ($1, $2, $3, $4, $5, $6, $7, '{}', 0, 0)",
        moved.id,
        agency,
        draft.key or await new_key("tracker"),
        draft.name,
        draft.model,
        source["id"] if source else None,
        natural_id,
    )
    return moved


@verb
async def edit_tracker(actor: Actor, number: str, edit: TrackerEdit, act_id: str | None = None) -> None:
    """Correct what the register says of a device; the journal names the fields that changed.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: unknown model, an id for a device that publishes itself, none for one that does not.
        Taken: its source speaks for another device of this id.
        Repeated: this ``act_id`` was used before.
    """
    tracker = await own_tracker(actor, number)
    model = await _model(edit.model)
    source = None
    if tracker["source"]:
        source = await connection().fetchrow("SELECT * FROM tracker_source WHERE id = $1", tracker["source"])
    told = edit.model_dump() | {"natural_id": _natural_id(edit.natural_id, source, model)}
    changed = sorted(name for name, value in told.items() if value != tracker[name])
    if not changed:
        return
    await connection().execute(
        "UPDATE tracker SET name = $2, model = $3, natural_id = $4 WHERE id = $1",
        tracker["id"],
        told["name"],
        told["model"],
        told["natural_id"],
    )
    await connection().execute("UPDATE record SET title = $2 WHERE id = $1", tracker["id"], edit.name)
    await noted(actor, tracker, "edit_tracker", {"changed": changed}, act_id=act_id)


@verb
async def bind_tracker(actor: Actor, number: str, code: str, act_id: str | None = None) -> Moved:
    """Put a device on an item of the same agency. From now on the item's loans have a track.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also for an item of another agency.
        Invalid: an item that is out of the register.
        WrongState: the device is on an item already, or out of use.
        Taken: another tracker is on the item.
        Repeated: this ``act_id`` was used before.
    """
    tracker = await own_tracker(actor, number)
    item = await own_item(actor, code, Permission.TRACKER_EDIT)
    if item["owner"] != tracker["agency"]:
        raise not_found()
    if item["state"] in ("retired", "lost"):
        raise Invalid(N_("This item is out of the register."), code="item_gone", field="code")
    moved = await journal.act(
        TRACKER, "bind", tracker["id"], actor, data={"item": item["id"], "code": item["code"]}, act_id=act_id
    )
    at = clock.now()
    await connection().execute(
        "UPDATE tracker SET item = $2, bound_at = $3 WHERE id = $1", tracker["id"], item["id"], at
    )
    await connection().execute(
        "INSERT INTO tracker_binding (id, tracker, item, since) VALUES ($1, $2, $3, $4)",
        new_id(),
        tracker["id"],
        item["id"],
        at,
    )
    return moved


@verb
async def unbind_tracker(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Take a device off its item; where it is now is nobody's business from this moment on.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
    """
    tracker = await own_tracker(actor, number)
    data = {"item": tracker["item"]}
    moved = await journal.act(TRACKER, "unbind", tracker["id"], actor, note=reason, data=data, act_id=act_id)
    await _take_off(tracker["id"])
    return moved


@verb
async def retire_tracker(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Take a device out of use for good: off its item, its credentials revoked, what was asked of it withdrawn.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
    """
    tracker = await own_tracker(actor, number)
    data = {"item": tracker["item"]}
    moved = await journal.act(TRACKER, "retire", tracker["id"], actor, note=reason, data=data, act_id=act_id)
    await _take_off(tracker["id"])
    await revoke_all("tracker", tracker["id"])
    revision = await connection().fetchval(
        "UPDATE tracker SET desired = '{}', desired_rev = desired_rev + 1, desired_at = $2 WHERE id = $1"
        " RETURNING desired_rev",
        tracker["id"],
        clock.now(),
    )
    await post_desired(tracker["id"], revision)
    return moved


async def own_tracker(actor: Actor, number: str) -> Any:
    """The device behind a number, locked until the verb ends, if the actor may change it.

    Raises:
        NotFound: an unknown number, or a device of another agency: no difference is visible.
        NotAllowed: the actor's role does not suffice.
    """
    row = await connection().fetchrow(
        "SELECT t.*, r.number, r.state FROM record r JOIN tracker t ON t.id = r.id"
        " WHERE r.number = $1 AND r.kind = 'tracker' FOR NO KEY UPDATE OF r, t",
        number,
    )
    if row is None:
        raise not_found()
    require(actor, Permission.TRACKER_EDIT, actor.relations(row["agency"]))
    return row


async def noted(
    actor: Actor, tracker: Any, name: str, data: dict[str, Any], *, act_id: str | None = None
) -> Moved:
    """Journal an act of the keeper that leaves the device's state."""
    return await journal.note_line(
        TRACKER, name, tracker["id"], actor, Permission.TRACKER_EDIT, data=data, act_id=act_id
    )


async def new_key(table: str) -> str:
    """A key that nothing in ``table`` has: short enough to type into a device; it need not be a secret."""
    while True:
        key = "".join(secrets.choice(KEY_LETTERS) for _ in range(KEY_LENGTH))
        if not await connection().fetchval(f"SELECT true FROM {table} WHERE key = $1", key):
            return key


async def post_desired(tracker: UUID, revision: int) -> None:
    """Let the worker tell the broker what is asked of a device, once this verb has committed."""
    body = {"tracker": tracker, "rev": revision}
    await outbox.post("tracker", f"tracker:{tracker}:{revision}", body)


async def revoke_all(kind: str, owner: UUID) -> None:
    """Revoke every credential of a tracker or source within the running verb."""
    await connection().execute(
        f"UPDATE tracker_credential SET revoked_at = $2 WHERE {kind} = $1 AND revoked_at IS NULL",
        owner,
        clock.now(),
    )
    await tell_broker()


async def tell_broker() -> None:
    """Let the broker's keeper look at the credentials anew, once this verb has committed."""
    await connection().execute("SELECT pg_notify('broker', '')")


def check_kind(payload: str) -> None:
    """Refuse a kind of payload that no decoder reads."""
    if payload not in KINDS:
        raise Invalid(
            N_("Nobody here reads this kind of message."),
            do=N_("Choose one of the list."),
            code="unknown_payload",
            field="payload",
        )


async def _take_off(tracker: UUID) -> None:
    """Off its item: the binding ends, no coordinates stay in its state."""
    at = clock.now()
    await connection().execute("UPDATE tracker SET item = NULL, bound_at = NULL WHERE id = $1", tracker)
    await connection().execute(
        "UPDATE tracker_binding SET until = greatest(since, $2) WHERE tracker = $1 AND until IS NULL", tracker, at
    )
    await connection().execute(
        "UPDATE tracker_state SET latitude = NULL, longitude = NULL, accuracy_m = NULL WHERE tracker = $1", tracker
    )


async def _model(model: UUID) -> Any:
    row = await connection().fetchrow("SELECT * FROM device_model WHERE id = $1", model)
    if row is None:
        raise Invalid(N_("There is no such model."), code="unknown_model", field="model")
    return row


async def _source(agency: UUID, key: str | None) -> Any:
    """The agency's source in use with this key; None without one."""
    if key is None:
        return None
    row = await connection().fetchrow(
        "SELECT * FROM tracker_source WHERE key = $1 AND agency = $2 AND retired_at IS NULL", key, agency
    )
    if row is None:
        raise Invalid(N_("Your agency has no such source."), code="unknown_source", field="source")
    return row


def _natural_id(told: str | None, source: Any, model: Any) -> str | None:
    """The id as observations of the source name it.

    Raises:
        Invalid: an id without a source, a source without an id, a model that cannot speak for itself.
    """
    if source is not None:
        if told is None:
            raise Invalid(
                N_("A device that a source speaks for needs its id there."),
                do=N_("Copy it from the label or the server: MAC, DevEUI, IMEI."),
                code="natural_id_needed",
                field="natural_id",
            )
        return normal_id(source["payload"], told)
    if told is not None:
        raise Invalid(
            N_("A device that publishes itself has no other id."),
            do=N_("Name the source that speaks for it, or leave the id empty."),
            code="source_needed",
            field="source",
        )
    if model["payload"] in KINDS and not KINDS[model["payload"]].by_itself:
        raise Invalid(
            N_("A device of this model does not publish itself."),
            do=N_("Name the gateway or server that speaks for it."),
            code="source_needed",
            field="source",
        )
    return None
