"""``shared-resources footage-send`` and ``footage-fetch``: recordings in and copies out, by an API token.

Both compute SHA-256 and SM3 on this side. Sending goes on where it was cut, also after this program was stopped:
the place of the upload is kept beside the file as ``<file>.upload``.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared_resources.video.media.digests import digests_of

if TYPE_CHECKING:
    import argparse

UPLOADS = "/api/v1/footage-uploads"
PIECE = 8 << 20
PAUSES = (1, 2, 5, 10, 30, 60)
"""Seconds before each further try after the line broke; then it is given up, and the next call goes on."""
BROKEN = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Server:
    """Where the house is and who asks."""

    address: str
    token: str

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        into: Path | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers in lower case and body of an answer; the body of a good one goes ``into`` a file.

        Raises:
            OSError, http.client.HTTPException: the line broke.
        """
        place = urlsplit(self.address)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        connection = kind(place.netloc, timeout=120)
        with contextlib.closing(connection):
            own = {"authorization": f"Bearer {self.token}", "tus-resumable": "1.0.0", "accept": "application/json"}
            connection.request(method, path, body=body, headers=own | dict(headers or {}))
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            if into is None or answer.status != 200:
                return answer.status, told, answer.read()
            with into.open("wb") as target:
                shutil.copyfileobj(answer, target, 1 << 20)
            return answer.status, told, b""


def send(chosen: argparse.Namespace) -> str:
    """Send one file; what became of it as a sentence. Raises ``ValueError`` with one where it was refused."""
    file: Path = chosen.file
    server = Server(chosen.server.rstrip("/"), chosen.token or os.environ.get("FOOTAGE_TOKEN", ""))
    kept = file.with_name(f"{file.name}.upload")
    size, path = file.stat().st_size, None
    if kept.exists():
        path = kept.read_text("utf-8").strip()
        if server.ask("HEAD", path)[0] != 200:
            path = None
    if path is None:
        path = _announce(server, file, size, chosen)
        kept.write_text(path, "utf-8")
    _send_all(server, file, size, path)
    told = _checked(server, path)
    kept.unlink(missing_ok=True)
    if told["state"] != "done":
        raise ValueError(told.get("error") or "the file was not taken in")
    return f"{file.name}: {told['footage']}"


def _announce(server: Server, file: Path, size: int, chosen: argparse.Namespace) -> str:
    found = digests_of(file)
    told = {
        "filename": file.name,
        "name": chosen.name or file.stem,
        "recorded_from": chosen.recorded_from,
        "taken_by": chosen.taken_by,
        "retention": chosen.retention,
        "source": chosen.source,
        "shared_use": chosen.shared_use,
        "declared": "true" if chosen.declare_no_secrets else "",
        "sha256": found.sha256.hex(),
        "sm3": found.sm3.hex(),
    }
    packed = ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items() if value
    )
    status, headers, body = server.ask(
        "POST", UPLOADS, {"upload-length": str(size), "upload-metadata": packed}, b""
    )
    if status != 201:
        raise ValueError(_reason(status, body))
    return urlsplit(headers["location"]).path


def _send_all(server: Server, file: Path, size: int, path: str) -> None:
    """Send what is not there yet, asking for the place after each break."""
    pauses: Iterator[int] = iter(PAUSES)
    with file.open("rb") as source:
        while True:
            try:
                status, headers, body = server.ask("HEAD", path)
                if status != 200:
                    raise ValueError(_reason(status, body))
                offset = int(headers["upload-offset"])
                while offset < size:
                    source.seek(offset)
                    sent = {"upload-offset": str(offset), "content-type": "application/offset+octet-stream"}
                    status, headers, body = server.ask("PATCH", path, sent, source.read(PIECE))
                    if status != 204:
                        raise ValueError(_reason(status, body))
                    offset, pauses = int(headers["upload-offset"]), iter(PAUSES)
            except BROKEN as error:
                pause = next(pauses, None)
                if pause is None:
                    raise ValueError(f"the line broke ({error}); call again to go on") from error
                time.sleep(pause)
            else:
                return


def _checked(server: Server, path: str) -> dict[str, Any]:
    """What the checking found, once it has."""
    while True:
        told: dict[str, Any] = json.loads(server.ask("GET", path)[2])
        if told["state"] not in ("open", "checking"):
            return told
        time.sleep(1)


def fetch(chosen: argparse.Namespace, say: Callable[[str], None] = print) -> bool:
    """Download the copies of a request, compare and confirm each; whether all are equal."""
    server = Server(chosen.server.rstrip("/"), chosen.token or os.environ.get("FOOTAGE_TOKEN", ""))
    here = f"/api/v1/footage-requests/{chosen.request}/copies"
    status, _, body = server.ask("GET", here)
    if status != 200:
        raise ValueError(_reason(status, body))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    whole = True
    for copy in json.loads(body):
        target = chosen.folder / copy["file_name"]
        away = f"/api/v1/footage-copies/{copy['number']}/download"
        status, _, data = server.ask("POST", away, body=b"", into=target)
        if status != 200:
            raise ValueError(_reason(status, data))
        found = digests_of(target)
        values = json.dumps({"sha256": found.sha256.hex(), "sm3": found.sm3.hex()}).encode()
        json_type = {"content-type": "application/json"}
        status, _, body = server.ask("POST", f"/api/v1/footage-copies/{copy['number']}/compare", json_type, values)
        equal = status == 200 and json.loads(body)["equal"]
        say(f"{copy['number']}: {target} {'equal' if equal else 'DIFFERS'}")
        whole = whole and equal
    return whole


def _reason(status: int, body: bytes) -> str:
    """What a problem (RFC 9457) says."""
    try:
        problem = json.loads(body)
        return f"{problem.get('title', status)} {problem.get('detail', '')}".strip()
    except ValueError:
        return f"the server answers {status}"
