"""A source of footage as data: what kinds there are, and its short life. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import date, datetime

SOURCE = register(
    Procedure(
        kind="footage_source",
        prefix="VC",
        basis="VI-1c",
        label=N_("Footage source"),
        path="/footage-sources/%(number)s",
        opening="register",
        initial="in_use",
        parties=(Relation.HOLDER,),
        states={
            "in_use": State(N_("In use"), "good"),
            "retired": State(N_("Out of use"), "neutral", final=True),
        },
        steps=(
            Step(
                "retire",
                ("in_use",),
                "retired",
                Permission.SOURCE_EDIT,
                N_("Take out of use"),
                "VI-1c",
                needs_note=True,
            ),
        ),
    )
)

KINDS: Mapping[str, str] = {
    "fixed_camera": N_("Fixed camera"),
    "ptz_camera": N_("PTZ camera"),
    "body_camera": N_("Body camera"),
    "in_car_recorder": N_("In-car recorder"),
    "hand_camera": N_("Hand-held camera"),
    "drone": N_("Drone"),
    "recorder": N_("Recorder (NVR)"),
    "other": N_("Another source"),
}
"""What a source can be; the words of ``footage_source.kind``."""


def true_time(shown: datetime, offset_ms: int | None) -> datetime:
    """The true time when the recorder's clock showed ``shown``; its own where the offset was never measured."""
    return shown - timedelta(milliseconds=offset_ms or 0)


def overwritten_on(recorded: date, store_days: int | None) -> date | None:
    """The day on which a store overwrites what it recorded on ``recorded``; None if it never does by itself."""
    return None if store_days is None else recorded + timedelta(days=store_days)
