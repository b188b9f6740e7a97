"""Tokens for programs: a person's key with fewer permissions, for one agency, with a last day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.keys import TOKEN_MARK, digest, new_key
from shared_resources.kernel.identity.proofs import in_person
from shared_resources.kernel.permissions import (
    MATRIX,
    Actor,
    Permission,
    Relation,
    Role,
    not_found,
    require,
)
from shared_resources.kernel.schemas.people import NewToken, TokenDraft
from shared_resources.kernel.words import N_

LONGEST = timedelta(days=365)
MOST = 20
NEVER_GRANTED = frozenset({Permission.TOKEN_EDIT, Permission.SESSION_END, Permission.PERSON_EDIT})
"""A key cuts no keys: a token that leaked must not be able to make itself last."""


def grantable(roles: frozenset[Role]) -> frozenset[Permission]:
    """The permissions that a person with these roles may hand to a token: their own."""
    own = {
        permission for permission, row in MATRIX.items() if any(row_roles & roles for row_roles in row.values())
    }
    return frozenset(own - NEVER_GRANTED)


@verb
async def create_token(actor: Actor, draft: TokenDraft) -> NewToken:
    """Make a token that acts as ``actor`` for the agency they act for now. The key is shown this once.

    Raises:
        NotAllowed: another token asks, or the role does not allow it.
        Refusals: no name, no or foreign scopes, an end in the past or more than a year ahead, too many tokens.
    """
    person = in_person(actor)
    require(actor, Permission.TOKEN_EDIT, {Relation.SELF})
    if actor.agency is None:
        raise not_found()
    await connection().execute("SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE", person)
    at = clock.now()
    living = await connection().fetchval(
        "SELECT count(*) FROM api_token WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2", person, at
    )
    raise_all(_against(actor, draft, living))
    made = NewToken(id=new_id(), token=TOKEN_MARK + new_key(), expires_at=draft.expires_at)
    await connection().execute(
        "INSERT INTO api_token (id, token_hash, person, agency, name, scopes, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        made.id,
        digest(made.token),
        person,
        actor.agency,
        draft.name,
        sorted(draft.scopes),
        at,
        draft.expires_at,
    )
    return made


@verb
async def revoke_token(actor: Actor, token: UUID) -> None:
    """End one of one's own tokens.

    Raises:
        NotFound: it is not one's own, or over.
    """
    done = await connection().execute(
        "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND person = $2 AND revoked_at IS NULL",
        token,
        in_person(actor),
        clock.now(),
    )
    if done == "UPDATE 0":
        raise not_found()


async def revoke_tokens(person: UUID) -> None:
    """Within the running verb: end all tokens of a person."""
    await connection().execute(
        "UPDATE api_token SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL", person, clock.now()
    )


def _against(actor: Actor, draft: TokenDraft, living: int) -> list[Refusal]:
    reasons: list[Refusal] = []
    if not draft.name:
        reasons.append(Invalid(N_("A name is needed."), code="name", field="name"))
    if not draft.scopes:
        reasons.append(Invalid(N_("Choose at least one permission."), code="scopes_empty", field="scopes"))
    if foreign := sorted(draft.scopes - grantable(actor.roles)):
        reasons.append(
            Invalid(
                N_("You cannot give what you do not have: %(scopes)s."),
                do=N_("Choose among your own permissions."),
                code="scopes_foreign",
                field="scopes",
                scopes=", ".join(foreign),
            )
        )
    if not clock.now() < draft.expires_at <= clock.now() + LONGEST:
        reasons.append(
            Invalid(
                N_("A token ends in the future, within one year."),
                do=N_("Choose an earlier day, or one that is not over yet."),
                code="token_expiry",
                field="expires_at",
            )
        )
    if living >= MOST:
        reasons.append(
            Invalid(
                N_("You have %(count)d tokens already."),
                do=N_("Revoke one that is no longer used."),
                code="too_many_tokens",
                count=living,
            )
        )
    return reasons
