"""The scene of the proofs: three agencies with somebody for every role, and one of everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.schemas.booking import ExtensionDraft
from shared_resources.equipment.schemas.catalogue import ClosureDraft
from shared_resources.equipment.schemas.feeds import FeedKind
from shared_resources.equipment.schemas.handover import Direction, IncidentKind, IncidentReport
from shared_resources.equipment.service.changes import ask_extension
from shared_resources.equipment.service.depots import close_depot
from shared_resources.equipment.service.emergency import release_loan
from shared_resources.equipment.service.feeds import create_feed
from shared_resources.equipment.service.handover import propose_handover
from shared_resources.equipment.service.incidents import report_incident
from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft, SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.service.alarms import raise_alarm
from shared_resources.equipment.trackers.service.checkins import LineHome, check_in
from shared_resources.equipment.trackers.service.credentials import issue_credential
from shared_resources.equipment.trackers.service.devices import bind_tracker, register_tracker
from shared_resources.equipment.trackers.service.models import create_device_model
from shared_resources.equipment.trackers.service.sources import register_source
from shared_resources.kernel import clock
from shared_resources.kernel.calendar.notices import propose_notice
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity import create_desk, create_token, plan_shift
from shared_resources.kernel.permissions import Actor, Permission, Role
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span
from shared_resources.kernel.schemas.people import DeskDraft, ShiftDraft, TokenDraft
from shared_resources.kernel.workdays import DayKind
from tests.clients import open_session
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    START,
    handover_draft,
    lines_of,
    make_category,
    make_certificate,
    make_depot,
    make_item,
    make_loan,
    make_model,
    make_rule,
)
from tests.people import make_cast, make_person
from tests.proofs.papers import Papers, lay_out

if TYPE_CHECKING:
    from shared_resources.equipment.service.register import Registered
    from tests.makers import MadeLoan
    from tests.people import Cast, Team

AGENCY_ROLES = [role for role in Role if role is not Role.SYSTEM_ADMIN]
DURING = START + HOUR
DEPOT = "中心装备库"
"""Every agency has one of this name."""


@dataclass(frozen=True)
class Scene:
    """What is there to act on. Everything is the owner's unless its name says otherwise."""

    cast: Cast
    people: dict[tuple[str, Role], Actor]
    administrator: Actor
    second_administrator: Actor
    subject: Actor
    category: str
    model: UUID
    depots: dict[str, UUID]
    second_depot: UUID
    closure: UUID
    rule: UUID
    item: Registered
    borrowers_item: Registered
    spare: Registered
    certificate: UUID
    photo: UUID
    loans: dict[str, MadeLoan]
    lines: dict[str, list[UUID]]
    out_handover: UUID
    back_handover: UUID
    incident: str
    desk: UUID
    shift: UUID
    notice: str
    feed: UUID
    token: UUID
    session: UUID
    told: UUID
    appointment: UUID
    device_model: UUID
    source: str
    tracker: str
    spare_tracker: str
    credential: UUID
    alarm: str
    proposed_checkin: UUID
    checkin: UUID
    papers: Papers

    def actor(self, relation: str, role: Role) -> Actor:
        """Somebody with exactly this role in the agency that has this part."""
        return self.people[relation, role]


async def administrator(agency: UUID, username: str) -> Actor:
    """An administrator of the system, ready to act."""
    actor = await make_person(agency, username, [])
    async with transaction() as db:
        await db.execute("UPDATE person SET is_system_admin = true WHERE id = $1", actor.person)
    return Actor(actor.person, None, username, roles=frozenset({Role.SYSTEM_ADMIN}))


async def build() -> Scene:
    """Everything, on Monday morning; to be called once on a fresh database."""
    cast = await make_cast()
    with clock.at(MONDAY):
        things = {**await _people(cast), **await _things(cast), **await _kernel_things(cast)}
        return Scene(**things, papers=await lay_out(cast, things["loans"]["requested"].number))


async def _people(cast: Cast) -> dict[str, Any]:
    teams = {"owner": cast.owner, "borrower": cast.borrower, "third": cast.third}
    people = {
        (part, role): await make_person(team.agency, f"{part}.{role.value}.one", [role])
        for part, team in teams.items()
        for role in AGENCY_ROLES
    }
    officer = people["owner", Role.OFFICER].person
    assert officer is not None
    desk = await create_desk(cast.owner.head, DeskDraft(name="值班室", phone="023-12350"))
    await plan_shift(
        cast.owner.head, desk, ShiftDraft(person=officer, starts_at=MONDAY, ends_at=MONDAY + 9 * HOUR)
    )
    later = ShiftDraft(person=officer, starts_at=START, ends_at=END)
    return {
        "cast": cast,
        "people": people,
        "administrator": await administrator(cast.owner.agency, "root.one"),
        "second_administrator": await administrator(cast.owner.agency, "root.two"),
        "subject": await make_person(cast.owner.agency, "owner.subject", [Role.CLERK]),
        "desk": desk,
        "shift": await plan_shift(cast.owner.head, desk, later),
    }


async def _things(cast: Cast) -> dict[str, Any]:
    keeper = cast.owner.custodian
    category = await make_category(keeper=keeper)
    model = await make_model(keeper=keeper, category=category, name="GX-4")
    depots = {
        part: await make_depot(keeper=team.custodian, name=DEPOT)
        for part, team in (("owner", cast.owner), ("borrower", cast.borrower), ("third", cast.third))
    }
    item = await make_item(keeper=keeper, model=model, depot=depots["owner"])
    certificate = await make_certificate(keeper=keeper, code=item.code)
    closed = await close_depot(
        keeper,
        depots["owner"],
        ClosureDraft(first_day=clock.local_date(END + 900 * HOUR), last_day=clock.local_date(END + 900 * HOUR)),
    )
    loans = await _loans(cast, model, depots["owner"])
    return {
        "category": category,
        "model": model,
        "depots": depots,
        "second_depot": await make_depot(keeper=keeper),
        "closure": closed,
        "rule": await make_rule(keeper=keeper, category=category, answer_days=2),
        "item": item,
        "borrowers_item": await make_item(keeper=cast.borrower.custodian, model=model, depot=depots["borrower"]),
        "spare": await make_item(keeper=keeper, model=model, depot=depots["owner"]),
        "certificate": certificate,
        "photo": await _photo(cast.owner),
        "loans": loans,
        "lines": {name: [line["id"] for line in await lines_of(loan.number)] for name, loan in loans.items()},
        **await _proposals(cast, loans),
        **await _devices(cast, loans),
    }


async def _devices(cast: Cast, loans: dict[str, MadeLoan]) -> dict[str, Any]:
    """A device on a thing that is out, with credentials; one on nothing; a source, an alarm, what came home."""
    keeper = cast.owner.custodian
    model = await create_device_model(keeper, DeviceModelDraft(name="TL-1", payload="native"))
    spare = await register_tracker(keeper, TrackerDraft(name="定位器 1", model=model))
    on_it = await register_tracker(keeper, TrackerDraft(name="定位器 2", model=model))
    await bind_tracker(keeper, on_it.number, loans["out"].codes[0])
    await issue_credential(keeper, tracker=on_it.number)
    return {
        "alarm": await an_alarm(on_it.id, loans["out"]),
        "proposed_checkin": await a_checkin(on_it.id, loans["seems home"], confirmed=False),
        "checkin": await a_checkin(on_it.id, loans["came home"]),
        "credential": await _credential(on_it.id),
        "device_model": model,
        "source": await register_source(keeper, SourceDraft(name="网关", payload="chirpstack")),
        "tracker": on_it.number,
        "spare_tracker": spare.number,
    }


async def _credential(tracker: UUID) -> UUID:
    async with reading() as db:
        found: UUID = await db.fetchval("SELECT id FROM tracker_credential WHERE tracker = $1", tracker)
    return found


async def an_alarm(tracker: UUID, loan: MadeLoan) -> str:
    """An alarm about the thing of a loan; its number."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT l.owner, l.borrower, ll.item FROM loan l JOIN loan_line ll ON ll.loan = l.id WHERE l.id = $1",
            loan.id,
        )
    with clock.at(START):
        async with transaction() as db:
            await raise_alarm(
                **dict(row),
                tracker=tracker,
                loan=loan.id,
                kind="tamper",
                title_name="定位器 2",
                seen_at=START,
                msg_key=1,
                data={},
            )
            return str(await db.fetchval("SELECT number FROM record WHERE kind = 'alarm' ORDER BY opened_at DESC"))


async def a_checkin(tracker: UUID, loan: MadeLoan, *, confirmed: bool = True) -> UUID:
    """The thing of a loan came home by itself, or seems to."""
    (line,) = await lines_of(loan.number)
    home = LineHome(line["owner"], line["loan"], line["id"], line["item"], tracker)
    with clock.at(DURING):
        async with transaction():
            made = await check_in(home, "door", None, DURING, 1, confirmed=confirmed)
    assert made is not None
    return made


async def _loans(cast: Cast, model: UUID, depot: UUID) -> dict[str, MadeLoan]:
    async def loan(state: str, items: int = 1, **more: Any) -> MadeLoan:
        codes = [await make_item(keeper=cast.owner.custodian, model=model, depot=depot) for _ in range(items)]
        return await make_loan(cast=cast, state=state, codes=tuple(one.code for one in codes), **more)

    urgent: dict[str, Any] = {"emergency": True, "starts_at": MONDAY + HOUR, "ends_at": MONDAY + 9 * HOUR}
    loans = {
        "requested": await loan("requested"),
        "two": await loan("requested", 2),
        "offered": await loan("offered", 2),
        "approved": await loan("approved"),
        "proposed": await loan("approved"),
        "conflict": await loan("conflict", 2),
        "out": await loan("out"),
        "going back": await loan("out"),
        "asked for longer": await loan("out"),
        "seems home": await loan("out"),
        "came home": await loan("out"),
        "returned": await loan("returned"),
        "urgent": await loan("requested", **urgent),
        "released": await loan("requested", **urgent),
        "damaged": await loan("out"),
    }
    await release_loan(cast.owner.head, loans["released"].number)
    with clock.at(START + HOUR):
        longer = ExtensionDraft(until=END + 2 * HOUR)
        await ask_extension(cast.borrower.officer, loans["asked for longer"].number, longer)
    return loans


async def _proposals(cast: Cast, loans: dict[str, MadeLoan]) -> dict[str, Any]:
    """A hand-over each way that waits, and an incident that is open."""
    keeper, officer = cast.owner.custodian, cast.borrower.officer
    with clock.at(START):
        out = handover_draft(Direction.OUT, officer, *loans["proposed"].codes)
        out_handover = await propose_handover(keeper, loans["proposed"].number, out)
        back = handover_draft(Direction.BACK, keeper, *loans["going back"].codes)
        back_handover = await propose_handover(officer, loans["going back"].number, back)
        damage = IncidentReport(code=loans["damaged"].codes[0], kind=IncidentKind.DAMAGE, description="外壳开裂")
        incident = await report_incident(officer, damage)
    return {"out_handover": out_handover, "back_handover": back_handover, "incident": incident}


async def _photo(team: Team) -> UUID:
    photo = new_id()
    async with transaction() as db:
        await db.execute(
            "INSERT INTO file (id, owner, name, media_type, size, sha256, stored_at, stored_by, secrecy_declared)"
            " VALUES ($1, $2, '照片.png', 'image/png', 3, '\\x00', $3, $4, true)",
            photo,
            team.agency,
            clock.now(),
            team.custodian.person,
        )
    return photo


async def _kernel_things(cast: Cast) -> dict[str, Any]:
    """What belongs to one person: the owner's head; and a notice that waits for a second administrator."""
    head = cast.owner.head
    await create_feed(head, FeedKind.PERSON)
    scopes = frozenset({Permission.LOAN_SEE.value})
    made = await create_token(head, TokenDraft(name="程序", scopes=scopes, expires_at=END))
    await open_session(head)
    first = await administrator(cast.owner.agency, "root.zero")
    span = Span(name="暴雪", kind=DayKind.REST_OVERRIDE, first=clock.today())
    draft = NoticeDraft(
        number="渝府办发〔2026〕99号", year=2026, published_on=clock.today(), whole_year=False, spans=(span,)
    )
    async with reading() as db:
        clerk = await db.fetchval("SELECT id FROM person WHERE username = 'owner.clerk'")
        found = {
            "feed": await db.fetchval("SELECT id FROM feed WHERE person = $1", head.person),
            "session": await db.fetchval("SELECT id FROM session WHERE person = $1", head.person),
            "told": await db.fetchval("SELECT id FROM notice WHERE person = $1 LIMIT 1", head.person),
            "appointment": await db.fetchval("SELECT id FROM appointment WHERE person = $1", clerk),
        }
    return {**found, "token": made.id, "notice": await propose_notice(first, draft)}
