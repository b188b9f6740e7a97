"""Enforcement assistance as a family of records (AS, SN-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance import letters, service
from shared_resources.cases.assistance.rules import (
    ASSISTANCE,
    REQUESTING,
    blocks,
    request_of,
    shown_of,
)
from shared_resources.cases.assistance.schemas import Request
from shared_resources.kernel.casework.family import Family, known, last_filed
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def prefill(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """An amendment begins with the request as it stands."""
    return request_of(facts) if step == "amend" else last_filed(facts, step, actor)


FAMILY = known(
    Family(
        procedure=ASSISTANCE,
        label=N_("Requests for assistance"),
        lead=N_("One agency asks another for help that is within the other's powers."),
        see=Permission.ASSISTANCE_SEE,
        open=Permission.ASSISTANCE_ASK,
        opens_as=REQUESTING,
        opening=Request,
        title=lambda entries: entries.case_name,
        new_label=N_("Ask for assistance"),
        body="cases/assistance/body.html",
        own=shown_of,
        prefill=prefill,
        blocks=blocks,
        effects={
            "ask": service.opened,
            "amend": service.ask,
            "oral_request": service.oral_request,
            "issue": service.sent,
            "backfill_letter": service.sent,
            "resume": service.sent,
            "agree": service.agreed,
            "agree_in_part": service.agreed,
            "file_reply": service.agreed,
            "act_at_once": service.act_at_once,
            "start": service.start,
            "extend": service.extend,
            "confirm": service.confirmed,
            "dispute": service.dispute,
        },
        letters={
            "assistance_letter": letters.assistance_letter,
            "assistance_reply": letters.assistance_reply,
            "assistance_refusal": letters.assistance_refusal,
            "assistance_report": letters.assistance_report,
            "result_notice": letters.result_notice,
        },
    )
)
