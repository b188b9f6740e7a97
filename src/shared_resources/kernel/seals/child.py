"""The process behind ``apart``: reads a question and a PDF, bounds itself, answers in JSON."""

from __future__ import annotations

import resource
import sys

import msgspec

from shared_resources.kernel.seals.apart import CPU_SECONDS, MEMORY, Answered, Asked
from shared_resources.kernel.seals.checking import check
from shared_resources.kernel.seals.report import CannotCheck


def main() -> None:
    """Answer one question."""
    data = sys.stdin.buffer.read()
    size = int.from_bytes(data[:8])
    asked = msgspec.json.decode(data[8 : 8 + size], type=Asked)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = Answered(report=check(data[8 + size :], asked.roots, asked.now, asked.moments))
    except CannotCheck as refusal:
        answer = Answered(cannot=refusal.why)
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
