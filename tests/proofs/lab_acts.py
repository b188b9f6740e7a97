"""What programs do with laboratories, samples and results: who, at which address, with which body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from tests.lab.appraising import arrival_form, sample_form
from tests.lab.house import laboratory_draft

if TYPE_CHECKING:
    from tests.proofs.scene import Scene
    from tests.proofs.specimens import Specimens

Told = tuple[str, Callable[["Scene"], str], Callable[["Scene"], Any]]
CLERK, ANALYST, SECOND = "bench.clerk", "bench.analyst", "bench.second_analyst"
OFFICER, HEAD = "borrower.officer", "owner.head"


def things(scene: Scene) -> Specimens:
    """What lies in the owner's laboratory."""
    return scene.papers.specimens


def of_laboratory(part: str) -> Callable[[Scene], str]:
    """An address of the laboratory's."""
    return lambda scene: f"/laboratories/{things(scene).laboratory}/{part}"


def of_received(act: str) -> Callable[[Scene], str]:
    """An act on the sample that was received."""
    return lambda scene: f"/samples/{things(scene).received}/{act}"


def in_days(days: int) -> str:
    """A day from now."""
    return (clock.today() + timedelta(days=days)).isoformat()


def a_scope_row(scene: Scene) -> Any:
    """A row that is not in the scope yet."""
    row = {"field": "食品", "item": "镉", "matrix": "大米", "method": "GB 5009.15-2023"}
    return {"certificate": str(things(scene).people.certificate), **row}


def a_result(scene: Scene) -> Any:
    """A better reading of what was measured before."""
    return {
        "test": str(things(scene).test),
        "value": "0.07",
        "judgement": "fails",
        "measured_at": clock.now().isoformat(),
        "place": "农残室",
        "replaces_why": "复测",
    }


LAB_ACTS: dict[str, Told] = {
    "registerLaboratory": (
        HEAD,
        lambda _: "/laboratories",
        lambda _: laboratory_draft("新检测中心").model_dump(mode="json"),
    ),
    "addLabCertificate": (
        HEAD,
        of_laboratory("certificates"),
        lambda _: {
            "kind": "cnas",
            "number": "L12345",
            "issuer": "中国合格评定国家认可委员会",
            "valid_from": in_days(-30),
            "valid_to": in_days(300),
        },
    ),
    "addScopeRow": (HEAD, of_laboratory("scope"), a_scope_row),
    "addSignatory": (
        HEAD,
        of_laboratory("signatories"),
        lambda scene: {
            "person": str(scene.cast.owner.officer.person),
            "fields": "食品",
            "valid_from": in_days(-1),
            "valid_to": in_days(300),
        },
    ),
    "addLabClosure": (
        HEAD,
        of_laboratory("closures"),
        lambda _: {"first_day": in_days(3), "last_day": in_days(4), "reason": "搬迁"},
    ),
    "takeSample": (
        OFFICER,
        lambda scene: f"/lab-delegations/{things(scene).accepted}/samples",
        lambda scene: {**sample_form().model_dump(mode="json"), "photo": str(things(scene).seals)},
    ),
    "sendSamples": (
        OFFICER,
        lambda scene: f"/lab-delegations/{things(scene).accepted}/shipments",
        lambda scene: {"carrier": "李押运", "samples": [things(scene).sealed]},
    ),
    "scanArrival": (
        CLERK,
        lambda scene: f"/shipments/{things(scene).shipment}/scan",
        lambda scene: {
            **arrival_form(things(scene).code).model_dump(mode="json"),
            "photo": str(scene.photo),
        },
    ),
    "splitSample": (CLERK, of_received("portions"), lambda _: {"portions": [{"amount": 1}]}),
    "storeSample": (CLERK, of_received("store"), lambda scene: {"store": str(things(scene).store)}),
    "retainSample": (CLERK, of_received("retention"), lambda _: {"keep_until": in_days(90)}),
    "takeToBench": (ANALYST, lambda scene: f"/bench/{things(scene).received_code}/take", lambda _: {}),
    "recordResult": (ANALYST, lambda scene: f"/bench/{things(scene).bench}/results", a_result),
    "reviewResult": (SECOND, lambda scene: f"/lab-results/{things(scene).result}/review", lambda _: {}),
}
BESIDE = {"closeShipment"}
"""Wants a manifest of which something was scanned: ``tests/lab/test_samples`` asks it twice."""
