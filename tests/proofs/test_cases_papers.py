"""Who puts papers on a record, who seals letters, who enters seals: acts that keep a file or use a key first.

They cannot be asked in a rolled back transaction; so whoever ``paper-acts.csv`` does not name is refused without a
trace, and one of each part that it names succeeds.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel.attachments import attach
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.seals import countersign_letter, file_scan, sign_letter
from shared_resources.kernel.seals.setup import end_seal, use_paper
from tests.kernel.papers_story import draft_of, file_of, pdf_with
from tests.kernel.seal_story import Story, letter_of, seal_for, trusting_development
from tests.people import Cast, make_cast
from tests.proofs.test_cases_matrix import ROLES, actor_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator


MORE = {
    **ROLES,
    "carrying": ROLES["papers"] | {Role.CUSTODIAN},
    "admin": frozenset({Role.AGENCY_ADMIN}),
}
PARTS = ("owner", "borrower", "third")


def table() -> dict[str, dict[str, frozenset[Role]]]:
    """Act to part to roles; ``own`` stands for each agency's own."""
    found: dict[str, dict[str, frozenset[Role]]] = {}
    path = Path(__file__).parent / "data" / "paper-acts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = PARTS if row["part"] == "own" else (row["part"],)
            for part in parts:
                found.setdefault(row["act"], {})[part] = MORE[row["roles"]]
    return found


TABLE = table()


async def _attach(story: Story, actor: Actor) -> Any:
    return await attach(actor, story.loan, await draft_of(actor))


async def _file_scan(story: Story, actor: Actor) -> Any:
    clerk = actor if actor.agency else story.cast.third.clerk
    return await file_scan(actor, story.letter, await file_of(clerk, pdf_with("scan"), "scan.pdf"))


async def _sign(story: Story, actor: Actor) -> Any:
    return await sign_letter(actor, story.letter)


async def _countersign(story: Story, actor: Actor) -> Any:
    return await countersign_letter(actor, story.letter)


async def _use_paper(story: Story, actor: Actor) -> Any:
    return await use_paper(actor)


async def _end_seal(story: Story, actor: Actor) -> Any:
    return await end_seal(actor)


ACTS: dict[str, Callable[[Story, Actor], Awaitable[Any]]] = {
    "attach": _attach,
    "sign_letter": _sign,
    "countersign_letter": _countersign,
    "file_scan": _file_scan,
    "use_paper": _use_paper,
    "end_seal": _end_seal,
}


@pytest.fixture(autouse=True)
def development() -> Iterator[None]:
    """The authority of the demo is trusted."""
    with trusting_development():
        yield


@pytest.fixture
async def story(db: str) -> Story:
    """A letter of the owner that the borrower countersigns; both have seals."""
    cast = await make_cast()
    for team in (cast.owner, cast.borrower, cast.third):
        await seal_for(team)
    return await letter_of(cast)


async def traces() -> tuple[Any, ...]:
    """What such acts leave, their kept files aside."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT (SELECT count(*) FROM attachment), (SELECT count(*) FROM signature),"
            " (SELECT count(*) FROM journal_line), (SELECT count(*) FROM seal WHERE ended_at IS NULL)"
        )
    assert row is not None
    return tuple(row)


def test_every_act_has_its_rows() -> None:
    """No act without its row, no row without its act."""
    assert set(TABLE) == set(ACTS)


def able(cast: Cast, part: str, act: str) -> Actor | None:
    """Somebody of a part who may."""
    roles = TABLE[act].get(part, frozenset())
    return actor_of(getattr(cast, part), min(roles)) if roles else None


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_whoever_is_not_named_is_refused_and_leaves_nothing(act: str, story: Story) -> None:
    """403 for those who know of it, 404 for a third agency; countersigning before and after the issuer's seal."""
    wrong = list[Any]()
    for is_sealed in (False, True):
        if is_sealed:
            if act != "countersign_letter":
                break
            await sign_letter(story.cast.owner.head, story.letter)
        wrong += await refused_wrongly(act, story)
    assert not wrong


async def refused_wrongly(act: str, story: Story) -> list[Any]:
    """Who of those that may not is not refused as they should."""
    wrong = list[Any]()
    people = [
        (part, actor_of(getattr(story.cast, part), role))
        for part in PARTS
        for role in Role
        if role is not Role.SYSTEM_ADMIN and role not in TABLE[act].get(part, ())
    ]
    root = Actor(new_id(), None, "root", roles=frozenset({Role.SYSTEM_ADMIN}))
    for part, actor in (*people, *([("nobody", root)] if act != "attach" else [])):
        before = await traces()
        with pytest.raises(Refusal) as refused:
            await ACTS[act](story, actor)
        status = 403 if part in TABLE[act] or part in ("owner", "borrower") else 404
        if (refused.value.status, await traces()) != (status, before):
            wrong.append((part, actor.roles, refused.value.status))
    return wrong


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_one_of_each_part_that_is_named_succeeds(act: str, story: Story) -> None:
    """With exactly a role that the table gives."""
    if act == "countersign_letter":
        await sign_letter(story.cast.owner.head, story.letter)
    for part in TABLE[act]:
        actor = able(story.cast, part, act)
        assert actor is not None
        before = await traces()
        await ACTS[act](story, actor)
        assert await traces() != before or act == "use_paper"
