"""Every procedure of the house: those of equipment, then those of the coordination records."""

from __future__ import annotations

from shared_resources.cases.families import FAMILIES
from shared_resources.equipment.rules.procedures import PROCEDURES as OF_EQUIPMENT
from shared_resources.equipment.trackers.rules.procedures import PROCEDURES as OF_TRACKERS

PROCEDURES = (*OF_EQUIPMENT, *OF_TRACKERS, *(family.procedure for family in FAMILIES))
