"""What the register's tables cannot say themselves: uniqueness, checks, and indexes to search by."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "register: unique numbers and names, order of days, trigram search"
SQL = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE UNIQUE INDEX IF NOT EXISTS item_asset_no_once ON item (owner, asset_no);
CREATE INDEX IF NOT EXISTS item_asset_no_trgm ON item USING gin (asset_no gin_trgm_ops);
CREATE INDEX IF NOT EXISTS item_serial_trgm ON item USING gin (serial gin_trgm_ops);
CREATE UNIQUE INDEX IF NOT EXISTS model_name_once ON model (category, name_zh);
CREATE UNIQUE INDEX IF NOT EXISTS depot_name_once ON depot (agency, name_zh);
CREATE UNIQUE INDEX IF NOT EXISTS lending_rule_once ON lending_rule (agency, category) NULLS NOT DISTINCT;
CREATE INDEX IF NOT EXISTS certificate_standing ON certificate (item, valid_to) WHERE voided_at IS NULL;
ALTER TABLE certificate DROP CONSTRAINT IF EXISTS certificate_days;
ALTER TABLE certificate ADD CONSTRAINT certificate_days CHECK (valid_from <= valid_to);
ALTER TABLE depot_closure DROP CONSTRAINT IF EXISTS depot_closure_days;
ALTER TABLE depot_closure ADD CONSTRAINT depot_closure_days CHECK (first_day <= last_day);
ALTER TABLE item DROP CONSTRAINT IF EXISTS item_code_form;
ALTER TABLE item ADD CONSTRAINT item_code_form CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$');
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
