"""The form of the counter: what was ticked, counted and noted at one item after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.handover import GIVEN_FROM
from shared_resources.equipment.schemas.handover import Condition, Direction, HandoverDraft
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.web.forms import Form, parse
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from shared_resources.equipment.schemas.counter import Counter
    from shared_resources.equipment.schemas.loans import LineView, LoanPage
    from shared_resources.kernel.permissions import Actor


@dataclass
class Entry:
    """One item on the list of the counter: what it is, whether it may go this way, what was entered for it."""

    line: LineView
    why_not: Sentence | None = None
    checked: bool = False
    condition: str = Condition.GOOD
    checks: set[int] = field(default_factory=set)
    counts: dict[int, str] = field(default_factory=dict)
    wiped: bool = False
    photo: UUID | None = None
    note: str = ""

    @property
    def code(self) -> str:
        """The code as it is stored."""
        return self.line.code


def entries_of(
    loan: LoanPage, counter: Counter, direction: Direction, form: Form | None, me: UUID | None, at: datetime
) -> list[Entry]:
    """The items of a loan that could go this way, with what the form says of them."""
    waiting = {state.code for act in loan.handovers if act.state == "proposed" for state in act.items}
    wanted = [line for line in loan.lines if line.state in GIVEN_FROM[direction]]
    found = []
    for line in wanted:
        entry = Entry(line, why_not=obstacle(line, counter, direction, me, waiting, at))
        if form is not None:
            fill(entry, form)
        found.append(entry)
    return found


def obstacle(
    line: LineView, counter: Counter, direction: Direction, me: UUID | None, waiting: set[str], at: datetime
) -> Sentence | None:
    """Why this item cannot go just now; None when it can."""
    if line.code in waiting:
        return Sentence(N_("Waits for somebody to confirm a hand-over."))
    if direction is Direction.OUT and at < line.ready_from:
        return Sentence(N_("Not before %(from)s."), {"from": line.ready_from})
    if direction is not Direction.OUT and counter.gives and counter.holders.get(line.item) != me:
        return Sentence(N_("%(name)s holds it and has to hand it over."), {"name": line.holder_name_zh or "?"})
    return None


def tick(entries: Iterable[Entry], scanned: str) -> None:
    """Tick the item whose label led here, if it may go."""
    for entry in entries:
        entry.checked = entry.checked or (entry.code == scanned and entry.why_not is None)


def fill(entry: Entry, form: Form) -> None:
    """Put into ``entry`` what was entered for it."""
    code, line = entry.code, entry.line
    entry.checked = code in form.texts("items")
    entry.condition = form.text(f"condition-{code}") or Condition.GOOD
    entry.checks = {n for n in range(len(line.checklist)) if form.flag(f"check-{code}-{n}")}
    entry.counts = {n: form.text(f"count-{code}-{n}") for n in range(len(line.accessories))}
    entry.wiped = form.flag(f"wiped-{code}")
    entry.photo = as_id(form.text(f"kept-{code}"))
    entry.note = form.text(f"note-{code}")


async def take_photos(actor: Actor, entries: Iterable[Entry], form: Form) -> None:
    """Store the photos of the ticked items; they stay with the form when something else is wrong.

    Raises:
        Invalid, TooLarge: not a picture, or too big.
    """
    for entry in entries:
        upload = form.file(f"photo-{entry.code}") if entry.checked else None
        if upload is not None:
            entry.photo = await store_upload(actor, upload, images_only=True)


def draft_of(direction: Direction, entries: Iterable[Entry], form: Form) -> HandoverDraft:
    """What is proposed.

    Raises:
        Invalid, Refusals: nothing ticked, nobody chosen, a count that is no number.
    """
    ticked = [entry for entry in entries if entry.checked]
    if not ticked:
        raise Invalid(
            N_("No item is ticked."), do=N_("Scan the labels or tick the items that change hands."), field="items"
        )
    if not form.text("other"):
        raise Invalid(N_("The other person is missing."), do=N_("Choose who confirms."), field="other")
    return parse(
        HandoverDraft,
        {
            "direction": direction,
            "other": form.text("other"),
            "items": [state_of(entry) for entry in ticked],
            "place": form.text("place") or None,
            "note": form.text("note") or None,
        },
    )


def state_of(entry: Entry) -> Mapping[str, Any]:
    """One item's state in the words of ``ItemState``. A list that nobody touched was not looked at: no points."""
    line = entry.line
    return {
        "code": line.code,
        "condition": entry.condition,
        "checklist": {point: n in entry.checks for n, point in enumerate(line.checklist)} if entry.checks else {},
        "accessories": {name: entry.counts.get(n) or 0 for n, name in enumerate(line.accessories)},
        "wiped": entry.wiped,
        "photo": entry.photo,
        "note": entry.note or None,
    }


def named_errors(errors: Sequence[tuple[str, str]], entries: Iterable[Entry]) -> list[tuple[str, str]]:
    """Errors of one item's fields, such as ``items.2.accessories.x``, with that item's code before them."""
    codes = [grouped(entry.code) for entry in entries if entry.checked]
    named = []
    for field_name, sentence in errors:
        parts = field_name.split(".")
        inside = len(parts) > 2 and parts[0] == "items" and parts[1].isdigit() and int(parts[1]) < len(codes)
        named.append(("items", f"{codes[int(parts[1])]}: {sentence}") if inside else (field_name, sentence))
    return named


def as_id(text: str) -> UUID | None:
    """An id out of a form; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def likely_direction(loan: LoanPage, gives_out: bool) -> Direction:
    """What somebody most likely wants who opens the counter of this loan."""
    waits = any(line.state in GIVEN_FROM[Direction.OUT] for line in loan.lines)
    out = any(line.state in GIVEN_FROM[Direction.BACK] for line in loan.lines)
    return Direction.OUT if waits and (gives_out or not out) else Direction.BACK
