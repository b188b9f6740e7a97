"""Keys beside the password: one-time codes, tokens for programs, one-time links."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pyotp
import pytest
import zxingcpp
from identity_story import (
    PASSWORD,
    Signed,
    agency,
    appointment,
    colleague,
    later,
    person,
    refused,
    sign_in,
    system_administrator,
    value,
)
from PIL import Image, ImageDraw

from shared_resources.kernel import clock, identity
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, SignInNeeded, WrongState
from shared_resources.kernel.identity import queries
from shared_resources.kernel.permissions import Actor, Permission, Relation, Role, may
from shared_resources.kernel.schemas.people import NewToken, PersonDraft, TokenDraft

PIXELS = 10
"""Pixels for one unit of the SVG."""


@pytest.fixture
async def root(db: str) -> Actor:
    return await system_administrator()


@pytest.fixture
async def keeper(root: Actor) -> Signed:
    await agency(root, "cq-em")
    return await colleague(root, "keeper", "cq-em")


@pytest.fixture
async def phone(keeper: Signed) -> pyotp.TOTP:
    """The keeper's phone, after its first code was confirmed five minutes ago."""
    actor = await keeper.actor()
    enrolment = await identity.enrol(actor)
    totp = pyotp.TOTP(enrolment.secret)
    with later(minutes=-5):
        await identity.confirm(actor, totp.at(clock.now()))
    return totp


async def test_no_code_is_asked_before_the_first_one_was_confirmed(keeper: Signed) -> None:
    await identity.enrol(await keeper.actor())
    assert await sign_in("keeper")


def read_by_zxing(svg: str) -> str:
    """What an independent reader finds in a QR symbol made of one square per module."""
    size = float(re.findall(r'viewBox="0 0 ([0-9.]+) ', svg)[0])
    picture = Image.new("L", (int(size * PIXELS), int(size * PIXELS)), "white")
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in re.findall(r"M([0-9.]+),([0-9.]+)H([0-9.]+)V([0-9.]+)H\1z", svg):
        corners = [round(float(value) * PIXELS) for value in (left, top, right, bottom)]
        draw.rectangle((corners[0], corners[1], corners[2] - 1, corners[3] - 1), fill="black")
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


async def test_qr_code_holds_the_address_for_apps(keeper: Signed) -> None:
    enrolment = await identity.enrol(await keeper.actor())
    assert enrolment.uri.startswith("otpauth://totp/Shared%20Resources:keeper?secret=" + enrolment.secret)
    assert read_by_zxing(enrolment.svg) == enrolment.uri


async def test_wrong_first_code_confirms_nothing(keeper: Signed) -> None:
    actor = await keeper.actor()
    with refused(WrongState, "second_factor_not_begun"):
        await identity.confirm(actor, "123456")
    await identity.enrol(actor)
    with refused(Invalid, "code_wrong"):
        await identity.confirm(actor, "abcdef")
    assert await sign_in("keeper")


@pytest.mark.usefixtures("phone")
async def test_password_alone_no_longer_suffices(keeper: Signed) -> None:
    for code in (None, "", "000000", "中文"):
        with refused(SignInNeeded, "sign_in_refused"):
            await sign_in("keeper", code=code)


async def test_code_works_once(keeper: Signed, phone: pyotp.TOTP) -> None:
    with clock.at(clock.now()):
        code = phone.at(clock.now())
        assert await sign_in("keeper", code=f"{code[:3]} {code[3:]}")
        with refused(SignInNeeded):
            await sign_in("keeper", code=code)
    with later(minutes=1):
        assert await sign_in("keeper", code=phone.at(clock.now()))


async def test_earlier_code_is_refused_after_a_later_one(keeper: Signed, phone: pyotp.TOTP) -> None:
    with clock.at(clock.now()):
        now = clock.now()
        await sign_in("keeper", code=phone.at(now))
        with refused(SignInNeeded):
            await sign_in("keeper", code=phone.at(now - timedelta(seconds=30)))


async def test_same_code_twice_at_once_signs_in_once(keeper: Signed, phone: pyotp.TOTP) -> None:
    with clock.at(clock.now()):
        code = phone.at(clock.now())
        answers = await asyncio.gather(*(sign_in("keeper", code=code) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, SignInNeeded) for answer in answers) == 5
    # the first session is the one in which the phone was set up
    assert await value("SELECT count(*) FROM session WHERE person = $1", keeper.id) == 2


async def test_code_is_asked_of_a_confirming_colleague_too(keeper: Signed, phone: pyotp.TOTP) -> None:
    with refused(SignInNeeded):
        await identity.confirm_other_person("keeper", PASSWORD, None)
    assert await identity.confirm_other_person("keeper", PASSWORD, phone.at(clock.now())) == keeper.id


@pytest.mark.usefixtures("phone")
async def test_second_factor_goes_with_the_password(keeper: Signed) -> None:
    actor = await keeper.actor()
    with refused(WrongState, "second_factor_on"):
        await identity.enrol(actor)
    with refused(Invalid, "password_wrong"):
        await identity.disable(actor, "wrong")
    await identity.disable(actor, PASSWORD)
    assert await sign_in("keeper")


@pytest.mark.usefixtures("phone")
async def test_administrator_takes_a_lost_phone_away(root: Actor, keeper: Signed) -> None:
    other = await colleague(root, "other", "cq-em")
    with refused(NotAllowed):
        await identity.disable_for(await other.actor(), keeper.id)
    boss = await colleague(root, "boss", "cq-em", Role.AGENCY_ADMIN)
    await identity.disable_for(await boss.actor(), keeper.id)
    assert await sign_in("keeper")


async def token(signed: Signed, *scopes: str, days: float = 30) -> NewToken:
    draft = TokenDraft(
        name="asset system", scopes=frozenset(scopes), expires_at=clock.now() + timedelta(days=days)
    )
    return await identity.create_token(await signed.actor(), draft)


async def test_token_acts_within_its_scopes_only(keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE)
    actor = await identity.actor_for_token(made.token)
    assert actor is not None
    assert (actor.person, actor.scopes) == (keeper.id, {Permission.ITEM_SEE})
    assert may(actor, Permission.ITEM_SEE, {Relation.OWNER}) is True
    assert not may(actor, Permission.ITEM_EDIT, {Relation.OWNER})
    assert may(await keeper.actor(), Permission.ITEM_EDIT, {Relation.OWNER}) is True


async def test_token_ends(keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE, days=2)
    with later(days=1):
        assert await identity.actor_for_token(made.token)
    with later(days=2):
        assert await identity.actor_for_token(made.token) is None


@pytest.mark.parametrize(
    ("scopes", "days", "code"),
    [
        ({Permission.LOAN_CANCEL, Permission.AGENCY_CREATE}, 30, "scopes_foreign"),
        ({"equipment:item:explode"}, 30, "scopes_foreign"),
        ({Permission.TOKEN_EDIT}, 30, "scopes_foreign"),
        (set(), 30, "scopes_empty"),
        ({Permission.ITEM_SEE}, 366, "token_expiry"),
        ({Permission.ITEM_SEE}, -1, "token_expiry"),
    ],
)
async def test_token_gives_nothing_its_maker_lacks(keeper: Signed, scopes: set[str], days: int, code: str) -> None:
    with refused(Invalid, code):
        await token(keeper, *scopes, days=days)


async def test_token_makes_no_token_and_changes_no_password(keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE)
    program = await identity.actor_for_token(made.token)
    assert program is not None
    draft = TokenDraft(name="x", scopes=frozenset({Permission.ITEM_SEE}), expires_at=clock.now() + timedelta(1))
    with refused(NotAllowed, "in_person"):
        await identity.create_token(program, draft)
    with refused(NotAllowed, "in_person"):
        await identity.change_password(program, PASSWORD, "another long password")
    with refused(NotAllowed, "in_person"):
        await identity.enrol(program)


async def test_revoked_token_is_nobody(root: Actor, keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE)
    with refused(NotFound):
        await identity.revoke_token(root, made.id)
    await identity.revoke_token(await keeper.actor(), made.id)
    assert await identity.actor_for_token(made.token) is None
    [line] = await queries.own_tokens(await keeper.actor())
    assert line.revoked_at is not None


async def test_token_ends_with_the_appointment_and_with_the_person(root: Actor, keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE)
    held = (await queries.person_page(root, keeper.id)).appointments[0]
    await identity.end_appointment(root, held.id, clock.today())
    with later(days=1):
        assert await identity.actor_for_token(made.token) is None
    await identity.deactivate(root, keeper.id)
    assert await identity.actor_for_token(made.token) is None


async def test_token_is_not_a_session_nor_the_other_way_round(keeper: Signed) -> None:
    made = await token(keeper, Permission.ITEM_SEE)
    assert await identity.actor_for_session(made.token) is None
    assert await identity.actor_for_token("srt_" + keeper.key) is None


async def linked(root: Actor) -> str:
    draft = PersonDraft(username="novice", name="新人")
    made = await identity.create_person(root, draft, appointment("cq-em"))
    assert made.link_token
    return made.link_token


async def test_link_sets_the_password_once(root: Actor, keeper: Signed) -> None:
    link = await linked(root)
    with refused(SignInNeeded):
        await sign_in("novice", "")
    assert await identity.owner_of_link(link) == ("novice", "新人")
    with refused(Invalid, "password_short"):
        await identity.use_link(link, "short")
    assert await identity.use_link(link, "my own new password") == "novice"
    assert await sign_in("novice", "my own new password")
    assert await identity.owner_of_link(link) is None
    with refused(NotFound, "link_over"):
        await identity.use_link(link, "somebody else's password")


async def test_link_used_twice_at_once_works_once(root: Actor, keeper: Signed) -> None:
    link = await linked(root)
    answers = await asyncio.gather(
        *(identity.use_link(link, f"my own new password {n}") for n in range(4)), return_exceptions=True
    )
    assert sum(answer == "novice" for answer in answers) == 1
    assert sum(isinstance(answer, Refusal) for answer in answers) == 3


async def test_link_ends_and_cannot_be_forged(root: Actor, keeper: Signed) -> None:
    link = await linked(root)
    for forged in ("", "x", "中文", link[:-4] + "AAA=", link[:20] + "AAAA" + link[24:]):
        assert await identity.owner_of_link(forged) is None
    with later(days=3, minutes=1), refused(NotFound):
        await identity.use_link(link, "my own new password")


async def test_new_link_for_somebody_who_forgot_ends_their_sessions_when_used(root: Actor, keeper: Signed) -> None:
    link = await identity.new_link(root, keeper.id)
    assert await sign_in("keeper")
    await identity.use_link(link, "my own new password")
    assert await identity.actor_for_session(keeper.key) is None
    with refused(SignInNeeded):
        await sign_in("keeper")


async def test_changing_the_password_signs_out_the_others(keeper: Signed) -> None:
    actor, other = await keeper.actor(), await sign_in("keeper")
    with refused(Invalid, "password_wrong"):
        await identity.change_password(actor, "wrong", "my own new password")
    with refused(Invalid, "password_weak"):
        await identity.change_password(actor, PASSWORD, "KEEPER 12345")
    await identity.change_password(actor, PASSWORD, "my own new password", keep=keeper.key)
    assert await identity.actor_for_session(other) is None
    assert await identity.actor_for_session(keeper.key)
    assert await sign_in("keeper", "my own new password")


async def test_same_password_from_another_keyboard(root: Actor, keeper: Signed) -> None:
    await identity.change_password(await keeper.actor(), PASSWORD, "ｆｕｌｌ width １２３")
    assert await sign_in("keeper", "full width 123")


async def test_first_administrator_is_made_once(db: str) -> None:
    answers = await asyncio.gather(
        *(identity.create_first_administrator(f"root{n}", "管理员", PASSWORD) for n in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, WrongState) for answer in answers) == 2
    with refused(WrongState, "administrator_exists"):
        await identity.create_first_administrator("again", "管理员", PASSWORD)


async def test_further_administrators_are_made_by_the_first(root: Actor, keeper: Signed) -> None:
    draft = PersonDraft(username="root2", name="第二人", password=PASSWORD)
    with refused(NotAllowed):
        await identity.create_administrator(await keeper.actor(), draft)
    await identity.create_administrator(root, draft)
    actor = await identity.actor_for_session(await sign_in("root2"))
    assert actor is not None
    assert actor.roles == {Role.SYSTEM_ADMIN}
    with refused(NotAllowed, "system_admin"):
        await identity.appoint(root, actor.person or keeper.id, appointment("cq-em"))
    assert await person(root, "last", "cq-em")
