"""Asking for equipment: one cart, one loan for each owner, every reason against it at once (form 12)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.booking import terms_of
from shared_resources.equipment.rules.booking import LendingTerms, Wanted, check_period
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.booking import BookingDraft, CartMade, LoanMade
from shared_resources.equipment.service.picking import Pick, pick
from shared_resources.equipment.service.rivals import tell_losers
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.actors import serving
from shared_resources.kernel.identity.queries import duty_officers
from shared_resources.kernel.links import known_record, tie
from shared_resources.kernel.permissions import (
    DECIDING,
    SYSTEM_ACTOR,
    Actor,
    Permission,
    Relation,
    may,
    not_found,
    require,
)
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.visible import Seen

TITLE_LENGTH = 80


@verb
async def request_booking(actor: Actor, draft: BookingDraft, act_id: str | None = None) -> CartMade:
    """Ask for items, by code or as so many of a model; the cart falls into one loan for each owner.

    A model is answered with concrete items at once. What an owner's lending rule covers is approved in the same
    transaction; what it lets requests hold is occupied; everything else competes until somebody decides.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Refusal, Refusals: every reason against it at once; nothing is booked then.
        Repeated: this ``act_id`` was used before.
    """
    require(actor, Permission.LOAN_REQUEST, actor.relations(None, actor.agency))
    if actor.agency is None:
        raise not_found()
    taker = await taker_of(actor, draft)
    served = await known_record(actor, draft.serves, "serves") if draft.serves else None
    wanted = wanted_by(actor.agency, draft)
    raise_all(check_period(wanted, clock.now()))
    picks = await pick(draft, wanted)
    cart = new_id()
    await connection().execute(
        "INSERT INTO cart (id, borrower, asked_by, purpose, created_at) VALUES ($1, $2, $3, $4, $5)",
        cart,
        actor.agency,
        actor.person,
        draft.purpose,
        clock.now(),
    )
    by_owner: dict[UUID, list[Pick]] = defaultdict(list)
    for one in picks:
        by_owner[one.item.owner].append(one)
    terms = await terms_of(by_owner)
    asking = Asking(actor, actor.agency, taker, cart, draft, served)
    loans = [
        await make_loan(asking, owner, mine, terms, f"{act_id}:{place}" if act_id and place else act_id)
        for place, (owner, mine) in enumerate(by_owner.items())
    ]
    return CartMade(cart=cart, loans=tuple(loans))


@dataclass(frozen=True)
class Asking:
    """Who asks for what, and the record that it is for: the same for every loan of a cart."""

    actor: Actor
    borrower: UUID
    taker: UUID
    cart: UUID
    draft: BookingDraft
    served: Seen | None


def wanted_by(borrower: UUID, draft: BookingDraft) -> Wanted:
    """The draft as the rules see it."""
    return Wanted(
        borrower=borrower,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        mode=draft.mode,
        evidential=draft.evidential,
        emergency=draft.emergency,
    )


async def taker_of(actor: Actor, draft: BookingDraft) -> UUID:
    """Who is to collect: a colleague who may take equipment over, by default the person asking."""
    assert actor.person is not None
    assert actor.agency is not None
    if draft.taker is None or draft.taker == actor.person:
        return actor.person
    other = await serving(draft.taker, actor.agency, clock.local_date(draft.starts_at))
    if other is None or may(other, Permission.LOAN_TAKE, other.relations(None, actor.agency)) is not True:
        raise Invalid(
            N_("That person cannot collect for your agency."),
            do=N_("Choose a colleague who works with equipment."),
            code="taker",
            field="taker",
        )
    return draft.taker


async def make_loan(
    asking: Asking,
    owner: UUID,
    picks: Sequence[Pick],
    terms: Mapping[tuple[UUID, UUID | None], LendingTerms],
    act_id: str | None,
) -> LoanMade:
    """One owner's part of the cart: record, loan, lines, word to the owner, and the answer by rule if one fits."""
    draft, actor = asking.draft, asking.actor
    answers = [terms_for(terms, owner, one.item.category) for one in picks]
    moved = await open_record(
        LOAN,
        actor,
        {Relation.OWNER: owner, Relation.BORROWER: asking.borrower},
        draft.purpose[:TITLE_LENGTH],
        data={"items": [one.item.id for one in picks], "from": draft.starts_at, "to": draft.ends_at},
        act_id=act_id,
        due={"answer": FWD(min(answer.answer_days for answer in answers))},
    )
    automatic = covered(draft, answers)
    await insert_loan(asking, moved.id, owner)
    await insert_lines(moved.id, draft, picks, answers, reserved=automatic)
    if asking.served:
        await tie(actor, asking.served, moved.id, moved.number, "uses")
    await tell_owner(asking, moved, owner)
    if automatic:
        moved = await journal.act(LOAN, "approve", moved.id, SYSTEM_ACTOR, data={"by": "lending_rule"})
        await tell_losers(owner, moved.id)
    names = await connection().fetchrow("SELECT name_zh, name_en FROM agency WHERE id = $1", owner)
    return LoanMade(
        number=moved.number,
        owner=owner,
        owner_name_zh=names["name_zh"],
        owner_name_en=names["name_en"],
        state=moved.state,
        version=moved.version,
    )


def terms_for(terms: Mapping[tuple[UUID, UUID | None], LendingTerms], owner: UUID, category: UUID) -> LendingTerms:
    """The owner's rule for this kind, else its rule for all others, else by person within a day."""
    return terms.get((owner, category)) or terms.get((owner, None)) or LendingTerms()


def covered(draft: BookingDraft, answers: Sequence[LendingTerms]) -> bool:
    """Whether lending rules approve every line. An emergency, which skips other rules, is a person's matter."""
    length = draft.ends_at - draft.starts_at
    return not draft.emergency and all(timedelta() < length <= answer.automatic for answer in answers)


async def insert_loan(asking: Asking, loan: UUID, owner: UUID) -> None:
    """The row of a loan."""
    draft = asking.draft
    await connection().execute(
        "INSERT INTO loan (id, owner, borrower, cart, asked_by, taker, ground, purpose, case_no, place, mode,"
        " evidential, emergency, starts_at, ends_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        loan,
        owner,
        asking.borrower,
        asking.cart,
        asking.actor.person,
        asking.taker,
        draft.ground,
        draft.purpose,
        draft.case_no or None,
        draft.place or None,
        draft.mode,
        draft.evidential,
        draft.emergency,
        draft.starts_at,
        draft.ends_at,
    )


async def insert_lines(
    loan: UUID, draft: BookingDraft, picks: Sequence[Pick], answers: Sequence[LendingTerms], *, reserved: bool
) -> None:
    """A line for each item: reserved by rule, held where requests hold, else asked for."""
    rows: list[tuple[Any, ...]] = []
    period = (draft.starts_at, draft.ends_at)
    for one, answer in zip(picks, answers, strict=True):
        state = "reserved" if reserved else "held" if answer.requests_hold else "asked"
        blocked = one.item.blocked(*period)
        rows.append(
            (new_id(), one.item.owner, loan, one.item.model, one.item.id, one.by_model, state, *period, *blocked)
        )
    await connection().executemany(
        "INSERT INTO loan_line (id, owner, loan, model, item, by_model, state, period, blocked)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, tstzrange($8, $9), tstzrange($10, $11))",
        rows,
    )


async def tell_owner(asking: Asking, moved: journal.Moved, owner: UUID) -> None:
    """Word to those who decide; in an emergency to whoever sits at the duty desk as well."""
    values = {"number": moved.number, "title": moved.title, "agency": asking.actor.agency_name}
    link, on_duty = LOAN.path % {"number": moved.number}, list[UUID]()
    if asking.draft.emergency:
        sentence = N_("Emergency: %(agency)s asks for equipment at once, loan %(number)s “%(title)s”.")
        on_duty = await duty_officers(owner)
        await notices.tell_people(on_duty, sentence, values, record=moved.id, link=link, key=f"{moved.id}:duty")
    else:
        sentence = N_("%(agency)s asks for equipment: loan %(number)s “%(title)s”.")
    await notices.tell(
        [owner], DECIDING, sentence, values, record=moved.id, link=link, key=f"{moved.id}:asked", besides=on_duty
    )
