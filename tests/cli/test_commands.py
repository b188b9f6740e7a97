"""The small commands: settings, first administrator, migrate, verify."""

from __future__ import annotations

import pytest

from shared_resources.cli import main
from shared_resources.settings import Settings, as_markdown, variable
from tests.cli.running import command, fresh_state


def test_settings_are_shown_as_table_and_as_values(capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "--markdown"])
    assert capsys.readouterr().out == as_markdown()
    main(["settings"])
    shown = capsys.readouterr().out.splitlines()
    assert [line.partition("=")[0] for line in shown] == [variable(name) for name in Settings.model_fields]


def test_secrets_are_not_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_state() as state:
        done = command(state, "settings", SECRET_KEY="k" * 40, SMTP_URL="smtp://me:hush@localhost:25")
    assert done.returncode == 0
    assert "k" * 40 not in done.stdout
    assert "hush" not in done.stdout


def test_slip_of_the_pen_stops_every_command() -> None:
    with fresh_state() as state:
        done = command(state, "settings", PORTS="1")
    assert done.returncode != 0
    assert "SHARED_RESOURCES_PORTS" in done.stderr
    assert "Traceback" not in done.stderr


def test_first_days_of_an_administrator() -> None:
    """Migrate twice, make the first administrator once, find everything whole."""
    with fresh_state() as state:
        for _ in range(2):
            assert command(state, "migrate").returncode == 0
        made = command(state, "create-admin", "root", "--password-stdin", stdin="three radios in a van\n")
        assert (made.returncode, made.stdout) == (0, "root can sign in now.\n"), made.stderr
        again = command(state, "create-admin", "other", "--password-stdin", stdin="three radios in a van\n")
        assert again.returncode != 0
        assert "Traceback" not in again.stderr
        weak = command(state, "create-admin", "other", "--password-stdin", stdin="short\n")
        assert weak.returncode != 0
        assert "Traceback" not in weak.stderr
        proved = command(state, "verify")
        assert (proved.returncode, proved.stdout) == (0, "Journal and custody are whole.\n"), proved.stderr
