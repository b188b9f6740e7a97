"""What the steps of a dispute do beyond moving it: holds on the records it is about, offices that join."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.disputes.rules import APPLICANT, GOVERNMENT, LEGAL, RESPONDENT
from shared_resources.cases.disputes.schemas import Bearer
from shared_resources.kernel import holds, journal, notices
from shared_resources.kernel.casework.entered import open_day, past_day
from shared_resources.kernel.casework.family import Outcome
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.permissions import PAPERS, Relation
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts, Linked
    from shared_resources.kernel.casework.family import Happening

WHO_EXECUTES: Mapping[str, tuple[str, ...]] = {
    Bearer.APPLICANT: ("applicant_executes",),
    Bearer.RESPONDENT: ("respondent_executes",),
    Bearer.BOTH: ("applicant_executes", "respondent_executes"),
    Bearer.OTHER: (),
}


async def raised(happening: Happening) -> Outcome | None:
    """The records it is about are held: from now on neither side acts alone (supervision rules, art. 11)."""
    facts = happening.facts
    for link in facts.points_to("about"):
        await _refuse_foreign(link, facts)
        await holds.hold(link.record, happening.record)
    await notices.tell(
        [facts.parties[RESPONDENT]],
        PAPERS,
        N_("A dispute is raised with you: %(number)s “%(title)s”."),
        {"number": facts.number, "title": facts.title},
        record=facts.id,
        link=f"/disputes/{facts.number}",
        key=f"{facts.id}:raise",
    )
    return None


async def _refuse_foreign(link: Linked, facts: Facts) -> None:
    """Refuse to hold a record of others, a dispute itself, and one that another dispute holds already."""
    if link.record_kind == "dispute":
        raise Invalid(
            N_("A dispute is no matter of a dispute."),
            do=N_("Go on in the one that is open."),
            code="about_dispute",
        )
    parties = await journal.parties_of(link.record)
    if facts.parties[APPLICANT] not in parties.agencies:
        raise Invalid(
            N_("Your agency takes no part in %(number)s."),
            do=N_("Raise the dispute about a record of your own."),
            code="not_your_record",
            number=link.number,
        )
    await connection().execute("SELECT FROM record WHERE id = $1 FOR NO KEY UPDATE", link.record)
    held = await holds.held_by(link.record)
    if held is not None:
        raise WrongState(
            N_("Dispute %(number)s about this is open already."),
            do=N_("Go on in the one that is open."),
            code="already_disputed",
            number=held,
        )


async def negotiated(happening: Happening) -> Outcome | None:
    """A negotiation or hearing on record has happened."""
    past_day(happening.entries.held_on, "held_on")
    return None


async def to_legal(happening: Happening) -> Outcome | None:
    """The legal office joins the dispute and may read the records it is about (AS-3d)."""
    await _join(happening, LEGAL)
    return None


async def to_government(happening: Happening) -> Outcome | None:
    """The government joins the dispute and may read the records it is about (DS-1c)."""
    await _join(happening, GOVERNMENT)
    return None


async def _join(happening: Happening, office: Relation) -> None:
    agency = await connection().fetchval("SELECT id FROM agency WHERE office = $1 ORDER BY id LIMIT 1", office)
    if agency is None:
        raise WrongState(
            N_("No agency holds this office of the municipality yet."),
            do=N_("Ask the administrator to name it."),
            code="no_office",
        )
    for record in (happening.record, *(link.record for link in happening.facts.points_to("about"))):
        await journal.join(record, office, agency)


async def opined(happening: Happening) -> Outcome | None:
    """The legal office's opinion names whose duty it is and until when it is carried out."""
    return _execution(happening)


async def decided(happening: Happening) -> Outcome | None:
    """The government's decision binds: acting by it is no acting alone, so the held records go on."""
    await holds.release(happening.record)
    return _execution(happening)


def _execution(happening: Happening) -> Outcome:
    day, bearer = happening.entries.execute_by, happening.entries.bearer
    open_day(day, "execute_by")
    return Outcome(due=dict.fromkeys(WHO_EXECUTES[bearer], day), data={"bearer": bearer.value})


async def over(happening: Happening) -> Outcome | None:
    """The dispute is over: the held records go on."""
    await holds.release(happening.record)
    proposal = happening.facts.last("propose")
    return Outcome(data={"bearer": proposal["bearer"]} if happening.step == "settle" else {})
