"""Columns that Piccolo does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import asyncpg
from piccolo.columns import UUID, ForeignKey, Integer, Text, Timestamptz
from piccolo.columns.base import Column, OnDelete

if TYPE_CHECKING:
    from piccolo.table import Table


class TstzRange(Column):
    """A half-open range of instants (``tstzrange``); values are ``asyncpg.Range``."""

    value_type = asyncpg.Range

    def __init__(self, default: Any = None, **kwargs: Any) -> None:
        self.default = default
        super().__init__(default=default, **kwargs)

    @property
    def column_type(self) -> str:
        """The PostgreSQL type, for migrations."""
        return "tstzrange"

    @overload
    def __get__(self, obj: Table, objtype: Any = None) -> asyncpg.Range: ...
    @overload
    def __get__(self, obj: None, objtype: Any = None) -> TstzRange: ...
    def __get__(self, obj: Any, objtype: Any = None) -> Any:
        return obj.__dict__[self._meta.name] if obj else self

    def __set__(self, obj: Any, value: asyncpg.Range | None) -> None:
        obj.__dict__[self._meta.name] = value


class DateRange(TstzRange):
    """A range of days (``daterange``); PostgreSQL keeps it half-open."""

    @property
    def column_type(self) -> str:
        """The PostgreSQL type, for migrations."""
        return "daterange"


def identifier() -> UUID:
    """A primary key given by ``kernel.identifiers.new_id``, never by the database."""
    return UUID(primary_key=True, default=None, null=False)


def required(references: type[Table]) -> ForeignKey[Any]:
    """A link that must exist; its target cannot be removed while somebody points to it."""
    return ForeignKey(references, null=False, default=None, on_delete=OnDelete.restrict, index=True)


def optional(references: type[Table]) -> ForeignKey[Any]:
    """A link that may be empty; its target cannot be removed while somebody points to it."""
    return ForeignKey(references, null=True, default=None, on_delete=OnDelete.restrict)


def instant(*, null: bool = False) -> Timestamptz:
    """An instant (UTC) that the verb gives: the database's clock is never asked."""
    return Timestamptz(null=null, default=None)


def text(*, null: bool = False, unique: bool = False, index: bool = False) -> Text:
    """A text without a default; empty only where the verb says so."""
    return Text(null=null, default=None, unique=unique, index=index)


def whole(default: int | None = None, *, null: bool = False) -> Integer:
    """A whole number."""
    return Integer(default=default, null=null)
