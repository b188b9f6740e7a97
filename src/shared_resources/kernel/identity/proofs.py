"""Proving who one is: password and one-time code, every try counted.

Two steps, because no transaction may wait for argon2: ``prove`` looks, ``accept`` (inside the verb that uses the
proof) looks again under a lock and spends the code. Every failure says the same sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.errors import Invalid, NotAllowed, SignInNeeded
from shared_resources.kernel.identity import limits, otp, passwords
from shared_resources.kernel.identity.validity import served
from shared_resources.kernel.permissions import NOT_SIGNED_IN, Actor
from shared_resources.kernel.words import N_

LONGEST_NAME = 60


@dataclass(frozen=True)
class Proof:
    """A right password of ``person``, still to be accepted; ``attempt`` becomes a success then.

    ``step`` is the step of the one-time code; ``signs_in`` demands one where a second factor is confirmed.
    """

    person: UUID
    username: str
    attempt: UUID
    password_hash: str
    step: int | None = None
    signs_in: bool = False


def normal_username(username: str) -> str:
    """The sign-in name as it is stored and counted."""
    return username.strip().casefold().replace("\x00", "")[:LONGEST_NAME]


def refused() -> SignInNeeded:
    """The one answer to a wrong name, a wrong password and a wrong or used code."""
    return SignInNeeded(
        N_("Name, password or one-time code is not right."),
        do=N_("Check all three. A one-time code works once; wait for the next one."),
        code="sign_in_refused",
    )


def suspended() -> NotAllowed:
    """The answer to right credentials of somebody without a valid appointment (APP-1)."""
    return NotAllowed(
        N_("Your account is suspended: no appointment of yours is valid today."),
        do=N_("Ask your agency's administrator to check the dates of your appointment and of the agency."),
        code="suspended",
    )


def in_person(actor: Actor | None) -> UUID:
    """The person who acts, signed in themselves: programs do not change keys.

    Raises:
        SignInNeeded: nobody is signed in.
        NotAllowed: a token or the system acts.
    """
    if actor is None or (actor.person is None and not actor.is_system):
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    if actor.person is None or actor.scopes is not None:
        raise NotAllowed(
            N_("Only a person who is signed in can do this, not a token."),
            do=N_("Sign in on the pages."),
            code="in_person",
        )
    return actor.person


async def prove(username: str, password: str, code: str | None, address: str) -> Proof:
    """Check name, password and, where a second factor is confirmed, the code. Counts as a try.

    Raises:
        TooMany: too many tries.
        SignInNeeded: something is not right, and nobody learns what.
    """
    name = normal_username(username)
    attempt = await limits.claim_attempt(name, address)
    row = await _credentials("username = $1", name)
    right = await passwords.matches(row["password_hash"] if row else None, password)
    if row is None or not right or not row["is_active"]:
        raise refused()
    step = None
    if row["totp_confirmed_at"] is not None:
        step = otp.matching_step(row["totp_secret"], code or "", clock.now())
        if step is None:
            raise refused()
    return Proof(row["id"], row["username"], attempt, row["password_hash"], step, signs_in=True)


async def prove_password(actor: Actor | None, password: str, address: str = "") -> Proof:
    """Let a signed-in person prove their password again before they change their own keys. Counts as a try.

    Raises:
        TooMany: too many tries.
        Invalid: the password is not right.
    """
    row = await _credentials("id = $1", in_person(actor))
    attempt = await limits.claim_attempt(row["username"], address)
    if not await passwords.matches(row["password_hash"], password):
        raise Invalid(N_("The present password is not right."), code="password_wrong", field="password")
    return Proof(row["id"], row["username"], attempt, row["password_hash"])


async def accept(proof: Proof) -> list[Any]:
    """Within the running verb: take the proof, once; the person's row stays locked until the verb ends.

    Returns the agencies that the person may act for today.

    Raises:
        SignInNeeded: password or state changed meanwhile, or somebody was faster with the same code.
        NotAllowed: the account is suspended.
    """
    row = await connection().fetchrow(
        "UPDATE person SET totp_last_step = coalesce($3::int, totp_last_step)"
        " WHERE id = $1 AND is_active AND password_hash = $2"
        " AND ($3::int IS NULL OR totp_last_step IS NULL OR totp_last_step < $3::int)"
        " AND ($3::int IS NOT NULL OR totp_confirmed_at IS NULL OR NOT $4) RETURNING is_system_admin",
        proof.person,
        proof.password_hash,
        proof.step,
        proof.signs_in,
    )
    if row is None:
        raise refused()
    agencies: list[Any] = await connection().fetch(served("$1", "$2"), proof.person, clock.today())
    if not agencies and not row["is_system_admin"]:
        raise suspended()
    await limits.note_success(proof.attempt)
    return [] if row["is_system_admin"] else agencies


async def _credentials(condition: str, value: Any) -> Any:
    async with reading() as db:
        return await db.fetchrow(
            "SELECT id, username, password_hash, is_active, totp_secret, totp_confirmed_at FROM person WHERE "
            + condition,
            value,
        )
