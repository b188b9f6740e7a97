"""The second factor: a phone's one-time codes beside the password.

The secret has to be readable to check a code, so it is stored as it is: whoever can read the table ``person``
can make codes. It protects against stolen passwords, not against a stolen database (see docs/administrators).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identity import otp
from shared_resources.kernel.identity.authority import require_over
from shared_resources.kernel.identity.proofs import Proof, accept, in_person, prove_password
from shared_resources.kernel.qr import picture
from shared_resources.kernel.schemas.people import Enrolment
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.qr import picture
from shared_resources.kernel.permissions import Actor

SECRET_BYTES = 20
CLEARED = "UPDATE person SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = $1"


@verb
async def enrol(actor: Actor) -> Enrolment:
    """Begin: a new secret for the phone, shown this once. It counts only after ``confirm``.

    Raises:
        WrongState: a second factor is in use already.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    username = await connection().fetchval(
        "UPDATE person SET totp_secret = $2 WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING username",
        in_person(actor),
        secret,
    )
    if username is None:
        raise WrongState(
            N_("A second factor is in use already."),
            do=N_("Switch it off first, then set up the new phone."),
            code="second_factor_on",
        )
    uri = otp.address(secret, username)
    return Enrolment(secret=otp.readable(secret), uri=uri, svg=picture(uri))


@verb
async def confirm(actor: Actor, code: str) -> None:
    """Finish: the phone's first code is right; from now on every sign-in needs one.

    Raises:
        WrongState: nothing was begun, or it is finished already.
        Invalid: the code is not right.
    """
    person, at = in_person(actor), clock.now()
    secret = await connection().fetchval(
        "SELECT totp_secret FROM person WHERE id = $1 AND totp_confirmed_at IS NULL FOR NO KEY UPDATE", person
    )
    if secret is None:
        raise WrongState(
            N_("There is no second factor to confirm."),
            do=N_("Begin again and scan the new code."),
            code="second_factor_not_begun",
        )
    step = otp.matching_step(secret, code, at)
    if step is None:
        raise Invalid(
            N_("This code is not right."),
            do=N_("Check that the phone's clock is set automatically, then type the next code."),
            code="code_wrong",
            field="code",
        )
    await connection().execute(
        "UPDATE person SET totp_confirmed_at = $2, totp_last_step = $3 WHERE id = $1", person, at, step
    )


async def disable(actor: Actor, password: str, address: str = "") -> None:
    """Switch one's own second factor off, with one's password. Counts as a try.

    Raises:
        TooMany: too many tries.
        Invalid: the password is not right.
    """
    await _disable(await prove_password(actor, password, address))


@verb
async def _disable(proof: Proof) -> None:
    await accept(proof)
    await connection().execute(CLEARED, proof.person)


@verb
async def disable_for(actor: Actor, person: UUID) -> None:
    """Switch a colleague's second factor off (lost phone); by an administrator who answers for the person.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    await require_over(actor, person)
    await connection().execute(CLEARED, person)
