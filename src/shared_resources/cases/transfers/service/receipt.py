"""What the steps of a first receipt do beyond moving it (FR-1 to FR-3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from shared_resources.cases.transfers.rules.receipt import RECEIPT, RECEIVER, SENDER
from shared_resources.cases.transfers.schemas.transfer import Finding
from shared_resources.cases.transfers.service.transfer import family
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import begin
from shared_resources.kernel.casework.entered import other_agency, past_day, past_instant
from shared_resources.kernel.casework.family import Outcome
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.family import Happening


async def registered(happening: Happening) -> Outcome | None:
    """From the day of receipt the first receiver answers for the case; ten days to decide on jurisdiction."""
    entries, facts = happening.entries, happening.facts
    past_instant(entries.received_at, "received_at")
    if entries.from_agency is not None:
        other_agency(facts, entries.from_agency, facts.parties[RECEIVER], "from_agency")
    return Outcome(due={"judge": Counted(since=clock.local_date(entries.received_at))})


async def not_own(happening: Happening) -> Outcome | None:
    """A transfer is opened; this receipt stays answerable until the next agency has signed for it (FR-3a)."""
    entries, facts = happening.entries, happening.facts
    past_day(entries.determined_on, "determined_on")
    came = facts.last(RECEIPT.opening)
    received_on = clock.local_date(datetime.fromisoformat(came["received_at"]))
    if entries.determined_on < received_on:
        raise Invalid(
            N_("Nothing is determined before it was received."),
            do=N_("Check the date."),
            code="too_early",
            field="determined_on",
        )
    finding = Finding(
        case_name=came["case_name"],
        receiver=entries.receiver,
        source=came["source"],
        found_on=received_on,
        party=came["party"],
        summary=came["summary"],
        why=entries.why,
        provision=entries.provision,
        determined_on=entries.determined_on,
    )
    opened = await begin(
        family("transfer"),
        happening.actor,
        finding,
        parties={SENDER: facts.parties[RECEIVER]},
        links_to=(("follows", happening.record),),
    )
    return Outcome(data={"transfer": opened.id})


async def handled(happening: Happening) -> Outcome | None:
    """The case has its result."""
    past_day(happening.entries.concluded_on, "concluded_on")
    return None
