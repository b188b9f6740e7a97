"""A town that lends: agencies, depots, models, items, and forty bookings on every item, half past, half to come.

Four items at a time share their bookings and their loan. Everything follows from numbers, so all runs are alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from benchmarks.house import bare
from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of
from shared_resources.kernel.permissions import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENCIES, DEPOTS, CATEGORIES, MODELS = 26, 60, 20, 100
TOGETHER = 4
SLOT = timedelta(hours=144)
BUFFER = timedelta(minutes=60)
ALWAYS = json.dumps({str(day): [["00:00", "24:00"]] for day in range(1, 8)})
KINDS = ("agency", "person", "category", "model", "depot", "item", "cart", "loan", "line", "rule", "more")


@dataclass(frozen=True)
class Size:
    """How much there is."""

    items: int = 50_000
    lines_per_item: int = 40
    journal: int = 1_000_000

    @classmethod
    def of(cls, scale: float) -> Size:
        """The full size times ``scale``; every item keeps its forty bookings."""
        return cls(max(400, round(50_000 * scale / 400) * 400), 40, max(2_000, round(1_000_000 * scale)))

    @property
    def lines(self) -> int:
        """Booking lines in all."""
        return self.items * self.lines_per_item


@dataclass(frozen=True)
class Town:
    """What the measurements need of it."""

    size: Size
    at: datetime
    borrower: Actor
    depots: int = DEPOTS
    categories: int = CATEGORIES


def name(kind: str, number: int) -> UUID:
    """The identifier of a thing by its number."""
    return UUID(int=(KINDS.index(kind) + 1) << 96 | number)


def code(number: int) -> str:
    """A valid code for an item."""
    return code_of([number >> shift & 31 for shift in range(30, -1, -5)])


def shelf(item: int) -> tuple[int, int]:
    """Model and depot of an item."""
    group = item // TOGETHER
    return group % MODELS, group // MODELS % DEPOTS


def booking(group: int, place: int, at: datetime) -> tuple[str, datetime, datetime]:
    """State and period of the booking in a slot; slots below zero are past. One past one in fifty is still out."""
    start = at + place * SLOT + timedelta(hours=(group * 7919 + place * 104_729) % 80)
    end = start + timedelta(hours=8 + (group * 31 + place * 17) % 50)
    if place >= 0:
        return "reserved", start, end
    return ("out" if place == -1 and group % 50 == 0 else "done"), start, end


async def seed_lending(dsn: str, size: Size) -> Town:
    """Fill the database by COPY, indexes and constraints of the largest table afterwards."""
    at = clock.now().replace(minute=0, second=0, microsecond=0)
    async with bare(dsn, owner=True) as db:
        await db.execute("SET session_replication_role = replica")  # no foreign key is looked up while loading
        for table, columns, rows in (*people(at), *catalogue(), *stock(size, at)):
            await db.copy_records_to_table(table, records=rows, columns=columns)
        later = await without_indexes(db, "loan_line")
        for table, columns, rows in loans(size, at):
            await db.copy_records_to_table(table, records=rows, columns=columns)
        for statement in later:
            await db.execute(statement)
        await db.execute("VACUUM ANALYZE")
    person = name("person", 0)
    return Town(size, at, Actor(person, name("agency", 0), "officer", roles=frozenset({Role.OFFICER})))


Table = tuple[str, list[str], "Iterator[tuple[Any, ...]]"]


def people(at: datetime) -> Iterator[Table]:
    """Agencies with one officer each; every owner approves loans of up to sixty days by its rule."""
    numbers = range(AGENCIES)
    yield (
        "agency",
        ["id", "slug", "name_zh", "name_en", "level", "body", "joins_by_agreement", "is_sample"],
        (
            (name("agency", n), f"a{n}", f"机关 {n}", f"Agency {n}", "municipal", "administrative", False, True)
            for n in numbers
        ),
    )
    yield (
        "person",
        ["id", "username", "name", "locale", "is_system_admin", "is_active", "failed_sign_ins", "created_at"],
        ((name("person", n), f"p{n}", f"人员 {n}", "zh_CN", False, True, 0, at) for n in numbers),
    )
    yield (
        "appointment",
        ["id", "person", "agency", "role", "valid_from"],
        ((name("more", n), name("person", n), name("agency", n), "officer", at.date()) for n in numbers),
    )
    yield (
        "lending_rule",
        ["id", "agency", "automatic_hours", "requests_hold", "answer_days"],
        ((name("rule", n), name("agency", n), 1440, False, 1) for n in numbers),
    )


def catalogue() -> Iterator[Table]:
    """Categories, models and depots spread over the town."""
    yield (
        "category",
        ["id", "code", "resource", "name_zh", "name_en"],
        (
            (name("category", n), f"kind{n}", ("video", "radio", "instrument")[n % 3], f"种类 {n}", f"Kind {n}")
            for n in range(CATEGORIES)
        ),
    )
    yield (
        "model",
        [
            "id", "category", "name_zh", "name_en", "checklist", "accessories", "buffer_before_minutes",
            "buffer_after_minutes", "longest_loan_hours", "notice_hours", "evidence_needs_certificate",
        ],
        (
            (
                name("model", n), name("category", n % CATEGORIES), f"型号 {n}", f"Model {n}", "[]", "[]", 0, 60,
                8784, 0, False,
            )
            for n in range(MODELS)
        ),
    )  # fmt: skip
    yield (
        "depot",
        ["id", "agency", "name_zh", "name_en", "address", "latitude", "longitude", "timezone", "hours"],
        (
            (
                name("depot", n),
                name("agency", 1 + n % (AGENCIES - 1)),
                f"装备库 {n}",
                f"Depot {n}",
                "",
                29.3 + n * 7 % 60 / 60,
                106.2 + n * 11 % 60 / 60,
                "Asia/Shanghai",
                ALWAYS,
            )
            for n in range(DEPOTS)
        ),
    )


def owner_of(item: int) -> UUID:
    """The agency whose depot an item lies in; the first agency only borrows."""
    return name("agency", 1 + shelf(item)[1] % (AGENCIES - 1))


def stock(size: Size, at: datetime) -> Iterator[Table]:
    """The items with their records and custody heads; three in a hundred are in repair."""
    numbers = range(size.items)
    yield (
        "record",
        ["id", "number", "kind", "state", "version", "title", "opened_at", "changed_at"],
        (
            (name("item", n), f"E{n}", "item", "repair" if n % 33 == 0 else "available", 1, f"装备 {n}", at, at)
            for n in numbers
        ),
    )
    yield (
        "item",
        ["id", "owner", "code", "asset_no", "model", "depot", "condition", "registered_at"],
        (
            (
                name("item", n),
                owner_of(n),
                code(n),
                f"YJ-{n}",
                name("model", shelf(n)[0]),
                name("depot", shelf(n)[1]),
                "good",
                at,
            )
            for n in numbers
        ),
    )
    yield (
        "chain_head",
        ["id", "ledger", "chain", "seq", "hash"],
        ((name("item", n), "custody_line", name("item", n), 1 + n % 90, bytes(32)) for n in numbers),
    )


def loans(size: Size, at: datetime) -> Iterator[Table]:
    """A loan for each booking of four items, and a line for each item of it."""
    half = size.lines_per_item // 2
    booked = [
        (number, group, place)
        for number, (group, place) in enumerate(
            (group, place) for group in range(size.items // TOGETHER) for place in range(-half, half)
        )
    ]
    states = {"reserved": "approved", "out": "out", "done": "closed"}
    yield (
        "record",
        ["id", "number", "kind", "state", "version", "title", "opened_at", "changed_at"],
        (
            (name("loan", n), f"L{n}", "loan", states[booking(group, place, at)[0]], 1, "联合检查", at, at)
            for n, group, place in booked
        ),
    )
    yield ("cart", ["id", "borrower", "asked_by", "purpose", "created_at"],
           iter([(name("cart", 0), name("agency", 0), name("person", 0), "联合检查", at)]))  # fmt: skip
    yield (
        "loan",
        [
            "id", "owner", "borrower", "cart", "asked_by", "taker", "ground", "purpose", "mode", "evidential",
            "emergency", "starts_at", "ends_at",
        ],
        (loan_row(n, group, place, at) for n, group, place in booked),
    )  # fmt: skip
    yield (
        "loan_line",
        ["id", "owner", "loan", "model", "item", "by_model", "state", "period", "blocked", "out_at"],
        (line_row(n, group * TOGETHER + k, k, place, at) for n, group, place in booked for k in range(TOGETHER)),
    )


def loan_row(number: int, group: int, place: int, at: datetime) -> tuple[Any, ...]:
    """One loan; the borrowers take turns, one loan in twenty-six is the measuring agency's."""
    _, start, end = booking(group, place, at)
    owner = owner_of(group * TOGETHER)
    borrower = number % AGENCIES
    if name("agency", borrower) == owner:
        borrower = 0
    person = name("person", borrower)
    return (
        name("loan", number), owner, name("agency", borrower), name("cart", 0), person, person, "other",
        "联合检查", "loan", False, False, start, end,
    )  # fmt: skip


def line_row(loan: int, item: int, place_on_loan: int, place: int, at: datetime) -> tuple[Any, ...]:
    """One line."""
    state, start, end = booking(item // TOGETHER, place, at)
    return (
        name("line", loan * TOGETHER + place_on_loan), owner_of(item), name("loan", loan),
        name("model", shelf(item)[0]), name("item", item), True, state, asyncpg.Range(start, end),
        asyncpg.Range(start, end + BUFFER), start if state != "reserved" else None,
    )  # fmt: skip


async def without_indexes(db: asyncpg.Connection[Any], table: str) -> list[str]:
    """Drop what slows loading; returns the statements that bring it back."""
    constraints = await db.fetch(
        "SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint"
        " WHERE conrelid = $1::text::regclass AND contype IN ('x', 'p', 'u') ORDER BY contype",
        table,
    )
    for row in constraints:
        await db.execute(f"ALTER TABLE {table} DROP CONSTRAINT {row['conname']}")
    indexes = await db.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1", table)
    for row in indexes:
        await db.execute(f"DROP INDEX {row['indexname']}")
    return [row["indexdef"] for row in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {row['conname']} {row['said']}" for row in constraints
    ]
