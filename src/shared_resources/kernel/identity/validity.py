"""Who serves which agency on a day, as SQL: appointments, agencies and entrustments all have to be valid.

Dates are inclusive. An entrusted body rests with its entrustment (its own last day) and with the agency that
entrusted it (APP-1).
"""

from __future__ import annotations


def covers(table: str, day: str) -> str:
    """SQL: ``day`` (a placeholder) lies within ``valid_from`` and ``valid_to`` of ``table``."""
    return (
        f"({table}.valid_from IS NULL OR {table}.valid_from <= {day})"
        f" AND ({table}.valid_to IS NULL OR {table}.valid_to >= {day})"
    )


def agency_is_valid(table: str, day: str) -> str:
    """SQL: the agency and, where it is entrusted, the agency behind it are valid on ``day``."""
    return (
        f"({covers(table, day)} AND NOT EXISTS (SELECT FROM agency behind"
        f" WHERE behind.id = {table}.entrusted_by AND NOT ({covers('behind', day)})))"
    )


def served(person: str, day: str) -> str:
    """SQL: the agencies that ``person`` may act for on ``day``, one row each with the roles held there."""
    return (
        "SELECT a.id AS agency, a.slug, a.name_zh, a.name_en, a.county, a.office,"
        " array_agg(DISTINCT t.role) AS roles"
        " FROM appointment t JOIN agency a ON a.id = t.agency"
        f" WHERE t.person = {person} AND {covers('t', day)} AND {agency_is_valid('a', day)} GROUP BY a.id"
    )
