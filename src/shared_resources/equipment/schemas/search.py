"""Words of the search page: a few hits of each kind, as the reader may see them."""

from __future__ import annotations

from uuid import UUID

from shared_resources.equipment.schemas.catalogue import DepotFull, DepotPublic, ModelView
from shared_resources.equipment.schemas.register import ItemOwn, ItemPublic, Words


class AgencyHit(Words):
    """An agency; ``former`` is the old name that matched, if one did."""

    slug: str
    name_zh: str
    name_en: str
    former: str | None


class RecordHit(Words):
    """A loan or an incident. Labels are msgids."""

    kind: str
    kind_label: str
    number: str
    title: str
    path: str
    state: str
    state_label: str
    tone: str


class TextHit(RecordHit):
    """A coordination record in which the words stand, and where."""

    snippet: str


class PersonHit(Words):
    """A colleague."""

    id: UUID
    name: str
    unit: str | None


class Found(Words):
    """What a search found."""

    text: str
    items: tuple[ItemOwn | ItemPublic, ...] = ()
    more_items: bool = False
    models: tuple[ModelView, ...] = ()
    depots: tuple[DepotFull | DepotPublic, ...] = ()
    agencies: tuple[AgencyHit, ...] = ()
    records: tuple[RecordHit, ...] = ()
    texts: tuple[TextHit, ...] = ()
    next_texts: str | None = None
    people: tuple[PersonHit, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        kinds = (self.items, self.models, self.depots, self.agencies, self.records, self.texts, self.people)
        return not any(kinds)
