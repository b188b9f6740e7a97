"""How each verb of laboratories is called in the scene."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from shared_resources.kernel.permissions import Role
from shared_resources.lab.schemas.directory import ClosureDraft, ScopeRow
from shared_resources.lab.schemas.results import ResultDraft
from shared_resources.lab.schemas.samples import (
    Destroying,
    Portion,
    PuttingAway,
    Retaining,
    Sending,
    Splitting,
)
from shared_resources.lab.service import samples, shipments
from tests.lab.appraising import arrival_form, sample_form
from tests.lab.house import FIELD, MATRIX, METHOD, laboratory_draft

if TYPE_CHECKING:
    from tests.proofs.calls import Arguments, Case
    from tests.proofs.specimens import Specimens

TO_ANOTHER = Sending(carrier="李押运")
HALF = Splitting(portions=(Portion(amount=1),))
BURNT = Destroying(how="高温焚毁", first="收样员", second="检验员")
ANOTHER_ROW = ScopeRow(field=FIELD, item="镉", matrix=MATRIX, method=METHOD)


def here(case: Case) -> Specimens:
    """What lies in the owner's laboratory."""
    return case.scene.papers.specimens


def laboratory(case: Case) -> str:
    """The owner's laboratory."""
    return here(case).laboratory


def received(case: Case) -> str:
    """The sample that intake has."""
    return here(case).received


def received_code(case: Case) -> str:
    """The code on its label."""
    return here(case).received_code


def shipment(case: Case) -> str:
    """Samples on their way."""
    return here(case).shipment


def a_laboratory(_: Case) -> Any:
    """A laboratory as it is entered."""
    return laboratory_draft("新检测中心")


def a_closure(_: Case) -> Any:
    """Days on which it does not work."""
    day = clock.today() + timedelta(days=3)
    return ClosureDraft(first_day=day, last_day=day, reason="搬迁")


def a_list(case: Case) -> Arguments:
    """A row that is not in the scope yet, for its certificate."""
    return (laboratory(case), here(case).people.certificate, [ANOTHER_ROW]), {"act_id": "list"}


def a_scope_row(case: Case) -> Arguments:
    """The row that ends."""
    return (laboratory(case), "scope", here(case).scope), {}


def a_sample(case: Case) -> Arguments:
    """What is taken for the delegation that was accepted."""
    return (here(case).accepted, sample_form(), here(case).seals), {}


def a_manifest(case: Case) -> Arguments:
    """The sample that is still with its takers."""
    return (here(case).accepted, [here(case).sealed], TO_ANOTHER), {}


def an_arrival(case: Case) -> Arguments:
    """The sample on its way, whole."""
    return (shipment(case), arrival_form(here(case).code), case.scene.photo), {}


def a_place(case: Case) -> Any:
    """The cold store."""
    return PuttingAway(store=here(case).store)


def a_while(_: Case) -> Any:
    """Three months."""
    return Retaining(keep_until=clock.today() + timedelta(days=90))


def a_reading(case: Case) -> Any:
    """A better reading of what was measured before."""
    return ResultDraft.model_validate(
        {
            "test": here(case).test,
            "value": "0.07",
            "judgement": "fails",
            "measured_at": clock.now(),
            "place": "农残室",
            "replaces_why": "复测",
        }
    )


async def at_own_bench(case: Case) -> None:
    """An analyst of the laboratory has taken the sample that was received."""
    if case.relation == "owner" and Role.ANALYST in case.actor.roles:
        await samples.take_to_bench.__wrapped__(case.actor, received_code(case))  # type: ignore[attr-defined]


async def is_cleared(case: Case) -> None:
    """Intake has released the sample."""
    await samples.clear.__wrapped__(here(case).people.clerk, received(case))  # type: ignore[attr-defined]


async def is_scanned(case: Case) -> None:
    """Intake has scanned what was on its way."""
    told, named = an_arrival(case)
    await shipments.scan.__wrapped__(here(case).people.clerk, *told, **named)  # type: ignore[attr-defined]
