"""The working role, its grants, and the triggers that keep journal and custody append-only."""

from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "append-only ledgers, working role, indexes"
SQL = Path(__file__).with_name("append_only.sql")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL.read_text(encoding="utf-8"))

    manager.add_raw(run)
    return manager
