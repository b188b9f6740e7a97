"""``shared-resources broker``: our own broker, or the credentials of one elsewhere."""

from __future__ import annotations

from shared_resources.equipment.trackers.broker import dynamic, keeping
from shared_resources.equipment.trackers.service.dynsec import admin_address
from shared_resources.settings import settings, variable


async def run() -> None:
    """Do what the settings say until SIGTERM or SIGINT; the pool must be open.

    Raises:
        SystemExit: there is nothing to do, or it cannot be done.
    """
    admin = admin_address()
    if admin is not None:
        await dynamic.run(admin)
    elif settings().broker_url is not None:
        raise SystemExit(
            f"{variable('broker_url')} names a broker elsewhere; there is none to run here. "
            f"To keep its credentials by dynamic security, set {variable('broker_admin_url')}."
        )
    else:
        await keeping.run()
