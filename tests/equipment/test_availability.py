"""What is free from A to B: states, buffers, lateness, certificates, order, distance, hours."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from shared_resources.equipment.queries.availability import free, substitutes
from shared_resources.equipment.queries.booking import free_of_model
from shared_resources.equipment.schemas.loans import FreeFilter
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound
from shared_resources.kernel.permissions import Actor, Role
from tests.equipment.shelf import (
    DAY,
    HOUR,
    NOW,
    OFFICE,
    certify,
    give,
    insert,
    make_category,
    make_depot,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast
from tests.statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from shared_resources.equipment.schemas.loans import FreeGroup


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def model(cast: Cast) -> UUID:
    return await make_model(await make_category())


@pytest.fixture
async def depot(cast: Cast) -> UUID:
    return await make_depot(cast.owner.agency, latitude=29.5717, longitude=106.5745)


async def groups(actor: Actor, start: datetime, end: datetime, **wanted: Any) -> tuple[FreeGroup, ...]:
    return (await free(actor, FreeFilter(starts_at=start, ends_at=end, **wanted))).groups


async def codes(cast: Cast, start: datetime, end: datetime, **wanted: Any) -> set[str]:
    found = await groups(cast.borrower.officer, start, end, **wanted)
    return {code for group in found for code in group.codes}


class TestFree:
    async def test_half_open_periods_touch(self, cast: Cast, model: UUID, depot: UUID) -> None:
        item = await make_item(cast.owner, model, depot)
        await make_loan(cast.third.officer, [item], NOW + DAY, NOW + 2 * DAY, state="approved", line="reserved")
        assert await codes(cast, NOW, NOW + DAY) == {item.code}
        assert await codes(cast, NOW + 2 * DAY, NOW + 3 * DAY) == {item.code}
        assert await codes(cast, NOW, NOW + DAY + HOUR) == set()
        assert await codes(cast, NOW + 2 * DAY - HOUR, NOW + 3 * DAY) == set()

    async def test_buffers_of_the_model_widen_what_is_asked(self, cast: Cast, depot: UUID) -> None:
        careful = await make_model(await make_category(), buffer_before_minutes=60, buffer_after_minutes=30)
        item = await make_item(cast.owner, careful, depot)
        await make_loan(cast.third.officer, [item], NOW + DAY, NOW + 2 * DAY, state="approved", line="reserved")
        half = HOUR / 2
        assert await codes(cast, NOW, NOW + DAY - half) == {item.code}
        assert await codes(cast, NOW, NOW + DAY - half + HOUR / 60) == set()
        assert await codes(cast, NOW + 2 * DAY + HOUR, NOW + 3 * DAY) == {item.code}
        assert await codes(cast, NOW + 2 * DAY + half, NOW + 3 * DAY) == set()

    @pytest.mark.parametrize(
        ("line", "is_free"), [("asked", True), ("held", False), ("conflict", True), ("dropped", True)]
    )
    async def test_only_lines_that_occupy_count(
        self, cast: Cast, model: UUID, depot: UUID, line: str, is_free: bool
    ) -> None:
        item = await make_item(cast.owner, model, depot)
        await make_loan(cast.third.officer, [item], NOW + DAY, NOW + 2 * DAY, line=line)
        assert (await codes(cast, NOW + DAY, NOW + 2 * DAY) == {item.code}) is is_free

    @pytest.mark.parametrize("state", ["standby", "repair", "damaged", "lost", "retired"])
    async def test_items_out_of_the_pool_are_not_free(
        self, cast: Cast, model: UUID, depot: UUID, state: str
    ) -> None:
        await make_item(cast.owner, model, depot, state=state)
        assert await codes(cast, NOW, NOW + DAY) == set()

    async def test_late_or_uninspected_items_are_free_for_no_time(
        self, cast: Cast, model: UUID, depot: UUID
    ) -> None:
        late, back, out = [await make_item(cast.owner, model, depot) for _ in range(3)]
        officer = cast.third.officer
        await make_loan(officer, [late], NOW - DAY, NOW - HOUR, state="overdue", line="out")
        await make_loan(officer, [back], NOW - DAY, NOW - HOUR, state="returned", line="back")
        await make_loan(officer, [out], NOW - DAY, NOW + HOUR, state="out", line="out")
        assert await codes(cast, NOW + 9 * DAY, NOW + 10 * DAY) == {out.code}

    async def test_evidence_needs_a_certificate_over_the_whole_time(
        self, cast: Cast, model: UUID, depot: UUID
    ) -> None:
        strict = await make_model(await make_category("gas"), "GX-4", evidence_needs_certificate=True)
        good, short, none = [await make_item(cast.owner, strict, depot) for _ in range(3)]
        plain = await make_item(cast.owner, model, depot)
        await certify(good, date(2026, 11, 24), date(2026, 11, 26))
        await certify(short, date(2026, 11, 1), date(2026, 11, 25))
        end = NOW + 2 * DAY + 15 * HOUR  # midnight after 26 November in Chongqing
        assert await codes(cast, NOW, end, evidential=True) == {good.code, plain.code}
        assert await codes(cast, NOW, end + HOUR / 60, evidential=True) == {plain.code}
        assert await codes(cast, NOW, end) == {good.code, short.code, none.code, plain.code}

    async def test_inverted_time_is_refused(self, cast: Cast, model: UUID) -> None:
        with pytest.raises(Invalid) as refused:
            await groups(cast.borrower.officer, NOW + DAY, NOW)
        assert refused.value.field == "ends_at"

    async def test_administrator_of_the_system_sees_nothing(self, cast: Cast) -> None:
        root = Actor(uuid4(), None, "root", roles=frozenset({Role.SYSTEM_ADMIN}))
        with pytest.raises(NotAllowed):
            await groups(root, NOW, NOW + DAY)


class TestGroups:
    async def test_counts_and_least_used_first(self, cast: Cast, model: UUID, depot: UUID) -> None:
        used, fresh, broken = [await make_item(cast.owner, model, depot) for _ in range(3)]
        lent = await make_loan(
            cast.third.officer, [used], NOW - 3 * DAY, NOW - 2 * DAY, state="closed", line="done"
        )
        await give(used, cast.owner.custodian, cast.third.officer, lent.id)
        await make_loan(cast.third.officer, [broken], NOW, NOW + DAY, state="approved", line="reserved")
        (group,) = await groups(cast.borrower.officer, NOW, NOW + DAY)
        assert (group.free, group.total, group.codes) == (2, 3, (fresh.code, used.code))
        assert (group.owner.slug, group.depot, group.category, group.resource) == (
            "owner",
            depot,
            "radio",
            "radio",
        )
        rows = await free_of_model(model, NOW, NOW + DAY, limit=5)
        assert [item.code for item in rows] == [fresh.code, used.code]

    async def test_nearest_first_then_without_place(self, cast: Cast, model: UUID, depot: UUID) -> None:
        far = await make_depot(cast.third.agency, "长寿化工园前置库", latitude=29.8236, longitude=107.0116)
        nowhere = await make_depot(cast.third.agency, "未定位")
        for team, place in ((cast.third, nowhere), (cast.third, far), (cast.owner, depot)):
            await make_item(team, model, place)
        found = await groups(cast.borrower.officer, NOW, NOW + DAY, near=depot)
        assert [group.depot for group in found] == [depot, far, nowhere]
        assert [group.distance_km for group in found] == [0.0, pytest.approx(50.7, abs=0.2), None]

    async def test_pages_join_without_gap_or_repeat(self, cast: Cast, model: UUID, depot: UUID) -> None:
        category = await make_category("camera", "video")
        for number in range(5):
            await make_item(cast.owner, await make_model(category, f"机型 {number}"), depot)
        wanted = FreeFilter(starts_at=NOW, ends_at=NOW + DAY, near=depot)
        seen: list[str] = []
        cursor: str | None = None
        while True:
            found = await free(cast.borrower.officer, wanted, cursor=cursor, size=2)
            seen += [group.model_name_zh for group in found.groups]
            cursor = found.next
            if cursor is None:
                break
        assert seen == [f"机型 {number}" for number in range(5)]
        with pytest.raises(Invalid):
            await free(cast.borrower.officer, wanted, cursor="bm9wZQ")

    async def test_filters_narrow(self, cast: Cast, model: UUID, depot: UUID) -> None:
        radio = await make_item(cast.owner, model, depot)
        camera_model = await make_model(await make_category("camera", "video"), "DSJ-4H 执法记录仪")
        camera = await make_item(cast.third, camera_model, await make_depot(cast.third.agency, "朝天门码头装备点"))
        span = (NOW, NOW + DAY)
        assert await codes(cast, *span, resource="video") == {camera.code}
        assert await codes(cast, *span, category="radio") == {radio.code}
        assert await codes(cast, *span, agency="third") == {camera.code}
        assert await codes(cast, *span, depot=depot) == {radio.code}
        assert await codes(cast, *span, model=camera_model) == {camera.code}
        assert await codes(cast, *span, q="执法") == {camera.code}
        assert await codes(cast, *span, q="朝天门") == {camera.code}

    async def test_says_when_the_depot_is_closed(self, cast: Cast, model: UUID) -> None:
        office = await make_depot(cast.owner.agency, "大队装备室", hours=json.dumps(OFFICE))
        await insert(
            "depot_closure", depot=office, first_day=date(2026, 11, 26), last_day=date(2026, 11, 26), reason="盘点"
        )
        await make_item(cast.owner, model, office)
        (group,) = await groups(cast.borrower.officer, NOW, NOW + 9 * HOUR)
        assert (group.closed_at_start, group.closed_at_end) == (None, None)
        (group,) = await groups(cast.borrower.officer, NOW - HOUR, NOW + 2 * DAY)
        assert (
            str(group.closed_at_start) == "The depot is closed at that time; on that day it is open 08:30–18:00."
        )
        assert str(group.closed_at_end) == "The depot is closed on that day: 盘点"

    async def test_two_statements_however_many(self, cast: Cast, model: UUID, depot: UUID) -> None:
        for _ in range(3):
            await make_item(cast.owner, model, depot)
        async with counted() as said:
            await groups(cast.borrower.officer, NOW, NOW + DAY)
        assert len(said) == 2


class TestChosen:
    async def test_items_of_a_model_from_where_they_may_come(self, cast: Cast, model: UUID, depot: UUID) -> None:
        ours = await make_item(cast.owner, model, depot)
        theirs = await make_item(cast.third, model, await make_depot(cast.third.agency, "朝天门码头装备点"))

        async def found(**wanted: Any) -> set[str]:
            return {item.code for item in await free_of_model(model, NOW, NOW + DAY, limit=9, **wanted)}

        assert await found() == {ours.code, theirs.code}
        assert await found(owner=cast.third.agency) == {theirs.code}
        assert await found(depot=depot) == {ours.code}
        assert await found(besides=[ours.id]) == {theirs.code}
        assert len(await free_of_model(model, NOW, NOW + DAY, limit=1)) == 1

    async def test_substitutes_are_of_the_same_kind_and_free(self, cast: Cast, model: UUID, depot: UUID) -> None:
        gone, other = [await make_item(cast.owner, model, depot) for _ in range(2)]
        near = await make_depot(cast.third.agency, "朝天门", latitude=29.568, longitude=106.587)
        neighbour = await make_item(cast.third, model, near)
        await make_item(cast.borrower, model, await make_depot(cast.borrower.agency, "观音桥"))
        await make_item(cast.owner, await make_model(await make_category("camera", "video")), depot)
        busy = await make_item(cast.owner, model, depot)
        await make_loan(cast.third.officer, [busy], NOW, NOW + 2 * DAY, state="approved", line="reserved")
        lent = await make_loan(cast.borrower.officer, [gone], NOW, NOW + DAY, state="conflict", line="conflict")
        found = await substitutes(cast.borrower.officer, lent.number, lent.lines[0])
        assert [group.codes for group in found] == [(other.code,), (neighbour.code,)]
        with pytest.raises(NotFound):
            await substitutes(cast.third.officer, lent.number, lent.lines[0])
        with pytest.raises(NotFound):
            await substitutes(cast.borrower.officer, lent.number, uuid4())
