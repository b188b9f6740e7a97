"""Identifiers of rows: time-ordered UUIDs (RFC 9562, version 7)."""

from __future__ import annotations

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """A new UUIDv7: unguessable enough for ids, sorted by birth, so indexes stay dense."""
    return UUID(int=uuid7().int)
