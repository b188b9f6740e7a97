"""What was measured, as lines of text and as a page."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared_resources.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.seed import Size

PAGE = Path(__file__).with_name("README.md")


@dataclass(frozen=True)
class Figure:
    """One figure; ``aim`` says what it should be and ``reached`` whether it is (None: for information)."""

    what: str
    value: str
    aim: str = ""
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the aim is reached, in a word."""
        return {True: "yes", False: "no", None: ""}[self.reached]


def as_text(figures: Sequence[Figure], size: Size, seconds: float) -> str:
    """For the terminal."""
    lines = [f"{size.items:,} items, {size.lines:,} booking lines; {seconds:.0f} s in all"]
    lines += [
        f"{figure.what:<72} {figure.value:>14}  {figure.aim}{' ' + figure.verdict if figure.aim else ''}"
        for figure in figures
    ]
    return "\n".join(lines)


def write(figures: Sequence[Figure], size: Size, seconds: float) -> None:
    """The page that stands in the repository."""
    rows = "\n".join(f"| {figure.what} | {figure.value} | {figure.aim} | {figure.verdict} |" for figure in figures)
    PAGE.write_text(
        f"""# Benchmarks

`make bench` measures and writes this page; `python -m benchmarks --scale 0.01 --only free` tries a part of it.
Last run on {clock.today().isoformat()}: {size.items:,} items, {size.lines:,} booking lines,
{size.journal:,} journal lines, {seconds / 60:.1f} minutes in all, PostgreSQL and Python
{platform.python_version()} together on the same processors. Read the ratios: other work moves the times.

| what | measured | aim | reached |
| --- | ---: | --- | --- |
{rows}

## How

- **Booking.** One `request_booking` of one item that the owner's rule approves at once. Its statements are
  recorded and sent again through bare asyncpg; both sides roll back, so both find the same database each time.
  The server does not wait for the disk (`fsync=off`): what the house adds weighs most then.
- **What is free.** One kind of equipment, near a depot, for a random time of the next seven weeks, over all
  agencies; the time is that of the first page, up to 200 groups. All pages of the samples are compared with a
  plain loop in Python over all booking lines.
- **Calendar.** {min(1000, size.items):,} rows of 14 days, against the same statements through bare asyncpg.
- **Ledger.** `verify_all`, which recomputes every hash, link, head and state, against a loop that only computes
  SHA-256 over the same bodies already in memory.
- **Footage.** One made-up file in pieces through the upload, its digests, and as a pack whose values are
  known; each against a bare copy of the same file with its SHA-256.
- **Laboratories.** 500 laboratories with 200 scope rows each; a search is two words and a day, answered with
  the earliest day of each laboratory. Reports are signed one after the other, each with its checks, PDF and
  journal lines.
- **Inbox.** The first page of what an agency owes and how much it owes and is owed, of 26 agencies with 10,000
  open answers either way, against the same statements through bare asyncpg.
- **Letters.** A 函 of two pages, no paragraph of which an earlier letter had, with the faces that the install
  brings, against WeasyPrint with the same words, face and about the same measures; both have read style and face
  before.
""",
        encoding="utf-8",
    )
