"""Situation notices (SN): what agencies that work together tell each other, of duty or of their own accord."""

from __future__ import annotations

from shared_resources.cases.notices import service
from shared_resources.cases.notices.letters import situation_notice
from shared_resources.cases.notices.rules import NOTIFIED, NOTIFYING, SITUATION_NOTICE, blocks
from shared_resources.cases.notices.schemas import NoticeOpening
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_


def title(entries: NoticeOpening) -> str:
    """Subject and period."""
    return f"{entries.subject}（{entries.period_from}—{entries.period_to}）"


FAMILY = known(
    Family(
        procedure=SITUATION_NOTICE,
        label=N_("Situation notices"),
        lead=N_("Agencies that work together tell each other in writing how it goes."),
        new_label=N_("Write a situation notice"),
        see=Permission.NOTICE_SEE,
        open=Permission.NOTICE_DRAFT,
        opens_as=NOTIFYING,
        opening=NoticeOpening,
        title=title,
        parties=lambda entries, actor: {NOTIFIED: entries.to},
        blocks=blocks,
        effects={"open": service.open_by_hand, "acknowledge": service.acknowledge},
        letters={"situation_notice": situation_notice},
    )
)
