"""The register's verbs and reads: what enters, what changes, who may, and what others never learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.queries.register import counts, item_journal, item_page, items
from shared_resources.equipment.schemas.register import (
    ItemDraft,
    ItemEdit,
    ItemFilter,
    ItemFull,
    ItemOwn,
    ItemPublic,
)
from shared_resources.equipment.service.register import (
    change_item_state,
    edit_item,
    move_item_to_depot,
    register_item,
)
from shared_resources.kernel.codes import code_in, code_of
from shared_resources.kernel.custody import holder_of
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Repeated, Taken, WrongState
from shared_resources.kernel.identifiers import new_id
from tests.makers import make_category, make_depot, make_item, make_loan, make_model, said_to, state_of
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def draft(cast: Cast, **more: object) -> ItemDraft:
    keeper = cast.owner.custodian
    usual = {"model": await make_model(keeper=keeper), "depot": await make_depot(keeper=keeper)}
    return ItemDraft.model_validate({"asset_no": "YJ-1", **usual, **more})


async def test_an_item_enters_with_code_record_and_custody(cast: Cast) -> None:
    wanted = await draft(cast, serial="SN-1", keeper=cast.owner.custodian.person)
    made = await register_item(cast.owner.custodian, wanted, act_id="one")
    assert code_in(made.code) == made.code
    assert made.number.startswith("E")
    page = await item_page(cast.owner.auditor, made.code)
    assert isinstance(page.item, ItemFull)
    assert (page.item.asset_no, page.item.serial, page.item.keeper_name) == ("YJ-1", "SN-1", "owner.custodian")
    assert page.item.is_free
    held = await holder_of(made.id)
    assert held is not None
    assert held.id == str(wanted.depot)
    with pytest.raises(Repeated):
        await register_item(cast.owner.custodian, wanted.model_copy(update={"asset_no": "YJ-2"}), act_id="one")


async def test_the_same_asset_number_is_taken_once_for_each_agency(cast: Cast) -> None:
    wanted = await draft(cast)
    await register_item(cast.owner.custodian, wanted)
    with pytest.raises(Taken, match="this asset number already") as refused:
        await register_item(cast.owner.custodian, wanted)
    assert refused.value.field == "asset_no"
    third = await make_depot(keeper=cast.third.custodian)
    await register_item(cast.third.custodian, wanted.model_copy(update={"depot": third}))


async def test_foreign_depots_keepers_and_unknown_models_are_refused(cast: Cast) -> None:
    wanted = await draft(cast)
    foreign = await make_depot(keeper=cast.third.custodian)
    wrong: list[tuple[str, UUID | None, str]] = [
        ("depot", foreign, "no such depot"),
        ("model", new_id(), "no such model"),
        ("keeper", cast.owner.officer.person, "not an equipment custodian"),
        ("keeper", cast.third.custodian.person, "not an equipment custodian"),
    ]
    for field, value, sentence in wrong:
        with pytest.raises(Invalid, match=sentence) as refused:
            await register_item(cast.owner.custodian, wanted.model_copy(update={field: value}))
        assert refused.value.field == field


async def test_only_custodians_enter_items(cast: Cast) -> None:
    wanted = await draft(cast)
    for actor in (cast.owner.officer, cast.owner.head, cast.owner.admin):
        with pytest.raises(NotAllowed):
            await register_item(actor, wanted)


async def test_corrections_name_the_fields_that_changed(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, asset_no="YJ-9")
    await edit_item(cast.owner.custodian, item.code, ItemEdit(asset_no="YJ-9"))
    await edit_item(cast.owner.custodian, item.code, ItemEdit(asset_no="YJ-10", serial="SN"))
    page = await item_page(cast.owner.custodian, item.code)
    assert isinstance(page.item, ItemFull)
    assert page.item.asset_no == "YJ-10"
    lines = await item_journal(cast.owner.custodian, page.item.owner, page.item.id)
    assert [line.step for line in lines] == ["edit_item", "register"]


async def test_a_foreign_item_is_an_unknown_item(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    for code in (item.code, code_of([4] * 7), "nonsense"):
        with pytest.raises(NotFound, match="nothing here") as refused:
            await edit_item(cast.third.custodian, code, ItemEdit(asset_no="X"))
        assert refused.value.code == "not_found"
        with pytest.raises(NotFound):
            await change_item_state(cast.third.custodian, code, "retire", note="x")


async def test_others_see_kind_place_and_free_only(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, serial="SECRET-1", asset_no="HIDDEN-1")
    page = await item_page(cast.third.officer, item.code)
    assert type(page.item) is ItemPublic
    assert "SECRET-1" not in page.model_dump_json()
    assert "HIDDEN-1" not in page.model_dump_json()
    by_serial = await items(cast.third.officer, ItemFilter(q="SECRET-1"))
    assert by_serial.items == ()
    own = await items(cast.owner.officer, ItemFilter(q="secret-1"))
    assert [type(found) for found in own.items] == [ItemOwn]


async def test_lost_and_retired_items_are_nobody_elses_business(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, state="retired")
    with pytest.raises(NotFound):
        await item_page(cast.third.officer, item.code)
    assert (await items(cast.third.officer, ItemFilter())).items == ()
    assert (await item_page(cast.owner.officer, item.code)).item.state == "retired"
    with pytest.raises(WrongState, match="no longer possible"):
        await change_item_state(cast.owner.custodian, item.code, "keep_in_reserve")


async def test_an_item_that_leaves_the_pool_tells_whoever_booked_it(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="conflict")
    assert await state_of(loan.number) == "conflict"
    assert await said_to(cast.borrower.officer)


async def test_what_is_out_cannot_be_moved_or_repaired(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="out")
    depot = await make_depot(keeper=cast.owner.custodian)
    with pytest.raises(WrongState, match="not in store"):
        await move_item_to_depot(cast.owner.custodian, loan.codes[0], depot)
    with pytest.raises(WrongState, match="not in store"):
        await change_item_state(cast.owner.custodian, loan.codes[0], "send_to_repair")


async def test_to_another_depot_is_a_line_of_custody(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    depot = await make_depot(keeper=cast.owner.custodian)
    await move_item_to_depot(cast.owner.custodian, item.code, depot, "调拨")
    held = await holder_of(item.id)
    assert held is not None
    assert held.id == str(depot)
    with pytest.raises(Invalid, match="no such depot"):
        await move_item_to_depot(cast.owner.custodian, item.code, await make_depot(keeper=cast.third.custodian))


async def test_retiring_needs_a_reason_and_unknown_steps_are_refused(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    with pytest.raises(Invalid, match="A reason is needed"):
        await change_item_state(cast.owner.custodian, item.code, "retire")
    with pytest.raises(Invalid, match="no such step"):
        await change_item_state(cast.owner.custodian, item.code, "explode")
    with pytest.raises(NotFound):
        await change_item_state(cast.owner.custodian, item.code, "mark_lost")
    with pytest.raises(WrongState, match="Somebody changed this"):
        await change_item_state(cast.owner.custodian, item.code, "send_to_repair", version=99)


async def test_pages_of_a_list_join_without_gap_or_twin(cast: Cast) -> None:
    keeper = cast.owner.custodian
    category, depot = await make_category(keeper=keeper), await make_depot(keeper=keeper)
    models = [await make_model(keeper=keeper, category=category) for _ in range(2)]
    made = {(await make_item(keeper=keeper, model=models[n % 2], depot=depot)).code for n in range(7)}
    seen: list[str] = []
    cursor = None
    while True:
        found = await items(cast.third.officer, ItemFilter(category=category), cursor=cursor, size=3)
        seen += [item.code for item in found.items]
        cursor = found.next
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made
    with pytest.raises(Invalid, match="place in the list"):
        await items(cast.third.officer, ItemFilter(), cursor="rubbish")


async def test_counts_by_state_follow_the_filter(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    for state in ("available", "available", "repair", "retired"):
        await make_item(keeper=keeper, model=model, state=state)
    own = {count.state: count.items for count in await counts(keeper, ItemFilter(model=model))}
    others = {count.state: count.items for count in await counts(cast.third.officer, ItemFilter(model=model))}
    assert own == {"available": 2, "repair": 1, "retired": 1}
    assert others == {"available": 2, "repair": 1}
