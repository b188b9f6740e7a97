"""A stored file whose bytes were deleted by order stays as a row: what it was, not what was in it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T09:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "forgotten files"
SQL = """
ALTER TABLE file ADD COLUMN IF NOT EXISTS forgotten_at TIMESTAMPTZ;
CREATE INDEX IF NOT EXISTS file_content ON file (sha256);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
