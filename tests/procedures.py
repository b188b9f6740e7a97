"""Every procedure of the house: those of equipment, footage and laboratories, then the coordination records."""

from __future__ import annotations

from shared_resources.equipment.rules.procedures import PROCEDURES as OF_EQUIPMENT
from shared_resources.equipment.trackers.rules.procedures import PROCEDURES as OF_TRACKERS
from shared_resources.families import FAMILIES
from shared_resources.lab.rules.laboratory import LABORATORY
from shared_resources.lab.rules.sample import SAMPLE, SHIPMENT
from shared_resources.video.rules.footage import FOOTAGE
from shared_resources.video.rules.sources import SOURCE

PROCEDURES = (
    *OF_EQUIPMENT,
    *OF_TRACKERS,
    SOURCE,
    FOOTAGE,
    LABORATORY,
    SAMPLE,
    SHIPMENT,
    *(family.procedure for family in FAMILIES),
)
