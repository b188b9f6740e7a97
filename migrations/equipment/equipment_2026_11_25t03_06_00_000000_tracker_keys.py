"""A key is the user name at the broker: no tracker and source share one, none is the listener's."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T03:06:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "trackers: one key, one user of the broker"
SQL = """
CREATE OR REPLACE FUNCTION tracker_key_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('tracker key ' || NEW.key, 0));
    IF TG_TABLE_NAME = 'tracker' THEN
        SELECT EXISTS (SELECT FROM public.tracker_source WHERE key = NEW.key) INTO taken;
    ELSE
        SELECT EXISTS (SELECT FROM public.tracker WHERE key = NEW.key) INTO taken;
    END IF;
    IF taken OR NEW.key = 'shared-resources' THEN
        RAISE EXCEPTION 'the key % is taken', NEW.key
            USING ERRCODE = 'unique_violation', CONSTRAINT = TG_TABLE_NAME || '_key_key';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER IF EXISTS tracker_key_once ON tracker;
CREATE TRIGGER tracker_key_once BEFORE INSERT OR UPDATE OF key ON tracker
    FOR EACH ROW EXECUTE FUNCTION tracker_key_once();
DROP TRIGGER IF EXISTS tracker_source_key_once ON tracker_source;
CREATE TRIGGER tracker_source_key_once BEFORE INSERT OR UPDATE OF key ON tracker_source
    FOR EACH ROW EXECUTE FUNCTION tracker_key_once();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
