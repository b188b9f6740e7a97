"""The one rule of what is free, as SQL: lists and verbs ask it in the same words.

An item is busy while a line has it, buffers included. Out past its end it is busy for any time, because nobody
knows when it comes back; back and not yet inspected as well, because nobody knows what came back.
"""

from __future__ import annotations

from shared_resources.equipment.rules.procedures import LINE_OCCUPIES

OCCUPIES = ", ".join(f"'{state}'" for state in sorted(LINE_OCCUPIES))
"""As literals, so that PostgreSQL knows the partial indexes fit."""


def holding(item: str, start: str, end: str, besides: str = "") -> str:
    """SQL: the line that has an item between two instants, if there is one.

    The active lines of an item never overlap, so the first one that ends after the beginning decides: one look
    into an index instead of a search through ranges.

    Args:
        item: what has the item's ``id`` and ``owner``.
        besides: the loan that asks; its own lines are no obstacle.
    """
    return (
        "SELECT next.loan, next.period, 'taken' AS why FROM (SELECT l.* FROM loan_line l"
        f" WHERE l.owner = {item}.owner AND l.item = {item}.id AND l.state IN ({OCCUPIES})"
        f" AND upper(l.blocked) > {start}{other('l', besides)} ORDER BY upper(l.blocked) LIMIT 1) next"
        f" WHERE lower(next.blocked) < {end}"
    )


def away(item: str, now: str, besides: str = "") -> str:
    """SQL: the lines for which an item is busy whatever the time: late by the clock at ``now``, or uninspected."""
    return (
        "SELECT k.loan, k.period, CASE k.state WHEN 'back' THEN 'uninspected' ELSE 'late' END AS why"
        f" FROM loan_line k WHERE k.owner = {item}.owner AND k.item = {item}.id"
        f" AND k.state IN ('out', 'back') AND (k.state = 'back' OR upper(k.period) <= {now}){other('k', besides)}"
    )


def other(line: str, loan: str) -> str:
    """SQL: further, that a line is not of this loan."""
    return f" AND {line}.loan IS DISTINCT FROM {loan}" if loan else ""


SHELF = (
    "shelf AS MATERIALIZED (SELECT i.id, i.code, i.model, i.depot, i.owner, m.buffer_before_minutes,"
    " m.buffer_after_minutes, m.evidence_needs_certificate, d.timezone FROM item i JOIN record r ON r.id = i.id"
    " JOIN model m ON m.id = i.model JOIN category c ON c.id = m.category JOIN depot d ON d.id = i.depot"
    " JOIN agency a ON a.id = i.owner WHERE r.state = 'available'{where})"
)
"""The items in question. Materialized: PostgreSQL would else look into the bookings of every item there is."""
FROM = "$1::timestamptz - make_interval(mins => s.buffer_before_minutes)"
UNTIL = "$2::timestamptz + make_interval(mins => s.buffer_after_minutes)"
FREE = (
    "free AS (SELECT s.id, s.code, s.model, s.depot, s.owner, coalesce(h.seq, 0) AS wear FROM shelf s"
    " LEFT JOIN chain_head h ON h.ledger = 'custody_line' AND h.chain = s.id"
    f" WHERE NOT EXISTS ({holding('s', FROM, UNTIL)}) AND NOT EXISTS ({away('s', '$3')})"
    " AND (NOT $4::boolean OR NOT s.evidence_needs_certificate OR EXISTS (SELECT FROM certificate f"
    "  WHERE f.item = s.id AND f.voided_at IS NULL AND (f.valid_from::timestamp AT TIME ZONE s.timezone) <= $1"
    "  AND $2 <= ((f.valid_to + 1)::timestamp AT TIME ZONE s.timezone))))"
)
"""Those that could be lent from $1 to $2, by the clock at $3, as evidence if $4. ``wear``: changes of hands."""
