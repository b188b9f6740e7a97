"""What a person has dealt with is raised no second time by the same word; what was over by itself may be.

Words of the last minutes come in any order: what stood, was over, and stands again by the very same newest word has
to stand in the end, or the order would decide. Tags are also found by their own id, whoever's door reads them.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T03:07:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "trackers: dealt with once"
SQL = """
DROP INDEX IF EXISTS alarm_once;
CREATE UNIQUE INDEX alarm_once ON alarm (tracker, kind, seen_at, msg_key) WHERE taken_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS alarm_of_tracker ON alarm (tracker, kind);
DROP INDEX IF EXISTS checkin_once;
CREATE UNIQUE INDEX checkin_once ON checkin (line, seen_at, msg_key)
    WHERE state <> 'undone' OR decided_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS tracker_of_natural_id ON tracker (natural_id) WHERE natural_id IS NOT NULL;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
