"""Which tracker was on which item, and when: a track belongs to the loan of the item, not to the device."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T03:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "trackers: which tracker was on which item"
SQL = """
CREATE TABLE IF NOT EXISTS tracker_binding (
    id uuid PRIMARY KEY,
    tracker uuid NOT NULL REFERENCES tracker (id),
    item uuid NOT NULL REFERENCES item (id),
    since timestamptz NOT NULL,
    until timestamptz CHECK (until >= since)
);
CREATE UNIQUE INDEX IF NOT EXISTS tracker_binding_tracker ON tracker_binding (tracker) WHERE until IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS tracker_binding_item ON tracker_binding (item) WHERE until IS NULL;
CREATE INDEX IF NOT EXISTS tracker_binding_of_tracker ON tracker_binding (tracker, since);
CREATE INDEX IF NOT EXISTS tracker_binding_of_item ON tracker_binding (item, since);
INSERT INTO tracker_binding (id, tracker, item, since)
    SELECT gen_random_uuid(), id, item, coalesce(bound_at, now()) FROM tracker WHERE item IS NOT NULL
    AND NOT EXISTS (SELECT FROM tracker_binding b WHERE b.tracker = tracker.id AND b.until IS NULL);
CREATE INDEX IF NOT EXISTS position_look_recent ON position_look (person, loan, tracker, view, at);
CREATE INDEX IF NOT EXISTS position_look_age ON position_look (at);
CREATE INDEX IF NOT EXISTS loan_area_of_loan ON loan_area (loan);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
