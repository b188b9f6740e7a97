"""The process's hub of words from the database, where the live door finds it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.database.listen import Hub

_hubs: list[Hub] = []


@contextmanager
def hub_is(hub: Hub) -> Iterator[None]:
    """Let live pages listen to ``hub`` within the block."""
    _hubs.append(hub)
    try:
        yield
    finally:
        _hubs.remove(hub)


def current_hub() -> Hub | None:
    """The hub of this process; None where none runs."""
    return _hubs[-1] if _hubs else None


def end_streams() -> None:
    """End every live page's stream: the server is about to stop."""
    for hub in _hubs:
        hub.close()
