"""Letters are found by what they hash to: whoever has a copy asks whether we issued it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T21:00:40:000000"
VERSION = "1.38.0"
DESCRIPTION = "letters are found by what they hash to"
SQL = """
CREATE INDEX IF NOT EXISTS document_sha256 ON document (sha256);
CREATE INDEX IF NOT EXISTS signature_sha256 ON signature (sha256);
ALTER TABLE seal DROP CONSTRAINT IF EXISTS seal_kind_words;
ALTER TABLE seal ADD CONSTRAINT seal_kind_words CHECK (kind IN ('pkcs12', 'pkcs11', 'scan'));
ALTER TABLE signature DROP CONSTRAINT IF EXISTS signature_kind_words;
ALTER TABLE signature ADD CONSTRAINT signature_kind_words CHECK (kind IN ('pkcs12', 'pkcs11', 'scan'));
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
