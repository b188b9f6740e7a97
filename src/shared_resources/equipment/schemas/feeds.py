"""Words of the calendar feeds (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.words import N_


class FeedKind(StrEnum):
    """Whose events a feed shows: loans of one's own, the agency's, one item's, or what waits for a decision;
    deadlines of the agency, or those that one looks after.
    """

    PERSON = "person"
    AGENCY = "agency"
    ITEM = "item"
    QUEUE = "queue"
    DUES = "dues"
    OWN_DUES = "own_dues"


FEED_LABELS = {
    FeedKind.PERSON: N_("My loans"),
    FeedKind.AGENCY: N_("All loans of my agency"),
    FeedKind.ITEM: N_("One item"),
    FeedKind.QUEUE: N_("Requests that wait for our decision"),
    FeedKind.DUES: N_("Deadlines that my agency owes or is owed"),
    FeedKind.OWN_DUES: N_("Deadlines that I look after"),
}


class FeedDraft(BaseModel):
    """A feed to be made; ``subject`` is the code of the item of an ``item`` feed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FeedKind
    subject: str = Field(default="", max_length=120, examples=["7Q2MK4V3"])


class FeedMade(BaseModel):
    """A feed just made; its address is shown this once only."""

    model_config = ConfigDict(frozen=True)

    address: str = Field(examples=["https://zfld.example/feeds/3q2-…-secret.ics"])


@dataclass(frozen=True)
class FeedEvent:
    """One event of a feed; instants in UTC. ``sequence`` rises with every change, as RFC 5546 asks.

    With ``day`` it lasts that whole day (a deadline) and takes nobody's time.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    status: str  # TENTATIVE | CONFIRMED | CANCELLED
    url: str
    private: bool = False
    day: date | None = None


class FeedView(BaseModel):
    """A feed as its owner sees it in the list; the secret address is shown once, on creation."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: FeedKind
    subject: str
    created_at: datetime
    last_used_at: datetime | None
