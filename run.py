"""``make demo`` for machines without make: ``python3 run.py``. Standard library only."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMPS = (VENV / ".ready", VENV / ".ready-demo")
"""The first is that of make, which installs more."""


def main() -> None:
    """Set up what is missing, then serve the demo."""
    if sys.version_info < (3, 11):  # noqa: UP036 it is run before anything is installed
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not is_ready():
        venv.create(VENV, with_pip=True)
        pip = [str(BIN / "pip"), "install", "--quiet", "--disable-pip-version-check", "-c", "constraints.txt"]
        call(*pip, "-e", ".[embedded]", HATCH_BUILD_NO_HOOKS="true")
        STAMPS[1].touch()
    program = str(BIN / "shared-resources")
    call(program, "assets", "build")
    os.chdir(HERE)
    os.execv(program, [program, "serve", "--demo"])  # noqa: S606 our own program


def is_ready() -> bool:
    """Whether the environment was made from the present lists of packages."""
    lists = (HERE / "pyproject.toml", HERE / "constraints.txt")
    newest = max(path.stat().st_mtime for path in lists)
    return any(stamp.exists() and stamp.stat().st_mtime >= newest for stamp in STAMPS)


def call(*command: str, **environment: str) -> None:
    """Run a command in this folder; leave with its code when it fails."""
    code = subprocess.run(command, cwd=HERE, env={**os.environ, **environment}, check=False).returncode  # noqa: S603
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    main()
