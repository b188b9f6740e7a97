"""Links show only to those who see both ends; a foreign number is an unknown one."""

from __future__ import annotations

import pytest
from tests.clients import client_for
from tests.kernel.papers_story import lines, loan_of
from tests.people import Cast, Team, make_cast

from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound
from shared_resources.kernel.links import link, link_records, links_of, links_seen
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import KEEPING, PAPERS, Role
from shared_resources.kernel.visible import visible_record


async def two_loans() -> tuple[Cast, str, str]:
    cast = await make_cast()
    return cast, await loan_of(cast), await loan_of(cast)


async def test_two_records_are_linked_once_and_both_say_so(db: str) -> None:
    cast, one, other = await two_loans()
    officer = cast.borrower.officer
    await link_records(officer, one, f" {other} ", "follows")
    await link_records(officer, one, other, "follows")
    first, second = await visible_record(officer, one), await visible_record(cast.owner.officer, other)
    (there,), (back,) = await links_of(first.id), await links_of(second.id)
    assert (there.outward, there.number, there.kind) == (True, other, "follows")
    assert (back.outward, back.number, back.is_final) == (False, one, False)
    (seen,) = await links_seen(cast.owner.officer, second.id)
    assert (seen.label, seen.path) == ("Led to", f"/loans/{one}")
    assert [act for act, _ in await lines(one)].count("link") == 2


async def test_rules_act_on_links_of_the_house_only(db: str) -> None:
    """Otherwise whoever sees two records could let the clock of one move the other."""
    cast, one, other = await two_loans()
    officer = cast.borrower.officer
    source, target = (await visible_record(officer, one)).id, (await visible_record(officer, other)).id
    await link_records(officer, one, other, "follows")
    by_hand = await facts_of(source)
    assert ([link.by_hand for link in by_hand.links], by_hand.linked("loan")) == ([True], ())
    assert by_hand.points_to("follows") == ()
    async with transaction():
        await link(source, target, "follows", None)
    await link_records(officer, one, other, "follows")
    (found,) = (await facts_of(source)).points_to("follows")
    assert (found.record, found.by_hand) == (target, False)
    assert (await facts_of(target)).points_to("follows") == ()


async def test_a_foreign_number_is_an_unknown_one(db: str) -> None:
    cast, own, _ = await two_loans()
    strangers = Cast(cast.third, cast.owner, cast.borrower)
    foreign = await loan_of(strangers)
    said = []
    for number in (foreign, "L2026-99999", "E2026-00001", ""):
        with pytest.raises(Invalid) as refused:
            await link_records(cast.borrower.officer, own, number, "about")
        said.append((str(refused.value), refused.value.code, refused.value.field, refused.value.status))
    assert len(set(said)) == 1
    with pytest.raises(NotFound):
        await link_records(cast.third.officer, own, foreign, "about")


async def test_an_end_that_one_may_not_see_does_not_show(db: str) -> None:
    cast, own, _ = await two_loans()
    foreign = await loan_of(Cast(cast.third, cast.owner, cast.borrower))
    await link_records(cast.owner.officer, own, foreign, "about")
    record = (await visible_record(cast.owner.officer, own)).id
    assert len(await links_seen(cast.owner.officer, record)) == 1
    assert await links_seen(cast.borrower.officer, record) == ()


async def test_no_link_to_itself_and_none_of_an_unknown_kind(db: str) -> None:
    cast, one, other = await two_loans()
    for number, kind, code in ((one, "about", "own_number"), (other, "likes", "link_kind")):
        with pytest.raises(Invalid) as refused:
            await link_records(cast.borrower.officer, one, number, kind)
        assert refused.value.code == code
    record = (await visible_record(cast.borrower.officer, one)).id
    async with transaction():
        with pytest.raises(ValueError, match="no link"):
            await link(record, record, "about", None)


async def test_who_may_link(db: str) -> None:
    cast, one, other = await two_loans()
    for team in (cast.owner, cast.borrower, cast.third):
        for role in Role:
            await _tries(team, role, one, other, on_it=team is not cast.third)


async def _tries(team: Team, role: Role, one: str, other: str, *, on_it: bool) -> None:
    base = team.with_role(role)
    actor = Actor(base.person, team.agency, base.name, roles=frozenset({role}))
    if on_it and role in PAPERS | KEEPING:
        await link_records(actor, one, other, "about")
        return
    with pytest.raises(NotAllowed if on_it else NotFound):
        await link_records(actor, one, other, "about")


async def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(db: str) -> None:
    cast, one, other = await two_loans()
    async with client_for(cast.borrower.officer) as browser:
        refused = await browser.send(f"/records/{one}/links", other="L2026-99999", kind="uses")
        assert refused.status_code == 422
        assert "L2026-99999" in refused.text
        done = await browser.send(f"/records/{one}/links", other=other, kind="uses")
        assert (done.status_code, done.headers["location"]) == (303, f"/loans/{one}")
        assert f"/loans/{other}" in (await browser.page(f"/loans/{one}")).text
        listed = await browser.ask("GET", f"/api/v1/records/{one}/links")
        assert [entry["number"] for entry in listed.json()] == [other]
        answer = await browser.ask("POST", f"/api/v1/records/{other}/links", {"other": one, "kind": "about"})
        assert answer.status_code == 204
    async with client_for(cast.third.officer) as stranger:
        assert (await stranger.page(f"/records/{one}/links")).status_code == 404
        foreign = await stranger.ask("GET", f"/api/v1/records/{one}/links")
        unknown = await stranger.ask("GET", "/api/v1/records/L2026-99999/links")
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.json()["detail"] == unknown.json()["detail"]
