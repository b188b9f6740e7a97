"""Settings: described, documented, read once, loud when wrong."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared_resources.settings import Settings, SettingsError, as_markdown, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

README = Path(__file__).parents[1] / "README.md"


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_readme_shows_the_settings_as_they_are() -> None:
    assert as_markdown() in README.read_text("utf-8"), "run: shared-resources settings --markdown"


@pytest.fixture
def read_anew() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("read_anew")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTS", "1"),
        ("PORT", "eighty"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("BASE_URL", "http://host/with/path"),
        ("DEFAULT_LOCALE", "xx"),
        ("SECRET_KEY", "short"),
        ("POOL_MIN", "11"),
    ],
)
def test_wrong_setting_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SHARED_RESOURCES_{name}", value)
    with pytest.raises(SettingsError, match=name if name != "POOL_MIN" else "pool_min"):
        settings()


@pytest.mark.usefixtures("read_anew")
def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHARED_RESOURCES_PORT", "")
    assert settings().port == 8000


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    chosen = Settings(state_dir=tmp_path / "state")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: chosen.secret(), range(32)))
    kept = tmp_path / "state/secret.key"
    assert keys == {kept.read_bytes().strip()}
    assert len(keys.pop()) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_given_secret_is_used_and_never_shown() -> None:
    chosen = Settings(secret_key="x" * 40)
    assert chosen.secret() == b"x" * 40
    assert "x" * 40 not in repr(chosen)
