"""Words of acts on a loan as programs send and get them: which version, which reason, what became of it."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from shared_resources.equipment.schemas.booking import Exchange, ExtensionDraft, Offer
from shared_resources.equipment.schemas.register import Words

Version = Field(default=None, ge=0, description="the version the caller saw; refused when the loan has moved on")


class OnVersion(Words):
    """An act that needs nothing but the loan."""

    version: int | None = Version


class Noted(OnVersion):
    """An act with its reason or remark."""

    note: str = Field(min_length=1, max_length=2000, examples=["9月3日至5日本单位应急演练，设备全部占用。"])


class PerhapsNoted(OnVersion):
    """An act that may carry a remark."""

    note: str | None = Field(default=None, max_length=2000)


class OfferOnVersion(Offer):
    """The part that is offered."""

    version: int | None = Version


class ExchangeOnVersion(Exchange):
    """Another item for one line."""

    version: int | None = Version


class ExtensionOnVersion(ExtensionDraft):
    """A later return that is asked for."""

    version: int | None = Version


class Until(OnVersion):
    """A later return that is granted; empty: what was asked for."""

    until: AwareDatetime | None = None


class LoanStands(Words):
    """A loan as an act left it. ``said`` tells people what was done, in their language."""

    number: str = Field(examples=["L2026-00017"])
    state: str = Field(examples=["approved"])
    version: int = Field(examples=[3])
    said: str = ""
