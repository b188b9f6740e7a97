"""Loading the demo's register: kinds, models, depots, 120 items with certificates, and rules of lending."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.demo.equipment import CATEGORIES, DEPOTS, HOURS, MODELS, ROUND_THE_CLOCK, STOCK
from shared_resources.equipment.schemas.catalogue import CategoryDraft, DepotDraft, ModelDraft, RuleDraft
from shared_resources.equipment.schemas.handover import Condition
from shared_resources.equipment.schemas.register import CertificateDraft, ItemDraft, Resource
from shared_resources.equipment.service.catalogue import add_category, add_model
from shared_resources.equipment.service.certificates import add_certificate
from shared_resources.equipment.service.depots import add_depot, set_lending_rule
from shared_resources.equipment.service.register import change_item_state, register_item
from shared_resources.kernel import clock
from shared_resources.kernel.permissions import Role

if TYPE_CHECKING:
    import random

    from shared_resources.demo.people import People
    from shared_resources.kernel.permissions import Actor

MADE_BEFORE = timedelta(days=150)
NEVER_CLOSED = frozenset({"cq-em", "cq-psb", "cq-fire"})
ISSUER = "市计量质量检测研究院"
VERIFIED_DAYS = 365


@dataclass(frozen=True)
class DemoItem:
    """One item of the demo: how stories speak of it."""

    code: str
    owner: str
    category: str
    depot: int


@dataclass
class Register:
    """What was entered, for the stories that follow."""

    models: dict[str, UUID] = field(default_factory=dict)
    items: list[DemoItem] = field(default_factory=list)
    depots: list[UUID] = field(default_factory=list)

    def of(self, owner: str, category: str) -> list[DemoItem]:
        """An owner's items of a kind, in the order of their numbers."""
        return [item for item in self.items if item.owner == owner and item.category == category]


async def load_register(people: People, chance: random.Random) -> Register:
    """Enter everything, as of some months ago."""
    register = Register()
    with clock.at(clock.now() - MADE_BEFORE):
        await load_catalogue(people.by_name["keeper"], register)
        register.depots = [await load_depot(people, position) for position in range(len(DEPOTS))]
        for position, category, count in STOCK:
            for number in range(count):
                register.items.append(
                    await load_item(people, register, register.depots[position], (position, category, number))
                )
    await certify_all(people, register, chance)
    await set_rules(people)
    await set_some_aside(people, register)
    return register


async def load_catalogue(keeper: Actor, register: Register) -> None:
    """Kinds and models, entered by one custodian for all."""
    for code, resource, name_zh, name_en in CATEGORIES:
        draft = CategoryDraft(code=code, resource=Resource(resource), name_zh=name_zh, name_en=name_en)
        await add_category(keeper, draft)
    for model in MODELS:
        draft_of_model = ModelDraft(
            category=model.category,
            name_zh=model.name_zh,
            name_en=model.name_en,
            maker=model.maker,
            specification=model.specification,
            checklist=model.checklist,
            accessories=model.accessories,
            buffer_before_minutes=model.buffers[0],
            buffer_after_minutes=model.buffers[1],
            longest_loan_hours=model.days * 24,
            notice_hours=1,
            evidence_needs_certificate=model.certified,
        )
        register.models[model.category] = await add_model(keeper, draft_of_model)


async def load_depot(people: People, position: int) -> UUID:
    """One depot, entered by its agency's custodian."""
    slug, name_zh, name_en, address, latitude, longitude = DEPOTS[position]
    draft = DepotDraft(
        name_zh=name_zh,
        name_en=name_en,
        address=address,
        latitude=latitude,
        longitude=longitude,
        hours=ROUND_THE_CLOCK if slug in NEVER_CLOSED else HOURS,
        phone=f"023-6388{position:04d}",
    )
    return await add_depot(people.with_role(slug, Role.CUSTODIAN)[0], draft)


async def load_item(people: People, register: Register, depot: UUID, which: tuple[int, str, int]) -> DemoItem:
    """One item with an asset number that says whose and what it is."""
    position, category, number = which
    owner = DEPOTS[position][0]
    keeper = people.with_role(owner, Role.CUSTODIAN)[0]
    serial = len(register.items) + 1
    draft = ItemDraft(
        asset_no=f"{owner.removeprefix('cq-').upper()}-{serial:04d}",
        serial=f"{category[:2].upper()}{8_800_000 + serial * 37}",
        model=register.models[category],
        depot=depot,
        keeper=keeper.person,
        condition=Condition.WORN if number % 7 == 6 else Condition.GOOD,
    )
    made = await register_item(keeper, draft)
    return DemoItem(made.code, owner, category, position)


async def certify_all(people: People, register: Register, chance: random.Random) -> None:
    """Each instrument gets last year's and this year's certificate; a few lapse soon, two have lapsed."""
    certified = {model.category for model in MODELS if model.certified}
    items = [item for item in register.items if item.category in certified]
    for serial, item in enumerate(items):
        keeper = people.with_role(item.owner, Role.CUSTODIAN)[0]
        left = -12 if serial in (8, 21) else 14 + serial if serial % 11 == 5 else chance.randint(90, 330)
        last = clock.today() + timedelta(days=left)
        for years in (1, 0):
            valid_to = last - timedelta(days=years * VERIFIED_DAYS)
            draft = CertificateDraft(
                number=f"JD{valid_to.year}-{serial:03d}{years}",
                issuer=ISSUER,
                valid_from=valid_to - timedelta(days=VERIFIED_DAYS - 1),
                valid_to=valid_to,
            )
            await add_certificate(keeper, item.code, draft)


async def set_rules(people: People) -> None:
    """The emergency bureau lends radios up to eight hours by rule; the police let requests hold."""
    await set_lending_rule(people.by_name["head"], RuleDraft(category="handheld", automatic_hours=8))
    await set_lending_rule(people.by_name["psbhead"], RuleDraft(requests_hold=True, answer_days=2))


async def set_some_aside(people: People, register: Register) -> None:
    """Two items wait in the emergency reserve, one is being repaired."""
    phones = register.of("cq-em", "satellite_phone")
    await change_item_state(people.by_name["keeper"], phones[-1].code, "keep_in_reserve")
    repeater = register.of("cq-psb", "repeater")[0]
    await change_item_state(people.by_name["psbkeeper"], repeater.code, "keep_in_reserve")
    camera = register.of("cq-psb", "body_camera")[-1]
    await change_item_state(people.by_name["psbkeeper"], camera.code, "send_to_repair", note="充电接口松动")
