"""Which items answer a wish for "three of this model": from as few hands as possible, the least used first.

Pure. Fair wear: among equals the item that changed hands least goes out; ties are broken by id, so that two
processes that look at the same shelf reach for the same items in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from shared_resources.equipment.rules.booking import ItemFacts


def choose(candidates: Sequence[ItemFacts], count: int) -> list[ItemFacts]:
    """``count`` of ``candidates``, all of one depot if one has enough, else of one owner, else of few owners.

    Fewer than ``count`` when there are not enough.
    """
    ranked = sorted(candidates, key=lambda item: (item.uses, item.id))
    for whose in (_depot, _owner):
        enough = [shelf for shelf in _shelves(ranked, whose) if len(shelf) >= count]
        if enough:
            return min((shelf[:count] for shelf in enough), key=_wear)
    shelves = sorted(_shelves(ranked, _owner), key=lambda shelf: (-len(shelf), _wear(shelf)))
    return [item for shelf in shelves for item in shelf][:count]


def _shelves(ranked: Sequence[ItemFacts], whose: Callable[[ItemFacts], Hashable]) -> list[list[ItemFacts]]:
    shelves: dict[Hashable, list[ItemFacts]] = {}
    for item in ranked:
        shelves.setdefault(whose(item), []).append(item)
    return list(shelves.values())


def _wear(items: Sequence[ItemFacts]) -> tuple[int, str]:
    return sum(item.uses for item in items), str(min(item.id for item in items))


def _depot(item: ItemFacts) -> Hashable:
    return item.owner, item.depot


def _owner(item: ItemFacts) -> Hashable:
    return item.owner
