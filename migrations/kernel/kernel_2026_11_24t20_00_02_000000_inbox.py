"""The inbox of an agency with thousands of open records: its duties in the order of their due dates."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T20:00:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "open duties by side"
SQL = """
ALTER TABLE deadline ADD COLUMN IF NOT EXISTS kind TEXT NOT NULL DEFAULT '';
UPDATE deadline d SET kind = r.kind FROM record r WHERE r.id = d.record AND d.kind = '';
CREATE INDEX IF NOT EXISTS deadline_owed_by_open ON deadline (owed_by, due_at, id) INCLUDE (kind, state)
    WHERE state IN ('running', 'paused');
CREATE INDEX IF NOT EXISTS deadline_owed_to_open ON deadline (owed_to, due_at, id) INCLUDE (kind, state, owed_by)
    WHERE state IN ('running', 'paused');
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
