"""A request for assistance taken through its steps: who acts, with which form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance import schemas
from shared_resources.cases.families import FAMILIES
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.schemas.asked import Claim, Officer, ScopeGround, StatutoryGround, Subfield
from tests.people import make_cast, make_offices

if TYPE_CHECKING:
    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast, Offices

FAMILY = next(family for family in FAMILIES if family.kind == "assistance")
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""
TWO = (
    Officer(name="张三", permit_no="渝0001", phone="023-1"),
    Officer(name="李四", permit_no="渝0002", phone="023-2"),
)
CONSENT = {"officers": TWO, "expected_finish": date(2026, 12, 4), "contact": "王五，023-9"}
GROUND = {
    "ground": StatutoryGround.OUTSIDE_POWERS,
    "provision": "《行政处罚法》第二十二条",
    "facts": "该违法行为发生地不在我局管辖的行业范围之内。",
}
CLAIM = Claim(
    duty="危险化学品运输车辆罐体检验",
    facts="双方对罐体检验由谁负责各执一词，车辆仍在路上行驶。",
    own_law="《特种设备安全法》第五十七条",
    request="请明确由谁负责检验。",
    risk="超期罐体可能泄漏。",
)
FORMS: dict[str, Asked] = {
    "oral_request": schemas.OralRequest(
        reason="现场有人员被困", caller="张三", callee="值班员", phone="023-12350", called_at=MORNING
    ),
    "ask_supplement": schemas.SupplementAsked(missing="请补充车辆行驶证复印件"),
    "supplement": schemas.Supplement(text="行驶证复印件见附件"),
    "agree": schemas.Consent(**CONSENT),
    "agree_in_part": schemas.PartConsent(**CONSENT, **GROUND, agreed="派员检查车辆", left_out="检验罐体"),
    "refuse": schemas.CannotHelp(**GROUND, who_can_name="市公安局", contact="王五，023-9"),
    "dispute": CLAIM,
    "act_at_once": schemas.Start(),
    "start": schemas.Start(),
    "file_reply": schemas.Consent(**CONSENT),
    "log": schemas.HelpLog(done="派出两名执法人员到场"),
    "extend": schemas.Extension(until=date(2026, 12, 18), reason="检验机构排期"),
    "report": schemas.HelpReport(summary="共检查车辆十二台，发现问题三个。", persons=4, vehicles=2),
    "confirm": schemas.Confirmation(),
    "close": schemas.ResultNotice(result="立案三件，罚款三万元，均已执行。", use="罐体检测结果作为证据"),
}
ASKER = ("amend", "oral_request", "supplement", "confirm", "withdraw")
SIGNER = (
    "issue",
    "backfill_letter",
    "file_letter",
    "accept_refusal",
    "dispute",
    "resume",
    "close_disputed",
    "close",
)
HELPER = ("receive", "ask_supplement", "act_at_once", "start", "log", "extend")


def request(assisting: Any, **more: Any) -> schemas.Request:
    """A request with everything that its letter needs."""
    return schemas.Request(assisting=assisting, **terms(**more))


def terms(**more: Any) -> dict[str, Any]:
    """What a request says, with ``more`` in place of the usual."""
    usual: dict[str, Any] = {
        "scope": ScopeGround.LAW,
        "subfield": Subfield.CHEMICALS,
        "ground": schemas.AssistGround.ALONE_FAILS,
        "power_ref": "《特种设备安全法》第五条",
        "case_no": "渝应急案〔2026〕31号",
        "case_name": "某公司非法运输危险化学品案",
        "matters": (schemas.Matter(text="检查运输车辆罐体", place="渝北区"), schemas.Matter(text="提供登记资料")),
        "modes": (schemas.Mode.OFFICERS, schemas.Mode.INFORMATION),
        "wanted_start": date(2026, 11, 25),
        "wanted_finish": date(2026, 12, 10),
        "information": "车辆清单、现场照片",
        "officers": TWO,
        "confidentiality": "当事人信息不得外传",
        "return_address": "市应急管理局执法总队",
    }
    return {**usual, **more}


URGENT = {"urgent": True, "urgent_reason": "车辆泄漏", "urgent_leader": "赵六"}


@dataclass
class Asking:
    """One request with the two sides that act on it."""

    cast: Cast
    offices: Offices
    number: str = ""

    async def open(self, **more: Any) -> Moved:
        """Open a request of the owner to the borrower."""
        moved = await open_case(self.cast.owner.officer, FAMILY, request(self.cast.borrower.agency, **more))
        self.number = moved.number
        return moved

    def actor(self, step: str) -> Actor:
        """Who takes ``step``."""
        if step == "flag_late":
            return SYSTEM_ACTOR
        if step in ASKER:
            return self.cast.owner.officer
        if step in SIGNER:
            return self.cast.owner.head
        return self.cast.borrower.officer if step in HELPER else self.cast.borrower.head

    async def take(self, *steps: str, **more: Any) -> None:
        """Take ``steps`` with their usual forms; ``more`` are values of the last one's form."""
        for step in steps:
            form = schemas.Terms(**terms()) if step == "amend" else FORMS.get(step)
            if more and step == steps[-1] and form is not None:
                form = type(form).model_validate({**form.model_dump(), **more})
            note = "不再需要" if step == "withdraw" else None
            await take_step(self.actor(step), FAMILY, self.number, step, form, note=note)


async def make_asking() -> Asking:
    """Both sides and the offices of the municipality; nothing is open yet."""
    return Asking(await make_cast(), await make_offices())


async def one(query: str, *values: Any) -> Any:
    """One value out of the database."""
    async with reading() as db:
        return await db.fetchval(query, *values)


async def state_of(number: str) -> str:
    """The state of a record."""
    return str(await one("SELECT state FROM record WHERE number = $1", number))


async def traces(number: str) -> tuple[int, ...]:
    """How much a record has left behind: lines, filings, letters, clocks, notices."""
    tables = (
        "journal_line",
        "filing",
        "document",
        "deadline",
        "notice",
        "letter_serial",
        "hold",
        "deadline_entry",
    )
    counts = [await one(f"SELECT count(*) FROM {table}") for table in tables]
    return (*counts, await one("SELECT version FROM record WHERE number = $1", number))


async def due_of(number: str, term: str) -> Any:
    """The newest clock of a term on a record."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT d.* FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.term = $2"
            " ORDER BY d.id DESC LIMIT 1",
            number,
            term,
        )


async def letter_of(number: str, kind: str) -> Any:
    """The newest letter of a kind on a record."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT l.* FROM document l JOIN record r ON r.id = l.record WHERE r.number = $1 AND l.kind = $2"
            " ORDER BY l.issued_at DESC LIMIT 1",
            number,
            kind,
        )
