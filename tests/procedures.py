"""Every procedure of the house: those of equipment, then those of the coordination records."""

from __future__ import annotations

from shared_resources.cases.families import FAMILIES
from shared_resources.equipment.rules.procedures import PROCEDURES as OF_EQUIPMENT

PROCEDURES = (*OF_EQUIPMENT, *(family.procedure for family in FAMILIES))
