"""The register's verbs: items enter it, are corrected, moved between depots, photographed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.service.sweeps import replan_item
from shared_resources.kernel import clock, custody, journal
from shared_resources.kernel.codes import ALPHABET, RANDOM_CHARACTERS, code_of, parse_code
from shared_resources.kernel.custody import Change, Holder, HolderKind
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.actors import serving
from shared_resources.kernel.permissions import Actor, Permission, Relation, Role, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.schemas.register import ItemDraft, ItemEdit

speaks_for(
    "item_asset_no_once",
    N_("Your agency has an item with this asset number already."),
    do=N_("Check the number, or open that item."),
    code="asset_no_taken",
    field="asset_no",
)

LEAVES_POOL = {
    "send_to_repair": N_("The item was sent to repair."),
    "keep_in_reserve": N_("The item was put aside as emergency reserve."),
    "retire": N_("The item was retired."),
}
"""Steps after which an item cannot be lent, and what the borrowers of later bookings are told."""


@dataclass(frozen=True)
class Registered:
    """An item just entered in the register."""

    id: UUID
    code: str
    number: str


@verb
async def register_item(actor: Actor, draft: ItemDraft, act_id: str | None = None) -> Registered:
    """Enter an item of the actor's agency: record, code, first line of custody at its depot.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: unknown model, a depot or keeper of another agency.
        Taken: the agency has this asset number already.
        Repeated: this ``act_id`` was used before.
    """
    return await enter(actor, draft, act_id)


async def enter(actor: Actor, draft: ItemDraft, act_id: str | None = None) -> Registered:
    """``register_item`` within a running verb (the import enters many in one)."""
    agency = own_agency(actor, Permission.ITEM_EDIT)
    model = await connection().fetchval("SELECT name_zh FROM model WHERE id = $1", draft.model)
    if model is None:
        raise Invalid(N_("There is no such model."), code="unknown_model", field="model")
    await check_depot(agency, draft.depot)
    await check_keeper(agency, draft.keeper)
    record = await open_record(
        ITEM, actor, {Relation.OWNER: agency}, title_of(model, draft.asset_no), act_id=act_id
    )
    code = await new_code()
    await connection().execute(
        "INSERT INTO item (id, owner, code, asset_no, serial, model, depot, keeper, condition, registered_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        record.id,
        agency,
        code,
        draft.asset_no,
        draft.serial or None,
        draft.model,
        draft.depot,
        draft.keeper,
        draft.condition,
        clock.now(),
    )
    place = Holder(HolderKind.DEPOT, str(draft.depot), agency)
    await custody.change_holder(Change(record.id, "receive", place, giver=None, taker=actor.person), expected=None)
    return Registered(record.id, code, record.number)


@verb
async def edit_item(actor: Actor, code: str, edit: ItemEdit, act_id: str | None = None) -> None:
    """Correct what the register says of an item; the journal names the fields that changed.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a keeper of another agency.
        Taken: the agency has this asset number already.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    if edit.keeper != item["keeper"]:
        await check_keeper(item["owner"], edit.keeper)
    changed = sorted(name for name, value in edit.model_dump().items() if (value or None) != item[name])
    if not changed:
        return
    await connection().execute(
        "UPDATE item SET asset_no = $2, serial = $3, keeper = $4, condition = $5 WHERE id = $1",
        item["id"],
        edit.asset_no,
        edit.serial or None,
        edit.keeper,
        edit.condition,
    )
    await connection().execute(
        "UPDATE record SET title = $2 WHERE id = $1", item["id"], title_of(item["model_name"], edit.asset_no)
    )
    await noted(actor, item, "edit_item", {"changed": changed}, act_id=act_id)


@verb
async def move_item_to_depot(
    actor: Actor, code: str, depot: UUID, note: str | None = None, act_id: str | None = None
) -> None:
    """Move an item that is in store to another depot of its owner: one line of custody, kind ``move``.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a depot of another agency.
        WrongState: the item is with a person, or lost; it has to come back first.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    await check_depot(item["owner"], depot)
    held = await in_store(item["id"])
    if held.id == str(depot):
        return
    await custody.change_holder(
        Change(
            thing=item["id"],
            kind="move",
            to=Holder(HolderKind.DEPOT, str(depot), item["owner"]),
            giver=actor.person,
            taker=actor.person,
            note=note,
        ),
        expected=held,
    )
    await connection().execute("UPDATE item SET depot = $2 WHERE id = $1", item["id"], depot)
    await noted(actor, item, "move_to_depot", {"from": held.id, "to": depot}, note=note, act_id=act_id)


@verb
async def change_item_state(
    actor: Actor,
    code: str,
    step: str,
    note: str | None = None,
    act_id: str | None = None,
    version: int | None = None,
) -> str:
    """Take a step of the item's procedure (to repair, retire, found again); returns the new state.

    Whoever booked an item that leaves the pool is told, and the booking is planned anew.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    if step not in {found.name for found in ITEM.steps}:
        raise Invalid(N_("There is no such step."), code="unknown_step", field="step")
    if step in LEAVES_POOL and item["state"] != "lost":
        await in_store(item["id"])
    moved = await journal.act(ITEM, step, item["id"], actor, note=note, act_id=act_id, version=version)
    if step == "find_again":
        await back_on_the_shelf(actor, item, note)
    if step in LEAVES_POOL:
        await replan_item(item["id"], LEAVES_POOL[step])
    return moved.state


@verb
async def add_photo(
    actor: Actor, code: str, file: UUID, caption: str | None = None, act_id: str | None = None
) -> None:
    """Add a picture, stored before, that shows the item as it is now.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the file is no picture, or another agency's.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    media_type = await check_file(item["owner"], file)
    if not media_type.startswith("image/"):
        raise Invalid(N_("This file is not a picture."), do=N_("Choose a JPEG, PNG or WebP."), field="photo")
    await connection().execute(
        "INSERT INTO item_photo (id, item, file, taken_at, caption) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        item["id"],
        file,
        clock.now(),
        caption or None,
    )
    await noted(actor, item, "add_photo", {"file": file}, act_id=act_id)


@verb
async def note_labels_printed(actor: Actor, codes: list[str], act_id: str | None = None) -> None:
    """Journal that labels of these items were printed: a label is a key to the item's page.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    for position, code in enumerate(codes):
        item = await own_item(actor, code, Permission.LABEL_PRINT)
        act = None if act_id is None else f"{act_id}:{position}"
        await journal.note_line(ITEM, "print_label", item["id"], actor, Permission.LABEL_PRINT, act_id=act)


def own_agency(actor: Actor, permission: Permission) -> UUID:
    """The actor's agency, for which they may do this.

    Raises:
        SignInNeeded, NotAllowed, NotFound: see ``permissions.require``.
    """
    require(actor, permission, actor.relations(actor.agency))
    if actor.agency is None:
        raise not_found()
    return actor.agency


async def own_item(actor: Actor, code: str, permission: Permission) -> Any:
    """The item behind a code, locked until the verb ends, if the actor may do this to it.

    Raises:
        NotFound: an unknown code, a slip in it, or an item of another agency: no difference is visible.
        NotAllowed: the actor's role does not suffice.
    """
    try:
        stored = parse_code(code)
    except Invalid:
        raise not_found() from None
    row = await connection().fetchrow(
        "SELECT i.*, r.state, m.name_zh AS model_name FROM item i JOIN record r ON r.id = i.id"
        " JOIN model m ON m.id = i.model WHERE i.code = $1 FOR NO KEY UPDATE OF r, i",
        stored,
    )
    if row is None:
        raise not_found()
    require(actor, permission, actor.relations(row["owner"]))
    return row


async def new_code() -> str:
    """A code that no item has."""
    while True:
        code = code_of([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_CHARACTERS)])
        if not await connection().fetchval("SELECT true FROM item WHERE code = $1", code):
            return code


async def check_depot(agency: UUID, depot: UUID) -> None:
    """Refuse a depot that is not the agency's."""
    if not await connection().fetchval("SELECT true FROM depot WHERE id = $1 AND agency = $2", depot, agency):
        raise Invalid(N_("Your agency has no such depot."), code="unknown_depot", field="depot")


async def check_keeper(agency: UUID, keeper: UUID | None) -> None:
    """Refuse a keeper who is not an equipment custodian of the agency today."""
    if keeper is None:
        return
    person = await serving(keeper, agency)
    if person is None or Role.CUSTODIAN not in person.roles:
        raise Invalid(
            N_("This person is not an equipment custodian of your agency."),
            do=N_("Choose another keeper, or ask your administrator for the role."),
            code="not_custodian",
            field="keeper",
        )


async def check_file(agency: UUID, file: UUID | None) -> str:
    """The media type of a stored file of the agency; empty without a file.

    Raises:
        Invalid: there is no such file of this agency.
    """
    if file is None:
        return ""
    found = await connection().fetchval("SELECT media_type FROM file WHERE id = $1 AND owner = $2", file, agency)
    if found is None:
        raise Invalid(N_("There is no such file."), do=N_("Upload it again."), code="unknown_file", field="file")
    return str(found)


async def in_store(item: UUID) -> Holder:
    """The depot that holds an item.

    Raises:
        WrongState: a person holds it, or nobody.
    """
    held = await custody.holder_of(item, lock=True)
    if held is None or held.kind is not HolderKind.DEPOT:
        raise WrongState(
            N_("This item is not in store."), do=N_("Take it back from its holder first."), code="not_in_store"
        )
    return held


async def back_on_the_shelf(actor: Actor, item: Any, note: str | None) -> None:
    """Custody of a thing found again: from nobody to its depot."""
    held = await custody.holder_of(item["id"], lock=True)
    shelf = Holder(HolderKind.DEPOT, str(item["depot"]), item["owner"])
    if held != shelf:
        change = Change(item["id"], "correct", shelf, giver=None, taker=actor.person, note=note)
        await custody.change_holder(change, expected=held)


async def noted(
    actor: Actor,
    item: Any,
    name: str,
    data: dict[str, Any],
    *,
    note: str | None = None,
    act_id: str | None = None,
) -> None:
    """Journal an act of the item's keeper that leaves its state."""
    await journal.note_line(
        ITEM, name, item["id"], actor, Permission.ITEM_EDIT, note=note, data=data, act_id=act_id
    )


def title_of(model: str, asset_no: str) -> str:
    """The title of an item's record."""
    return f"{model} {asset_no}"
