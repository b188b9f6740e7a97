"""Who sees where a thing is, who learns that somebody looked, and when it is forgotten (EXPECTATIONS 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.trackers.queries.live import last_seen_of_items, last_seen_of_loan
from shared_resources.equipment.trackers.queries.looks import looks, track_access
from shared_resources.equipment.trackers.queries.tracks import gaps_in
from shared_resources.equipment.trackers.schemas.positions import AreaDraft
from shared_resources.equipment.trackers.service.areas import set_loan_areas
from shared_resources.equipment.trackers.service.devices import unbind_tracker
from shared_resources.equipment.trackers.service.holds import hold_track, release_track
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.equipment.trackers.service.retention import dim_states, forget_looks, forget_positions
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import NotAllowed, NotFound, Refusal, Taken, WrongState
from tests.equipment.trackers.register.devices import PLACE, count, said, tracked_loan
from tests.makers import END, HOUR, START, bring_back, walk_on
from tests.people import make_cast

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")
NOON = START + HOUR
DAY = timedelta(days=1)
CIRCLE = AreaDraft(name="园区", latitude=29.5, longitude=106.5, radius_m=800)

READS = {
    "map": ("owner.custodian", "borrower.head"),
    "track": ("owner.custodian", "borrower.head"),
    "last_seen": ("owner.*", "borrower.*"),
    "looks": ("owner.*", "borrower.*"),
}
"""Of each read who gets an answer; everybody else is refused, or sees an empty map."""
ROLES = ("officer", "head", "custodian", "clerk", "auditor", "admin")


async def asked(read: str, actor: Actor, number: str) -> str:
    """What a read answers: ``ok``, ``empty`` or the status of its refusal."""
    try:
        if read == "map":
            return "ok" if await map_items(actor) else "empty"
        if read == "track":
            return "ok" if (await track_of_loan(actor, number)).parts[0].points else "empty"
        if read == "last_seen":
            return "ok" if await last_seen_of_loan(actor, number) else "empty"
        await looks(actor, number)
    except Refusal as refusal:
        return str(refusal.status)
    return "ok"


def expected(read: str, part: str, role: str) -> str:
    """What ``READS`` says of one cell."""
    if {f"{part}.{role}", f"{part}.*"} & set(READS[read]):
        return "ok"
    if read == "map":
        return "empty" if role in ("custodian", "head") else "403"
    return "404" if part == "third" else "403"


@pytest.mark.parametrize("read", READS)
async def test_every_role_on_every_side_gets_what_the_table_says(read: str) -> None:
    """The whole matrix of one read; a stranger's answer is that of an unknown number."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, NOON)
    wrong = {}
    with clock.at(NOON):
        for part in ("owner", "borrower", "third"):
            for role in ROLES:
                actor = getattr(getattr(cast, part), role)
                found = await asked(read, actor, made.loan.number)
                if found != expected(read, part, role):
                    wrong[part, role] = found
    assert not wrong


async def test_the_map_shows_only_what_is_out_and_what_was_said_since() -> None:
    """A position from before hand-over has no place on the map, nor has a thing that is home."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, START - HOUR)
    with clock.at(NOON):
        (item,) = await map_items(cast.owner.custodian)
        assert (item.latitude, item.loan, item.holder_zh) == (None, made.loan.number, "borrower.officer")
        assert await count("position_look") == 0
        await said(made.tracker, NOON)
        (item,) = await map_items(cast.borrower.head)
        assert ((item.latitude, item.longitude), item.side, item.is_late) == (PLACE, "borrower", False)
    await bring_back(cast.owner, cast.borrower, made.loan)
    with clock.at(END):
        assert await map_items(cast.owner.custodian) == ()


async def test_each_look_is_logged_once_in_a_quarter_of_an_hour() -> None:
    """By person, tracker, loan and view; both sides read the list."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, NOON)
    for minutes in (0, 5, 14, 16):
        with clock.at(NOON + timedelta(minutes=minutes)):
            await map_items(cast.owner.custodian)
    with clock.at(NOON + HOUR):
        await track_of_loan(cast.borrower.head, made.loan.number, view="export")
    for reader in (cast.owner.officer, cast.borrower.clerk):
        found = await looks(reader, made.loan.number)
        assert [(look.person_name, look.view) for look in found] == [
            ("borrower.head", "export"),
            ("owner.custodian", "map"),
            ("owner.custodian", "map"),
        ]
        assert {look.code for look in found} == {made.loan.codes[0]}


async def test_a_look_that_cannot_be_logged_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stand in one transaction."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, NOON)
    monkeypatch.setattr("shared_resources.equipment.trackers.service.looks.new_id", lambda: None)
    with clock.at(NOON), pytest.raises(Exception, match="not-null"):
        await map_items(cast.owner.custodian)


async def test_a_track_holds_what_belongs_to_the_loan() -> None:
    """Nothing from before it went out or after the tracker was taken off; a stranger's item is not found."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    for hours, cell in ((-1, 1), (1, 2), (3, 3), (5, 4)):
        await said(made.tracker, START + hours * HOUR, cell=cell)
    with clock.at(START + 4 * HOUR):
        await unbind_tracker(cast.owner.custodian, made.number, "换电池")
    with clock.at(START + 5 * HOUR):
        track = await track_of_loan(cast.owner.custodian, made.loan.number, item=made.loan.codes[0])
        (part,) = track.parts
        assert [point.at for point in part.points] == [START + HOUR, START + 3 * HOUR]
        assert [(gap.starts_at, gap.ends_at) for gap in part.gaps] == [(START + HOUR, START + 3 * HOUR)]
        late = await track_of_loan(cast.owner.custodian, made.loan.number, starts=START + 2 * HOUR)
        assert len(late.parts[0].points) == 1
        with pytest.raises(Refusal):
            await track_of_loan(cast.owner.custodian, made.loan.number, tracker="K2026-99999")
    assert gaps_in(part.points, 3 * HOUR) == ()


async def test_after_the_loan_only_evidence_is_read() -> None:
    """Closed: nobody sees the track; held: those who decide, and each look says that it was evidence."""
    cast = await make_cast()
    made = await closed_loan(cast)
    number, keeper, head = made, cast.owner.custodian, cast.borrower.head
    with clock.at(END + DAY):
        with pytest.raises(WrongState):
            await track_of_loan(keeper, number)
        assert not (await track_access(keeper, number)).may_see
        with pytest.raises(NotAllowed):
            await hold_track(cast.owner.officer, number, "事故调查")
        await hold_track(head, number, "事故调查")
        with pytest.raises(Taken):
            await hold_track(keeper, number, "也要")
        assert (await track_of_loan(keeper, number)).is_evidence
        with pytest.raises(NotAllowed):
            await track_of_loan(cast.owner.officer, number)
        assert [look.view for look in await looks(head, number)] == ["evidence"]
        with pytest.raises(NotAllowed):
            await release_track(keeper, number, "不需要")
        access = await track_access(head, number)
        assert (access.may_see, access.may_hold, access.deleted_after) == (True, True, None)
        await release_track(head, number, "结案")
        with pytest.raises(WrongState):
            await release_track(head, number, "结案")


@pytest.mark.parametrize("held", [False, True])
async def test_positions_go_ninety_days_after_the_loan_unless_held(held: bool) -> None:
    """At 89 days nothing is lost, at 91 everything that nobody keeps; two runs do what one does."""
    cast = await make_cast()
    number = await closed_loan(cast)
    if held:
        with clock.at(END + DAY):
            await hold_track(cast.owner.head, number, "事故调查")
    with clock.at(END + 89 * DAY):
        assert await forget_positions() == 0
    with clock.at(END + 91 * DAY):
        assert await forget_positions() == (0 if held else 1)
        assert await forget_positions() == 0
        if held:
            await release_track(cast.owner.head, number, "结案")
            assert await forget_positions() == 1
    assert await count("position") == 0


async def test_a_running_loan_is_never_forgotten() -> None:
    """However long ago it began; what was said outside any loan is."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, START - HOUR)
    await said(made.tracker, NOON, cell=2)
    with clock.at(END + 200 * DAY):
        assert await forget_positions() == 1
    assert await count("position", "fix_at = $1", NOON) == 1


async def test_what_is_home_has_no_coordinates_and_old_looks_go() -> None:
    """The state keeps its word of place; looks stay for two years."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, NOON, place="allowed")
    with clock.at(NOON):
        await map_items(cast.owner.custodian)
        assert await dim_states() == 0
    await bring_back(cast.owner, cast.borrower, made.loan)
    assert await dim_states() == 1
    async with reading() as db:
        assert await db.fetchval("SELECT place FROM tracker_state WHERE latitude IS NULL") == "allowed"
    with clock.at(NOON + 729 * DAY):
        assert await forget_looks() == 0
    with clock.at(NOON + 731 * DAY):
        assert await forget_looks() == 1


async def test_last_seen_in_words_and_areas_on_the_loan() -> None:
    """Everybody on the loan reads the word; only who decides sets areas, on a loan that is not over."""
    cast = await make_cast()
    made = await tracked_loan(cast)
    await said(made.tracker, NOON, place="outside")
    (seen,) = await last_seen_of_loan(cast.borrower.officer, made.loan.number)
    assert (seen.place, seen.seen_at) == ("outside", NOON)
    assert (await last_seen_of_items(cast.owner.officer, [seen.item]))[seen.item].place == "outside"
    assert await last_seen_of_items(cast.borrower.officer, [seen.item]) == {}
    await set_loan_areas(cast.owner.head, made.loan.number, (CIRCLE, CIRCLE))
    await set_loan_areas(cast.owner.head, made.loan.number, (CIRCLE,))
    assert [area.name for area in (await track_access(cast.borrower.officer, made.loan.number)).areas] == ["园区"]
    with pytest.raises(NotFound):
        await set_loan_areas(cast.borrower.head, made.loan.number, ())
    over = await closed_loan(cast)
    with pytest.raises(WrongState):
        await set_loan_areas(cast.owner.head, over, ())


async def closed_loan(cast: Cast) -> str:
    """A loan that went out, spoke once, came back and was closed; its number."""
    made = await tracked_loan(cast)
    await said(made.tracker, NOON)
    await walk_on(cast, made.loan, "closed")
    return made.loan.number
