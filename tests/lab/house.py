"""Laboratories of the tests: the owner runs one, the borrower commissions it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.lab.schemas.directory import (
    CertificateDraft,
    LaboratoryDraft,
    ScopeDraft,
    SignatoryDraft,
    StoreDraft,
)
from shared_resources.lab.service.directory import add_part, register_laboratory
from tests.people import make_person

if TYPE_CHECKING:
    from uuid import UUID

    from tests.people import Team

FIELD, ITEM, MATRIX, METHOD = "食品", "毒死蜱", "蔬菜", "GB 23200.113-2018"
SECOND_ITEM, SECOND_METHOD = "铅", "GB 5009.12-2023"


@dataclass(frozen=True)
class Bench:
    """A laboratory with its people."""

    number: str
    id: UUID
    certificate: UUID
    scope: UUID
    store: UUID
    clerk: Actor
    analyst: Actor
    second_analyst: Actor
    signatory: Actor


def laboratory_draft(name: str = "市食品药品检验检测研究院", **more: Any) -> LaboratoryDraft:
    """A laboratory as it is entered."""
    told = {
        "name_zh": name,
        "name_en": "Food and Drug Institute",
        "address": "渝北区春兰二路1号",
        "contact": "收样室",
        "phone": "023-60350001",
        "turnaround_days": 10,
        "capacity": 3,
    }
    return LaboratoryDraft.model_validate(told | more)


async def make_bench(team: Team, *, name: str = "市食品药品检验检测研究院", **more: Any) -> Bench:
    """A laboratory of ``team`` with a clerk, two analysts, and the head as signatory."""
    lab = await register_laboratory(team.head, laboratory_draft(name, **more))
    today = clock.today()
    word = f"{team.slug}.{lab.number}".lower()
    certificate = await add_part(
        team.head,
        lab.number,
        CertificateDraft.model_validate(
            {
                "kind": "cma",
                "number": f"CMA-{lab.number}",
                "issuer": "市市场监督管理局",
                "valid_from": date(today.year - 1, 1, 1),
                "valid_to": today + timedelta(days=700),
            }
        ),
    )
    scope = await add_part(team.head, lab.number, scope_draft(certificate))
    await add_part(team.head, lab.number, scope_draft(certificate, item=SECOND_ITEM, method=SECOND_METHOD))
    signatory = SignatoryDraft(
        person=person_of(team.head),
        fields=FIELD,
        valid_from=date(2020, 1, 1),
        valid_to=today + timedelta(days=700),
    )
    await add_part(team.head, lab.number, signatory)
    clerk = await make_person(team.agency, f"{word}.labclerk", [Role.LAB_CLERK])
    analyst = await make_person(team.agency, f"{word}.analyst", [Role.ANALYST])
    second = await make_person(team.agency, f"{word}.analyst2", [Role.ANALYST])
    store = await add_part(
        team.head, lab.number, StoreDraft(name="冷藏样品库", lowest_c=0, highest_c=5, keeper=person_of(clerk))
    )
    return Bench(lab.number, lab.id, certificate, scope, store, clerk, analyst, second, team.head)


def scope_draft(certificate: UUID, **more: Any) -> ScopeDraft:
    """A row of a scope."""
    told = {
        "certificate": certificate,
        "field": FIELD,
        "item": ITEM,
        "matrix": MATRIX,
        "method": METHOD,
        "limits": "≥0.01",
        "unit": "mg/kg",
    }
    return ScopeDraft.model_validate(told | more)


def person_of(actor: Actor) -> UUID:
    """The person behind an actor."""
    assert actor.person is not None
    return actor.person
