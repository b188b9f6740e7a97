"""Names as pages show them, out of the columns of a row."""

from __future__ import annotations

from typing import Any

from shared_resources.equipment.schemas.loans import AgencyName, PersonName


def agency_columns(table: str, name: str) -> str:
    """SQL: the columns from which ``agency_in`` makes an agency called ``name``."""
    return (
        f"{table}.id AS {name}, {table}.slug AS {name}_slug, {table}.name_zh AS {name}_zh,"
        f" {table}.name_en AS {name}_en"
    )


def agency_in(row: Any, name: str) -> AgencyName:
    """The agency that ``agency_columns`` put into a row."""
    return AgencyName(id=row[name], slug=row[f"{name}_slug"], name_zh=row[f"{name}_zh"], name_en=row[f"{name}_en"])


def person_columns(table: str, name: str) -> str:
    """SQL: the columns from which ``person_in`` makes a person called ``name``."""
    return f"{table}.id AS {name}, {table}.name AS {name}_name"


def person_in(row: Any, name: str) -> PersonName:
    """The person that ``person_columns`` put into a row."""
    return PersonName(id=row[name], name=row[f"{name}_name"])
