"""What the tables of footage cannot say themselves: words, spans that end after they begin, what is once only."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T09:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "footage: words, spans, uniqueness"
SQL = """
ALTER TABLE footage_source DROP CONSTRAINT IF EXISTS footage_source_words;
ALTER TABLE footage_source ADD CONSTRAINT footage_source_words CHECK (
    (store_days IS NULL OR store_days BETWEEN 1 AND 3650)
    AND (latitude IS NULL) = (longitude IS NULL)
    AND (latitude IS NULL OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)));
ALTER TABLE footage_upload DROP CONSTRAINT IF EXISTS footage_upload_words;
ALTER TABLE footage_upload ADD CONSTRAINT footage_upload_words CHECK (
    state IN ('open', 'checking', 'done', 'failed', 'given_up') AND size > 0);
ALTER TABLE footage DROP CONSTRAINT IF EXISTS footage_span;
ALTER TABLE footage ADD CONSTRAINT footage_span CHECK (recorded_from < recorded_to AND duration_ms > 0);
ALTER TABLE footage_share DROP CONSTRAINT IF EXISTS footage_share_words;
ALTER TABLE footage_share ADD CONSTRAINT footage_share_words CHECK (ground IN ('shared_use', 'request'));
ALTER TABLE footage_copy DROP CONSTRAINT IF EXISTS footage_copy_words;
ALTER TABLE footage_copy ADD CONSTRAINT footage_copy_words CHECK (
    kind IN ('extract', 'viewing', 'masked') AND start_ms >= 0 AND end_ms > start_ms
    AND state IN ('waiting', 'making', 'ready', 'failed', 'withdrawn')
    AND (state <> 'ready' OR (file IS NOT NULL AND sm3 IS NOT NULL AND crc32 IS NOT NULL)));
ALTER TABLE footage_opening DROP CONSTRAINT IF EXISTS footage_opening_words;
ALTER TABLE footage_opening ADD CONSTRAINT footage_opening_words CHECK (act IN ('view', 'download'));

CREATE INDEX IF NOT EXISTS footage_source_of_holder ON footage_source (holder);
CREATE UNIQUE INDEX IF NOT EXISTS footage_source_item_once ON footage_source (item) WHERE item IS NOT NULL;
CREATE INDEX IF NOT EXISTS footage_upload_open ON footage_upload (touched_at) WHERE state IN ('open', 'checking');
CREATE INDEX IF NOT EXISTS footage_of_source ON footage (source, recorded_from) WHERE source IS NOT NULL;
CREATE INDEX IF NOT EXISTS footage_of_use ON footage (shared_use) WHERE shared_use IS NOT NULL;
CREATE INDEX IF NOT EXISTS footage_due ON footage (keep_until) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS footage_share_standing ON footage_share (footage, agency, record)
    WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS footage_share_of_agency ON footage_share (agency) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS footage_hold_standing ON footage_hold (footage) WHERE released_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS footage_picture_once ON footage_picture (footage, at_ms);
CREATE INDEX IF NOT EXISTS footage_copy_waiting ON footage_copy (asked_at) WHERE state IN ('waiting', 'making');
CREATE INDEX IF NOT EXISTS footage_copy_of_request ON footage_copy (request) WHERE request IS NOT NULL;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="video", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
