"""Certificates of items: added with their days, declared void, never removed (IN-1a)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.service.register import check_file, noted, own_item
from shared_resources.kernel import clock
from shared_resources.kernel.casework.entered import past_day
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Taken, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.instruments import FailedCheck, tell_failed
from shared_resources.kernel.permissions import Actor, Permission, not_found
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.schemas.register import CertificateDraft, FailedCheckDraft


@verb
async def add_certificate(actor: Actor, code: str, draft: CertificateDraft, act_id: str | None = None) -> UUID:
    """Add a verification or calibration; earlier ones stay as history.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the days are the wrong way round, or the scan is another agency's file.
        Taken: this certificate is recorded already.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    return await certify(actor, item, draft, act_id)


async def certify(actor: Actor, item: Any, draft: CertificateDraft, act_id: str | None = None) -> UUID:
    """``add_certificate`` within a running verb."""
    if draft.valid_to < draft.valid_from:
        raise Invalid(N_("The certificate ends before it begins."), code="days", field="valid_to")
    await check_file(item["owner"], draft.file)
    if await connection().fetchval(
        "SELECT true FROM certificate WHERE item = $1 AND number = $2 AND voided_at IS NULL",
        item["id"],
        draft.number,
    ):
        raise Taken(N_("This certificate is recorded already."), code="certificate_known", field="number")
    certificate = new_id()
    await connection().execute(
        "INSERT INTO certificate (id, item, kind, number, issuer, valid_from, valid_to, file, added_by, added_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        certificate,
        item["id"],
        draft.kind,
        draft.number,
        draft.issuer,
        draft.valid_from,
        draft.valid_to,
        draft.file,
        actor.person,
        clock.now(),
    )
    facts = {
        "certificate": certificate,
        "number": draft.number,
        "from": draft.valid_from.isoformat(),
        "to": draft.valid_to.isoformat(),
    }
    await noted(actor, item, "add_certificate", facts, act_id=act_id)
    return certificate


@verb
async def void_certificate(
    actor: Actor, code: str, certificate: UUID, reason: str, act_id: str | None = None
) -> None:
    """Declare a certificate void (entered wrongly, revoked by its issuer); it stays in the history.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also when the item has no such certificate.
        Invalid: no reason given.
        WrongState: it is void already.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    row = await connection().fetchrow(
        "SELECT number, voided_at FROM certificate WHERE id = $1 AND item = $2 FOR UPDATE", certificate, item["id"]
    )
    if row is None:
        raise not_found()
    if row["voided_at"] is not None:
        raise WrongState(N_("This certificate is void already."), code="void")
    await connection().execute("UPDATE certificate SET voided_at = $2 WHERE id = $1", certificate, clock.now())
    facts = {"certificate": certificate, "number": row["number"]}
    await noted(actor, item, "void_certificate", facts, note=reason, act_id=act_id)


@verb
async def record_failed_check(actor: Actor, code: str, draft: FailedCheckDraft, act_id: str | None = None) -> UUID:
    """Record that an item failed its check: its certificates hold no more, and whoever measured with it is told.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: the day has not come yet.
        Repeated: this ``act_id`` was used before.
    """
    item = await own_item(actor, code, Permission.ITEM_EDIT)
    past_day(draft.failed_on, "failed_on")
    since = await connection().fetchval(
        "SELECT max(valid_from) FROM certificate WHERE item = $1 AND voided_at IS NULL AND valid_from <= $2",
        item["id"],
        draft.failed_on,
    )
    check, now = new_id(), clock.now()
    await connection().execute(
        "INSERT INTO failed_check (id, item, failed_on, since, notice_no, issuer, why, recorded_by, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        check,
        item["id"],
        draft.failed_on,
        since,
        draft.notice_no,
        draft.issuer,
        draft.why,
        actor.person,
        now,
    )
    await connection().execute(
        "UPDATE certificate SET voided_at = $2 WHERE item = $1 AND voided_at IS NULL AND valid_from <= $3",
        item["id"],
        now,
        draft.failed_on,
    )
    facts = {"check": check, "failed_on": draft.failed_on.isoformat(), "notice": draft.notice_no}
    await noted(actor, item, "fail_check", facts, note=draft.why, act_id=act_id)
    number = await connection().fetchval("SELECT number FROM record WHERE id = $1", item["id"])
    await tell_failed(FailedCheck(item["id"], number, since, draft.failed_on, draft.why))
    return check
