"""Typefaces: the install's own suffice, the agency's come first, what nobody draws is known."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import fonts
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def own_folder() -> Iterator[None]:
    """The agency's folder, empty again afterwards."""
    settings().fonts.mkdir(parents=True, exist_ok=True)
    fonts.forget()
    yield
    shutil.rmtree(settings().fonts)
    fonts.forget()


def test_the_install_draws_the_names_that_people_have() -> None:
    assert fonts.undrawn(["镕垚翀珺喆堃昇彧頔骉犇㛃㎡〇①☑☐／—〔〕［］·“”", "渝应急函〔2026〕12号\n"]) == ""


def test_what_nobody_draws_is_named_once() -> None:
    assert fonts.undrawn(["甲😀乙", "😀\U000f0000"]) == "😀\U000f0000"


def test_every_part_of_a_letter_falls_back_on_what_the_install_brings() -> None:
    for stack in fonts.faces().stacks.values():
        assert set(fonts.LAST) <= set(stack)


def test_a_new_file_changes_the_digest(own_folder: None) -> None:
    before = fonts.faces().digest
    shutil.copyfile(fonts.BROUGHT / "NotoSansSC-Regular.otf", settings().fonts / "own.otf")
    fonts.forget()
    assert fonts.faces().digest != before


def test_the_report_names_licences() -> None:
    text = "\n".join(fonts.report())
    assert "Noto Serif SC: SIL Open Font License 1.1" in text
    assert "No 仿宋 here" in text


def test_without_apt_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(fonts.FontsFailed, match=r"fonts\.d"):
        fonts.fetch_fandol()
