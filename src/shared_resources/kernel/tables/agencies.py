"""Agencies, the people who work for them and the sign-ins they use (ROLES.md)."""

from __future__ import annotations

from typing import Any

from piccolo.columns import Array, Boolean, Bytea, Date, ForeignKey, Text
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from shared_resources.kernel.database.columns import identifier, instant, optional, required, text, whole


class Agency(Table):
    """An organ that takes part; also authorised and entrusted bodies (APP-1).

    ``office``: the standing office of the municipality it holds, if any. ``letter_code``: how its letters are
    numbered (渝应急). ``electronic_consent_on``: since when it consents to electronic transfers (TR-4a).
    """

    id = identifier()
    slug = text(unique=True)
    name_zh = text()
    name_en = text()
    level = text()
    body = text()
    credit_code = text(null=True)
    county = text(null=True)
    entrusted_by: ForeignKey[Any] = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
    joins_by_agreement = Boolean(default=False)
    office = text(null=True)
    letter_code = text(null=True)
    address = text(null=True)
    electronic_consent_on = Date(null=True, default=None)
    is_sample = Boolean(default=False)


class AgencyName(Table):
    """A former name of an agency and when it was in use: old papers stay findable."""

    id = identifier()
    agency = required(Agency)
    name_zh = text()
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)


class Person(Table):
    """One human being, one sign-in, whatever number of agencies they serve."""

    id = identifier()
    username = text(unique=True)
    name = text()
    email = text(null=True)
    mobile = text(null=True)
    locale = text()
    password_hash = text(null=True)
    totp_secret = Bytea(null=True, default=None)
    totp_confirmed_at = instant(null=True)
    totp_last_step = whole(null=True)
    is_system_admin = Boolean(default=False)
    is_active = Boolean(default=True)
    failed_sign_ins = whole(0)
    locked_until = instant(null=True)
    created_at = instant()


class Appointment(Table):
    """A role that a person holds in an agency, with its dates; officers carry their permit number."""

    id = identifier()
    person = required(Person)
    agency = required(Agency)
    role = text()
    unit = text(null=True)
    permit_no = text(null=True)
    valid_from = Date(null=False, default=None)
    valid_to = Date(null=True, default=None)


class DutyDesk(Table):
    """The desk of an agency that answers at any hour: emergency release (CO-1b) goes there."""

    id = identifier()
    agency = required(Agency)
    name = text()
    phone = text()


class DutyShift(Table):
    """Who sits at a duty desk from when to when."""

    id = identifier()
    desk = required(DutyDesk)
    person = required(Person)
    starts_at = instant()
    ends_at = instant()


class Session(Table):
    """A signed-in browser; the cookie holds the token, this row only its hash."""

    id = identifier()
    token_hash = Bytea(unique=True, default=None)
    person = required(Person)
    agency = optional(Agency)
    created_at = instant()
    last_seen_at = instant()
    expires_at = instant()
    revoked_at = instant(null=True)
    address = text(null=True)
    agent = text(null=True)


class ApiToken(Table):
    """A program's key: acts as its person, only within its scopes, until it expires."""

    id = identifier()
    token_hash = Bytea(unique=True, default=None)
    person = required(Person)
    agency = required(Agency)
    name = text()
    scopes = Array(base_column=Text(), default=list)
    created_at = instant()
    expires_at = instant()
    revoked_at = instant(null=True)
    last_used_at = instant(null=True)


class SignInAttempt(Table):
    """One try to sign in, for lock-out and rate limit; swept after a day."""

    id = identifier()
    username = text(index=True)
    address = text(index=True)
    at = instant()
    succeeded = Boolean(default=False)
