"""What selects offer: kinds, depots, agencies, colleagues, in the reader's language."""

from collections.abc import Callable
from typing import Any

from shared_resources.equipment.queries.catalogue import categories, depots
from shared_resources.equipment.schemas.register import RESOURCE_LABELS, Resource
from shared_resources.kernel.identity.queries import agencies, people_of
from shared_resources.kernel.permissions import FIELD, LEADING, Actor
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of

Options = list[tuple[str, str]]
Groups = list[tuple[str, Options]]

WHOLE_FAMILY = "all-"
"""What precedes a resource in the value of a choice; codes of categories have no hyphen."""


def namer(request: WebRequest) -> Callable[..., str]:
    """The filter ``named`` for this reader."""
    named: Callable[..., str] = filters_for(reader_of(request).language)["named"]
    return named


async def kinds(request: WebRequest, actor: Actor) -> Groups:
    """Categories below their families; each family can be chosen as a whole."""
    named, language = namer(request), reader_of(request).language
    found = await categories(actor)
    groups: Groups = []
    for resource in Resource:
        below = [(line.code, named(line)) for line in found if line.resource is resource]
        if below:
            label = language.gettext(RESOURCE_LABELS[resource])
            groups.append((label, [(f"{WHOLE_FAMILY}{resource}", label), *below]))
    return groups


def kind_of(chosen: str) -> dict[str, str]:
    """The part of a filter that a choice of ``kinds`` stands for."""
    if chosen.startswith(WHOLE_FAMILY):
        return {"resource": chosen.removeprefix(WHOLE_FAMILY)}
    return {"category": chosen} if chosen else {}


async def depot_options(request: WebRequest, actor: Actor) -> Groups:
    """Depots below their agencies, one's own first."""
    named = namer(request)
    found: dict[str, Options] = {}
    for depot in sorted(await depots(actor), key=lambda depot: depot.agency != actor.agency):
        found.setdefault(named(depot, "agency_name"), []).append((str(depot.id), named(depot)))
    return list(found.items())


async def agency_options(request: WebRequest, actor: Actor, *, others_only: bool = False) -> Options:
    """Agencies that take part today, by slug."""
    named = namer(request)
    return [
        (line.slug, named(line))
        for line in await agencies(actor)
        if line.is_valid and not (others_only and line.id == actor.agency)
    ]


async def takers(actor: Actor) -> Options:
    """Colleagues who may collect equipment."""
    assert actor.agency is not None
    return [
        (str(person.id), f"{person.name} · {person.unit}" if person.unit else person.name)
        for person in await people_of(actor, actor.agency)
        if person.is_active and set(person.roles) & (FIELD | LEADING)
    ]


def select_options(labels: dict[Any, str], request: WebRequest) -> Options:
    """Options of an enumeration with translated labels."""
    say = reader_of(request).language.gettext
    return [(str(value), say(label)) for value, label in labels.items()]
