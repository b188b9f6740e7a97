"""Where the records of the demo are told: who acts, when, and in which order.

Every story writes down its acts with their instants; then all acts of all stories are taken in order of time, the
clock held at each. So letters and records are numbered as they would have been, and the house's own clock acts in
between, every night.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from shared_resources.cases.notices.service import open_due_notices
from shared_resources.demo.agencies import GIVEN, SURNAMES
from shared_resources.demo.people import hash_of
from shared_resources.families import FAMILIES
from shared_resources.kernel import clock
from shared_resources.kernel.asks import Asked
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.jobs import take_lapsed_steps
from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Role
from shared_resources.kernel.schemas.asked import Officer
from shared_resources.kernel.workdays import add_working_days, is_working_day
from shared_resources.kernel.working_calendar import load_calendar

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.demo.people import People
    from shared_resources.kernel.casework.family import Family
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.workdays import Calendar

BY_KIND = {family.kind: family for family in FAMILIES}
DAY = timedelta(days=1)
F = TypeVar("F", bound=Asked)
Act = Callable[[], Awaitable[object]]
Find = Callable[[], Awaitable[str]]
Form = Asked | Callable[[], Asked] | None
"""A form, or how it is filled in when its time has come."""
When = tuple[int | date, str] | datetime
"""A working day counted from today (or a day) with its hour, or an instant."""


@dataclass
class Stage:
    """Everybody and every day of the demo, and what is to be told."""

    people: People
    calendar: Calendar
    now: datetime
    numbers: dict[str, str] = field(default_factory=dict)
    _acts: list[tuple[datetime, str, Act]] = field(default_factory=list)
    _ended: set[str] = field(default_factory=set)

    @property
    def today(self) -> date:
        """Today, or the last day on which people worked."""
        day = clock.local_date(self.now)
        return day if is_working_day(day, self.calendar) else add_working_days(day, -1, self.calendar)

    @property
    def year(self) -> int:
        """The year in the numbers of cases."""
        return self.on(-20).year

    def on(self, days: int) -> date:
        """The working day that lies so many working days from today."""
        return add_working_days(self.today, days, self.calendar)

    def working(self, day: date) -> date:
        """``day``, or the last working day before it."""
        return day if is_working_day(day, self.calendar) else add_working_days(day, -1, self.calendar)

    def at(self, when: When) -> datetime:
        """The instant of an act."""
        if isinstance(when, datetime):
            return when
        day, hour = when
        return datetime.combine(
            self.on(day) if isinstance(day, int) else day, time.fromisoformat(hour), LOCAL_ZONE
        )

    def ago(self, minutes: int) -> datetime:
        """A moment ago, whatever hour it is."""
        return self.now - timedelta(minutes=minutes)

    def agency(self, slug: str) -> UUID:
        """An agency of the demo."""
        return self.people.agencies[slug]

    def agencies(self, *slugs: str) -> tuple[UUID, ...]:
        """Several of them."""
        return tuple(self.people.agencies[slug] for slug in slugs)

    def officer(self, slug: str) -> Actor:
        """Who draws up the papers of an agency."""
        return (self.people.with_role(slug, Role.OFFICER) or self.people.with_role(slug, Role.CLERK))[0]

    def head(self, slug: str) -> Actor:
        """The head of its unit."""
        return self.people.with_role(slug, Role.UNIT_HEAD)[0]

    def leader(self, slug: str) -> Actor:
        """Its leader in charge, where the demo has one; else the head of the unit."""
        return (self.people.with_role(slug, Role.LEADER) or [self.head(slug)])[0]

    def crew(self, slug: str, count: int = 2) -> tuple[Officer, ...]:
        """Officers of an agency with their permits, always the same."""
        names = [self.officer(slug).name, *(invented(f"{slug}{n}") for n in range(1, count))]
        return tuple(
            Officer(name=name, permit_no=permit(f"{slug}/{n}"), phone=phone(slug, n))
            for n, name in enumerate(names)
        )

    def story(self, nick: str, kind: str) -> Story:
        """A record that is about to be told; others call it ``nick``."""
        return Story(self, nick, BY_KIND[kind])

    def add(self, when: When, what: str, act: Act) -> None:
        """Write an act down."""
        self._acts.append((self.at(when), what, act))

    async def play(self) -> None:
        """Take every act at its instant, and every night what the clock does.

        Raises:
            ValueError: an act lies in the future.
        """
        acts = sorted(self._acts, key=lambda act: act[0])
        if acts[-1][0] > self.now:
            raise ValueError(f"{acts[-1][1]} has not happened yet")
        night = next_night(acts[0][0])
        for instant, what, act in acts:
            while night < instant:
                await at_night(night)
                night += DAY
            await self._take(instant, what, act)
        while night < self.now:
            await at_night(night)
            night += DAY
        await at_night(self.now)

    async def _take(self, instant: datetime, what: str, act: Act) -> None:
        """One act. In a year whose calendar is only estimated the clock takes no step of its own on such days, so
        a story that waits for one ends there; with a confirmed calendar that is a mistake of the demo."""
        nick = what.partition(": ")[0]
        if nick in self._ended:
            return
        try:
            with clock.at(instant):
                await act()
        except (Refusal, LookupError) as error:
            if not self.calendar.is_provisional(clock.local_date(instant).year):
                error.add_note(f"in the demo: {what} at {instant:%Y-%m-%d %H:%M}")
                raise
            self._ended.add(nick)


@dataclass
class Story:
    """One record from its opening on."""

    stage: Stage
    nick: str
    family: Family

    @property
    def number(self) -> str:
        """Its number, once it is open."""
        return self.stage.numbers[self.nick]

    def opens(self, when: When, actor: Actor, entries: Form, about: str = "") -> Story:
        """It is opened, about the record called ``about``."""

        async def act() -> None:
            number = self.stage.numbers[about] if about else None
            form = filled(entries)
            assert form is not None
            moved = await open_case(actor, self.family, form, about=number)
            self.stage.numbers[self.nick] = moved.number

        self.stage.add(when, self.nick, act)
        return self

    def found(self, when: When, find: Find) -> Story:
        """Another record's act has opened it: look up its number."""

        async def act() -> None:
            self.stage.numbers[self.nick] = await find()

        self.stage.add(when, self.nick, act)
        return self

    def takes(self, when: When, actor: Actor, step: str, entries: Form = None, note: str | None = None) -> Story:
        """A step of it is taken."""

        async def act() -> None:
            await take_step(actor, self.family, self.number, step, filled(entries), note=note)

        self.stage.add(when, f"{self.nick}: {step}", act)
        return self

    def also(self, when: When, what: str, act: Act) -> Story:
        """Something else happens to it."""
        self.stage.add(when, f"{self.nick}: {what}", act)
        return self


async def make_stage(people: People) -> Stage:
    """An empty stage of today."""
    now = clock.now()
    async with reading() as db:
        calendar = await load_calendar(db, clock.local_date(now) - 366 * DAY)
    return Stage(people, calendar, now)


def form(model: type[F], **entries: Any) -> F:
    """A form, checked as when it comes from a browser."""
    return model.model_validate(entries)


def filled(entries: Form) -> Asked | None:
    """A form, filled in now if it waited for that."""
    return entries if entries is None or isinstance(entries, Asked) else entries()


async def at_night(instant: datetime) -> None:
    """What the house does by itself."""
    with clock.at(instant):
        await take_lapsed_steps()
        await open_due_notices()


def next_night(instant: datetime) -> datetime:
    """Ten minutes past the midnight after ``instant``."""
    return datetime.combine(clock.local_date(instant) + DAY, time(0, 10), LOCAL_ZONE)


def invented(seed: str) -> str:
    """A name that nobody bears here, always the same for a seed."""
    found = hash_of(seed)
    return SURNAMES[found % len(SURNAMES)] + GIVEN[found // 7 % len(GIVEN)]


def permit(seed: str) -> str:
    """An invented permit number."""
    return f"渝{hash_of(seed) * 7919 % 10**8:08d}"


def phone(seed: str, extension: int = 0) -> str:
    """An invented number in the town's net."""
    return f"023-6{(hash_of(seed) * 31 + extension * 17) % 10**7:07d}"


async def number_of(query: str, *values: Any) -> str:
    """The number that a query finds."""
    async with reading() as db:
        found = await db.fetchval(query, *values)
    if found is None:
        raise LookupError(f"nothing is there: {query} {values}")
    return str(found)


async def loan_of(stage: Stage, owner: str, purpose: str) -> str:
    """The newest loan of an agency's equipment that is out for a purpose."""
    return await number_of(
        "SELECT r.number FROM record r JOIN party p ON p.record = r.id AND p.part = 'owner'"
        " WHERE r.kind = 'loan' AND p.agency = $1 AND r.title = $2 AND r.state = 'out'"
        " ORDER BY r.opened_at DESC LIMIT 1",
        stage.agency(owner),
        purpose,
    )
