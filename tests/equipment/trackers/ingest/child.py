"""A listener in a process of its own, to be killed: ``python -m … <database> <port of the broker>``."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

from shared_resources.cli.serve import with_pool
from shared_resources.equipment.trackers.ingest.listening import listen_always
from shared_resources.settings import PREFIX
from tests.equipment.trackers.ingest.conftest import Mosquitto


async def main() -> None:
    """Listen until killed."""
    broker = Mosquitto(Path(), int(sys.argv[2]))
    await listen_always(lambda: broker, pause=0.1)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    os.environ[f"{PREFIX}DATABASE_URL"] = sys.argv[1]
    asyncio.run(with_pool(main))
