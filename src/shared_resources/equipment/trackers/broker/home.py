"""The folder of our own broker and the system user that runs it."""

from __future__ import annotations

import hashlib
import os
import pwd
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.database.cluster import SHARED_HOME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.settings import Settings

USERS = ("mosquitto", "nobody")
"""As whom the broker runs when we are root, the first that there is."""


@dataclass(frozen=True)
class Home:
    """A folder that only the broker and root can read. ``runner``: keywords for ``subprocess``."""

    folder: Path
    runner: Mapping[str, Any] = field(default_factory=dict)

    def write(self, name: str, content: bytes) -> bool:
        """Put a file in its place in one step, mode 0600; whether it says something else than before.

        Raises:
            OSError: the folder cannot be written.
        """
        path = self.folder / name
        with suppress(FileNotFoundError):
            if path.read_bytes() == content:
                return False
        handle, half = tempfile.mkstemp(dir=self.folder, prefix=".half-")  # mkstemp gives mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                if self.runner:
                    os.fchown(file.fileno(), self.runner["user"], self.runner["group"])
                file.flush()
                os.fsync(file.fileno())
            Path(half).replace(path)
        except BaseException:
            Path(half).unlink(missing_ok=True)
            raise
        return True


def home_of(settings: Settings) -> Home:
    """The broker's home below the state folder, or where its user can go when that one cannot get there.

    Raises:
        SystemExit: the folder belongs to somebody else.
    """
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    runner = _runner()
    path = settings.state_dir / "broker"
    if runner and not _open_to_all(settings.state_dir.resolve()):
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        mark = hashlib.sha256(os.fsencode(settings.state_dir.resolve())).hexdigest()[:16]
        path = SHARED_HOME / f"broker-{mark}"
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if runner:
            os.chown(path, runner["user"], runner["group"])
    found = path.lstat()
    if path.is_symlink() or found.st_uid != runner.get("user", os.geteuid()) or found.st_mode & 0o077:
        raise SystemExit(f"{path} must be a folder of mode 0700 of the broker's user. Start as the first time.")
    return Home(path, runner)


def _runner() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in USERS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise SystemExit("The broker does not run as root, and there is no other user for it.")


def _open_to_all(folder: Path) -> bool:
    return all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))
