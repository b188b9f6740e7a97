"""An S3 bucket in which stored contents are kept; the folder of the machine then only holds what was used lately.

A content is named by its SHA-256: nothing is ever written over with something else, every machine finds the same,
and what comes back is proved by its name.
"""

from __future__ import annotations

import functools
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from shared_resources.kernel import clock
from shared_resources.kernel.errors import Unavailable
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

PIECE = 1 << 20
STALLED, LONGEST = timedelta(seconds=20), timedelta(hours=12)
"""Nothing comes any more; and the whole of one large file on a slow line."""
NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}")
USED_LATELY_SECONDS = 6 * 3600
"""So long a local copy stays for whoever has just asked for it, however full the folder is."""


class Bucket:
    """The bucket at ``https://key:secret@host/bucket?region=…``. Everything blocks: call it in a thread."""

    def __init__(self, url: str) -> None:
        split = urlsplit(url)
        host = split.netloc.rpartition("@")[2]
        self._store = S3Store(
            split.path.strip("/"),
            endpoint=f"{split.scheme}://{host}",
            access_key_id=unquote(split.username or ""),
            secret_access_key=unquote(split.password or ""),
            region=parse_qs(split.query).get("region", ["us-east-1"])[0],
            virtual_hosted_style_request=False,
            client_options={"allow_http": split.scheme == "http", "read_timeout": STALLED, "timeout": LONGEST},
            retry_config={"max_retries": 2, "retry_timeout": STALLED},
        )

    def put(self, name: str, path: Path) -> None:
        """Keep a whole local file; large ones go in parts.

        Raises:
            Unavailable: the bucket does not take it.
        """
        try:
            obstore.put(self._store, name, path)
        except BaseError as error:
            raise _unavailable() from error

    def fetch(self, name: str, target: IO[bytes]) -> bool:
        """Write a content into ``target``; False when the bucket has none of this name.

        Raises:
            Unavailable: the bucket does not give it.
        """
        try:
            for piece in obstore.get(self._store, name).stream(min_chunk_size=PIECE):
                target.write(piece)
        except (NotFoundError, FileNotFoundError):
            return False
        except BaseError as error:
            raise _unavailable() from error
        return True

    def remove(self, name: str) -> None:
        """Remove a content; it is fine if there is none.

        Raises:
            Unavailable: the bucket does not answer.
        """
        try:
            obstore.delete(self._store, name)
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise _unavailable() from error

    def names(self) -> set[str]:
        """Every content in it.

        Raises:
            Unavailable: the bucket does not answer.
        """
        try:
            return {found["path"] for page in obstore.list(self._store) for found in page}
        except BaseError as error:
            raise _unavailable() from error


def bucket() -> Bucket | None:
    """The bucket that is set, if any."""
    url = settings().s3_url
    return _bucket(url.get_secret_value()) if url is not None else None


@functools.lru_cache(1)
def _bucket(url: str) -> Bucket:
    return Bucket(url)


def tidy(folder: Path, most: int) -> tuple[int, int]:
    """Bring what lies in ``folder`` into the bucket; then let the longest unused go until ``most`` bytes stay.

    So a folder that was there before the bucket moves into it by itself.

    Returns:
        How many contents were brought, and how many local copies went.
    """
    far = bucket()
    if far is None:
        return 0, 0
    local = [path for path in folder.glob("??/*") if NAME.fullmatch(_name(path))]
    there = far.names() if local else set()
    missing = [path for path in local if _name(path) not in there]
    for path in missing:
        far.put(_name(path), path)
    used = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in local)
    size, latest, gone = sum(one[1] for one in used), clock.now().timestamp() - USED_LATELY_SECONDS, 0
    for at, length, path in used:
        if size <= most or at > latest:
            break
        path.unlink(missing_ok=True)
        size, gone = size - length, gone + 1
    return len(missing), gone


def use(path: Path) -> None:
    """Note that a local copy was used."""
    os.utime(path)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _unavailable() -> Unavailable:
    return Unavailable(
        N_("The store of files does not answer; nothing was done."),
        do=N_("Try again in a minute. If it stays so, tell the operator."),
        code="store_away",
    )
