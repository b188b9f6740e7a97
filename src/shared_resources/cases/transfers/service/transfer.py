"""What the steps of a case transfer do beyond moving it: who joins, which clocks, the next hop, the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.letters.transfer import receiver_of, transfer_inventory
from shared_resources.cases.transfers.rules.transfer import RECEIVER, SENDER, TRANSFER
from shared_resources.cases.transfers.schemas.common import Source
from shared_resources.cases.transfers.schemas.transfer import Channel, Finding
from shared_resources.kernel import clock, deadlines, journal
from shared_resources.kernel.casework.acts import begin, issue_also, move
from shared_resources.kernel.casework.entered import coming_day, other_agency, past_day, past_instant
from shared_resources.kernel.casework.family import Family, Outcome, family_of
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Relation
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.seals import SignatureState, signature_state
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.journal import Moved

POST_DAYS = FWD(5)
"""How long the post may take before somebody asks (target); transit never counts against the sender."""


def family(kind: str) -> Family:
    """A family that is loaded with every other one."""
    found = family_of(kind)
    assert found is not None, f"{kind} is loaded with every family"
    return found


async def found(happening: Happening) -> Outcome | None:
    """No jurisdiction is found: two working days run from the day of the finding, that day not counted (TR-1a)."""
    entries = happening.entries
    past_day(entries.determined_on, "determined_on")
    other_agency(happening.facts, entries.receiver, happening.facts.parties[SENDER], "receiver")
    return Outcome(due={"send": Counted(since=entries.determined_on)})


async def approved(happening: Happening) -> Outcome | None:
    """The head approves: the inventory is issued with the letter, so that both can be sealed before they leave."""
    draft = transfer_inventory(happening.facts, happening.step, happening.actor)
    issued = await issue_also(family("transfer"), draft, happening)
    return Outcome(data={"inventory": issued.id})


async def sent(happening: Happening) -> Outcome | None:
    """The case leaves: from now on the receiver sees it, and is to sign for it."""
    facts, entries = happening.facts, happening.entries
    if entries.sent_on:
        past_day(entries.sent_on, "sent_on")
    if entries.channel is Channel.ELECTRONIC:
        await _may_go_electronically(facts, entries)
    await journal.join(happening.record, RECEIVER, receiver_of(facts))
    due: dict[str, Any] = {"sign": POST_DAYS} if entries.channel is Channel.POST else {}
    return Outcome(due=due, data={"channel": entries.channel})


async def _may_go_electronically(facts: Facts, entries: Any) -> None:
    """Only with the receiver's consent (TR-4a) and with a seal that holds: a bad one is as if not sent (TR-4b).

    Raises:
        Invalid: no consent, or the letter bears no valid electronic signature.
    """
    standing = facts.agencies[receiver_of(facts)].electronic_consent_on
    if entries.consent_on:
        past_day(entries.consent_on, "consent_on")
    elif standing is None or standing > clock.today():
        raise Invalid(
            N_("The receiver has not consented to electronic transfers."),
            do=N_("Record the consent, or send by post or directly."),
            code="no_consent",
            field="consent_by",
        )
    for kind in ("transfer_letter", "transfer_inventory"):
        letter = facts.letter(kind)
        state = await signature_state(letter.id) if letter else SignatureState.UNSIGNED
        if state is not SignatureState.VALID:
            raise Invalid(
                N_("A letter without a valid electronic signature counts as not sent."),
                do=N_("Seal letter and inventory electronically, or send by post or directly."),
                code="not_sealed",
                field="channel",
            )


async def bounced(happening: Happening) -> Outcome | None:
    """The papers came back."""
    past_day(happening.entries.noticed_on, "noticed_on")
    return None


async def withheld(happening: Happening) -> Outcome | None:
    """Not sent in time: the legal office takes part from now on and is told (FR-3b, SV-2)."""
    await legal_office_joins(happening)
    return None


async def legal_office_joins(happening: Happening) -> None:
    """Let the municipal legal office take part in the record, so that it is told and can owe."""
    offices = [each.id for each in happening.facts.agencies.values() if each.office is Relation.LEGAL_OFFICE]
    for office in offices[:1]:
        await journal.join(happening.record, Relation.LEGAL_OFFICE, office)


async def accepted(happening: Happening) -> Outcome | None:
    """The receiver has signed: it answers for the case now, those before it no more (FR-1)."""
    facts = happening.facts
    sendings = facts.all("send")
    past_instant(happening.entries.received_at, "received_at", since=_left_at(sendings[-1].body, sendings[-1].at))
    await _those_before(facts, {"transfer": "next_signed", "receipt": "passed"})
    return Outcome(data={"received_at": happening.entries.received_at})


def _left_at(body: Any, filed_at: Any) -> Any:
    """When the papers left: posted ones on their day, which may be written down later."""
    posted = body.get("sent_on")
    if not posted:
        return filed_at
    return min(filed_at, deadlines.end_of(clock.local_date(filed_at).fromisoformat(posted)) - timedelta(days=1))


async def withdrawn(happening: Happening) -> Outcome | None:
    """The case never left: whoever had passed it on has it again."""
    await _those_before(happening.facts, {"transfer": "take_back", "receipt": "take_back"})
    return None


async def _those_before(facts: Facts, steps: dict[str, str]) -> None:
    """Move the transfer or receipt that this transfer follows from, if it still waits for it."""
    for link in facts.points_to("follows"):
        if link.record_kind in steps and link.state in ("onward", "not_own"):
            await move(family(link.record_kind), link.record, steps[link.record_kind], SYSTEM_ACTOR)


async def filed(happening: Happening) -> Outcome | None:
    """The case is taken up."""
    past_day(happening.entries.filed_on, "filed_on")
    return None


async def concluded(happening: Happening) -> Outcome | None:
    """The case has its result."""
    past_day(happening.entries.concluded_on, "concluded_on")
    return None


async def told_by_phone(happening: Happening) -> Outcome | None:
    """The call has been made."""
    past_instant(happening.entries.told_at, "told_at")
    return None


async def urged(happening: Happening) -> Outcome | None:
    """An urging with its deadline, for the sender that withholds or the receiver that is idle (TR-2)."""
    coming_day(happening.entries.deadline, "deadline")
    owed = "urged_sender" if happening.facts.state == "overdue" else "urged_receiver"
    await legal_office_joins(happening)
    return Outcome(
        due={owed: happening.entries.deadline}, data={"deadline": happening.entries.deadline.isoformat()}
    )


async def passed_on(happening: Happening) -> Outcome | None:
    """The one onward hop: a transfer of its own, from the receiver to the agency that has jurisdiction (FR-3a)."""
    facts, entries = happening.facts, happening.entries
    if entries.receiver == facts.parties[SENDER]:
        raise Invalid(
            N_("A case is not sent back to the agency that it came from."),
            do=N_("Let the legal office name the agency, or raise a dispute."),
            code="sent_back",
            field="receiver",
        )
    onward = await _next_hop(happening, entries, entries.receiver, entries.determined_on)
    return Outcome(data={"onward": onward.id})


async def asked_for_naming(happening: Happening) -> Outcome | None:
    """The legal office is to name the agency."""
    await legal_office_joins(happening)
    return None


async def disputed(happening: Happening) -> Outcome | None:
    """A dispute between receiver and sender is opened about this record."""
    parties = happening.facts.parties
    opened = await begin(
        family("dispute"),
        happening.actor,
        happening.entries,
        parties={Relation.APPLICANT: parties[RECEIVER], Relation.RESPONDENT: parties[SENDER]},
        links_to=(("about", happening.record),),
    )
    return Outcome(data={"dispute": opened.id})


async def named(happening: Happening) -> Outcome | None:
    """The legal office names another agency: the receiver sends the case there, and there it stays."""
    entries = happening.entries
    onward = await _next_hop(happening, entries, entries.agency, clock.today())
    await move(family("transfer"), onward.id, "bind", SYSTEM_ACTOR, entries)
    return Outcome(data={"onward": onward.id})


async def _next_hop(happening: Happening, entries: Any, receiver: UUID, determined_on: Any) -> Moved:
    facts = happening.facts
    field = "agency" if happening.step == "name_agency" else "receiver"
    other_agency(facts, receiver, facts.parties[RECEIVER], field)
    before = facts.last(TRANSFER.opening)
    signed_on = clock.local_date(facts.all("accept")[-1].at)
    past_day(determined_on, "determined_on")
    if determined_on < signed_on:
        raise Invalid(
            N_("Nothing is determined before it was received."),
            do=N_("Check the date."),
            code="too_early",
            field="determined_on",
        )
    finding = Finding(
        case_name=before["case_name"],
        receiver=receiver,
        source=Source.TRANSFERRED,
        found_on=signed_on,
        party=before["party"],
        summary=before["summary"],
        why=entries.reasons if happening.step == "name_agency" else entries.why,
        provision=entries.provision,
        determined_on=determined_on,
    )
    return await begin(
        family("transfer"),
        happening.actor,
        finding,
        parties={SENDER: facts.parties[RECEIVER]},
        links_to=(("follows", happening.record),),
    )
