"""Refusals: what went wrong, how it is said, what to do about it.

A refusal carries its HTTP status, a stable ``code`` for programs and a translatable sentence for people;
one translator in ``kernel/web`` renders it as a page or as ``application/problem+json`` (RFC 9457).
"""

from __future__ import annotations

from typing import Any

from shared_resources.kernel.words import Sentence


class Refusal(Exception):
    """An act that may not happen. ``sentence`` and ``do`` are msgids marked with ``N_``."""

    status: int = 400

    def __init__(
        self, sentence: str, *, do: str = "", code: str = "", field: str | None = None, **params: Any
    ) -> None:
        self.sentence = Sentence(sentence, params)
        self.do = Sentence(do, params) if do else None
        self.code = code or type(self).__name__.lower()
        self.field = field
        super().__init__(str(self.sentence))


class Invalid(Refusal):
    """The request itself cannot be right (422)."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or none that this reader may know of (404)."""

    status = 404


class NotAllowed(Refusal):
    """The actor may know of the thing but may not do this to it (403)."""

    status = 403


class SignInNeeded(Refusal):
    """Nobody is signed in (401)."""

    status = 401


class WrongState(Refusal):
    """The thing has moved on; the act no longer fits its state (409)."""

    status = 409


class Taken(Refusal):
    """Somebody else was first (409)."""

    status = 409


class TooMany(Refusal):
    """Too many attempts; ``seconds`` until the next is worth making (429)."""

    status = 429

    def __init__(self, sentence: str, *, seconds: int, **params: Any) -> None:
        self.seconds = seconds
        super().__init__(sentence, seconds=seconds, **params)


class TooLarge(Refusal):
    """More bytes than the limit (413)."""

    status = 413


class Locked(Refusal):
    """Somebody is at it this very moment (423)."""

    status = 423


class Unavailable(Refusal):
    """Something that we lean on does not answer (503)."""

    status = 503


class Refusals(Refusal):
    """All reasons against a request at once, so that nobody has to try five times."""

    status = 422

    def __init__(self, reasons: list[Refusal]) -> None:
        if not reasons:
            raise ValueError("refusals without a reason")
        self.reasons = tuple(reasons)
        first = reasons[0]
        super().__init__(first.sentence.msgid, code=first.code, field=first.field, **first.sentence.params)
        self.do = first.do
        self.status = max(reason.status for reason in reasons)


def raise_all(reasons: list[Refusal]) -> None:
    """Raise the one reason, or all of them together; do nothing when there is none."""
    if len(reasons) == 1:
        raise reasons[0]
    if reasons:
        raise Refusals(reasons)


class Repeated(Refusal):
    """This very act was done before: the earlier one stands, this one changes nothing (409)."""

    status = 409
