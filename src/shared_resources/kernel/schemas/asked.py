"""Words that several families of records ask for: scope of the decree, officers, statutory grounds. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_

ZONE = ZoneInfo("Asia/Shanghai")


def in_chongqing(instant: datetime) -> datetime:
    """An instant typed without a zone is Chongqing's."""
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


Instant = Annotated[datetime, AfterValidator(in_chongqing)]


def local_day(at: datetime) -> date:
    """The Chongqing date of an instant."""
    return at.astimezone(ZONE).date()


class ScopeGround(StrEnum):
    """Why agencies act together (SCP-1)."""

    LAW = "law_requires"
    CAMPAIGN = "superior_orders"
    EMERGENCY = "emergency"
    OTHER = "other"


SCOPE_LABELS: Mapping[ScopeGround, str] = {
    ScopeGround.LAW: N_("The law requires assistance"),
    ScopeGround.CAMPAIGN: N_("A superior agency orders a special campaign"),
    ScopeGround.EMERGENCY: N_("Joint handling of an emergency"),
    ScopeGround.OTHER: N_("Another need to act together"),
}


class Subfield(StrEnum):
    """The pilot fields and items (SCP-3 to SCP-5), and others, to which the decree applies as well (APP-3)."""

    COAL_MINE = "coal_mine"
    OTHER_MINE = "non_coal_mine"
    ROAD_TRAFFIC = "road_traffic"
    WATER_TRAFFIC = "water_traffic"
    FIRE = "fire"
    CHEMICALS = "hazardous_chemicals"
    FOOD = "food"
    DRUG = "drug"
    PRODUCT = "product_quality"
    CULTURE = "culture_market"
    APPEARANCE = "city_appearance"
    BUILDING = "illegal_building"
    POLLUTION = "pollution"
    OTHER = "other"


SUBFIELD_LABELS: Mapping[Subfield, str] = {
    Subfield.COAL_MINE: N_("Coal mines"),
    Subfield.OTHER_MINE: N_("Mines other than coal"),
    Subfield.ROAD_TRAFFIC: N_("Road traffic"),
    Subfield.WATER_TRAFFIC: N_("Water traffic"),
    Subfield.FIRE: N_("Fire safety"),
    Subfield.CHEMICALS: N_("Hazardous chemicals"),
    Subfield.FOOD: N_("Food"),
    Subfield.DRUG: N_("Drugs"),
    Subfield.PRODUCT: N_("Product quality"),
    Subfield.CULTURE: N_("Culture market"),
    Subfield.APPEARANCE: N_("City appearance"),
    Subfield.BUILDING: N_("Illegal buildings in planning areas"),
    Subfield.POLLUTION: N_("Pollution control"),
    Subfield.OTHER: N_("Another field"),
}


class Officer(Asked):
    """An officer who acts: two are named wherever the law asks for two."""

    name: Annotated[str, Ask(N_("Officer's name"))] = Field(max_length=40)
    permit_no: Annotated[str, Ask(N_("Permit number"))] = Field(max_length=40)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(max_length=40)


class StatutoryGround(StrEnum):
    """The only grounds on which help, a task or an answer may be refused (EXPECTATIONS 18)."""

    OUTSIDE_POWERS = "outside_powers"
    LAW_FORBIDS = "law_forbids"
    SECRET = "secret"  # noqa: S105 a ground, not a password
    OWN_EMERGENCY = "own_emergency"
    FORCE_MAJEURE = "force_majeure"
    OBJECT_GONE = "object_gone"
    PROCEDURE = "breaks_procedure"
    OTHER = "other_provision"


GROUND_LABELS: Mapping[StatutoryGround, str] = {
    StatutoryGround.OUTSIDE_POWERS: N_("Outside our statutory powers"),
    StatutoryGround.LAW_FORBIDS: N_("A law forbids the disclosure or the act"),
    StatutoryGround.SECRET: N_("State or work secret: by the paper channel only"),
    StatutoryGround.OWN_EMERGENCY: N_("Our own statutory emergency"),
    StatutoryGround.FORCE_MAJEURE: N_("Force majeure"),
    StatutoryGround.OBJECT_GONE: N_("The object no longer exists"),
    StatutoryGround.PROCEDURE: N_("The request breaks the prescribed procedure"),
    StatutoryGround.OTHER: N_("Another provision of law"),
}


ARTICLE = re.compile(r"第\s*[〇零一二三四五六七八九十百千\d]+\s*条")
"""A provision names its article; a word like 保密 alone is none."""


def with_article(provision: str) -> str:
    """Refuse a provision without its article (AS-8a)."""
    if not ARTICLE.search(provision):
        raise ValueError(N_("Name the law and its article, such as 行政处罚法 第二十六条."))
    return provision


class OnStatutoryGround(Asked):
    """A refusal or an excuse: a ground from the list, the provision with its article, the facts (AS-8, JE-9)."""

    ground: Annotated[StatutoryGround, Ask(N_("Statutory ground"), labels=GROUND_LABELS)]
    provision: Annotated[str, Ask(N_("Provision"), hint=N_("Law and article, such as 行政处罚法 第二十六条."))] = (
        Field(min_length=4, max_length=200)
    )
    facts: Annotated[str, Ask(N_("Facts of the matter"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )


class Claim(Asked):
    """What one side of a dispute on duties says of it (FORMS 18): the same words whichever record leads to it."""

    duty: Annotated[str, Ask(N_("Disputed duty"))] = Field(min_length=4, max_length=200)
    facts: Annotated[str, Ask(N_("Facts of the matter"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )
    own_law: Annotated[str, Ask(N_("Law that we rely on"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )
    other_law: Annotated[str | None, Ask(N_("Law that the other side relies on"), widget="textarea")] = Field(
        None, max_length=2000
    )
    request: Annotated[str, Ask(N_("What is asked for"), widget="textarea")] = Field(min_length=4, max_length=2000)
    risk: Annotated[str, Ask(N_("What is at risk if nobody acts"), widget="textarea")] = Field(
        min_length=2, max_length=2000
    )


class BookingLink(Asked):
    """Linking an equipment loan with the record that it serves (JE-5c, IN-1a)."""

    number: Annotated[str, Ask(N_("Number of the loan"), hint=N_("It stands at the head of the loan's page."))] = (
        Field(min_length=2, max_length=40)
    )


class TwoPersons(Asked):
    """Two persons of one side who hand over, receive or bear witness."""

    first: Annotated[str, Ask(N_("First person"))] = Field(min_length=1, max_length=40)
    second: Annotated[str, Ask(N_("Second person"))] = Field(min_length=1, max_length=40)

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.first == self.second:
            raise ValueError(N_("Two different persons are needed."))
        return self
