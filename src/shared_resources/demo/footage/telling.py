"""Telling the footage of the demo among all other records, in the order of time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from shared_resources.demo.cases.stage import BY_KIND
from shared_resources.demo.footage.register import enter_sources
from shared_resources.demo.footage.requests import film_in, tell_requests
from shared_resources.demo.people import hash_of
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import reading
from shared_resources.video.schemas.shared import Confirmed, NothingRecorded, Sharing

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from shared_resources.demo.cases.stage import Stage

FIRST_DAY, LAST_DAY = -30, -5
"""Working days from today between which joint use is settled; what came later is still owed."""
PATIENCE = timedelta(hours=20)
FILMS = {"officer", "unit_head", "clerk", "equipment_custodian"}


async def tell_footage(stage: Stage) -> None:
    """Sources first; then every story, and each afternoon what joint use owed the day before."""
    sources = await enter_sources(stage, stage.at((-40, "09:00")))
    tell_requests(stage, sources, await permits())
    for day in range(FIRST_DAY, LAST_DAY + 1):
        stage.add((day, "17:20"), "joint use is settled", partial(settle_joint_use, stage))


async def permits() -> dict[UUID | None, str]:
    """The permit number of every officer."""
    async with reading() as db:
        rows = await db.fetch("SELECT person, permit_no FROM appointment WHERE permit_no IS NOT NULL ORDER BY id")
    return {row["person"]: row["permit_no"] for row in rows}


async def settle_joint_use(stage: Stage) -> None:
    """Of what joint use owed, about a third is shared; the others recorded nothing."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, r.title, r.opened_at, a.slug FROM record r JOIN party p ON p.record = r.id"
            " AND p.part = 'holder' JOIN agency a ON a.id = p.agency WHERE r.kind = 'shared_footage'"
            " AND r.state = 'owed' AND r.opened_at < $1 ORDER BY r.opened_at, r.number",
            clock.now() - PATIENCE,
        )
    for row in rows:
        await _settle(stage, row, has_film=hash_of(row["slug"]) % 3 == 0)


async def _settle(stage: Stage, row: Any, *, has_film: bool) -> None:
    """Share a film with all, or state that there is none; one co-user has confirmed."""
    family, slug = BY_KIND["shared_footage"], row["slug"]
    people = stage.people.by_name.values()
    own = [one for one in people if one.agency == stage.agency(slug)]
    leading = [one for one in own if {"unit_head", "leader_in_charge"} & set(one.roles)]
    if not leading:
        return
    if has_film:
        begins = row["opened_at"].astimezone(clock.LOCAL_ZONE) - timedelta(hours=3)
        await film_in(leading[0], row["title"], begins, None, shared_use=row["number"], retention="field")
        names = [one.name for one in own] + [crew.name for crew in stage.crew(slug, 3)]
        second = next(name for name in names if name != names[0])
        form = Sharing(remarks=None, first=names[0], second=second)
        await take_step(leading[0], family, row["number"], "share", form)
    else:
        stated = NothingRecorded(why="本次共用期间设备仅作现场照明和通联，未启动录像。", stated_by=leading[0].name)
        await take_step(leading[0], family, row["number"], "nothing_recorded", stated)
    async with reading() as db:
        co_user = await db.fetchval(
            "SELECT p.agency FROM party p JOIN record r ON r.id = p.record WHERE r.number = $1"
            " AND p.part = 'co_user' ORDER BY p.id LIMIT 1",
            row["number"],
        )
    theirs = [one for one in people if one.agency == co_user and FILMS & set(one.roles)]
    if theirs:
        await take_step(theirs[0], family, row["number"], "confirm", Confirmed(remarks=None))
