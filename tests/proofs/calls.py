"""How each verb is called in the scene, in a way that succeeds for whoever may do it.

A call says when, with which arguments, and what is put in place first: things that belong to one person belong to
the one who acts in the column ``owner``, and to somebody else in every other column.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyotp

from shared_resources.cases.inspections.schemas import PartyDraft, PartyKind
from shared_resources.equipment.schemas.booking import Exchange, ExtensionDraft, MoveDraft, Offer
from shared_resources.equipment.schemas.catalogue import (
    CategoryDraft,
    ClosureDraft,
    DepotDraft,
    ModelDraft,
    RuleDraft,
)
from shared_resources.equipment.schemas.feeds import FeedKind
from shared_resources.equipment.schemas.handover import (
    Direction,
    IncidentKind,
    IncidentReport,
    InspectedItem,
    Settlement,
)
from shared_resources.equipment.schemas.register import (
    CertificateDraft,
    FailedCheckDraft,
    ItemDraft,
    ItemEdit,
    Resource,
)
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity import grantable
from shared_resources.kernel.identity.otp import readable
from shared_resources.kernel.permissions import Permission, Role
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span
from shared_resources.kernel.schemas.people import (
    AgencyDraft,
    AppointmentDraft,
    DeskDraft,
    Locale,
    PersonDraft,
    PersonEdit,
    ShiftDraft,
    TokenDraft,
)
from shared_resources.kernel.workdays import DayKind
from tests.cases.inspections.story import credit_code
from tests.makers import END, HOUR, MONDAY, START, draft_of, handover_draft
from tests.proofs import lab_calls as lab
from tests.proofs import tracker_calls as things
from tests.proofs.scene import DEPOT
from tests.proofs.walks import BY_KIND

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from tests.proofs.scene import Scene

BEFORE, DURING, AFTER = MONDAY + 2 * HOUR, START + HOUR, END + HOUR
SECRET = b"a second factor 1234"


@dataclass(frozen=True)
class Case:
    """Who acts in which column of the table."""

    scene: Scene
    actor: Actor
    relation: str


Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """One verb's call."""

    arguments: Callable[[Case], Arguments]
    at: datetime = BEFORE
    prepare: Callable[[Case], Awaitable[None]] | None = None


def of(*chosen: Callable[[Case], Any], at: datetime = BEFORE, prepare: Any = None, **named: Any) -> Call:
    """A call whose positional arguments are computed from the case, whose named ones are as they stand."""
    return Call(lambda case: (tuple(choose(case) for choose in chosen), named), at, prepare)


def loan(name: str) -> Callable[[Case], str]:
    """The number of a loan of the scene."""
    return lambda case: case.scene.loans[name].number


def code(name: str) -> Callable[[Case], str]:
    """The code of the first item of a loan of the scene."""
    return lambda case: case.scene.loans[name].codes[0]


def just(value: Any) -> Callable[[Case], Any]:
    """The same in every case."""
    return lambda _: value


def own_depot(case: Case) -> Any:
    """The depot of the actor's agency; the owner's where they have none."""
    return case.scene.depots.get(case.relation, case.scene.depots["owner"])


async def takes(case: Case) -> None:
    """The actor is the one who has to confirm: what comes back as the owner, what goes out as the borrower."""
    if case.relation in ("owner", "borrower"):
        await connection().execute(
            "UPDATE handover SET taker = $2 WHERE id = $1", waiting(case), case.actor.person
        )


async def proposed(case: Case) -> None:
    """The actor made the proposal."""
    if case.relation == "owner":
        await connection().execute(
            "UPDATE handover SET proposed_by = $2, giver = $2 WHERE id = $1",
            case.scene.out_handover,
            case.actor.person,
        )


def waiting(case: Case) -> Any:
    """The hand-over that may wait for this actor."""
    return case.scene.back_handover if case.relation == "owner" else case.scene.out_handover


def own(table: str, thing: str) -> Callable[[Case], Awaitable[None]]:
    """Give the thing to the actor of the column ``owner``."""

    async def prepare(case: Case) -> None:
        if case.relation == "owner":
            await connection().execute(
                f"UPDATE {table} SET person = $2 WHERE id = $1", getattr(case.scene, thing), case.actor.person
            )

    return prepare


async def has_begun(case: Case) -> None:
    """The actor has scanned the code of a second factor."""
    await connection().execute("UPDATE person SET totp_secret = $2 WHERE id = $1", case.actor.person, SECRET)


def handover(case: Case) -> Any:
    """The other side of a hand-over out, as the actor sees it."""
    cast = case.scene.cast
    other = cast.owner.custodian if case.relation == "borrower" else cast.borrower.officer
    return handover_draft(Direction.OUT, other, *case.scene.loans["approved"].codes)


def a_model(case: Case) -> ModelDraft:
    """Another model of the category."""
    return ModelDraft(category=case.scene.category, name_zh="新型号", name_en="New model")


def a_token(case: Case) -> TokenDraft:
    """A key with permissions that the actor has."""
    own_scopes = sorted(grantable(case.actor.roles)) or [Permission.LOAN_SEE]
    return TokenDraft(name="程序", scopes=frozenset({own_scopes[0]}), expires_at=END)


def a_notice(first: date) -> NoticeDraft:
    """A day of rest by order."""
    span = Span(name="暴雨", kind=DayKind.REST_OVERRIDE, first=first)
    return NoticeDraft(number="渝府〔2026〕1号", year=2026, published_on=first, whole_year=False, spans=(span,))


def subject(case: Case) -> Any:
    """A colleague of the owner's agency on whom administrators act."""
    return case.scene.subject.person


another_day = MoveDraft.model_validate({"from": START + 24 * HOUR, "to": END + 24 * HOUR})
a_depot = DepotDraft(name_zh="新库", name_en="New depot")
a_failed_check = FailedCheckDraft(
    failed_on=clock.local_date(MONDAY), notice_no="T-0017", issuer="市计量质量检测研究院", why="示值误差超差"
)
a_certificate = CertificateDraft(
    number="JJG-0", issuer="市计量院", valid_from=date(2026, 1, 1), valid_to=date(2027, 12, 31)
)
a_party = PartyDraft(kind=PartyKind.ORGANISATION, name="新化工有限公司", code=credit_code("91500000MB9909999"))
a_day = ClosureDraft(first_day=date(2027, 3, 1), last_day=date(2027, 3, 2))
an_agency = AgencyDraft(slug="cq-new", name_zh="新局", name_en="New bureau")
the_owner = AgencyDraft(slug="owner", name_zh="市应急管理局", name_en="Renamed")
as_auditor = AppointmentDraft(agency="owner", role=Role.AUDITOR, valid_from=date(2026, 11, 1))


def paper(kind: str) -> Callable[[Case], str]:
    """The number of the scene's record of a kind."""
    return lambda case: case.scene.papers.numbers[kind]


async def disputed(case: Case) -> None:
    """A dispute holds the request for assistance."""
    await connection().execute(
        "INSERT INTO hold (id, record, dispute, since) SELECT $3, r.id, d.id, $4 FROM record r, record d"
        " WHERE r.number = $1 AND d.number = $2",
        paper("assistance")(case),
        paper("dispute")(case),
        new_id(),
        clock.now(),
    )


CALLS: dict[str, Call] = {
    "accept_offer": of(loan("offered")),
    "add_category": of(
        just(CategoryDraft(code="new_kind", resource=Resource.RADIO, name_zh="新类", name_en="New kind"))
    ),
    "add_certificate": of(lambda case: case.scene.item.code, just(a_certificate)),
    "add_depot": of(just(a_depot)),
    "add_model": of(a_model),
    "add_party": of(just(a_party)),
    "add_photo": of(lambda case: case.scene.item.code, lambda case: case.scene.photo),
    "appoint": of(subject, just(as_auditor)),
    "approve_loan": of(loan("requested")),
    "ask_extension": of(loan("out"), just(ExtensionDraft(until=END + 2 * HOUR)), at=DURING),
    "cancel_shift": of(lambda case: case.scene.shift),
    "change_item_state": of(lambda case: case.scene.item.code, just("send_to_repair"), note="测试"),
    "change_locale": of(just(Locale.EN)),
    "close_depot": of(lambda case: case.scene.depots["owner"], just(a_day)),
    "confirm": of(lambda _: pyotp.TOTP(readable(SECRET)).at(clock.now()), prepare=has_begun),
    "confirm_handover": of(waiting, at=DURING, prepare=takes),
    "confirm_notice": of(lambda case: case.scene.notice),
    "confirm_on_device": of(
        lambda case: case.scene.out_handover,
        lambda case: case.scene.cast.borrower.officer,
        at=DURING,
        prepare=proposed,
    ),
    "create_administrator": of(just(PersonDraft(username="root.three", name="三")), just(None)),
    "create_agency": of(just(an_agency)),
    "create_desk": of(just(DeskDraft(name="夜班", phone="023-1"))),
    "create_feed": of(just(FeedKind.AGENCY)),
    "create_person": of(just(PersonDraft(username="owner.new", name="新人")), just(as_auditor), just(None)),
    "create_token": of(a_token),
    "deactivate": of(subject),
    "decline_extension": of(loan("asked for longer"), just("自用"), at=DURING),
    "decline_handover": of(waiting, just("数量不符"), at=DURING, prepare=takes),
    "disable_for": of(subject),
    "edit_agency": of(just("owner"), just(the_owner)),
    "edit_depot": of(lambda case: case.scene.depots["owner"], just(a_depot)),
    "edit_desk": of(lambda case: case.scene.desk, just(DeskDraft(name="总值班室", phone="023-2"))),
    "edit_item": of(lambda case: case.scene.item.code, just(ItemEdit(asset_no="YJ-NEW"))),
    "edit_model": of(lambda case: case.scene.model, a_model),
    "edit_party": of(lambda case: case.scene.papers.party, just(a_party)),
    "edit_person": of(subject, just(PersonEdit(name="改名"))),
    "end_appointment": of(lambda case: case.scene.appointment, just(date(2027, 1, 1))),
    "end_session": of(lambda case: case.scene.session, prepare=own("session", "session")),
    "end_sessions_of": of(subject),
    "enrol": of(),
    "exchange_item": of(
        loan("approved"),
        lambda case: Exchange(line=case.scene.lines["approved"][0], to_item=case.scene.spare.code),
    ),
    "extend_loan": of(loan("out"), just(END + 2 * HOUR), at=DURING),
    "file_papers": of(loan("released"), just("渝应急借〔2026〕12号")),
    "import_items": of(just(f"资产编号,型号,仓库,状况\nYJ-900,GX-4,{DEPOT},完好\n"), dry_run=False),
    "inspect_return": of(
        loan("returned"), lambda case: [InspectedItem(code=code("returned")(case), fit=True)], at=AFTER
    ),
    "link_records": of(paper("assistance"), paper("transfer"), just("about")),
    "mark_all_read": of(),
    "mark_read": of(lambda case: case.scene.told, prepare=own("notice", "told")),
    "move_item_to_depot": of(lambda case: case.scene.item.code, lambda case: case.scene.second_depot),
    "move_loan": of(loan("requested"), just(another_day)),
    "new_link": of(subject),
    "note_labels_printed": of(lambda case: [case.scene.item.code]),
    "offer_part": of(loan("two"), lambda case: Offer(lines=(case.scene.lines["two"][0],), reason="其余自用")),
    "plan_shift": of(
        lambda case: case.scene.desk,
        lambda case: ShiftDraft(person=subject(case), starts_at=START, ends_at=END),
    ),
    "propose_handover": of(loan("approved"), handover, at=START),
    "propose_notice": of(just(a_notice(date(2026, 12, 7)))),
    "reactivate": of(subject),
    "record_failed_check": of(lambda case: case.scene.item.code, just(a_failed_check)),
    "refuse_loan": of(loan("requested"), just("自用")),
    "register_item": of(lambda case: ItemDraft(asset_no="YJ-901", model=case.scene.model, depot=own_depot(case))),
    "release_loan": of(loan("urgent")),
    "remove_lending_rule": of(lambda case: case.scene.rule),
    "reopen_depot": of(lambda case: case.scene.depots["owner"], lambda case: case.scene.closure),
    "report_incident": of(
        lambda case: IncidentReport(code=code("out")(case), kind=IncidentKind.DAMAGE, description="屏幕碎"),
        at=DURING,
    ),
    "request_booking": of(
        lambda case: draft_of(case.scene.borrowers_item.code if case.relation == "owner" else case.scene.item.code)
    ),
    "resolve_conflict": Call(
        lambda case: ((loan("conflict")(case),), {"without": [case.scene.lines["conflict"][0]]}),
    ),
    "revoke_approval": of(loan("approved"), just("自用")),
    "revoke_feed": of(lambda case: case.scene.feed, prepare=own("feed", "feed")),
    "revoke_token": of(lambda case: case.scene.token, prepare=own("api_token", "token")),
    "safety_act": of(just(BY_KIND["assistance"]), paper("assistance"), just("罐体正在泄漏"), prepare=disputed),
    "set_lending_rule": of(just(RuleDraft(automatic_hours=2))),
    "settle_incident": of(
        lambda case: case.scene.incident, just(Settlement(settlement="修好", cost_yuan=120.0)), at=AFTER
    ),
    "sign_out_everywhere": of(),
    "unlock": of(subject),
    "void_certificate": of(lambda case: case.scene.item.code, lambda case: case.scene.certificate, just("录错")),
    "withdraw_attachment": of(lambda case: case.scene.papers.attachment, just("错件")),
    "withdraw_handover": of(lambda case: case.scene.out_handover, at=DURING, prepare=proposed),
    "withdraw_loan": of(loan("approved")),
    "withdraw_notice": of(lambda case: case.scene.notice),
    "take_alarm": of(things.alarm, at=DURING),
    "settle_alarm": of(things.alarm, just("误报"), at=DURING),
    "confirm_checkin": of(lambda case: case.scene.proposed_checkin, at=DURING),
    "decline_checkin": of(lambda case: case.scene.proposed_checkin, just("不在库"), at=DURING),
    "undo_checkin": of(lambda case: case.scene.checkin, just("又带走了"), at=DURING),
    "take_in_checked": of(loan("came home"), things.found, at=DURING),
    "ask_of_tracker": of(things.tracker, just(things.ASKED), at=DURING),
    "bind_tracker": of(things.spare_tracker, code("approved")),
    "issue_credential": Call(things.of_the_spare),
    "rotate_credential": Call(things.of_the_device),
    "revoke_credential": of(lambda case: case.scene.credential),
    "create_device_model": of(just(things.NEXT_MODEL)),
    "edit_device_model": of(things.device_model, just(things.NEXT_MODEL)),
    "edit_source": of(things.source, just(things.A_SOURCE_EDIT)),
    "edit_tracker": of(things.tracker, things.renamed),
    "hold_track": of(loan("out"), just("事故调查"), at=DURING),
    "map_items": of(at=DURING),
    "register_source": of(just(things.A_SOURCE)),
    "register_tracker": of(things.a_tracker),
    "release_track": of(loan("out"), just("结案"), at=DURING, prepare=things.is_held),
    "retire_source": of(things.source),
    "retire_tracker": of(things.tracker, just("坏了")),
    "set_loan_areas": of(loan("out"), just(things.AREAS), at=DURING),
    "track_of_loan": of(loan("out"), at=DURING),
    "unbind_tracker": of(things.tracker, just("换电池")),
    "add_part": of(lab.laboratory, lab.a_closure),
    "call_back": of(lab.shipment, just("写错了")),
    "clear": of(lab.received),
    "close_shipment": of(lab.shipment, prepare=lab.is_scanned),
    "destroy": of(lab.received, just(lab.BURNT)),
    "edit_laboratory": of(lab.laboratory, lab.a_laboratory),
    "end_part": Call(lab.a_scope_row),
    "import_scope": Call(lab.a_list),
    "note": of(lambda case: lab.here(case).tested),
    "put_away": of(lab.received, lab.a_place),
    "record_result": of(lab.received_code, lab.a_reading, prepare=lab.at_own_bench),
    "register_laboratory": of(lab.a_laboratory),
    "retain": of(lab.received, lab.a_while),
    "retire_laboratory": of(lab.laboratory, just("迁址")),
    "review_result": of(lambda case: lab.here(case).result),
    "scan": Call(lab.an_arrival),
    "send": Call(lab.a_manifest),
    "split": of(lab.received, just(lab.HALF)),
    "take_back": of(lab.received, prepare=lab.is_cleared),
    "take_sample": Call(lab.a_sample),
    "take_to_bench": of(lab.received_code),
}
