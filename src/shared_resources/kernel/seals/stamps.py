"""Time stamps (RFC 3161): a service outside the house says that something was there at a moment."""

from __future__ import annotations

import asyncio
import urllib.request

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

SECONDS = 10


class Stamps(TimeStamper):
    """Asks a time stamp service; blocks: use it in a thread."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The service's answer."""
        headers = {"content-type": "application/timestamp-query"}
        asked = urllib.request.Request(self._url, req.dump(), headers)  # noqa: S310 the setting allows http(s) only
        try:
            return self._answer(asked)
        except (OSError, ValueError) as error:
            raise no_stamp() from error

    def _answer(self, asked: urllib.request.Request) -> tsp.TimeStampResp:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read())


async def stamp(sha256: bytes) -> bytes | None:
    """A token over a SHA-256 value, DER; None where no service is set.

    Raises:
        Invalid: the service does not answer as it should.
    """
    url = settings().timestamp_url
    if url is None:
        return None
    try:
        token = await asyncio.to_thread(lambda: asyncio.run(Stamps(url).async_timestamp(sha256, "sha256")))
    except TimestampRequestError as error:
        raise no_stamp() from error
    return token.dump()  # type: ignore[no-any-return]


def no_stamp() -> Invalid:
    """What is said when the service fails."""
    return Invalid(
        N_("The time stamp service does not answer as it should; nothing was done."),
        do=N_("Try again in a minute. If it stays so, tell the operator."),
        code="timestamp",
    )
