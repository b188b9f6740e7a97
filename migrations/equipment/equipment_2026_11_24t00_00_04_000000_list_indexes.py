"""Indexes of the list of loans: the latest of each side, what is open, numbers by a part of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:04:000000"
VERSION = "1.38.0"
DESCRIPTION = "lists: loans, open ones first"
SQL = """
CREATE INDEX IF NOT EXISTS loan_owner_latest ON loan (owner, starts_at, id);
CREATE INDEX IF NOT EXISTS loan_borrower_latest ON loan (borrower, starts_at, id);
DROP INDEX IF EXISTS loan_owner_time;
DROP INDEX IF EXISTS loan_borrower_time;
CREATE INDEX IF NOT EXISTS record_open_loan ON record (id) INCLUDE (state)
    WHERE kind = 'loan' AND NOT state IN ('closed', 'lapsed', 'refused', 'withdrawn');
CREATE INDEX IF NOT EXISTS record_loan_number_trgm ON record USING gin (number gin_trgm_ops) WHERE kind = 'loan';
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
