"""Seals as pages show them: those of a letter with the buttons, and the seal of one's own agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock, documents
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import NOT_YOUR_PART, Permission, Reason, not_found, require
from shared_resources.kernel.seals.letters import (
    NO_SEAL,
    Made,
    OwnSeal,
    SealAct,
    SealedLetter,
    load,
    own_seal,
    seal_of,
)
from shared_resources.kernel.seals.providers import SealKind
from shared_resources.kernel.seals.state import SignatureState, signature_state
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.storage import StoredFile

SOON = timedelta(days=60)
"""How early the end of a certificate is announced."""

ACT_LABELS: Mapping[SealAct, str] = {
    SealAct.SIGN: N_("Sign with the seal"),
    SealAct.COUNTERSIGN: N_("Countersign"),
    SealAct.SCAN: N_("File the sealed paper"),
}
KIND_LABELS: Mapping[SealKind, str] = {
    SealKind.PKCS12: N_("Key file"),
    SealKind.PKCS11: N_("Token"),
    SealKind.SCAN: N_("Seal on paper"),
}
STATE_LABELS: Mapping[SignatureState, tuple[str, str]] = {
    SignatureState.UNSIGNED: (N_("Not sealed yet"), "waiting"),
    SignatureState.VALID: (N_("Electronic seal, valid"), "good"),
    SignatureState.BROKEN: (N_("Electronic seal, not valid"), "bad"),
    SignatureState.SCAN: (N_("Sealed on paper"), "neutral"),
}


@dataclass(frozen=True)
class AgencySeal:
    """One agency's place under a letter, and what stands there."""

    agency: UUID
    slug: str
    name_zh: str
    name_en: str
    is_issuer: bool
    made: Made | None


@dataclass(frozen=True)
class SealButton:
    """An act on the letter; ``why_not`` greys it."""

    act: SealAct
    label: str
    action: str
    why_not: Sentence | None


@dataclass(frozen=True)
class LetterSeals:
    """What ``seals/block.html`` shows under a letter."""

    document: UUID
    state: SignatureState
    state_label: str
    tone: str
    places: tuple[AgencySeal, ...]
    buttons: tuple[SealButton, ...]
    newest: UUID | None
    """The signature whose file bears all electronic seals so far."""


@dataclass(frozen=True)
class SealPage:
    """The seal of one's own agency and those before it."""

    now: OwnSeal | None
    ends_soon: bool
    has_ended: bool
    days_left: int | None
    before: tuple[tuple[OwnSeal, datetime, datetime], ...]


async def letter_seals(actor: Actor, document: UUID) -> LetterSeals:
    """The seals of a letter for the actor.

    Raises:
        NotFound: there is no such letter, or none of the actor's business.
    """
    await documents.open_letter(actor, document)
    letter = await load(document)
    seal = await seal_of(actor.agency) if actor.agency else None
    state = await signature_state(document)
    label, tone = STATE_LABELS[state]
    async with reading() as db:
        rows = await db.fetch(
            "SELECT id, slug, name_zh, name_en FROM agency WHERE id = ANY($1)", list(letter.agencies)
        )
    named = {row["id"]: row for row in rows}
    places = tuple(
        AgencySeal(
            agency,
            named[agency]["slug"],
            named[agency]["name_zh"],
            named[agency]["name_en"],
            agency == letter.issuer,
            letter.made_by(agency),
        )
        for agency in letter.agencies
    )
    newest = letter.newest
    return LetterSeals(
        document, state, label, tone, places, _buttons(actor, letter, seal), newest.id if newest else None
    )


def _buttons(actor: Actor, letter: SealedLetter, seal: OwnSeal | None) -> tuple[SealButton, ...]:
    """The acts of the actor's side: none once its seal is there, and none for those who do not sign."""
    if actor.agency is None or actor.agency not in letter.open_to:
        return ()
    electronic = SealAct.SIGN if actor.agency == letter.issuer else SealAct.COUNTERSIGN
    made = []
    for act in (electronic, SealAct.SCAN):
        answer = letter.may(act, actor)
        if answer is True and act is not SealAct.SCAN:
            unusable = seal.why_not(clock.now()) if seal else NO_SEAL
            answer = True if unusable is None else unusable  # a reason counts as false
        if answer is not NOT_YOUR_PART:
            why = answer.sentence if isinstance(answer, Reason) else None
            action = f"/seals/letters/{letter.id}/{act.value.partition('_')[0]}"
            made.append(SealButton(act, ACT_LABELS[act], action, why))
    return tuple(made)


async def sealed_file(actor: Actor, document: UUID, signature: UUID) -> tuple[StoredFile, Path]:
    """The letter as it was after one seal, or the scan, for those who may read the letter.

    Raises:
        NotFound: there is no such seal on it, or the letter is none of the actor's business.
        NotAllowed: see ``documents.read_letter``.
    """
    await documents.read_letter(actor, document)
    for made in (await load(document)).made:
        if made.id == signature:
            return await open_file(made.file)
    raise not_found()


async def seal_page(actor: Actor) -> SealPage:
    """The seal of the actor's agency.

    Raises:
        NotFound, NotAllowed: the actor does not administer an agency.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.SEAL_EDIT, actor.relations(actor.agency))
    async with reading() as db:
        rows = await db.fetch(
            "SELECT * FROM seal WHERE agency = $1 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 20",
            actor.agency,
        )
    now, at = await seal_of(actor.agency), clock.now()
    left = now.valid_to - at if now and now.valid_to else None
    return SealPage(
        now,
        left is not None and timedelta() <= left < SOON,
        left is not None and left < timedelta(),
        left.days if left is not None else None,
        tuple((own_seal(row), row["made_at"], row["ended_at"]) for row in rows),
    )
