"""A letter with the seals that it has and those that it waits for; who may seal it now, and why not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.clock import local_date
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import NOT_YOUR_PART, Permission, Reason, Relation, may, not_found
from shared_resources.kernel.seals.certificates import facts_of_pem
from shared_resources.kernel.seals.providers import SealKind
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.permissions import Actor


class SealAct(StrEnum):
    """What may be done to a letter; the names stand in the journal."""

    SIGN = "sign_letter"
    COUNTERSIGN = "countersign_letter"
    SCAN = "file_scan"


PERMISSIONS = {
    SealAct.SIGN: Permission.SEAL_USE,
    SealAct.COUNTERSIGN: Permission.SEAL_USE,
    SealAct.SCAN: Permission.SEAL_FILE,
}

ACT_LABELS: Mapping[str, str] = {
    SealAct.SIGN.value: N_("Letter sealed"),
    SealAct.COUNTERSIGN.value: N_("Letter countersigned"),
    SealAct.SCAN.value: N_("Scan of the sealed letter filed"),
}
"""What the acts of this package are called in a journal."""

SEALED_ALREADY = Reason(Sentence(N_("Your agency has sealed this letter already.")))
ISSUER_FIRST = Reason(Sentence(N_("The agency that issued the letter has to seal it first.")))
ON_PAPER = Reason(Sentence(N_("This letter was sealed on paper; file the scan that shows your seal as well.")))
NO_SEAL = Reason(Sentence(N_("Your agency has no electronic seal here; its administrator enters one.")))
PAPER_SEAL = Reason(Sentence(N_("Your agency seals on paper: print the letter, seal it and file the scan.")))


@dataclass(frozen=True)
class OwnSeal:
    """The seal that an agency uses now."""

    id: UUID
    agency: UUID
    kind: SealKind
    key: str | None
    subject: str | None
    authority: str | None
    serial_no: str | None
    valid_from: datetime | None
    valid_to: datetime | None
    is_test: bool

    def why_not(self, at: datetime) -> Reason | None:
        """Why this seal cannot seal at ``at``; None when it can."""
        if self.kind is SealKind.SCAN:
            return PAPER_SEAL
        if self.valid_to is not None and at > self.valid_to:
            return _dated(N_("The certificate of your agency's seal expired on %(day)s."), self.valid_to)
        if self.valid_from is not None and at < self.valid_from:
            return _dated(N_("The certificate of your agency's seal is valid from %(day)s only."), self.valid_from)
        return None


@dataclass(frozen=True)
class Made:
    """A signature that a letter has: a row of ``signature``."""

    id: UUID
    agency: UUID
    person: str | None
    field: str
    kind: SealKind
    subject: str | None
    authority: str | None
    serial_no: str | None
    file: UUID
    sha256: bytes
    at: datetime

    @property
    def is_electronic(self) -> bool:
        """Whether it can be proved by computing."""
        return self.kind is not SealKind.SCAN


@dataclass(frozen=True)
class SealedLetter:
    """A letter, its fields in their order (the issuer's first), what stands in them by now."""

    id: UUID
    record: UUID
    record_number: str
    record_kind: str
    number: str
    title: str
    issuer: UUID
    pdf: UUID
    agencies: tuple[UUID, ...]
    made: tuple[Made, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields."""
        return tuple(f"Seal{index + 1}" for index in range(len(self.agencies)))

    def field_of(self, agency: UUID) -> str:
        """The field of an agency that signs this letter."""
        return self.fields[self.agencies.index(agency)]

    def made_by(self, agency: UUID) -> Made | None:
        """What an agency has put under this letter."""
        return next((made for made in self.made if made.agency == agency), None)

    @property
    def newest(self) -> Made | None:
        """The newest electronic signature; its file bears the earlier ones too."""
        return next((made for made in reversed(self.made) if made.is_electronic), None)

    @property
    def open_to(self) -> tuple[UUID, ...]:
        """Agencies whose seal is still awaited."""
        return tuple(agency for agency in self.agencies if self.made_by(agency) is None)

    def may(self, act: SealAct, actor: Actor) -> bool | Reason:
        """Whether the actor may do this to the letter as it stands, leaving aside which seal the agency has."""
        own = actor.agency
        concerned = self.agencies[:1] if act is SealAct.SIGN else self.agencies
        if own is None or own not in concerned or (act is SealAct.COUNTERSIGN and own == self.issuer):
            return NOT_YOUR_PART
        allowed = may(actor, PERMISSIONS[act], {Relation.OWNER})
        if allowed is not True:
            return allowed
        if self.made_by(own):
            return SEALED_ALREADY
        first = self.made_by(self.issuer)
        if own != self.issuer and first is None:
            return ISSUER_FIRST
        return ON_PAPER if act is SealAct.COUNTERSIGN and first and not first.is_electronic else True


async def load(document: UUID) -> SealedLetter:
    """The letter; whether the reader may see it is the caller's to ask.

    Raises:
        NotFound: there is no such letter.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT d.id, d.record, r.number AS record_number, r.kind AS record_kind, d.number, d.title, d.issuer,"
            " d.pdf, d.draft -> 'draft' -> 'countersigned_by' AS countersigned_by"
            " FROM document d JOIN record r ON r.id = d.record WHERE d.id = $1",
            document,
        )
        if row is None:
            raise not_found()
        made = await db.fetch(
            "SELECT s.id, s.agency, p.name AS person, s.field, s.kind, s.subject, s.authority, s.serial_no,"
            " s.file, s.sha256, s.at FROM signature s LEFT JOIN person p ON p.id = s.person"
            " WHERE s.document = $1 ORDER BY s.at, s.id",
            document,
        )
    values = dict(row)
    others = _identifiers(values.pop("countersigned_by"))
    agencies = tuple(dict.fromkeys((row["issuer"], *others)))
    return SealedLetter(**values, agencies=agencies, made=tuple(_made(one) for one in made))


async def seal_of(agency: UUID) -> OwnSeal | None:
    """The seal that an agency uses now."""
    async with reading() as db:
        row = await db.fetchrow("SELECT * FROM seal WHERE agency = $1 AND ended_at IS NULL", agency)
    return own_seal(row) if row else None


def own_seal(row: Any) -> OwnSeal:
    """A row of ``seal`` as a value; its certificate says by whom and for what it was made."""
    facts = facts_of_pem(row["certificate"])
    return OwnSeal(
        row["id"],
        row["agency"],
        SealKind(row["kind"]),
        row["key"],
        row["subject"],
        facts.authority if facts else None,
        row["serial_no"],
        row["valid_from"],
        row["valid_to"],
        facts.is_test if facts else False,
    )


def _made(row: Any) -> Made:
    return Made(**{**dict(row), "kind": SealKind(row["kind"])})


def _identifiers(value: Any) -> Sequence[UUID]:
    found = json.loads(value) if isinstance(value, str) else value
    return [UUID(one) for one in found or ()]


def _dated(sentence: str, at: datetime) -> Reason:
    return Reason(Sentence(sentence, {"day": local_date(at).isoformat()}))
