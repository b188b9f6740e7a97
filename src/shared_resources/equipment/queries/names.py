"""Names and fields as pages show them, out of the columns of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.schemas.loans import AgencyName, PersonName

if TYPE_CHECKING:
    from pydantic import BaseModel


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


HOLDER_NAMES = "coalesce(hp.name, hd.name_zh) AS {0}_zh, coalesce(hp.name, hd.name_en) AS {0}_en"
"""SQL: what the person or depot that holds an item is called; over the tables that ``holder_tables`` joins."""


def holder_tables(line: str) -> str:
    """SQL: the person or the depot that a line of custody names as holder."""
    return (
        f" LEFT JOIN person hp ON {line}.holder_kind = 'person' AND hp.id::text = {line}.holder"
        f" LEFT JOIN depot hd ON {line}.holder_kind = 'depot' AND hd.id::text = {line}.holder"
    )


def held(item: str) -> str:
    """SQL: the last line of custody of an item, as ``held``, with its holder."""
    return (
        " LEFT JOIN LATERAL (SELECT holder_kind, holder, holder_agency, loan FROM custody_line"
        f"  WHERE chain = {item} ORDER BY seq DESC LIMIT 1) held ON true{holder_tables('held')}"
    )


def fields_of(view: type[BaseModel], row: Any) -> dict[str, Any]:
    """Those columns of a row that a view has as fields."""
    return {name: row[name] for name in view.model_fields if name in row.keys()}  # noqa: SIM118 a Record
