"""The process behind ``media``: bounds itself, does one order, answers in JSON on standard output."""

from __future__ import annotations

import os
import resource
import sys

import msgspec

from shared_resources.video.media.limits import LIMITS, Limits
from shared_resources.video.media.orders import Answer, Order


def bound(limits: Limits) -> None:
    """Bound this process; what it would do beyond ends it, not us."""
    for name, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(name, (value, value))


def main() -> None:
    """Do one order."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    bound(LIMITS[order.task])
    os.umask(0o077)
    # After the limits: the libraries are large, and a file is opened by nothing that is not bounded.
    from shared_resources.video.media.cutting import extract  # noqa: PLC0415
    from shared_resources.video.media.opened import Cannot  # noqa: PLC0415
    from shared_resources.video.media.probing import probe, strip  # noqa: PLC0415
    from shared_resources.video.media.viewing import viewing  # noqa: PLC0415

    tasks = {"probe": probe, "strip": strip, "extract": extract, "viewing": viewing}
    try:
        answer = tasks[order.task](order)
    except Cannot as refusal:
        answer = Answer(cannot=str(refusal))
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
