"""Verbs on people: taken in, changed, put to rest; and what everybody may change of themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState, raise_all
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity import passwords
from shared_resources.kernel.identity.appointments import agency_to_appoint_in, insert_appointment
from shared_resources.kernel.identity.authority import relations_to, require_over, standing_of
from shared_resources.kernel.identity.links import sign_link
from shared_resources.kernel.identity.proofs import Proof, accept, in_person, normal_username, prove_password
from shared_resources.kernel.identity.sessions import revoke_sessions
from shared_resources.kernel.identity.tokens import revoke_tokens
from shared_resources.kernel.permissions import Permission, Relation, require
from shared_resources.kernel.schemas.people import AppointmentDraft, Locale, NewPerson, PersonDraft, PersonEdit
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

USERNAME = re.compile(r"[a-z0-9]([a-z0-9._-]{1,58})[a-z0-9]")

speaks_for(
    "person_username_key",
    N_("This sign-in name is taken."),
    do=N_("Choose another one, for example with the agency in front."),
    code="username_taken",
    field="username",
)


async def create_person(actor: Actor, draft: PersonDraft, appointment: AppointmentDraft) -> NewPerson:
    """Take in a person with a first role. Without a password they get a one-time link to choose one.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid, Refusals: the reasons against the two drafts.
        Taken: the sign-in name is in use.
    """
    password_hash = await _checked_hash(draft)
    return await _create_person(actor, draft, appointment, password_hash)


@verb
async def _create_person(
    actor: Actor, draft: PersonDraft, appointment: AppointmentDraft, password_hash: str | None
) -> NewPerson:
    agency = await agency_to_appoint_in(actor, appointment)
    require(actor, Permission.PERSON_EDIT, actor.relations(agency))
    person = await _insert_person(draft, password_hash, is_system_admin=False)
    await insert_appointment(person, agency, appointment)
    return NewPerson(id=person, link_token=None if password_hash else sign_link(person, None))


async def create_administrator(actor: Actor, draft: PersonDraft) -> NewPerson:
    """Take in a further system administrator; by one of them.

    Raises:
        NotAllowed: not a system administrator.
        Invalid, Taken: as ``create_person``.
    """
    password_hash = await _checked_hash(draft)
    return await _create_administrator(actor, draft, password_hash)


@verb
async def _create_administrator(actor: Actor, draft: PersonDraft, password_hash: str | None) -> NewPerson:
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    in_person(actor)
    person = await _insert_person(draft, password_hash, is_system_admin=True)
    return NewPerson(id=person, link_token=None if password_hash else sign_link(person, None))


async def create_first_administrator(username: str, name: str, password: str) -> UUID:
    """The first system administrator, from the command line; returns their id.

    Raises:
        WrongState: there is one already.
        Invalid: name or password cannot be used.
        Taken: the sign-in name is in use.
    """
    draft = PersonDraft(username=username, name=name, password=password)
    return await _create_first(draft, await _checked_hash(draft))


@verb
async def _create_first(draft: PersonDraft, password_hash: str | None) -> UUID:
    await connection().execute("SELECT pg_advisory_xact_lock(hashtextextended('first administrator', 0))")
    if await connection().fetchval("SELECT EXISTS (SELECT FROM person WHERE is_system_admin AND is_active)"):
        raise WrongState(
            N_("There is a system administrator already."),
            do=N_("Let them make further accounts."),
            code="administrator_exists",
        )
    return await _insert_person(draft, password_hash, is_system_admin=True)


async def _checked_hash(draft: PersonDraft) -> str | None:
    """The hash of the draft's password, or None when a link is to be made; the draft itself is checked too."""
    reasons: list[Invalid] = []
    username = normal_username(draft.username)
    if not USERNAME.fullmatch(username):
        reasons.append(
            Invalid(
                N_("A sign-in name has 3 to 60 small letters, digits, dots, hyphens or underscores."),
                do=N_("Write it like zhao.keeper."),
                code="username",
                field="username",
            )
        )
    if not draft.name:
        reasons.append(Invalid(N_("A name is needed."), code="name", field="name"))
    if draft.password is not None:
        try:
            passwords.check_password(draft.password, username=username)
        except Invalid as reason:
            reasons.append(reason)
    raise_all(list(reasons))
    return None if draft.password is None else await passwords.make_hash(draft.password)


async def _insert_person(draft: PersonDraft, password_hash: str | None, *, is_system_admin: bool) -> UUID:
    person = new_id()
    await connection().execute(
        "INSERT INTO person (id, username, name, email, mobile, locale, password_hash, is_system_admin, is_active,"
        " failed_sign_ins, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true, 0, $9)",
        person,
        normal_username(draft.username),
        draft.name,
        draft.email or None,
        draft.mobile or None,
        draft.locale,
        password_hash,
        is_system_admin,
        clock.now(),
    )
    return person


@verb
async def edit_person(actor: Actor, person: UUID, edit: PersonEdit) -> None:
    """Change name and contact; one's own name only through an administrator: it stands on papers.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: no name.
    """
    standing = await standing_of(person)
    relations = relations_to(actor, standing)
    require(actor, Permission.PERSON_EDIT, relations)
    if not edit.name:
        raise Invalid(N_("A name is needed."), code="name", field="name")
    if edit.name != standing.name and Relation.SELF in relations:
        raise NotAllowed(
            N_("Your name stands on papers; an administrator has to change it."),
            do=N_("Ask your agency's administrator."),
            code="own_name",
        )
    await connection().execute(
        "UPDATE person SET name = $2, email = $3, mobile = $4 WHERE id = $1",
        person,
        edit.name,
        edit.email or None,
        edit.mobile or None,
    )


@verb
async def deactivate(actor: Actor, person: UUID) -> None:
    """Put an account to rest: signed out everywhere, tokens ended. What the person did stays on record.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    await require_over(actor, person)
    await connection().execute("UPDATE person SET is_active = false WHERE id = $1", person)
    await revoke_sessions(person)
    await revoke_tokens(person)


@verb
async def reactivate(actor: Actor, person: UUID) -> None:
    """Let a resting account be used again, with its old password; tokens stay ended.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    await require_over(actor, person)
    await connection().execute("UPDATE person SET is_active = true WHERE id = $1", person)


@verb
async def end_sessions_of(actor: Actor, person: UUID) -> int:
    """Sign a person out everywhere; returns how many sessions ended.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    await require_over(actor, person, Permission.SESSION_END)
    return await revoke_sessions(person)


@verb
async def unlock(actor: Actor, person: UUID) -> None:
    """Forget somebody's failed tries, so that they need not wait.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    standing = await require_over(actor, person)
    await connection().execute(
        "DELETE FROM sign_in_attempt WHERE username = $1 AND NOT succeeded", standing.username
    )


async def change_password(
    actor: Actor, present: str, new: str, keep: str | None = None, address: str = ""
) -> None:
    """Change one's own password; all sessions end but the one whose key is ``keep``. Counts as a try.

    Raises:
        TooMany: too many tries.
        Invalid: the present password is not right, or the new one is too easy.
    """
    proof = await prove_password(actor, present, address)
    passwords.check_password(new, username=proof.username, field="new_password")
    await _change_password(proof, await passwords.make_hash(new), keep)


@verb
async def _change_password(proof: Proof, password_hash: str, keep: str | None) -> None:
    await accept(proof)
    await connection().execute("UPDATE person SET password_hash = $2 WHERE id = $1", proof.person, password_hash)
    await revoke_sessions(proof.person, keep)


@verb
async def change_locale(actor: Actor, locale: Locale) -> None:
    """Choose the language of one's own pages, mail and feeds."""
    await connection().execute("UPDATE person SET locale = $2 WHERE id = $1", in_person(actor), locale)
