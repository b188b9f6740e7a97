"""Loading the demo: agencies, people, equipment, then two months of loans and what trackers told of them,
through the verbs that people use.

Everything is dated relative to the day of loading and drawn from one seed, so every page has life and two loads
tell the same story. A second call finds the demo and changes nothing.
"""

from __future__ import annotations

import random

from shared_resources.demo.agencies import PASSWORD
from shared_resources.demo.cases import load_cases
from shared_resources.demo.loans import load_loans
from shared_resources.demo.people import ADMINISTRATOR, load_people
from shared_resources.demo.register import load_register
from shared_resources.demo.seals import load_seals
from shared_resources.demo.trackers import load_trackers
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.words import N_

SEED = 197

SIGN_INS = (
    ("keeper", N_("equipment keeper of the emergency bureau")),
    ("head", N_("unit head there: approves")),
    ("duty", N_("duty officer there: releases in emergencies")),
    ("officer", N_("officer of the market regulator: borrows")),
    ("amrkeeper", N_("equipment keeper of the market regulator")),
    ("eco", N_("officer of the ecology bureau: borrows")),
    ("ecohead", N_("unit head of the ecology bureau: approves")),
    ("emleader", N_("leader in charge of the emergency bureau")),
    ("amrhead", N_("unit head of the market regulator: signs letters")),
    ("psb", N_("officer of the police: answers requests, takes cases")),
    ("labclerk", N_("lab clerk of the food and drug institute: receives samples")),
    ("analyst", N_("analyst there: tests by code, knows no client")),
    ("labhead", N_("head there: signs reports")),
    ("legal", N_("legal office: coordinates disputes, urges, looks on")),
    ("gov", N_("municipal government office: decides")),
    ("sup", N_("supervisory organ: looks on")),
    (ADMINISTRATOR, N_("system administrator: people, agencies, calendar")),
)
"""Whom the demo offers to be, and what one can do as them."""


async def load() -> list[str]:
    """Load the demo into an empty system; returns the sign-ins as lines to print."""
    if await is_empty():
        chance = random.Random(SEED)  # noqa: S311 a story, not a secret
        people = await load_people(chance)
        await load_seals()
        register = await load_register(people, chance)
        await load_loans(people, register)
        await load_trackers(people, register)
        await load_cases(people)
    else:
        await load_seals()
    return [f"{username:<10} {PASSWORD}   {what}" for username, what in SIGN_INS]


async def is_empty() -> bool:
    """Whether nobody was ever entered."""
    async with reading() as db:
        return not await db.fetchval("SELECT EXISTS (SELECT FROM person)")
