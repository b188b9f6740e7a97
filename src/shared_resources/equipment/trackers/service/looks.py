"""The only two doors to coordinates: each look is logged in the transaction that gives it, or it is not given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.queries.live import areas_in, loan_row, map_item, map_rows
from shared_resources.equipment.trackers.queries.tracks import parts_of, points_of
from shared_resources.equipment.trackers.queries.visible import positions_visible, refuse_track
from shared_resources.equipment.trackers.schemas.positions import Track, TrackedItem
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import not_found

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from shared_resources.equipment.trackers.schemas.positions import MapItem, TrackPart
    from shared_resources.kernel.permissions import Actor

ONE_LOOK = timedelta(minutes=15)
"""Looks of one person at one tracker on one loan by one page within this time are one look."""
DEPOT = ("depot_latitude", "depot_longitude", "depot_name_zh", "depot_name_en")


@verb
async def map_items(actor: Actor, *, view: str = "map") -> tuple[MapItem, ...]:
    """Everything that is out now with a tracker on it, on either side of the reader, the earliest due first.

    Args:
        view: ``map``, or ``live`` for what an open page fetches by itself.

    Raises:
        SignInNeeded, NotFound, NotAllowed: see ``visible.positions_visible``.
    """
    rows = await map_rows(positions_visible(actor))
    await log_looks(actor, {(row["loan_id"], row["tracker"]) for row in rows if row["latitude"] is not None}, view)
    return tuple(map_item(row) for row in rows)


@verb
async def track_of_loan(
    actor: Actor,
    number: str,
    *,
    tracker: str | None = None,
    item: str | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
    view: str = "track",
) -> Track:
    """The track of a loan while it runs, or as evidence.

    Args:
        tracker: only of the tracker with this number.
        item: only of the item with this code.
        starts, ends: only of this time.
        view: ``track``, or ``export`` for a file; evidence is always logged as such.

    Raises:
        SignInNeeded, NotFound, NotAllowed, WrongState: see ``visible.refuse_track``; also for a tracker or item
            that is not on the loan.
    """
    loan = await loan_row(connection(), number)
    evidence = refuse_track(actor, loan["owner"], loan["borrower"], loan["state"], held=loan["held"])
    rows = await parts_of(loan["owner"], loan["id"])
    asked = [row for row in rows if tracker in (None, row["tracker_number"]) and item in (None, row["code"])]
    if not asked and (tracker or item):
        raise not_found()
    parts = await points_of(asked, starts, ends, clock.now())
    seen = {(loan["id"], row["tracker"]) for row in asked}
    await log_looks(actor, seen, "evidence" if evidence else view)
    return _track(actor, loan, rows, parts, evidence=evidence)


async def log_looks(actor: Actor, seen: Collection[tuple[UUID, UUID]], view: str) -> None:
    """Log that ``actor`` sees positions of these loans and trackers by ``view``, within the running verb."""
    if not seen:
        return
    now = clock.now()
    await connection().execute(
        "INSERT INTO position_look (id, person, agency, loan, tracker, view, at)"
        " SELECT w.id, $4, $5, w.loan, w.tracker, $6, $7 FROM unnest($1::uuid[], $2::uuid[], $3::uuid[])"
        " AS w (id, loan, tracker) WHERE NOT EXISTS (SELECT FROM position_look k WHERE k.person = $4"
        " AND k.loan = w.loan AND k.tracker = w.tracker AND k.view = $6 AND k.at > $8 AND k.at <= $7)",
        [new_id() for _ in seen],
        [loan for loan, _ in seen],
        [tracker for _, tracker in seen],
        actor.person,
        actor.agency,
        view,
        now,
        now - ONE_LOOK,
    )


def _track(actor: Actor, loan: Any, rows: Sequence[Any], parts: tuple[TrackPart, ...], *, evidence: bool) -> Track:
    places = {row["depot_name_zh"]: row for row in rows}
    depot = next(iter(places.values())) if places else None
    named = {(row["tracker_number"], row["code"]): row["tracker_name"] for row in rows}
    return Track(
        loan=loan["number"],
        title=loan["title"],
        state=loan["state"],
        side="owner" if actor.agency == loan["owner"] else "borrower",
        is_evidence=evidence,
        starts_at=loan["starts_at"],
        ends_at=loan["ends_at"],
        **{name: depot[name] if depot else None for name in DEPOT},
        areas=areas_in(loan),
        trackers=tuple(
            TrackedItem(code=code, tracker_number=number, tracker_name=name)
            for (number, code), name in named.items()
        ),
        parts=parts,
    )
