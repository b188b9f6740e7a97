"""``shared-resources simulate-trackers``: what its words mean."""

from __future__ import annotations

import argparse
import json
from contextlib import ExitStack
from pathlib import Path

from shared_resources.equipment.trackers.simulate.faults import Faults
from shared_resources.equipment.trackers.simulate.publish import Broker, Publisher, publish
from shared_resources.equipment.trackers.simulate.schedule import messages, names, needs_source
from shared_resources.kernel import clock


def run(chosen: argparse.Namespace) -> str:
    """Simulate and publish; one line of JSON says what was sent. Raises ``ValueError`` with a sentence."""
    keys, passwords = _keys(chosen.keys_file, chosen.trackers)
    if not keys or chosen.rate <= 0:
        raise ValueError("at least one tracker and a rate above 0")
    if needs_source(chosen.profile) and chosen.user is None and passwords:
        raise ValueError(f"a source speaks for {chosen.profile}: name it by --source, --user and --password")
    coming = messages(
        chosen.profile,
        keys,
        chosen.seed,
        Faults.read(chosen.faults),
        start=clock.now(),
        seconds=chosen.seconds,
        interval=len(keys) / chosen.rate,
        source=chosen.source,
    )
    broker = Broker(chosen.host, chosen.port, chosen.tls_ca)
    with ExitStack() as connections:
        who: dict[str | None, tuple[str | None, str | None]] = (
            {key: (key, word) for key, word in passwords.items()}
            if passwords and chosen.user is None
            else {None: (chosen.user, chosen.password)}
        )
        publishers = {key: connections.enter_context(Publisher(broker, *both)) for key, both in who.items()}
        return json.dumps(vars(publish(coming, publishers)))


def _keys(file: Path | None, count: int) -> tuple[list[str], dict[str | None, str]]:
    """Keys of the trackers, and passwords where the file gives them."""
    if file is None:
        return names(count), {}
    lines = [line.split(maxsplit=1) for line in file.read_text("utf-8").splitlines() if line.strip()]
    lacking = [line[0] for line in lines if len(line) == 1]
    if lacking and len(lacking) < len(lines):
        raise ValueError(f"{file}: a password for each key or for none; {lacking[0]} has none")
    return [line[0] for line in lines][:count], {line[0]: line[1] for line in lines[:count] if len(line) > 1}
