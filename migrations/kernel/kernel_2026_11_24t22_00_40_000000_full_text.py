"""Full text of records: their words as PostgreSQL searches them, beside the text that snippets come from."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T22:00:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "full text of records"
SQL = """
CREATE TABLE IF NOT EXISTS record_text (
    record UUID PRIMARY KEY REFERENCES record (id) ON DELETE RESTRICT,
    vector TSVECTOR NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS record_text_words ON record_text USING gin (vector);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
