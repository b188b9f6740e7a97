"""Devices enter the register, go on items, come off, are asked something, and leave."""

from __future__ import annotations

import json

import pytest

from shared_resources.equipment.trackers.queries.devices import device_list, device_page
from shared_resources.equipment.trackers.queries.health import health, quarantine_list
from shared_resources.equipment.trackers.queries.models import model_list, model_page
from shared_resources.equipment.trackers.queries.sources import source_list, source_page
from shared_resources.equipment.trackers.schemas.devices import (
    DeviceFilter,
    DeviceModelDraft,
    SourceDraft,
    SourceEdit,
    TrackerDraft,
    TrackerEdit,
)
from shared_resources.equipment.trackers.service.devices import (
    bind_tracker,
    edit_tracker,
    register_tracker,
    retire_tracker,
    unbind_tracker,
)
from shared_resources.equipment.trackers.service.models import create_device_model, edit_device_model
from shared_resources.equipment.trackers.service.sources import edit_source, register_source, retire_source
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Taken, WrongState
from shared_resources.kernel.identifiers import new_id
from tests.equipment.trackers.register.devices import a_model, a_tracker, count, said
from tests.makers import MONDAY, make_depot, make_item
from tests.people import make_cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_device_lives_on_items_and_leaves() -> None:
    """Registered, bound, taken off, bound to another, retired; the page tells each act."""
    keeper = (await make_cast()).owner.custodian
    one, two = [await make_item(keeper=keeper) for _ in range(2)]
    moved = await register_tracker(keeper, TrackerDraft(name="定位器 1", model=await a_model(keeper)))
    await bind_tracker(keeper, moved.number, one.code)
    page = await device_page(keeper, moved.number)
    assert (page.state, page.code, len(page.key)) == ("bound", one.code, 6)
    with pytest.raises(WrongState):
        await bind_tracker(keeper, moved.number, two.code)
    with pytest.raises(Invalid):
        await unbind_tracker(keeper, moved.number, " ")
    await unbind_tracker(keeper, moved.number, "换到别的设备")
    await bind_tracker(keeper, moved.number, two.code)
    await edit_tracker(keeper, moved.number, TrackerEdit(name="定位器 2", model=page.model))
    await retire_tracker(keeper, moved.number, "坏了")
    page = await device_page(keeper, moved.number)
    assert (page.state, page.code, page.name, page.choices) == ("retired", None, "定位器 2", ())
    assert [act.step for act in page.journal] == [
        *("retire", "edit_tracker", "bind", "unbind", "bind", "register"),
    ]
    assert await count("tracker_binding", "until IS NOT NULL") == 2
    assert await count("outbox", "topic = 'tracker'") == 1


async def test_one_tracker_for_each_item() -> None:
    """Another one is refused by name."""
    keeper = (await make_cast()).owner.custodian
    item = await make_item(keeper=keeper)
    await a_tracker(keeper, item.code)
    number, _ = await a_tracker(keeper)
    with pytest.raises(Taken) as refused:
        await bind_tracker(keeper, number, item.code)
    assert refused.value.code == "item_has_tracker"


async def test_an_item_of_another_agency_does_not_exist() -> None:
    """Foreign numbers and codes answer as unknown ones do."""
    cast = await make_cast()
    number, _ = await a_tracker(cast.owner.custodian)
    foreign = await make_item(keeper=cast.third.custodian)
    answers = []
    for act in (
        bind_tracker(cast.owner.custodian, number, foreign.code),
        bind_tracker(cast.third.custodian, number, foreign.code),
        device_page(cast.third.custodian, number),
        device_page(cast.third.custodian, "K2026-99999"),
        retire_tracker(cast.third.custodian, number, "x"),
    ):
        with pytest.raises(NotFound) as refused:
            await act
        answers.append((refused.value.code, refused.value.sentence))
    assert len(set(map(str, answers))) == 1


async def test_a_tag_needs_its_source_and_a_source_its_tags() -> None:
    """Ids are written as the source tells them; each once for each source."""
    cast = await make_cast()
    keeper = cast.owner.custodian
    key = await register_source(
        keeper, SourceDraft(name="门口", payload="ble", depot=await make_depot(keeper=keeper))
    )
    model = await a_model(keeper, payload="ble")
    with pytest.raises(Invalid) as alone:
        await register_tracker(keeper, TrackerDraft(name="标签", model=model))
    assert alone.value.code == "source_needed"
    with pytest.raises(Invalid) as nameless:
        await register_tracker(keeper, TrackerDraft(name="标签", model=model, source=key))
    assert nameless.value.code == "natural_id_needed"
    tag = TrackerDraft(name="标签", model=model, source=key, natural_id="aa-bb-cc-dd-ee-ff")
    made = await register_tracker(keeper, tag)
    with pytest.raises(Taken):
        await register_tracker(keeper, tag.model_copy(update={"natural_id": "AA:BB:CC:DD:EE:FF"}))
    with pytest.raises(Invalid):
        await register_tracker(cast.third.custodian, tag)
    page = await source_page(keeper, key)
    assert [tag.number for tag in page.tags] == [made.number]
    with pytest.raises(NotFound):
        await source_page(cast.third.custodian, key)


async def test_a_return_door_stands_at_an_own_depot() -> None:
    """A door without depot is refused, another agency's depot too; a retired source is a door no more."""
    cast = await make_cast()
    keeper = cast.owner.custodian
    key = await register_source(keeper, SourceDraft(name="网关", payload="chirpstack"))
    with pytest.raises(Invalid):
        await edit_source(keeper, key, SourceEdit(name="网关", return_door=True))
    foreign = await make_depot(keeper=cast.third.custodian)
    with pytest.raises(Invalid):
        await edit_source(keeper, key, SourceEdit(name="网关", depot=foreign))
    depot = await make_depot(keeper=keeper)
    await edit_source(keeper, key, SourceEdit(name="网关 2", depot=depot, return_door=True))
    await retire_source(keeper, key)
    with pytest.raises(WrongState):
        await retire_source(keeper, key)
    (line,) = await source_list(keeper)
    assert (line.name, line.return_door, line.retired_at is not None) == ("网关 2", False, True)
    with pytest.raises(Invalid):
        await register_source(keeper, SourceDraft(name="x", payload="morse"))


async def test_models_have_plain_thresholds() -> None:
    """Made, changed, refused when they contradict themselves or bear a name twice."""
    cast = await make_cast()
    model = await a_model(cast.owner.custodian, name="TL-1")
    draft = DeviceModelDraft(name="TL-1", payload="native", field_map={"battery": ("/bat",)}, low_battery_pct=30)
    await edit_device_model(cast.third.custodian, model, draft)
    found = await model_page(cast.owner.officer, model)
    assert (found.low_battery_pct, found.field_map) == (30, {"battery": ["/bat"]})
    assert [line.name for line in await model_list(cast.owner.officer)] == ["TL-1"]
    with pytest.raises(Taken):
        await create_device_model(cast.owner.custodian, draft)
    with pytest.raises(Invalid):
        await a_model(cast.owner.custodian, silent_minutes=600, lost_hours=1)
    with pytest.raises(NotAllowed):
        await create_device_model(cast.owner.officer, draft)


async def test_health_and_lists_name_what_is_the_matter() -> None:
    """A low battery, and messages nobody could read: those of the reader's own devices only."""
    cast = await make_cast()
    keeper = cast.owner.custodian
    number, tracker = await a_tracker(keeper)
    for _ in range(3):
        await a_tracker(keeper)
    await said(tracker, MONDAY)
    key = (await device_page(keeper, number)).key
    async with transaction() as db:
        for topic in (f"t/{key}/obs", f"s/{key}/x", "t/foreign/obs"):
            await db.execute(
                "INSERT INTO quarantine (id, topic, payload, size, retained, reason, received_at)"
                " VALUES ($1, $2, '', 3, false, 'no JSON', $3)",
                new_id(),
                topic,
                MONDAY,
            )
    found = await health(keeper)
    assert ([line.number for line in found.low_battery], found.total) == ([number], 4)
    assert [(sender.key, sender.messages) for sender in found.quarantine] == [(key, 1)]
    assert [one.topic for one in (await quarantine_list(keeper)).messages] == [f"t/{key}/obs"]
    assert (await quarantine_list(cast.third.custodian)).messages == ()
    assert (await health(cast.owner.officer)).quarantine == ()
    with pytest.raises(Refusal):
        await quarantine_list(cast.owner.officer)
    first = await device_list(keeper, DeviceFilter(), size=3)
    rest = await device_list(keeper, DeviceFilter(), size=3, cursor=first.next)
    assert len({line.number for line in (*first.devices, *rest.devices)}) == 4
    assert (await device_list(keeper, DeviceFilter(q=key, free=True))).devices[0].number == number
    assert (await device_list(cast.third.officer, DeviceFilter())).devices == ()


async def test_no_read_about_devices_has_a_coordinate() -> None:
    """Neither fields nor values."""
    keeper = (await make_cast()).owner.custodian
    number, tracker = await a_tracker(keeper)
    await said(tracker, MONDAY, place="depot")
    with clock.at(MONDAY):
        told = [await device_page(keeper, number), await health(keeper), await device_list(keeper, DeviceFilter())]
    words = json.dumps([one.model_dump(mode="json") for one in told])
    assert "latitude" not in words
    assert "29.563" not in words
