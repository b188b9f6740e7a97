"""The agencies on a record by the part they play; several may play the same part. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.roles import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared_resources.kernel.permissions import Actor


class Parties(Mapping[Relation, UUID]):
    """``parties[part]`` is the agency of a part that only one plays (the first of several); ``all`` gives all."""

    def __init__(self, pairs: Iterable[tuple[Relation, UUID]] = ()) -> None:
        self._pairs = tuple(dict.fromkeys(pairs))

    @classmethod
    def of(cls, given: Mapping[Relation, UUID | Sequence[UUID]]) -> Parties:
        """From one agency or several for each part."""
        return cls(
            (part, agency)
            for part, agencies in given.items()
            for agency in ((agencies,) if isinstance(agencies, UUID) else agencies)
        )

    def __getitem__(self, part: Relation) -> UUID:
        for found, agency in self._pairs:
            if found is part:
                return agency
        raise KeyError(part)

    def __iter__(self) -> Iterator[Relation]:
        return iter(dict.fromkeys(part for part, _ in self._pairs))

    def __len__(self) -> int:
        return len({part for part, _ in self._pairs})

    @property
    def pairs(self) -> tuple[tuple[Relation, UUID], ...]:
        """Every part with its agency, in the order of joining."""
        return self._pairs

    def all(self, part: Relation) -> tuple[UUID, ...]:
        """Every agency that plays ``part``."""
        return tuple(agency for found, agency in self._pairs if found is part)

    @property
    def agencies(self) -> tuple[UUID, ...]:
        """Every agency on the record once."""
        return tuple(dict.fromkeys(agency for _, agency in self._pairs))

    def parts_of(self, agency: UUID | None) -> frozenset[Relation]:
        """The parts that ``agency`` plays."""
        return frozenset(part for part, found in self._pairs if found == agency)

    def relations_of(self, actor: Actor, offices: frozenset[Relation] = frozenset()) -> frozenset[Relation]:
        """What ``actor`` is on this record; an office counts where ``offices`` lets it see every such record."""
        held = set(self.parts_of(actor.agency)) if actor.agency is not None else set()
        if actor.office is not None and actor.office in offices:
            held.add(actor.office)
        return frozenset(held or {Relation.THIRD})

    def with_(self, part: Relation, agency: UUID) -> Parties:
        """These and one more."""
        return Parties((*self._pairs, (part, agency)))
