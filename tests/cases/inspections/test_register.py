"""The register of regulated parties: numbers that add up, masked identity numbers, found by name and number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared_resources.cases.inspections.queries import parties, party
from shared_resources.cases.inspections.schemas import ID_WEIGHTS, PartyDraft, is_id_number, masked
from shared_resources.cases.inspections.service import add_party, edit_party
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Taken, WrongState
from shared_resources.kernel.identity.credit_code import ALPHABET
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.roles import PAPERS, Role
from tests.cases.inspections.story import credit_code, make_party
from tests.people import make_cast

SAMPLE = "11500000MB9900013U"


def id_number(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def test_codes_that_do_not_add_up_are_refused() -> None:
    assert PartyDraft(kind="organisation", name="某公司", code=f" {SAMPLE.lower()} ").code == SAMPLE
    for wrong in (SAMPLE[:-1] + "0", SAMPLE[:-1], "I" + SAMPLE[1:], ""):
        with pytest.raises(ValidationError):
            PartyDraft(kind="organisation", name="某公司", code=wrong)
    with pytest.raises(ValidationError):
        PartyDraft(kind="organisation", name="某公司", code=SAMPLE, id_number=id_number("50010319900101001"))


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(body: str, place: int, other: str) -> None:
    code = credit_code(body)
    changed = code[:place] + other + code[place + 1 :]
    if changed != code:
        with pytest.raises(ValidationError):
            PartyDraft(kind="organisation", name="某公司", code=changed)


@given(st.text("0123456789", min_size=17, max_size=17))
def test_identity_numbers_add_up(body: str) -> None:
    number = id_number(body)
    assert is_id_number(number)
    assert masked(number) == number[:3] + "*" * 13 + number[-2:]
    assert sum(is_id_number(body + last) for last in "0123456789X") == 1


async def test_an_identity_number_is_masked_and_found_only_whole(db: str) -> None:
    officer = (await make_cast()).owner.officer
    number = id_number("50010319900101001")
    await add_party(officer, PartyDraft(kind="person", name="张某", id_number=number))
    (found,), _ = await parties(officer, "张")
    assert found.id_number == number[:3] + "*" * 13 + number[-2:]
    assert len((await parties(officer, number))[0]) == 1
    assert (await parties(officer, number[:12]))[0] == ()
    with pytest.raises(Taken):
        await add_party(officer, PartyDraft(kind="person", name="张某某", id_number=number))


async def test_found_by_name_number_and_code_and_changed_once(db: str) -> None:
    officer = (await make_cast()).owner.officer
    number = await make_party(officer, name="果园港某仓储有限公司")
    found = await party(officer, number)
    assert found.code is not None
    assert (await party(officer, found.code)).number == number
    for words in ("仓储", number[-4:], found.code[4:]):
        assert [one.number for one in (await parties(officer, words))[0]] == [number]
    draft = PartyDraft(kind="organisation", name="果园港某物流有限公司", code=found.code, subfields=("fire",))
    await edit_party(officer, number, draft, found.version)
    assert (await party(officer, number)).name == "果园港某物流有限公司"
    with pytest.raises(WrongState):
        await edit_party(officer, number, draft, found.version)
    with pytest.raises(NotFound):
        await party(officer, "RP2026-99999")


async def test_pages_of_the_register_follow_each_other(db: str) -> None:
    officer = (await make_cast()).owner.officer
    made = {await make_party(officer, name=f"第{serial}仓库") for serial in range(5)}
    first, cursor = await parties(officer, "仓库", size=3)
    rest, last = await parties(officer, "仓库", cursor=cursor, size=3)
    assert {one.number for one in (*first, *rest)} == made
    assert (len(first), len(rest), last) == (3, 2, None)


async def test_a_marked_name_is_refused(db: str) -> None:
    officer = (await make_cast()).owner.officer
    with pytest.raises(Invalid) as refused:
        await make_party(officer, name="绝密★单位")
    assert refused.value.code == "marked"


@pytest.mark.parametrize("role", Role)
async def test_who_may_keep_the_register(db: str, role: Role) -> None:
    member = (await make_cast()).third.officer
    actor = Actor(member.person, member.agency, "x", roles=frozenset({role}))
    if role in PAPERS:
        await make_party(actor)
    else:
        with pytest.raises(NotAllowed):
            await make_party(actor)
