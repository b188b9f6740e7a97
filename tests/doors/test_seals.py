"""The seal of an agency: entered, replaced and ended by its administrator; buttons under a letter say why not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.demo.seals import load_seals
from shared_resources.kernel import clock
from shared_resources.kernel.seals import SignatureState, authority, keys, sign_letter, signature_state
from shared_resources.kernel.seals.letters import SealAct
from shared_resources.kernel.seals.views import letter_seals
from shared_resources.settings import PREFIX, settings
from tests.clients import client_for
from tests.kernel.papers_story import pdf_with
from tests.kernel.seal_story import PASSPHRASE, bytes_of, key_file, letter_of, rows, seal_for, trusting_development
from tests.people import Cast, make_cast, make_team

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from shared_resources.kernel.permissions import Actor

EXPIRED = timedelta(days=-1)


@pytest.fixture(autouse=True)
def development() -> Iterator[None]:
    with trusting_development():
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def entered(actor: Actor, data: bytes, passphrase: str = PASSPHRASE) -> httpx.Response:
    """The form of a key file."""
    async with client_for(actor, headers={"accept-language": "en"}) as browser:
        return await browser.send(
            "/seals",
            kind="pkcs12",
            passphrase=passphrase,
            files={"file": ("seal.p12", data, "application/x-pkcs12")},
        )


async def test_an_administrator_enters_a_key_and_leaders_seal_with_it(cast: Cast) -> None:
    pair = authority.certify(authority.root(), "市应急管理局")
    answer = await entered(cast.owner.admin, key_file(pair))
    assert (answer.status_code, answer.headers["location"]) == (303, "/seals")
    [row] = await rows("SELECT kind, key, serial_no, valid_to FROM seal WHERE ended_at IS NULL")
    assert (row["kind"], row["serial_no"]) == ("pkcs12", f"{pair.certificate.serial_number:X}")
    kept = (keys.folder() / f"{row['key']}.p12").read_bytes()
    assert PASSPHRASE.encode() not in kept
    with pytest.raises(ValueError, match="password"):
        keys.opened(kept, PASSPHRASE.encode())
    async with client_for(cast.owner.admin) as browser:
        assert row["serial_no"] in (await browser.page("/seals")).text


@pytest.mark.parametrize(
    ("data", "passphrase"), [(b"no key file", PASSPHRASE), (None, "another passphrase"), (None, "")]
)
async def test_what_cannot_be_opened_is_refused(cast: Cast, data: bytes | None, passphrase: str) -> None:
    pair = authority.certify(authority.root(), "市应急管理局")
    answer = await entered(cast.owner.admin, data or key_file(pair), passphrase)
    assert answer.status_code == 422
    assert await rows("SELECT FROM seal") == []


async def test_certificates_that_are_not_good_here_are_refused(cast: Cast) -> None:
    ended = authority.certify(authority.root(), "市应急管理局", until=clock.now() + EXPIRED)
    assert (await entered(cast.owner.admin, key_file(ended))).status_code == 422
    stranger = authority.certify(authority.self_signed("A stranger"), "市应急管理局")
    answer = await entered(cast.owner.admin, key_file(stranger))
    assert answer.status_code == 422
    assert "A stranger" in answer.text
    assert await rows("SELECT FROM seal") == []


async def test_outside_the_demo_the_development_authority_is_a_stranger(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = authority.certify(authority.root(), "市应急管理局")
    monkeypatch.setenv(f"{PREFIX}DEMO", "false")
    settings.cache_clear()
    assert (await entered(cast.owner.admin, key_file(pair))).status_code == 422
    monkeypatch.setenv(f"{PREFIX}TRUST_ROOTS", str(authority.certificate_file()))
    settings.cache_clear()
    assert (await entered(cast.owner.admin, key_file(pair))).status_code == 303


async def test_a_new_seal_ends_the_one_before_and_its_key_goes(cast: Cast) -> None:
    await seal_for(cast.owner)
    [first] = await rows("SELECT key FROM seal")
    await seal_for(cast.owner)
    assert len(await rows("SELECT FROM seal WHERE ended_at IS NULL")) == 1
    assert not (keys.folder() / f"{first['key']}.p12").exists()
    async with client_for(cast.owner.admin) as browser:
        assert (await browser.send("/seals/end")).status_code == 303
        assert (await browser.send("/seals/end")).status_code == 409
        assert (await browser.send("/seals", kind="scan")).status_code == 303
    assert [row["kind"] for row in await rows("SELECT kind FROM seal WHERE ended_at IS NULL")] == ["scan"]


async def test_only_the_administrator_keeps_the_seal(cast: Cast) -> None:
    for actor in (cast.owner.head, cast.owner.clerk, cast.owner.officer):
        async with client_for(actor) as browser:
            assert (await browser.page("/seals")).status_code in (403, 404)
            assert (await browser.send("/seals", kind="scan")).status_code in (403, 404)
    assert await rows("SELECT FROM seal") == []


async def test_a_token_without_a_library_says_what_is_missing(cast: Cast) -> None:
    async with client_for(cast.owner.admin) as browser:
        answer = await browser.send("/seals", kind="pkcs11", token="市应急管理局", label="seal")
    assert answer.status_code == 422
    assert "SHARED_RESOURCES_PKCS11_LIBRARY" in answer.text
    assert "市应急管理局" in answer.text


async def test_the_end_of_a_certificate_is_announced(cast: Cast) -> None:
    await seal_for(cast.owner, until=clock.now() + timedelta(days=30))
    async with client_for(cast.owner.admin) as browser:
        assert 'data-tone="warning"' in (await browser.page("/seals")).text


async def test_buttons_say_why_not(cast: Cast) -> None:
    story = await letter_of(cast)

    async def shown(actor: Actor) -> dict[SealAct, str]:
        seals = await letter_seals(actor, story.letter)
        return {button.act: str(button.why_not or "") for button in seals.buttons}

    assert "no electronic seal" in (await shown(cast.owner.head))[SealAct.SIGN]
    assert (await shown(cast.owner.head))[SealAct.SCAN] == ""
    assert "Your role" in (await shown(cast.owner.officer))[SealAct.SIGN]
    assert "has to seal it first" in (await shown(cast.borrower.head))[SealAct.COUNTERSIGN]
    for team in (cast.owner, cast.borrower):
        await seal_for(team)
    assert await shown(cast.owner.head) == {SealAct.SIGN: "", SealAct.SCAN: ""}
    await sign_letter(cast.owner.head, story.letter)
    assert await shown(cast.owner.head) == {}
    assert await shown(cast.borrower.head) == {SealAct.COUNTERSIGN: "", SealAct.SCAN: ""}


async def test_a_leader_seals_from_the_page_and_both_sides_get_the_file(cast: Cast) -> None:
    await seal_for(cast.owner)
    story = await letter_of(cast)
    async with client_for(cast.owner.head) as browser:
        answer = await browser.send(f"/seals/letters/{story.letter}/sign", act_id="once")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/documents/{story.letter}")
        assert (await browser.send(f"/seals/letters/{story.letter}/sign", act_id="twice")).status_code == 409
    [made] = await rows("SELECT id, file FROM signature")
    address = f"/seals/letters/{story.letter}/{made['id']}"
    async with client_for(cast.borrower.clerk) as browser:
        assert (await browser.get(address)).content == await bytes_of(made["file"])
    async with client_for(cast.third.clerk) as browser:
        assert (await browser.get(address)).status_code == 404


async def test_the_letter_page_shows_seals_and_buttons(cast: Cast) -> None:
    await seal_for(cast.owner)
    story = await letter_of(cast)
    async with client_for(cast.owner.head, headers={"accept-language": "en"}) as browser:
        before = (await browser.page(f"/documents/{story.letter}")).text
        await browser.send(f"/seals/letters/{story.letter}/sign", act_id="once")
        after = (await browser.page(f"/documents/{story.letter}")).text
    assert f'action="/seals/letters/{story.letter}/sign"' in before
    assert f'action="/seals/letters/{story.letter}/sign"' not in after
    assert 'href="/check"' in after


async def test_the_demo_gives_each_of_its_agencies_a_seal_once(db: str) -> None:
    team = await make_team("cq-em", "市应急管理局")
    cast = Cast(team, await make_team("cq-amr", "市市场监督管理局"), await make_team("else", "市城市管理局"))
    assert await load_seals() == 2
    assert await load_seals() == 0
    story = await letter_of(cast)
    await sign_letter(cast.owner.head, story.letter)
    assert await signature_state(story.letter) is SignatureState.VALID


async def test_a_clerk_files_the_scan_from_the_page(cast: Cast) -> None:
    story = await letter_of(cast)
    path = f"/seals/letters/{story.letter}/file"
    async with client_for(cast.owner.clerk) as browser:
        assert (await browser.send(path)).status_code == 422
        answer = await browser.send(path, files={"scan": ("scan.pdf", pdf_with("scan"), "application/pdf")})
        assert answer.status_code == 303
    async with client_for(cast.borrower.clerk) as browser:
        marked = await browser.send(path, files={"scan": ("m.pdf", pdf_with("ABC"), "application/pdf")})
    assert marked.status_code in (409, 422)
    assert [row["kind"] for row in await rows("SELECT kind FROM signature")] == ["scan"]
