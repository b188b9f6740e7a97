"""What the steps of a referral do beyond moving it (TR-5): the police join, 24 hours run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.cases.transfers.rules.referral import HOURS, RECEIVER, SENDER, is_police
from shared_resources.kernel import clock, journal
from shared_resources.kernel.casework.entered import other_agency, past_day, past_instant
from shared_resources.kernel.casework.family import Outcome
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.family import Happening


async def suspected(happening: Happening) -> Outcome | None:
    """The receiver is the public security agency of the same level (Decree 310, art. 5)."""
    entries, facts = happening.entries, happening.facts
    past_day(entries.found_on, "found_on")
    police = other_agency(facts, entries.police, facts.parties[SENDER], "police")
    if not is_police(police.name_zh) or police.level != facts.agency(SENDER).level:
        raise Invalid(
            N_("A suspected crime goes to the public security agency of the same level."),
            do=N_("Choose that agency."),
            code="not_police",
            field="police",
        )
    return None


async def approved(happening: Happening) -> Outcome | None:
    """The head says yes: 24 hours run from this instant, through nights and rest days."""
    return Outcome(due={"send": clock.now() + timedelta(hours=HOURS)})


async def sent(happening: Happening) -> Outcome | None:
    """The case leaves: from now on the police see it."""
    await journal.join(happening.record, RECEIVER, UUID(happening.facts.last("suspect")["police"]))
    return None


async def signed(happening: Happening) -> Outcome | None:
    """The police sign the return slip, not before it was sent."""
    sendings = happening.facts.all("send")
    past_instant(happening.entries.received_at, "received_at", since=sendings[-1].at)
    return None


async def filed(happening: Happening) -> Outcome | None:
    """The police have decided."""
    past_day(happening.entries.decided_on, "decided_on")
    return None


async def noted(happening: Happening) -> Outcome | None:
    """The note to the procuratorate is out."""
    past_day(happening.entries.sent_on, "sent_on")
    return None


async def handed_over(happening: Happening) -> Outcome | None:
    """Goods and papers are with the police."""
    past_day(happening.entries.handed_over_on, "handed_over_on")
    return None
