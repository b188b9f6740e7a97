"""Links that people make afterwards show on both pages, but no rule reads them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T23:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "links made by hand"
SQL = """
ALTER TABLE record_link ADD COLUMN IF NOT EXISTS by_hand BOOLEAN NOT NULL DEFAULT false;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
