"""What pydantic finds wrong, in the house's words: one refusal for each field, as msgids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from litestar.exceptions import ValidationException

NEEDED = N_("This is needed.")
NO_NUMBER = N_("This is not a number.")
NO_DATE = N_("This is not a date.")
NO_INSTANT = N_("This is not a date with a time.")
NOT_RIGHT = N_("This value cannot be right.")

SENTENCES: Mapping[str, str] = {
    "bool_parsing": N_("This is either yes or no."),
    "bool_type": N_("This is either yes or no."),
    "date_from_datetime_inexact": NO_DATE,
    "date_from_datetime_parsing": NO_DATE,
    "date_parsing": NO_DATE,
    "date_type": NO_DATE,
    "datetime_from_date_parsing": NO_INSTANT,
    "datetime_parsing": NO_INSTANT,
    "datetime_type": NO_INSTANT,
    "decimal_parsing": NO_NUMBER,
    "decimal_type": NO_NUMBER,
    "enum": N_("Choose one of: %(expected)s."),
    "extra_forbidden": N_("There is no field of this name."),
    "finite_number": NO_NUMBER,
    "float_parsing": NO_NUMBER,
    "float_type": NO_NUMBER,
    "greater_than": N_("This must be more than %(gt)s."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "int_from_float": N_("This is not a whole number."),
    "int_parsing": N_("This is not a whole number."),
    "int_parsing_size": N_("This number is too large."),
    "int_type": N_("This is not a whole number."),
    "less_than": N_("This must be less than %(lt)s."),
    "less_than_equal": N_("This must be at most %(le)s."),
    "literal_error": N_("Choose one of: %(expected)s."),
    "missing": NEEDED,
    "string_pattern_mismatch": N_("This does not have the right form."),
    "string_too_long": N_("At most %(max_length)s characters fit here."),
    "string_too_short": N_("At least %(min_length)s characters are needed."),
    "string_type": N_("This is not a text."),
    "timezone_aware": N_("An instant needs its time zone, such as +08:00 or Z."),
    "too_long": N_("At most %(max_length)s are possible here."),
    "too_short": N_("At least %(min_length)s are needed here."),
    "uuid_parsing": N_("This is not an identifier."),
    "uuid_type": N_("This is not an identifier."),
}


def faults_of(error: ValidationError) -> Iterator[Invalid]:
    """One refusal for each thing that pydantic found."""
    yield from _faults(error.errors(include_url=False, include_input=False))


def faults_of_litestar(error: ValidationException) -> Iterator[Invalid]:
    """The same for what Litestar found in a body, a query or a path."""
    found = getattr(error.__cause__, "errors", None)
    if isinstance(found, list) and found:
        yield from _faults(found)
        return
    extra = error.extra if isinstance(error.extra, list) else []
    for line in extra:
        named = isinstance(line, dict) and line.get("key")
        yield Invalid(NOT_RIGHT, code="invalid", field=str(named) if named else None)
    if not extra:
        yield Invalid(NOT_RIGHT, code="invalid")


def _faults(found: Iterable[Any]) -> Iterator[Invalid]:
    for fault in found:
        kind, context = str(fault["type"]), dict(fault.get("ctx") or {})
        field = ".".join(str(part) for part in fault["loc"]) or None
        yield Invalid(_sentence(kind, context), code=_code(kind), field=field, **context)


def _sentence(kind: str, context: dict[str, Any]) -> str:
    if kind in ("string_too_short", "too_short") and context.get("min_length") == 1:
        return NEEDED
    if kind in ("value_error", "assertion_error"):
        said = str(context.pop("error", ""))
        context.clear()
        return said.replace("%", "%%") if "%" in said else said or NOT_RIGHT
    return SENTENCES.get(kind, NOT_RIGHT)


def _code(kind: str) -> str:
    """Our own words for programs, so that they do not depend on pydantic's."""
    return {"missing": "needed", "extra_forbidden": "unknown_field"}.get(kind, kind)
