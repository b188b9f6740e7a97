"""The bench: results with the instrument and the certificate of that minute, reviewed by a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.casework.entered import past_instant
from shared_resources.kernel.codes import code_in
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.instruments import Instrument, instrument_at
from shared_resources.kernel.permissions import Permission, not_found, require
from shared_resources.kernel.procedure import Procedure
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import DELEGATION
from shared_resources.lab.rules.sample import SAMPLE
from shared_resources.lab.service.custody import end_custody, last_taker
from shared_resources.lab.service.rows import sample_row

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor
    from shared_resources.lab.schemas.results import ResultDraft

WORK, REVIEW = Permission.BENCH_WORK, Permission.BENCH_REVIEW
speaks_for(
    "lab_result_standing",
    N_("There is a result for this item on this sample already."),
    do=N_("To replace it, say why."),
    code="result_stands",
    field="replaces_why",
)


@dataclass(frozen=True)
class Bench:
    """What is measured: a sample, or something on site (``sample`` None). Its journal is that of ``record``."""

    record: UUID
    procedure: Procedure
    delegation: UUID
    since: datetime
    sample: Any = None

    @property
    def sample_id(self) -> UUID | None:
        """The sample's id; None on site."""
        return self.sample["id"] if self.sample else None


@verb
async def record_result(actor: Actor, code: str, draft: ResultDraft, act_id: str | None = None) -> UUID:
    """Record what was found on the sample that the analyst has at the bench, or on site; returns the result's id.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the sample is not at this analyst's bench, or the delegation is not being tested.
        Invalid: the instrument is unknown or out of verification at that minute, or more is used up than is left.
        Taken: there is a result already and no reason to replace it was given.
        Repeated: this ``act_id`` was used before.
    """
    bench = await _on_site(actor, code) or await _at_bench(actor, code)
    past_instant(draft.measured_at, "measured_at", since=bench.since)
    markings.refuse_marked((draft.value, draft.place), field="value")
    test = await connection().fetchrow(
        "SELECT id FROM lab_test WHERE id = $1 AND delegation = $2", draft.test, bench.delegation
    )
    if test is None:
        raise Invalid(N_("This is not asked for on this sample."), code="unknown_test", field="test")
    instrument = await _instrument(actor, draft)
    result = new_id()
    await _replace(bench, draft, result)
    await _insert(result, bench, draft, instrument, actor)
    data = {"result": result, "test": draft.test, "instrument": instrument.record if instrument else None}
    await journal.note_line(bench.procedure, "result", bench.record, actor, WORK, data=data, act_id=act_id)
    await _use_up(actor, bench, draft)
    return result


@verb
async def review_result(actor: Actor, result: UUID, act_id: str | None = None) -> None:
    """A second person reviews a result.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also whoever measured it.
        WrongState: it is reviewed or replaced already.
        Repeated: this ``act_id`` was used before.
    """
    row = await connection().fetchrow(
        "SELECT x.analyst, x.reviewer, x.replaced_by, x.sample, t.delegation FROM lab_result x"
        " JOIN lab_test t ON t.id = x.test WHERE x.id = $1 FOR UPDATE OF x",
        result,
    )
    if row is None:
        raise not_found()
    procedure, record = (SAMPLE, row["sample"]) if row["sample"] else (DELEGATION, row["delegation"])
    require(actor, REVIEW, (await journal.parties_of(record)).relations_of(actor))
    if row["analyst"] == actor.person:
        raise NotAllowed(
            N_("Whoever measured it does not review it as well."), do=N_("Ask a colleague."), code="own_result"
        )
    if row["reviewer"] is not None or row["replaced_by"] is not None:
        raise WrongState(N_("This result is reviewed or replaced already."), code="reviewed")
    await journal.note_line(procedure, "review", record, actor, REVIEW, data={"result": result}, act_id=act_id)
    await connection().execute(
        "UPDATE lab_result SET reviewer = $2, reviewed_at = $3 WHERE id = $1", result, actor.person, clock.now()
    )


async def _at_bench(actor: Actor, code: str) -> Bench:
    """The sample that this analyst has at the bench.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: somebody else has it, or its delegation is not being tested.
    """
    row = await sample_row(actor, code, WORK)
    at_own_bench = row["state"] == "at_bench" and await last_taker(row["id"]) == actor.person
    if not at_own_bench:
        raise WrongState(
            N_("You do not have this sample at the bench."), do=N_("Take it first."), code="not_at_bench"
        )
    _refuse_untested(row["delegation_state"])
    return Bench(row["id"], SAMPLE, row["delegation"], row["received_at"], row)


async def _on_site(actor: Actor, code: str) -> Bench | None:
    """The work on site behind a code; None when the code is no such one."""
    row = await connection().fetchrow(
        "SELECT r.id, r.state, g.accepted_at FROM lab_delegation g JOIN record r ON r.id = g.id"
        " WHERE g.site_code = $1 FOR NO KEY UPDATE OF r",
        code_in(code),
    )
    if row is None:
        return None
    require(actor, WORK, (await journal.parties_of(row["id"])).relations_of(actor))
    _refuse_untested(row["state"])
    return Bench(row["id"], DELEGATION, row["id"], row["accepted_at"])


def _refuse_untested(state: str) -> None:
    if state != "testing":
        raise WrongState(
            N_("This sample is not being tested now."),
            do=N_("Ask the sample room whether the delegation is waiting or over."),
            code="not_testing",
        )


async def _instrument(actor: Actor, draft: ResultDraft) -> Instrument | None:
    """The instrument with the certificate that held at that minute; without a certificate it blocks.

    Raises:
        Invalid: unknown, or out of verification (强检办法 7).
    """
    if not draft.instrument:
        return None
    assert actor.agency is not None
    found = await instrument_at(draft.instrument, actor.agency, draft.measured_at)
    if found is None:
        raise Invalid(
            N_("Your agency has no instrument with this number."),
            do=N_("Scan its label, or take the number from its page."),
            code="unknown_instrument",
            field="instrument",
        )
    if found.certificate_no is None:
        raise Invalid(
            N_("%(name)s had no valid certificate at that minute: its reading is no evidence."),
            do=N_("Measure again with a verified instrument."),
            code="out_of_verification",
            field="instrument",
            name=found.name,
        )
    return found


async def _replace(bench: Bench, draft: ResultDraft, by: UUID) -> None:
    """A correction takes the place of the result that stands; both stay readable."""
    if draft.replaces_why is None:
        return
    await connection().execute(
        "UPDATE lab_result SET replaced_by = $3, replaced_why = $4"
        " WHERE test = $1 AND sample IS NOT DISTINCT FROM $2 AND replaced_by IS NULL",
        draft.test,
        bench.sample_id,
        by,
        draft.replaces_why,
    )


async def _insert(
    result: UUID, bench: Bench, draft: ResultDraft, instrument: Instrument | None, actor: Actor
) -> None:
    values = draft.model_dump(exclude={"instrument", "replaces_why"}) | {
        "id": result,
        "sample": bench.sample_id,
        "instrument": instrument.record if instrument else None,
        "instrument_name": instrument.name if instrument else None,
        "certificate_no": instrument.certificate_no if instrument else None,
        "certificate_to": instrument.certificate_to if instrument else None,
        "analyst": actor.person,
        "recorded_at": clock.now(),
    }
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await connection().execute(f"INSERT INTO lab_result ({', '.join(values)}) VALUES ({places})", *values.values())


async def _use_up(actor: Actor, bench: Bench, draft: ResultDraft) -> None:
    """Less of the sample is left; with nothing left it is used up, which needs the client's consent."""
    row = bench.sample
    if not draft.used or row is None:
        return
    left = row["remaining"] - draft.used
    if left < 0:
        raise Invalid(N_("More is used up than is left."), do=N_("Weigh again."), code="used", field="used")
    if not await _may_use_up(row["delegation"]):
        raise Invalid(
            N_("The client has not consented to a destructive test."),
            do=N_("Ask the client through the sample room."),
            code="not_destructive",
            field="used",
        )
    await connection().execute("UPDATE sample SET remaining = $2 WHERE id = $1", row["id"], left)
    if not left:
        await journal.act(SAMPLE, "consume", row["id"], actor)
        await end_custody(row["id"], actor)


async def _may_use_up(delegation: UUID) -> bool:
    return bool(
        await connection().fetchval(
            "SELECT (body ->> 'destructive')::boolean FROM filing WHERE record = $1"
            " AND step IN ('draft', 'amend') ORDER BY at DESC, id DESC LIMIT 1",
            delegation,
        )
    )
