"""What is asked of a device: kept as its desired state, told to the broker as a retained message.

OwnTracks takes commands on a topic that its guarded name may not read, and what a gateway speaks for takes them
from its server: both are refused here instead of staying pending for ever.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.service.devices import noted, own_tracker, post_desired
from shared_resources.equipment.trackers.service.publishing import publish
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, transaction, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared_resources.equipment.trackers.schemas.devices import DesiredState
    from shared_resources.equipment.trackers.service.publishing import Broker
    from shared_resources.kernel.outbox import Handler
    from shared_resources.kernel.permissions import Actor

TAKES_COMMANDS = "native"
"""The one kind of payload whose devices read ``cmd/<key>/desired``."""


@verb
async def ask_of_tracker(actor: Actor, number: str, desired: DesiredState, act_id: str | None = None) -> int:
    """Ask something of a device; it stands until something else is asked. Returns the revision.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the device is out of use.
        Invalid: it takes no commands from us.
        Repeated: this ``act_id`` was used before.
    """
    tracker = await own_tracker(actor, number)
    if tracker["state"] == "retired":
        raise WrongState(N_("This device is out of use."), code="retired")
    await _refuse_deaf(tracker)
    asked = {"interval": desired.interval_seconds, "find": desired.find}
    revision: int = await connection().fetchval(
        "UPDATE tracker SET desired = $2, desired_rev = desired_rev + 1, desired_at = $3 WHERE id = $1"
        " RETURNING desired_rev",
        tracker["id"],
        json.dumps(asked),
        clock.now(),
    )
    await noted(actor, tracker, "ask", asked | {"rev": revision}, act_id=act_id)
    await post_desired(tracker["id"], revision)
    return revision


def desired_handler(broker: Callable[[], Broker]) -> Handler:
    """The outbox's handler for what is asked of devices; ``broker`` says where it listens and as whom we come."""

    async def deliver(_: UUID, body: Mapping[str, Any]) -> None:
        await deliver_desired(UUID(str(body["tracker"])), body["rev"], broker)

    return deliver


async def deliver_desired(tracker: UUID, revision: int, broker: Callable[[], Broker]) -> None:
    """Make the broker keep what is asked of a device, unless something newer is.

    The lock keeps two workers from overtaking one another between the look and the broker's answer.

    Raises:
        OSError, TimeoutError: the broker did not take it; the outbox tries again.
    """
    async with transaction() as db:
        await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"desired {tracker}")
        row = await db.fetchrow(
            "SELECT t.key, t.desired, t.desired_rev, r.state FROM tracker t JOIN record r ON r.id = t.id"
            " WHERE t.id = $1",
            tracker,
        )
        if row is None or row["desired_rev"] > revision:
            return
        await asyncio.to_thread(publish, broker(), f"cmd/{row['key']}/desired", retained(row))


def retained(row: Any) -> bytes:
    """What the broker keeps for a device: nothing once it is out of use."""
    if row["state"] == "retired":
        return b""
    asked = {name: value for name, value in json.loads(row["desired"]).items() if value is not None}
    return json.dumps({"rev": row["desired_rev"], **asked}).encode()


async def _refuse_deaf(tracker: Any) -> None:
    payload = await connection().fetchval("SELECT payload FROM device_model WHERE id = $1", tracker["model"])
    if tracker["source"] is not None or payload != TAKES_COMMANDS:
        raise Invalid(
            N_("This device takes no commands from here."),
            do=N_("Use the app or server that it belongs to."),
            code="no_commands",
        )
