"""Keys in tokens, tried on SoftHSM2 where it is installed; names and PINs anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.kernel.seal_story import bytes_of, letter_of, looked, rows, trusting_development
from tests.people import make_cast

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.seals import SignatureState, authority, setup, sign_letter, signature_state
from shared_resources.kernel.seals.providers import TokenSeal, pin_of, token_key, token_of
from shared_resources.kernel.seals.report import Verdict
from shared_resources.settings import PREFIX, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LIBRARY = next((path for path in LIBRARIES if Path(path).exists()), "")
TOKEN, LABEL, PIN = "市应急管理局 1号", "seal", "271828"


@pytest.fixture(autouse=True)
def development(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(f"{PREFIX}PKCS11_PIN", PIN)
    with trusting_development():
        yield


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A token with a key and its certificate. The library reads its configuration once."""
    pkcs11 = pytest.importorskip("pkcs11")
    if not LIBRARY or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM2 is not installed")
    folder = tmp_path_factory.mktemp("tokens")
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    pair = authority.certify(authority.root(), "市应急管理局")
    key = folder / "key.pem"
    key.write_bytes(pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _util("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "314159")
    _util("--import", str(key), "--token", TOKEN, "--label", LABEL, "--id", "01", "--pin", PIN)
    decode = pytest.importorskip("pkcs11.util.x509").decode_x509_certificate
    with pkcs11.lib(LIBRARY).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        kept = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.ID: b"\x01"}
        session.create_object({**decode(pair.certificate.public_bytes(Encoding.DER)), **kept})


def _util(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def use_library(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv(f"{PREFIX}PKCS11_LIBRARY", path)
    settings.cache_clear()


async def test_a_letter_is_sealed_in_a_token(db: str, token: None, monkeypatch: pytest.MonkeyPatch) -> None:
    use_library(monkeypatch, LIBRARY)
    cast = await make_cast()
    await setup.use_token(cast.owner.admin, TOKEN, LABEL)
    story = await letter_of(cast)
    made = await sign_letter(cast.owner.head, story.letter)
    assert (await looked(await bytes_of(made.file))).verdict is Verdict.VALID
    assert await signature_state(story.letter) is SignatureState.VALID
    assert [row["kind"] for row in await rows("SELECT kind FROM signature")] == ["pkcs11"]


@pytest.mark.parametrize(("name", "label"), [("another token", LABEL), (TOKEN, "another key")])
async def test_a_wrong_name_is_said(
    db: str, token: None, monkeypatch: pytest.MonkeyPatch, name: str, label: str
) -> None:
    use_library(monkeypatch, LIBRARY)
    cast = await make_cast()
    with pytest.raises(Invalid, match="does not answer as it should"):
        await setup.use_token(cast.owner.admin, name, label)
    assert await rows("SELECT FROM seal") == []


async def test_a_library_that_is_none_is_said(db: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pkcs11")
    use_library(monkeypatch, str(tmp_path / "none.so"))
    cast = await make_cast()
    with pytest.raises(Invalid, match="does not answer as it should"):
        await setup.use_token(cast.owner.admin, TOKEN, LABEL)


async def test_without_a_library_one_is_told_the_setting(db: str) -> None:
    cast = await make_cast()
    with pytest.raises(Invalid, match="No token library"):
        await setup.use_token(cast.owner.admin, TOKEN, LABEL)
    with pytest.raises(Invalid, match="No token library"):
        TokenSeal(token_key(TOKEN, LABEL)).certificate()


@pytest.mark.parametrize("name", ["agency", "市应急管理局 1号", "a;b=c%d"])
def test_names_survive_their_address(name: str) -> None:
    assert token_of(token_key(name, f"key of {name}")) == (name, f"key of {name}")


@pytest.mark.parametrize(
    ("given", "name", "pin"),
    [("1234", "any", "1234"), ("a=1 b=2", "b", "2"), ("a=1 b=2", "c", None), ("my_token=7", "my token", "7")],
)
def test_pins_are_told_apart_by_token(
    monkeypatch: pytest.MonkeyPatch, given: str, name: str, pin: str | None
) -> None:
    monkeypatch.setenv(f"{PREFIX}PKCS11_PIN", given)
    settings.cache_clear()
    assert pin_of(name) == pin
