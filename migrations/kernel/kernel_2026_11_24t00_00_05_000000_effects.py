"""One mail an outbox message; checkpoints say up to which line of each ledger they speak."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:05:000000"
VERSION = "1.38.0"
DESCRIPTION = "mail once, reach of checkpoints"
SQL = """
CREATE UNIQUE INDEX IF NOT EXISTS mail_outbox_once ON mail (outbox);
ALTER TABLE checkpoint ADD COLUMN IF NOT EXISTS journal_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE checkpoint ADD COLUMN IF NOT EXISTS custody_to BIGINT NOT NULL DEFAULT 0;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
