"""Who may do what with footage: every verb × role of the holder, and that others learn nothing, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Role
from shared_resources.video.queries.footage import FootageFilter, deletions, footage_list, footage_page
from shared_resources.video.queries.looks import LookFilter, looks
from shared_resources.video.schemas.copies import CopyDraft
from shared_resources.video.schemas.sources import Offset, SourceDraft
from shared_resources.video.service import copies, holds, openings, retention, sources
from tests.people import Cast, make_cast, make_offices
from tests.video.kept import kept

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

FILMS = {Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK, Role.CUSTODIAN, Role.ARCHIVIST}
LEADING = {Role.UNIT_HEAD, Role.LEADER}
DRAFT = SourceDraft.model_validate({"kind": "other", "name": "北口", "place": "观音桥", "contact": "张管理"})
OTHER = DRAFT.model_copy(update={"name": "南口"})
COPY = CopyDraft(kind="extract", start_ms=0, end_ms=500)
SOON = timedelta(days=400)

OF_A_RECORDING: dict[str, tuple[Any, set[Role]]] = {
    "look": (lambda actor, number, source: footage_page(actor, number), FILMS),
    "open": (lambda actor, number, source: openings.open_recording(actor, number, "view", "核对录像"), FILMS),
    "copy": (lambda actor, number, source: copies.order_copy(actor, number, COPY), FILMS),
    "hold": (lambda actor, number, source: holds.place_hold(actor, number, "行政复议期间"), LEADING),
    "keep": (
        lambda actor, number, source: retention.keep_longer(actor, number, clock.today() + SOON, "案件未结"),
        LEADING,
    ),
}
OF_A_SOURCE: dict[str, tuple[Any, set[Role]]] = {
    "edit": (
        lambda actor, number, source: sources.edit_source(
            actor, source, DRAFT.model_copy(update={"name": "南口"})
        ),
        LEADING | {Role.CUSTODIAN, Role.ARCHIVIST},
    ),
    "clock": (
        lambda actor, number, source: sources.measure_clock(actor, source, Offset(seconds=1.5)),
        LEADING | {Role.CUSTODIAN, Role.ARCHIVIST},
    ),
    "retire": (
        lambda actor, number, source: sources.retire_source(actor, source, "拆除"),
        LEADING | {Role.CUSTODIAN, Role.ARCHIVIST},
    ),
}
OF_THE_AGENCY: dict[str, tuple[Any, set[Role]]] = {
    "list": (lambda actor, number, source: footage_list(actor, FootageFilter()), FILMS),
    "looks": (
        lambda actor, number, source: looks(actor, LookFilter()),
        LEADING | {Role.ARCHIVIST, Role.AUDITOR},
    ),
    "deletions": (lambda actor, number, source: deletions(actor), LEADING),
}
WORKING = [role for role in Role if role is not Role.SYSTEM_ADMIN]


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def status_of(call: Any, actor: Actor, number: str, source: str) -> int:
    try:
        await call(actor, number, source)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize("name", [*OF_A_RECORDING, *OF_A_SOURCE, *OF_THE_AGENCY])
async def test_every_cell(cast: Cast, name: str) -> None:
    call, allowed = {**OF_A_RECORDING, **OF_A_SOURCE, **OF_THE_AGENCY}[name]
    wrong = []
    for role in WORKING:
        source = (await sources.register_source(cast.owner.head, DRAFT)).number
        number = (await kept(cast.owner.officer)).number
        mine = replace(cast.owner.officer, roles=frozenset({role}))
        found = await status_of(call, mine, number, source)
        if found != (200 if role in allowed else 403):
            wrong.append((role, found))
        if name in OF_THE_AGENCY:
            continue
        other = replace(cast.third.officer, roles=frozenset({role}))
        if await status_of(call, other, number, source) not in (({403, 404}) if name in OF_A_SOURCE else {404}):
            wrong.append((role, "a stranger"))
    assert not wrong


async def test_offices_look_and_are_listed(cast: Cast) -> None:
    offices = await make_offices()
    moved = await kept(cast.owner.officer)
    await openings.open_recording(offices.legal.head, moved.number, "view", "执法监督检查")
    found, _ = await looks(cast.owner.head, LookFilter(others=True))
    assert [(one.act, one.person, one.reason) for one in found] == [
        ("supervise", offices.legal.head.name, "执法监督检查")
    ]
    assert await status_of(OF_A_RECORDING["open"][0], offices.legal.officer, moved.number, "") == 403
    assert await status_of(OF_A_RECORDING["copy"][0], offices.legal.head, moved.number, "") == 403
