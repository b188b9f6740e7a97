"""One record of every family between owner and borrower, with a letter, a seal, a paper and a regulated party."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.attachments import attach
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import Role
from shared_resources.kernel.seals import file_scan
from shared_resources.kernel.seals.setup import use_paper
from tests.cases.assistance.asking import Asking
from tests.cases.disputes.disputing import Disputing
from tests.cases.inspections.story import make_party
from tests.cases.joint_operations.operating import Operating
from tests.cases.meetings.convening import Convening
from tests.cases.transfers.transferring import Referring, Transferring
from tests.kernel.papers_story import draft_of, file_of, pdf_with
from tests.people import make_offices, make_team
from tests.proofs.films import Films, lay_films
from tests.proofs.specimens import Specimens, lay_specimens
from tests.proofs.walks import MORNING, Walk, between, filming, together
from tests.proofs.walks.appraisals import Appraisals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.people import Cast

STATES = {
    "assistance": "received",
    "dispute": "coordinating",
    "inspection": "overlap",
    "joint_operation": "running",
    "meeting": "confirmed",
    "receipt": "own",
    "referral": "sent",
    "resolved_item": "open",
    "situation_notice": "sent",
    "footage_request": "received",
    "preservation": "asked",
    "shared_footage": "owed",
    "lab_delegation": "accepted",
    "task": "running",
    "transfer": "sent",
}
"""Where each record of the scene stands: in the middle of its way."""


@dataclass(frozen=True)
class Papers:
    """The records by kind, and what lies on the request for assistance."""

    walks: Mapping[str, Walk]
    numbers: Mapping[str, str]
    document: UUID
    signature: UUID
    attachment: UUID
    party: str
    films: Films
    specimens: Specimens


async def walks_of(cast: Cast, loan: str) -> dict[str, Walk]:
    """A walk of every family on one cast; the third agency takes part in nothing."""
    offices = await make_offices()
    second, county, police = [
        await make_team(slug, name)
        for slug, name in (("second", "市公安局"), ("yubei", "渝北区应急管理局"), ("police", "市公安局刑侦总队"))
    ]
    async with transaction() as db:
        await db.execute("UPDATE agency SET level = 'county', county = '500112' WHERE id = $1", county.agency)
    leader = replace(cast.owner.second_officer, roles=frozenset({Role.LEADER}))
    made: tuple[Walk, ...] = (
        between.Assistance(Asking(cast, offices)),
        between.Disputes(Disputing(cast, offices)),
        between.Transfers(Transferring(cast, offices)),
        between.Receipts(Transferring(cast, offices)),
        between.Referrals(Referring(cast, offices, police, leader)),
        together.Operations(Operating(cast, offices, second), loan),
        together.Tasks(Operating(cast, offices, second)),
        together.Meetings(Convening(cast, offices, county)),
        together.ResolvedItems(Convening(cast, offices, county)),
        together.Notices(cast, offices),
        together.Inspections(cast, offices),
        filming.FootageRequests(cast, offices),
        filming.Preservations(cast, offices),
        filming.SharedFootage(cast, offices),
        await Appraisals.made(cast, offices, loan),
    )
    return {walk.kind: walk for walk in made}


async def lay_out(cast: Cast, loan: str) -> Papers:
    """Bring every record to its state."""
    with clock.at(MORNING):
        walks = await walks_of(cast, loan)
        numbers = {kind: await walks[kind].reach(state) for kind, state in STATES.items()}
        paper = await attach(cast.owner.officer, numbers["assistance"], await draft_of(cast.owner.officer))
        await use_paper(cast.owner.admin)
        async with reading() as db:
            letter: UUID = await db.fetchval(
                "SELECT d.id FROM document d JOIN record r ON r.id = d.record WHERE r.number = $1",
                numbers["assistance"],
            )
        scan = await file_of(cast.owner.clerk, pdf_with("scan"), "scan.pdf")
        sealed = await file_scan(cast.owner.clerk, letter, scan)
        party = await make_party(cast.owner.officer)
        films = await lay_films(cast)
        appraisals = walks["lab_delegation"]
        assert isinstance(appraisals, Appraisals)
        specimens = await lay_specimens(appraisals.story)
    return Papers(walks, numbers, letter, sealed.id, paper, party, films, specimens)
