"""Who may do what on transfers, referrals and receipts: every role of every agency against the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import MATRIX, Actor, Relation, Role
from tests.cases.transfers.transferring import (
    MORNING,
    RECEIPTS,
    REFERRALS,
    TRANSFERS,
    make_referring,
    make_transferring,
    receipt_forms,
    referral_forms,
    registration,
    transfer_forms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.casework.family import Family
    from tests.people import Team

LEG, GOV, SUP = Relation.LEGAL_OFFICE, Relation.GOVERNMENT, Relation.SUPERVISOR


async def held_against_the_table(
    family: Family, number: str, teams: Mapping[Relation, Team], forms: Mapping[str, Asked], sees: set[Relation]
) -> None:
    """Nobody without a cell in the table gets through; those who may not know of the record meet 404."""
    steps = {step.name: step.permission for step in family.procedure.steps}
    for part, team in teams.items():
        for role in Role:
            actor = with_role(team, role)
            for step, permission in steps.items():
                if permission is not None and role in MATRIX[permission].get(part, ()):
                    continue
                with pytest.raises(Refusal) as refused:
                    await take_step(actor, family, number, step, forms.get(step), note="理由")
                hidden = part not in sees or permission is None
                assert refused.value.status == (404 if hidden else 403), (part, role, step)


def with_role(team: Team, role: Role) -> Actor:
    actor = team.with_role(role)
    return Actor(actor.person, actor.agency, actor.name, roles=frozenset({role}), office=team.head.office)


async def test_every_cell_of_a_sent_transfer(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take("prepare", "approve", "send")
        cast, offices = case.cast, case.offices
        teams = {
            Relation.SENDER: cast.owner,
            Relation.RECEIVER: cast.borrower,
            Relation.THIRD: cast.third,
            LEG: offices.legal,
            GOV: offices.government,
            SUP: offices.supervisor,
        }
        sees = {Relation.SENDER, Relation.RECEIVER, LEG, GOV, SUP}
        await held_against_the_table(TRANSFERS, case.number, teams, transfer_forms(cast.third.agency), sees)
        for part, team in teams.items():
            if part in sees:
                assert (await case_page(team.auditor, TRANSFERS, case.number)).facts.number == case.number
            else:
                with pytest.raises(Refusal) as refused:
                    await case_page(team.head, TRANSFERS, case.number)
                assert refused.value.status == 404


async def test_every_cell_of_a_sent_referral(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        await case.take("report", "approve", "send")
        teams = {
            Relation.SENDER: case.cast.owner,
            Relation.RECEIVER: case.police,
            Relation.THIRD: case.cast.third,
            LEG: case.offices.legal,
            GOV: case.offices.government,
            SUP: case.offices.supervisor,
        }
        sees = {Relation.SENDER, Relation.RECEIVER, LEG, SUP}
        await held_against_the_table(REFERRALS, case.number, teams, referral_forms(), sees)


async def test_every_cell_of_a_receipt(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, registration())).number
        teams = {
            Relation.RECEIVER: case.cast.owner,
            Relation.THIRD: case.cast.third,
            LEG: case.offices.legal,
            GOV: case.offices.government,
            SUP: case.offices.supervisor,
        }
        forms = receipt_forms(case.cast.borrower.agency)
        await held_against_the_table(RECEIPTS, number, teams, forms, {Relation.RECEIVER, LEG, SUP})


@pytest.mark.parametrize("role", list(Role))
async def test_who_opens_what(db: str, role: Role) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        owner = with_role(case.cast.owner, role)
        for family, form in ((RECEIPTS, registration()),):
            assert family.open is not None
            allowed = role in MATRIX[family.open].get(Relation.RECEIVER, ())
            if allowed:
                await open_case(owner, family, form)
            else:
                with pytest.raises(Refusal) as refused:
                    await open_case(owner, family, form)
                assert refused.value.status == 403
