"""The documents name what is there: buttons and pages as the screens say them, commands, addresses, settings.

In ``docs/`` **bold** is kept for words that stand on a screen; nothing else may be bold.
"""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from litestar import Litestar

from shared_resources.app import DOORS
from shared_resources.cli.commands import _parser
from shared_resources.kernel.web import assets
from shared_resources.kernel.web.schema import OPENAPI
from shared_resources.settings import Settings, variable
from tests.translations import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SHELVES = ("officers", "keepers", "laboratories", "supervisors", "administrators", "operators")
PAGES = sorted(path for shelf in SHELVES for path in (ROOT / "docs" / shelf).glob("*.md"))
CHINESE = [path for path in PAGES if not path.name.endswith(".en.md")]
TOLD = [*PAGES, ROOT / "README.md", ROOT / "CHANGELOG.md"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*(.+?)\*\*")
COMMAND = re.compile(r"^.*?shared-resources( .+)$")
CODE = re.compile(r"`([^`\n]+)`")
ADDRESS = re.compile(r"^(?:GET |POST )?(/[A-Za-z][\w./{}-]*|/)(?:[?#].*)?$")
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"SHARED_RESOURCES_[A-Z0-9_]+")
KEPT_BY = re.compile(r"\*\*Kept by\*\*")
OURS = re.compile(r"`((?:src|tests|kernel|equipment|site|migrations|cli)/[\w./-]+\.\w+)`")
ELSEWHERE = ("/etc/", "/var/", "/opt/", "/backups/", "/备份目录/")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text("utf-8"))


@cache
def words(*, english: bool) -> frozenset[str]:
    """Every sentence that a screen can show in one language."""
    found: set[str] = set()
    for message in translated():
        told = message.id if english else message.string
        found.update((told,) if isinstance(told, str) else told or ())
    return frozenset(found)


@cache
def routes() -> tuple[re.Pattern[str], ...]:
    """Every address of the house, parameters as anything."""
    handlers = [assets.static, *(route for door in DOORS for route in door.ROUTES)]
    application = Litestar(handlers, openapi_config=OPENAPI)
    return tuple(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", route.path) + r"/?$") for route in application.routes)


def commands(path: Path) -> Iterator[list[str]]:
    """What stands behind ``shared-resources`` in code, as the shell would hand it over."""
    text = path.read_text("utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    for line in [*lines, *CODE.findall(FENCE.sub("", text))]:
        found = COMMAND.match(line)
        if found and "systemctl" not in line and "journalctl" not in line:
            yield shlex.split(found[1])


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_names_of_buttons_and_pages_are_those_of_the_screens(path: Path) -> None:
    known = words(english=path.name.endswith(".en.md"))
    assert [name for name in BOLD.findall(prose(path)) if name not in known] == []


def links_of(path: Path) -> list[str]:
    return sorted({link for link in LINK.findall(prose(path)) if link.startswith("/")})


@pytest.mark.parametrize("path", CHINESE, ids=named)
def test_twins_lead_to_the_same_pages_and_show_the_same_commands(path: Path) -> None:
    english = path.with_name(path.name.replace(".md", ".en.md"))
    assert links_of(path) == links_of(english)
    assert len(FENCE.findall(path.read_text("utf-8"))) == len(FENCE.findall(english.read_text("utf-8")))


@pytest.mark.parametrize("path", TOLD, ids=named)
def test_commands_are_those_of_the_command_line(path: Path) -> None:
    for arguments in commands(path):
        _parser().parse_args(arguments)  # leaves with a message when there is no such thing


@pytest.mark.parametrize("path", TOLD, ids=named)
def test_addresses_are_those_of_the_house(path: Path) -> None:
    text = prose(path)
    told = [*LINK.findall(text), *(code for code in CODE.findall(text) if ADDRESS.match(code))]
    inside = [urlsplit(address).path for address in told if address.startswith("/")]
    lost = [
        address
        for address in inside
        if not address.startswith(ELSEWHERE)
        and address != "/api/v1"
        and not any(route.fullmatch(address) for route in routes())
    ]
    assert lost == []


@pytest.mark.parametrize("path", TOLD, ids=named)
def test_settings_are_those_of_the_house(path: Path) -> None:
    known = {variable(name) for name in Settings.model_fields}
    assert set(SETTING.findall(path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("path", DECISIONS, ids=named)
def test_decisions_are_short_and_say_what_keeps_them(path: Path) -> None:
    text = path.read_text("utf-8")
    assert KEPT_BY.search(text)
    assert len(text.splitlines()) <= 25
    for file in OURS.findall(text):
        assert (ROOT / file).is_file() or (ROOT / "src/shared_resources" / file).is_file(), file


def test_the_tests_above_find_something() -> None:
    assert sum(len(BOLD.findall(prose(path))) for path in PAGES) > 200
    assert sum(1 for path in TOLD for _ in commands(path)) > 20
    assert not any(route.fullmatch("/no/such/page") for route in routes())
