"""The house keeps its own rules: size of rooms, words in both languages, documents that match the code."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from statistics import median, quantiles

import pytest

import shared_resources
from shared_resources.kernel.permissions import MATRIX, Permission
from shared_resources.kernel.procedure import Procedure
from shared_resources.settings import as_markdown
from tests.drawings import FOLDER, page
from tests.procedures import PROCEDURES
from tests.translations import collected, translated

ROOT = Path(__file__).parents[1]
PACKAGE = Path(shared_resources.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts)
REGISTRY_HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|deb\.debian\.org|yarnpkg\.com")


def functions() -> dict[str, int]:
    """Every function of the house and its lines."""
    return {
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_rooms_and_functions_keep_their_budgets() -> None:
    files = {
        str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES
    }
    assert {name: lines for name, lines in files.items() if lines > 400} == {}
    assert {name: lines for name, lines in functions().items() if lines > 60} == {}
    assert median(functions().values()) <= 12
    assert quantiles(functions().values(), n=10)[-1] <= 30


def test_tests_stay_readable() -> None:
    sizes = {
        path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py")
    }
    assert {name: lines for name, lines in sizes.items() if lines > 400} == {}


def test_every_sentence_has_its_chinese() -> None:
    known = translated()
    missing = [message.id for message in collected() if message.id and not _string_of(known, message.id)]
    assert missing == []


def test_the_catalogue_says_nothing_that_nobody_says() -> None:
    said = {_key(message.id) for message in collected()}
    assert [message.id for message in translated() if message.id and _key(message.id) not in said] == []


def test_translations_keep_their_places() -> None:
    place, whole = re.compile(r"%\((\w+)\)"), re.compile(r"%\(\w+\)[sd]|%%")
    for message in translated():
        if message.id:
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            for string in strings:
                assert set(place.findall(string)) <= set(place.findall(_key(message.id))) | {"num"}, message.id
                assert "%" not in whole.sub("", string), message.id  # it would be taken for a place


def test_the_readme_lists_every_setting() -> None:
    assert as_markdown() in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.kind)
def test_the_drawn_procedure_is_the_one_that_runs(procedure: Procedure) -> None:
    assert (FOLDER / f"{procedure.kind}.md").read_text(encoding="utf-8") == page(procedure)


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.kind)
def test_every_state_can_be_reached_and_left(procedure: Procedure) -> None:
    reached, grown = {procedure.initial}, True
    while grown:
        step_targets = {step.target for step in procedure.steps if step.target and reached & set(step.sources)}
        grown = not step_targets <= reached
        reached |= step_targets
    assert reached == set(procedure.states)
    for name, state in procedure.states.items():
        assert state.final is not any(
            step.target not in (None, name) for step in procedure.steps if name in step.sources
        ), name


def test_every_permission_has_a_row_and_is_asked_somewhere() -> None:
    assert set(MATRIX) == set(Permission)
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "permission_table.py")
    templates = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("templates/**/*.html"))
    unused = [p.name for p in Permission if f"Permission.{p.name}" not in text and p.value not in templates]
    assert unused == []


def test_nobody_opens_transactions_behind_our_back() -> None:
    for path in SOURCES:
        if path.name != "transaction.py":
            text = path.read_text(encoding="utf-8")
            assert "DB.transaction(" not in text, path
            assert ".atomic(" not in text, path


def test_migration_files_have_names_of_their_own() -> None:
    names = [path.name for path in (ROOT / "migrations").rglob("*_20*.py")]
    assert len(names) == len(set(names))


def test_no_file_names_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path != Path(__file__) and path.suffix not in (".png", ".ico"):
            assert not REGISTRY_HOSTS.search(path.read_text(encoding="utf-8", errors="ignore")), name


def _key(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _string_of(catalogue: object, msgid: str | tuple[str, ...]) -> bool:
    message = catalogue.get(_key(msgid))
    if message is None:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def test_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
