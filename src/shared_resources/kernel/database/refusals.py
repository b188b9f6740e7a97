"""Constraints that may refuse in daily work, and the sentence each of them says.

The constraint is the proof, the verb's own check is the courtesy: whoever slips between the two meets the
same sentence. Departments add theirs with ``speaks_for`` beside the table that bears the constraint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Refusal, Taken

if TYPE_CHECKING:
    from collections.abc import Callable

    import asyncpg

_sentences: dict[str, Callable[[], Refusal]] = {}


def speaks_for(
    constraint: str,
    sentence: str,
    *,
    kind: type[Refusal] = Taken,
    do: str = "",
    code: str = "",
    field: str | None = None,
) -> None:
    """Let ``constraint`` refuse with ``sentence`` (a msgid) instead of a bare database error."""
    _sentences[constraint] = lambda: kind(sentence, do=do, code=code or constraint, field=field)


def refusal_of(error: asyncpg.PostgresError) -> Refusal | None:
    """The refusal written for the constraint named in ``error``, or None when there is none."""
    make = _sentences.get(getattr(error, "constraint_name", None) or "")
    return make() if make else None
