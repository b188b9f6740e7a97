"""Which seal an agency uses: entered, replaced and ended by its administrator. Rows stay, keys go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from shared_resources.kernel import clock
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Permission, not_found, require
from shared_resources.kernel.seals import keys
from shared_resources.kernel.seals.certificates import CertificateFacts, facts_of, pem_of, trusted
from shared_resources.kernel.seals.checking import CURVES, vouched
from shared_resources.kernel.seals.providers import SealKind, TokenSeal, token_key
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from cryptography import x509

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.seals.keys import KeyPair

speaks_for(
    "seal_one",
    N_("Somebody entered a seal for your agency at this moment."),
    do=N_("Reload the page to see it."),
    code="seal_one",
)

LARGEST_KEY_FILE = 200_000
SMALLEST_RSA = 2048


async def use_key_file(actor: Actor, data: bytes, passphrase: str) -> UUID:
    """Let the agency seal with the key in a PKCS#12 file; the seal before it ends. Returns the id of the seal.

    Raises:
        NotAllowed: the actor does not administer the agency.
        Invalid: not such a file, another passphrase, a certificate that is not good here.
    """
    agency = _agency_of(actor)
    try:
        pair = await asyncio.to_thread(keys.opened, data, passphrase.encode())
    except ValueError as error:
        raise Invalid(
            N_("This file cannot be opened with this passphrase, or holds no key of a seal."),
            do=N_("Choose the file of your certification authority (.p12 or .pfx) and type its passphrase."),
            code="key_file",
            field="passphrase",
        ) from error
    facts = await _usable(pair.certificate, pair.chain, "file")
    return await _use(agency, pair, facts)


async def use_token(actor: Actor, token: str, label: str) -> UUID:
    """Let the agency seal with a key in a token (PKCS#11); the seal before it ends.

    Raises:
        NotAllowed: see ``use_key_file``.
        Invalid: the token or key is not to be had, or its certificate is not good here.
    """
    agency = _agency_of(actor)
    key = token_key(token, label)
    certificate = await asyncio.to_thread(TokenSeal(key).certificate)
    facts = await _usable(certificate, (), "label")
    seal = new_id()
    _forget(await _replace(seal, agency, SealKind.PKCS11, key, certificate, facts))
    return seal


async def use_paper(actor: Actor) -> UUID:
    """Let the agency seal on paper; the seal before it ends.

    Raises:
        NotAllowed: see ``use_key_file``.
    """
    agency, seal = _agency_of(actor), new_id()
    _forget(await _replace(seal, agency, SealKind.SCAN, None, None, None))
    return seal


async def end_seal(actor: Actor) -> None:
    """End the agency's seal: lost, replaced, no longer used. Letters that bear it stay as they are.

    Raises:
        NotAllowed: see ``use_key_file``.
        WrongState: the agency has none.
    """
    ended = await _end(_agency_of(actor))
    if not ended:
        raise WrongState(N_("Your agency has no seal that could end."), code="no_seal")
    _forget(ended)


async def use_development_key(agency: UUID, pair: KeyPair) -> UUID:
    """Let an agency of the demo seal with a key of the development authority; nobody has to ask for it.

    Raises:
        ValueError: the certificate is not one for tests.
    """
    facts = facts_of(pair.certificate)
    if not facts.is_test:
        raise ValueError("the demo makes seals for tests only")
    return await _use(agency, pair, facts)


async def _use(agency: UUID, pair: KeyPair, facts: CertificateFacts) -> UUID:
    """Keep the key, then enter the seal: a crash in between leaves a key that nobody names."""
    seal = new_id()
    await asyncio.to_thread(keys.keep, str(seal), pair)
    try:
        ended = await _replace(seal, agency, SealKind.PKCS12, str(seal), pair.certificate, facts)
    except BaseException:
        keys.forget(str(seal))
        raise
    _forget(ended)
    return seal


def _agency_of(actor: Actor) -> UUID:
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.SEAL_EDIT, actor.relations(actor.agency))
    return actor.agency


async def _usable(
    certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], field: str
) -> CertificateFacts:
    """The facts of a certificate that can seal here and now."""
    facts, now = facts_of(certificate), clock.now()
    public = certificate.public_key()
    small = isinstance(public, rsa.RSAPublicKey) and public.key_size < SMALLEST_RSA
    strange = isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name not in CURVES
    if small or strange:
        raise Invalid(
            N_("Keys of this kind cannot seal here: it takes RSA of 2048 bits or more, P-256, P-384 or P-521."),
            code="key_kind",
            field=field,
        )
    if not facts.valid_from <= now <= facts.valid_to:
        raise Invalid(
            N_("This certificate is valid from %(first)s to %(last)s, not today."),
            code="certificate_dates",
            field=field,
            first=clock.local_date(facts.valid_from).isoformat(),
            last=clock.local_date(facts.valid_to).isoformat(),
        )
    if not await asyncio.to_thread(vouched, certificate, chain, trusted(), now):
        raise Invalid(
            N_("This certificate comes from “%(authority)s”, which this system does not trust for seals."),
            do=N_("The operator adds the authority's certificate to SHARED_RESOURCES_TRUST_ROOTS."),
            code="certificate_authority",
            field=field,
            authority=facts.authority,
        )
    return facts


@verb
async def _replace(
    seal: UUID,
    agency: UUID,
    kind: SealKind,
    key: str | None,
    certificate: x509.Certificate | None,
    facts: CertificateFacts | None,
) -> list[UUID]:
    """Enter a seal and end the one before; returns those that ended."""
    ended = await _ended(agency)
    await connection().execute(
        "INSERT INTO seal (id, agency, kind, key, certificate, subject, serial_no, valid_from, valid_to, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        seal,
        agency,
        kind.value,
        key,
        pem_of(certificate) if certificate else None,
        facts.subject if facts else None,
        facts.serial_no if facts else None,
        facts.valid_from if facts else None,
        facts.valid_to if facts else None,
        clock.now(),
    )
    return ended


@verb
async def _end(agency: UUID) -> list[UUID]:
    return await _ended(agency)


async def _ended(agency: UUID) -> list[UUID]:
    rows = await connection().fetch(
        "UPDATE seal SET ended_at = $2 WHERE agency = $1 AND ended_at IS NULL RETURNING id", agency, clock.now()
    )
    return [row["id"] for row in rows]


def _forget(ended: list[UUID]) -> None:
    for seal in ended:
        keys.forget(str(seal))
