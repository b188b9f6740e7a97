"""The browser side: its sources keep the security policy, its build keeps the budgets."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import shared_resources
from shared_resources.kernel import codes

SITE = Path(shared_resources.__file__).parent / "site"
TEMPLATES = sorted(Path(shared_resources.__file__).parent.glob("**/templates/**/*.html"))
BUDGETS = {
    "scripts/main.ts": 20_000,
    "scripts/map.ts": 50_000,
    "scripts/timeline.ts": 10_000,
    "scripts/scan.ts": 20_000,
    "styles/main.css": 15_000,
    "styles/calendar.css": 4_000,
    "styles/map.css": 4_000,
}
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\b(?:src=|type="application/json"))"""
)


def test_lock_names_no_registry() -> None:
    """Everybody installs from their own registry; npm ci checks the hashes."""
    lock = json.loads((SITE / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_fit_the_security_policy(template: Path) -> None:
    """Under script-src and style-src 'self' an inline style or handler would silently do nothing."""
    found = INLINE.search(re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.DOTALL))
    assert found is None, found


def test_labels_are_read_as_the_server_reads_them() -> None:
    """Alphabet, length and polynomial of labels.ts are those of codes.py."""
    source = (SITE / "scripts" / "labels.ts").read_text()
    assert f"'{codes.ALPHABET}'" in source
    assert f"const LENGTH = {codes.LENGTH};" in source
    assert f"value ^= {codes.FIELD_POLYNOMIAL};" in source


@pytest.mark.parametrize("name", BUDGETS)
def test_budget(name: str) -> None:
    """What a page loads for one entry, compressed; the decoder's .wasm is apart, it is cached once."""
    manifest_path = SITE / "dist" / ".vite" / "manifest.json"
    if not manifest_path.exists():
        pytest.skip("the front end is not built here")
    manifest = json.loads(manifest_path.read_text())
    wanted, files = [name], set()
    while wanted:
        entry = manifest[wanted.pop()]
        files.add(entry["file"])
        wanted += entry.get("imports", [])
    sizes = [(SITE / "dist" / f"{file}.gz") for file in files]
    total = sum((gz if gz.exists() else gz.with_suffix("")).stat().st_size for gz in sizes)
    assert total <= BUDGETS[name]
