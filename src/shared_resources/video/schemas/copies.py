"""What is said about copies of footage: which part, of which kind, what is covered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.kernel.words import N_

CopyKind = Literal["extract", "viewing", "masked"]
KIND_LABELS: Mapping[str, str] = {
    "extract": N_("Evidence copy"),
    "viewing": N_("Viewing copy"),
    "masked": N_("Masked copy"),
}


class Mask(BaseModel):
    """A rectangle that is covered for a time: fractions of the picture, milliseconds of the recording."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)
    w: float = Field(gt=0, le=1)
    h: float = Field(gt=0, le=1)
    from_ms: int = Field(ge=0)
    to_ms: int = Field(gt=0)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.x + self.w > 1.0001 or self.y + self.h > 1.0001 or self.to_ms <= self.from_ms:
            raise ValueError(N_("A covered place lies inside the picture and ends after it begins."))
        return self


class CopyDraft(BaseModel):
    """A copy to be made, milliseconds from the beginning of the recording; ``request`` is the number it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: CopyKind
    start_ms: int = Field(ge=0)
    end_ms: int = Field(gt=0)
    request: str | None = Field(None, max_length=40)
    masks: tuple[Mask, ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.end_ms <= self.start_ms:
            raise ValueError(N_("A copy ends after it begins."))
        if (self.kind == "masked") != bool(self.masks):
            raise ValueError(N_("A masked copy, and only that, covers at least one place."))
        return self


@dataclass(frozen=True)
class Piece:
    """One file of a hand-over. Instants by the recorder's clock; ``offset_ms`` is that clock minus true time."""

    number: str
    kind: str
    file_name: str
    device: str
    begins: datetime
    ends: datetime
    offset_ms: int
    size: int
    sha256: str
    sm3: str
