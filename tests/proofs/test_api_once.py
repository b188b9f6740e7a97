"""Every change through the API, sent twice with one ``Idempotency-Key``: one effect, one answer given twice.

Each operation starts from a fresh copy of the scene, succeeds there, and is repeated. A new operation without its
line here fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.register import change_item_state
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.doors.casework_api import camel
from shared_resources.video.api.register import CAMERA
from tests.clients import client_for
from tests.makers import END, HOUR, START, draft_of, handover_draft
from tests.proofs.bodies import document
from tests.proofs.calls import (
    AFTER,
    BEFORE,
    DURING,
    a_certificate,
    a_day,
    a_depot,
    a_party,
)
from tests.proofs.lab_acts import BESIDE as OF_LABORATORIES
from tests.proofs.lab_acts import LAB_ACTS
from tests.proofs.scene import DEPOT, Scene
from tests.proofs.walks import BY_KIND

API = "/api/v1"
Path = Callable[[Scene], str]
LATER = (END + 2 * HOUR).isoformat()


@dataclass(frozen=True)
class Act:
    """Who does what, when: ``team.part`` of the cast, an address, a body; ``first`` has to be done before."""

    who: str
    to: Path
    body: Callable[[Scene], Any] = lambda _: None
    at: datetime = BEFORE
    first: str = ""


def loan(name: str, act: str) -> Path:
    """An act on a loan of the scene."""
    return lambda scene: f"/loans/{scene.loans[name].number}/{act}"


def item(act: str = "") -> Path:
    """An act on the scene's item."""
    return lambda scene: f"/items/{scene.item.code}{act}"


def tracker(act: str) -> Path:
    """An act on the device on the thing that is out."""
    return lambda scene: f"/trackers/{scene.tracker}/{act}"


def as_json(draft: Any) -> Any:
    """A draft as a program sends it."""
    return draft.model_dump(mode="json", by_alias=True)


def handover(scene: Scene) -> Any:
    """What the keeper proposes."""
    return as_json(handover_draft(Direction.OUT, scene.cast.borrower.officer, *scene.loans["approved"].codes))


A_MODEL = {"name_zh": "新型号", "name_en": "New model"}
REASON = {"note": "自用"}
KEEPER, HEAD, OFFICER, OWNERS_OFFICER = "owner.custodian", "owner.head", "borrower.officer", "owner.officer"
ACTS: dict[str, Act] = {
    "acceptOffer": Act(OFFICER, loan("offered", "accept"), lambda _: {}),
    "addCategory": Act(
        KEEPER,
        lambda _: "/categories",
        lambda _: {"code": "new_kind", "resource": "radio", "name_zh": "新类", "name_en": "New kind"},
    ),
    "addCertificate": Act(KEEPER, item("/certificates"), lambda _: as_json(a_certificate)),
    "addParty": Act(OFFICER, lambda _: "/parties", lambda _: as_json(a_party)),
    "attach": Act(
        OWNERS_OFFICER,
        lambda scene: f"/records/{scene.papers.numbers['transfer']}/attachments",
        lambda scene: {
            "file": str(scene.photo),
            "label": "现场照片",
            "confidentiality": "C",
            "declared": True,
        },
    ),
    "addDepot": Act(KEEPER, lambda _: "/depots", lambda _: as_json(a_depot)),
    "addItemPhoto": Act(KEEPER, item("/photos"), lambda scene: {"file": str(scene.photo)}),
    "addModel": Act(KEEPER, lambda _: "/models", lambda scene: {"category": scene.category, **A_MODEL}),
    "approveLoan": Act(HEAD, loan("requested", "approve"), lambda _: {}),
    "askExtension": Act(OFFICER, loan("out", "extension"), lambda _: {"until": LATER}, DURING),
    "closeDepot": Act(KEEPER, lambda scene: f"/depots/{scene.depots['owner']}/closures", lambda _: as_json(a_day)),
    "confirmHandover": Act(OFFICER, lambda scene: f"/handovers/{scene.out_handover}/confirm", at=DURING),
    "createFeed": Act(HEAD, lambda _: "/feeds", lambda _: {"kind": "queue"}),
    "declineExtension": Act(HEAD, loan("asked for longer", "decline-extension"), lambda _: REASON, DURING),
    "declineHandover": Act(
        OFFICER, lambda scene: f"/handovers/{scene.out_handover}/decline", lambda _: REASON, DURING
    ),
    "editDepot": Act(KEEPER, lambda scene: f"/depots/{scene.depots['owner']}", lambda _: as_json(a_depot)),
    "editItem": Act(KEEPER, item(), lambda _: {"asset_no": "YJ-NEW"}),
    "editModel": Act(
        KEEPER, lambda scene: f"/models/{scene.model}", lambda scene: {"category": scene.category, **A_MODEL}
    ),
    "exchangeItem": Act(
        HEAD,
        loan("approved", "exchange"),
        lambda scene: {"line": str(scene.lines["approved"][0]), "to_item": scene.spare.code},
    ),
    "extendLoan": Act(HEAD, loan("out", "extend"), lambda _: {"until": LATER}, DURING),
    "filePapers": Act(OFFICER, loan("released", "papers"), lambda _: {"note": "渝应急借〔2026〕12号"}),
    "importItems": Act(
        KEEPER,
        lambda _: "/items/import",
        lambda _: {"text": f"资产编号,型号,仓库,状况\nYJ-900,GX-4,{DEPOT},完好\n", "dry_run": False},
    ),
    "inspectReturn": Act(
        KEEPER,
        loan("returned", "inspection"),
        lambda scene: {"findings": [{"code": scene.loans["returned"].codes[0], "fit": True}]},
        AFTER,
    ),
    "linkRecords": Act(
        OFFICER,
        lambda scene: f"/records/{scene.papers.numbers['assistance']}/links",
        lambda scene: {"other": scene.papers.numbers["transfer"], "kind": "about"},
    ),
    "moveItem": Act(KEEPER, item("/depot"), lambda scene: {"depot": str(scene.second_depot)}),
    "moveLoan": Act(
        OFFICER,
        loan("requested", "move"),
        lambda _: {"from": (START + 24 * HOUR).isoformat(), "to": (END + 24 * HOUR).isoformat()},
    ),
    "offerPart": Act(
        HEAD,
        loan("two", "offer"),
        lambda scene: {"lines": [str(scene.lines["two"][0])], "reason": "其余自用"},
    ),
    "proposeHandover": Act(KEEPER, loan("approved", "handovers"), handover, START),
    "readNotice": Act(HEAD, lambda scene: f"/notices/{scene.told}/read"),
    "refuseLoan": Act(HEAD, loan("requested", "refuse"), lambda _: REASON),
    "registerItem": Act(
        KEEPER,
        lambda _: "/items",
        lambda scene: {"asset_no": "YJ-901", "model": str(scene.model), "depot": str(scene.depots["owner"])},
    ),
    "releaseLoan": Act(HEAD, loan("urgent", "release"), lambda _: {}),
    "removeLendingRule": Act(HEAD, lambda scene: f"/lending-rules/{scene.rule}"),
    "reopenDepot": Act(KEEPER, lambda scene: f"/depots/{scene.depots['owner']}/closures/{scene.closure}"),
    "reportIncident": Act(
        OFFICER,
        lambda _: "/incidents",
        lambda scene: {"code": scene.loans["out"].codes[0], "kind": "damage", "description": "屏幕碎"},
        DURING,
    ),
    "requestBooking": Act(
        OFFICER, lambda _: "/bookings", lambda scene: as_json(draft_of(scene.item.code, scene.spare.code))
    ),
    "resolveConflict": Act(HEAD, loan("conflict", "resolve"), lambda _: {}, first="repaired"),
    "revokeApproval": Act(HEAD, loan("approved", "revoke"), lambda _: REASON),
    "revokeFeed": Act(HEAD, lambda scene: f"/feeds/{scene.feed}"),
    "setLendingRule": Act(HEAD, lambda _: "/lending-rules", lambda _: {"automatic_hours": 2}),
    "settleIncident": Act(
        HEAD, lambda scene: f"/incidents/{scene.incident}/settle", lambda _: {"settlement": "修好"}, AFTER
    ),
    "stepItem": Act(KEEPER, item("/state"), lambda _: {"step": "send_to_repair", "note": "测试"}),
    "voidCertificate": Act(
        KEEPER,
        lambda scene: f"/items/{scene.item.code}/certificates/{scene.certificate}/void",
        lambda _: {"reason": "录错"},
    ),
    "withdrawAttachment": Act(
        OWNERS_OFFICER,
        lambda scene: f"/attachments/{scene.papers.attachment}/withdraw",
        lambda _: {"note": "错件"},
    ),
    "withdrawHandover": Act(KEEPER, lambda scene: f"/handovers/{scene.out_handover}/withdraw", at=DURING),
    "withdrawLoan": Act(OFFICER, loan("approved", "withdraw"), lambda _: {}),
    "askOfTracker": Act(KEEPER, tracker("desired"), lambda _: {"interval_seconds": 60, "find": True}, DURING),
    "bindTracker": Act(
        KEEPER, lambda scene: f"/trackers/{scene.spare_tracker}/bind", lambda scene: {"code": scene.spare.code}
    ),
    "registerTracker": Act(
        KEEPER, lambda _: "/trackers", lambda scene: {"name": "定位器 3", "model": str(scene.device_model)}
    ),
    "registerFootageSource": Act(KEEPER, lambda _: "/footage-sources", lambda _: dict(CAMERA.value)),
    "unbindTracker": Act(KEEPER, tracker("unbind"), lambda _: REASON),
    "takeAlarm": Act(HEAD, lambda scene: f"/alarms/{scene.alarm}/take", at=DURING),
    "settleAlarm": Act(HEAD, lambda scene: f"/alarms/{scene.alarm}/settle", lambda _: REASON, DURING),
    "confirmCheckin": Act(KEEPER, lambda scene: f"/checkins/{scene.proposed_checkin}/confirm", at=DURING),
    "declineCheckin": Act(
        KEEPER, lambda scene: f"/checkins/{scene.proposed_checkin}/decline", lambda _: REASON, DURING
    ),
    "undoCheckin": Act(OFFICER, lambda scene: f"/checkins/{scene.checkin}/undo", lambda _: REASON, DURING),
    "takeIn": Act(
        KEEPER,
        loan("came home", "take-in"),
        lambda scene: {"items": [{"code": scene.loans["came home"].codes[0], "wiped": True}]},
        DURING,
    ),
}
ACTS |= {name: Act(*told, at=DURING) for name, told in LAB_ACTS.items()}
FILES = {"checkLetter", "keepFile"}
"""Sent as a form; equal bytes are kept once whatever the key, and a check changes nothing."""
BESIDE = {"compareFootageCopy"} | OF_LABORATORIES
"""Wants a copy that was handed over: ``tests/video/test_register_api`` asks it twice."""
OF_FAMILIES = {
    f"{camel(step.name, lower=True)}{camel(kind)}"
    for kind, family in BY_KIND.items()
    for step in family.procedure.steps
    if step.permission is not None
} | {f"open{camel(kind)}" for kind, family in BY_KIND.items() if family.open is not None}
"""Every step of every family: test_cases_once asks them on its records."""
METHODS = {
    told["operationId"]: method.upper()
    for path in document()["paths"].values()
    for method, told in path.items()
    if method != "get"
}


def test_every_change_of_the_api_is_here() -> None:
    """No operation that changes something is left out."""
    assert set(ACTS) == set(METHODS) - FILES - BESIDE - OF_FAMILIES


async def rows() -> dict[str, int]:
    """How many rows each table has."""
    async with reading() as db:
        tables = await db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        counts = " UNION ALL ".join(
            f"SELECT '{row['tablename']}' AS name, count(*) AS rows FROM \"{row['tablename']}\""
            for row in tables
            if row["tablename"] != "migration"
        )
        return {row["name"]: row["rows"] for row in await db.fetch(counts)}


@pytest.mark.parametrize("name", sorted(ACTS))
async def test_a_repeated_key_does_nothing_more(name: str, fresh: Scene) -> None:
    """Something is written the first time and nothing the second; the answers are equal, byte by byte."""
    act = ACTS[name]
    team, part = act.who.split(".")
    people: Any = fresh.papers.specimens.people if team == "bench" else getattr(fresh.cast, team)
    actor = getattr(people, part)
    with clock.at(act.at):
        if act.first == "repaired":
            code = fresh.loans["conflict"].codes[0]
            await change_item_state(fresh.cast.owner.custodian, code, "take_back_repaired")
        async with client_for(actor) as browser:
            to, body = API + act.to(fresh), act.body(fresh)
            first = await browser.ask(METHODS[name], to, body, idempotency_key="k-1")
            assert first.is_success, first.text
            once = await rows()
            again = await browser.ask(METHODS[name], to, body, idempotency_key="k-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert await rows() == once
