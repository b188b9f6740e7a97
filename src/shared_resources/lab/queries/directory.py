"""The directory: who can do this test by that date. Everybody who works for an agency may look."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.fulltext import query_of
from shared_resources.kernel.pager import key_of, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.working_calendar import load_calendar
from shared_resources.lab.rules.laboratory import Span, finish_on, place_free_on
from shared_resources.lab.schemas import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared_resources.kernel.workdays import Calendar

OFFERS = 50
MOST = 2000
"""Rows of one search that are weighed against each other."""
LABORATORIES = (
    "SELECT l.id, r.number, r.state, l.name_zh, l.name_en, l.address, l.contact, l.phone, l.turnaround_days,"
    " l.capacity, l.remarks, a.slug AS owner_slug, a.name_zh AS owner_name_zh, a.name_en AS owner_name_en,"
    " l.owner, r.changed_at FROM laboratory l JOIN record r ON r.id = l.id JOIN agency a ON a.id = l.owner"
)
CANDIDATES = (
    "WITH s AS MATERIALIZED (SELECT id, laboratory, certificate, days FROM lab_scope"
    "  WHERE ended_on IS NULL AND words @@ $1::tsquery)"
    " SELECT s.id, s.laboratory, coalesce(s.days, l.turnaround_days) AS days, l.capacity, c.valid_from,"
    " c.valid_to, c.ended_on FROM s JOIN lab_certificate c ON c.id = s.certificate"
    " JOIN laboratory l ON l.id = s.laboratory JOIN record r ON r.id = l.id JOIN agency a ON a.id = l.owner"
    " WHERE r.state = 'active' AND ($2 = '' OR a.slug = $2)"
    " AND ($3 OR (c.valid_to >= $4 AND (c.ended_on IS NULL OR c.ended_on > $4))) LIMIT $5"
)
"""The words alone choose the rows: the planner would else walk through every laboratory."""
SCOPE = (
    "SELECT s.id, s.laboratory, s.field, s.item, s.matrix, s.method, s.limits, s.unit,"
    " coalesce(s.days, l.turnaround_days) AS days, s.price_fen, c.kind AS certificate_kind,"
    " c.number AS certificate_no, c.valid_from, c.valid_to, c.ended_on AS certificate_ended FROM lab_scope s"
    " JOIN lab_certificate c ON c.id = s.certificate JOIN laboratory l ON l.id = s.laboratory"
)


@dataclass(frozen=True)
class Busy:
    """How busy laboratories are: the agreed days of what they have in work, and when they are shut."""

    dues: dict[UUID, list[date]]
    closures: dict[UUID, list[tuple[date, date]]]
    calendar: Calendar
    today: date

    def finish(self, laboratory: UUID, days: int, capacity: int) -> date:
        """The earliest day of a report: when there is a place, and then so many working days."""
        start = place_free_on(self.today, self.dues.get(laboratory, ()), capacity)
        return finish_on(start, days, self.calendar.works, self.closures.get(laboratory, ()))


async def offers(actor: Actor, wanted: views.SearchFor) -> views.OfferList:
    """Laboratories that can do what is searched for, the soonest first.

    Raises:
        NotFound: the actor works for no agency.
    """
    let_in(actor)
    query = query_of(wanted.q)
    if not query:
        return views.OfferList(offers=(), more=False)
    today = clock.today()
    async with reading() as db:
        rows = await db.fetch(CANDIDATES, query, wanted.owner, wanted.lapsed, today, MOST)
    busy = await how_busy({row["laboratory"] for row in rows})
    weighed = sorted(_weighed(rows, busy, wanted), key=lambda found: found[:3])
    chosen = weighed[:OFFERS]
    return views.OfferList(offers=await _offers(chosen, busy, wanted), more=len(weighed) > OFFERS)


async def how_busy(laboratories: Iterable[UUID]) -> Busy:
    """What stands in the way of one more delegation at these laboratories, from today on."""
    named, today = list(laboratories), clock.today()
    async with reading() as db:
        due = await db.fetch(
            "SELECT laboratory, agreed_due FROM lab_delegation WHERE laboratory = ANY($1)"
            " AND accepted_at IS NOT NULL AND ended_at IS NULL",
            named,
        )
        shut = await db.fetch(
            "SELECT laboratory, first_day, last_day FROM lab_closure"
            " WHERE laboratory = ANY($1) AND last_day >= $2",
            named,
            today,
        )
        calendar = await load_calendar(db)
    dues, closures = defaultdict(list), defaultdict(list)
    for row in due:
        dues[row["laboratory"]].append(row["agreed_due"])
    for row in shut:
        closures[row["laboratory"]].append((row["first_day"], row["last_day"]))
    return Busy(dues, closures, calendar, today)


async def laboratories(actor: Actor, owner: str = "") -> views.LaboratoryList:
    """Every laboratory that accepts delegations, by name; those of the actor's agency first.

    Raises:
        NotFound: the actor works for no agency.
    """
    let_in(actor)
    async with reading() as db:
        rows = await db.fetch(
            f"{LABORATORIES} WHERE r.state = 'active' AND ($1 = '' OR a.slug = $1)"
            " ORDER BY l.owner = $2 DESC, l.name_zh LIMIT 500",
            owner,
            actor.agency,
        )
    busy = await how_busy(row["id"] for row in rows)
    return views.LaboratoryList(laboratories=tuple(_laboratory(row, busy) for row in rows))


async def laboratory_page(actor: Actor, number: str) -> tuple[views.LaboratoryPage, UUID, frozenset[Relation]]:
    """One laboratory, its record and what the actor is to it.

    Raises:
        NotFound: there is none with this number.
    """
    let_in(actor)
    async with reading() as db:
        row = await db.fetchrow(f"{LABORATORIES} WHERE r.number = $1", number)
        if row is None:
            raise not_found()
        certificates = await db.fetch(
            "SELECT * FROM lab_certificate WHERE laboratory = $1 ORDER BY valid_to DESC, number", row["id"]
        )
        signatories = await db.fetch(
            "SELECT s.*, p.name FROM lab_signatory s JOIN person p ON p.id = s.person WHERE s.laboratory = $1"
            " ORDER BY s.ended_on NULLS FIRST, p.name",
            row["id"],
        )
        closures = await db.fetch(
            "SELECT * FROM lab_closure WHERE laboratory = $1 AND last_day >= $2 ORDER BY first_day",
            row["id"],
            clock.today(),
        )
        stores = await db.fetch(
            "SELECT s.*, p.name AS keeper_name FROM lab_store s JOIN person p ON p.id = s.keeper"
            " WHERE s.laboratory = $1 ORDER BY s.name",
            row["id"],
        )
        count = await db.fetchval(
            "SELECT count(*) FROM lab_scope WHERE laboratory = $1 AND ended_on IS NULL", row["id"]
        )
    relation = Relation.LABORATORY if row["owner"] == actor.agency else Relation.THIRD
    shown = views.LaboratoryPage(
        laboratory=_laboratory(row, await how_busy([row["id"]])),
        certificates=tuple(_of(views.CertificateView, each) for each in certificates),
        signatories=tuple(_of(views.SignatoryView, each) for each in signatories),
        closures=tuple(_of(views.ClosureView, each) for each in closures),
        stores=tuple(_of(views.StoreView, each) for each in stores),
        scope_rows=count,
        changed_at=row["changed_at"],
    )
    return shown, row["id"], frozenset({relation})


async def scope_rows(
    actor: Actor, laboratory: UUID, text: str = "", *, cursor: str | None = None, size: int | None = None
) -> tuple[tuple[views.ScopeView, ...], str | None]:
    """The scope of a laboratory, by item; rows that were ended are left out."""
    let_in(actor)
    key, query = key_of(cursor, str, UUID), query_of(text)
    async with reading() as db:
        rows = await db.fetch(
            f"{SCOPE} WHERE s.laboratory = $1 AND s.ended_on IS NULL AND ($2 = '' OR s.words @@ $2::tsquery)"
            " AND ($3::text IS NULL OR (s.item, s.id) > ($3, $4)) ORDER BY s.item, s.id LIMIT $5",
            laboratory,
            query,
            key[0] if key else None,
            key[1] if key else None,
            page_size(size) + 1,
        )
    shown, following = page_of(rows, page_size(size), lambda row: (row["item"], row["id"]))
    today = clock.today()
    return tuple(_scope(row, today) for row in shown), following


async def scope_row(laboratory: UUID, identifier: str) -> views.ScopeView | None:
    """One row of a laboratory's scope; None for any other id."""
    try:
        wanted = UUID(identifier)
    except ValueError:
        return None
    async with reading() as db:
        row = await db.fetchrow(f"{SCOPE} WHERE s.laboratory = $1 AND s.id = $2", laboratory, wanted)
    return _scope(row, clock.today()) if row else None


async def day_loads(laboratory: UUID, capacity: int, days: int = 42) -> tuple[views.DayLoad, ...]:
    """The next days of a laboratory: how many delegations are in work and due on each."""
    busy = await how_busy([laboratory])
    dues, shut = busy.dues.get(laboratory, []), busy.closures.get(laboratory, [])
    async with reading() as db:
        reasons = await db.fetch(
            "SELECT first_day, last_day, reason FROM lab_closure WHERE laboratory = $1", laboratory
        )
    found = []
    for number in range(days):
        day = busy.today + timedelta(days=number)
        closed = any(first <= day <= last for first, last in shut)
        in_work = sum(1 for due in dues if max(due, busy.today) >= day)
        reason = next((row["reason"] for row in reasons if row["first_day"] <= day <= row["last_day"]), "")
        found.append(
            views.DayLoad(
                day=day,
                works=busy.calendar.works(day) and not closed,
                in_work=in_work,
                due=dues.count(day),
                full=in_work >= capacity,
                reason=reason,
            )
        )
    return tuple(found)


def let_in(actor: Actor) -> None:
    """The directory is for everybody who works for an agency.

    Raises:
        NotFound: the actor works for none.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.LABORATORY_SEE, {Relation.THIRD})


def _weighed(rows: Sequence[Any], busy: Busy, wanted: views.SearchFor) -> list[tuple[bool, date, UUID, Any]]:
    """Rows with the day on which each is done, those with a valid certificate first."""
    found = []
    for row in rows:
        finish = busy.finish(row["laboratory"], row["days"], row["capacity"])
        valid = Span(row["valid_from"], row["valid_to"], row["ended_on"]).holds(finish)
        in_time = wanted.by is None or finish <= wanted.by
        if wanted.lapsed or (valid and in_time):
            found.append((not (valid and in_time), finish, row["id"], row))
    return found


async def _offers(
    chosen: Sequence[tuple[bool, date, UUID, Any]], busy: Busy, wanted: views.SearchFor
) -> tuple[views.Offer, ...]:
    async with reading() as db:
        scopes = await db.fetch(f"{SCOPE} WHERE s.id = ANY($1)", [found[2] for found in chosen])
        owners = await db.fetch(
            f"{LABORATORIES} WHERE l.id = ANY($1)", list({row["laboratory"] for row in scopes})
        )
    by_scope = {row["id"]: row for row in scopes}
    by_laboratory = {row["id"]: _laboratory(row, busy) for row in owners}
    return tuple(
        views.Offer(
            laboratory=by_laboratory[row["laboratory"]],
            scope=_scope(by_scope[scope], finish),
            finish=finish,
            in_time=wanted.by is None or finish <= wanted.by,
        )
        for _, finish, scope, row in chosen
    )


def _laboratory(row: Any, busy: Busy) -> views.LaboratoryView:
    return views.LaboratoryView(
        **{name: row[name] for name in views.LaboratoryView.model_fields if name not in ("load", "finish")},
        load=len(busy.dues.get(row["id"], ())),
        finish=busy.finish(row["id"], row["turnaround_days"], row["capacity"]),
    )


def _scope(row: Any, day: date) -> views.ScopeView:
    span = Span(row["valid_from"], row["valid_to"], row["certificate_ended"])
    return views.ScopeView(
        **{name: row[name] for name in views.ScopeView.model_fields if name != "is_valid"},
        is_valid=span.holds(day),
    )


def _of(model: Any, row: Any) -> Any:
    return model(**{name: row[name] for name in model.model_fields})
