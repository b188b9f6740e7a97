"""The process's hub of words from the database, where the live door finds it; whose business which words are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from shared_resources.kernel.database.listen import Hub
    from shared_resources.kernel.permissions import Actor

    Audible = Callable[[Actor, frozenset[str]], Awaitable[frozenset[str]]]

_hubs: list[Hub] = []
_audible: dict[str, Audible] = {}


def tells_of(channel: str, audible: Audible) -> None:
    """Let a department's words reach live pages.

    Words of ``channel`` are JSON lists of ids; ``audible`` gives those that this reader may hear of.
    """
    _audible[channel] = audible


def told_channels() -> dict[str, Audible]:
    """Channels of departments, each with whose business its words are."""
    return dict(_audible)


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
