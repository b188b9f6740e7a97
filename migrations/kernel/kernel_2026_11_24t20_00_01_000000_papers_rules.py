"""What the tables of papers cannot say: several agencies a part, numbers once, papers never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T20:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "several agencies a part, numbers once, papers never changed"
SQL = """
DROP INDEX IF EXISTS party_part;
CREATE UNIQUE INDEX IF NOT EXISTS party_part_agency ON party (record, part, agency);
CREATE INDEX IF NOT EXISTS party_agency ON party (agency, record);
CREATE INDEX IF NOT EXISTS filing_record ON filing (record, at);
CREATE UNIQUE INDEX IF NOT EXISTS record_link_once ON record_link (source, target, kind);
CREATE INDEX IF NOT EXISTS record_link_back ON record_link (target);
CREATE INDEX IF NOT EXISTS attachment_record ON attachment (record) WHERE withdrawn_at IS NULL;
CREATE INDEX IF NOT EXISTS hold_open ON hold (record) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS letter_serial_once ON letter_serial (agency, word, year);
CREATE UNIQUE INDEX IF NOT EXISTS document_number_once ON document (issuer, word, year, serial);
CREATE INDEX IF NOT EXISTS document_record ON document (record, issued_at);
CREATE UNIQUE INDEX IF NOT EXISTS seal_one ON seal (agency) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS signature_field_once ON signature (document, field);
CREATE UNIQUE INDEX IF NOT EXISTS rung_once ON rung (deadline, name) WHERE dropped_at IS NULL;
CREATE INDEX IF NOT EXISTS rung_waiting ON rung (at) WHERE fired_at IS NULL AND dropped_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS agency_office_once ON agency (office)
    WHERE office IS NOT NULL AND level = 'municipal';
ALTER TABLE agency DROP CONSTRAINT IF EXISTS agency_office_words;
ALTER TABLE agency ADD CONSTRAINT agency_office_words
    CHECK (office IN ('legal_office', 'municipal_office', 'supervisory_organ'));
ALTER TABLE attachment DROP CONSTRAINT IF EXISTS attachment_class_words;
ALTER TABLE attachment ADD CONSTRAINT attachment_class_words CHECK (confidentiality IN ('I', 'C', 'S'));
REVOKE UPDATE, DELETE, TRUNCATE ON filing, document, signature FROM shared_resources_app;
REVOKE DELETE, TRUNCATE ON record_link, attachment, hold, letter_serial, seal, rung FROM shared_resources_app;
DO $$
DECLARE kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['filing', 'document', 'signature'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS no_change ON %I', kept);
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
                       ' EXECUTE FUNCTION refuse_change()', kept);
        EXECUTE format('DROP TRIGGER IF EXISTS no_truncate ON %I', kept);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION refuse_change()', kept);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_change', kept);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_truncate', kept);
    END LOOP;
END $$;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="kernel", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
