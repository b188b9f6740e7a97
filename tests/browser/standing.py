"""A house whose clock stands still: ``python -m tests.browser.standing 2026-09-21T09:30:00+08:00``.

It has some of the demo's agencies with their people and nothing else: whoever wants to see a holiday ahead comes
on a day before it.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from shared_resources.cli.serve import database, serve, with_pool
from shared_resources.demo.agencies import AGENCIES, CAST, PASSWORD
from shared_resources.demo.people import ADMINISTRATOR, found, hire
from shared_resources.kernel import clock
from shared_resources.kernel.identity import create_first_administrator
from shared_resources.kernel.permissions import Actor, Role

SLUGS = ("cq-gov", "cq-legal", "cq-sup", "cq-em", "cq-amr", "cq-ecoenv")


async def people() -> None:
    """The agencies and their named people."""
    made = await create_first_administrator(ADMINISTRATOR, "系统管理员", PASSWORD)
    admin = Actor(made, None, "系统管理员", roles=frozenset({Role.SYSTEM_ADMIN}))
    agencies = {one.slug: await found(admin, one) for one in AGENCIES if one.slug in SLUGS}
    for username, name, slug, roles, unit in CAST:
        if slug in agencies:
            await hire(admin, username, name, slug, agencies[slug], [Role(role) for role in roles], unit)


def main(instant: datetime) -> None:
    """Serve at ``instant`` until SIGTERM."""
    with clock.at(instant), database():
        asyncio.run(with_pool(people))
        serve()


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
