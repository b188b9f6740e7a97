"""Indexes of the reads: what is out or uninspected, what does not occupy, who asked, what the counters wait for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:03:000000"
VERSION = "1.38.0"
DESCRIPTION = "reads: availability, calendar, home"
SQL = """
CREATE INDEX IF NOT EXISTS loan_line_kept ON loan_line (owner, item) INCLUDE (state, period)
    WHERE state IN ('out', 'back');
CREATE INDEX IF NOT EXISTS loan_line_beside ON loan_line (owner, item, upper(blocked)) INCLUDE (blocked)
    WHERE state IN ('asked', 'conflict', 'done');
CREATE INDEX IF NOT EXISTS item_shelf ON item (model, depot);
CREATE INDEX IF NOT EXISTS deadline_owed_by ON deadline (owed_by, due_at) WHERE state IN ('running', 'paused');
CREATE INDEX IF NOT EXISTS deadline_owed_to ON deadline (owed_to, due_at) WHERE state IN ('running', 'paused');
CREATE INDEX IF NOT EXISTS handover_proposed ON handover (giver, taker) WHERE state = 'proposed';
CREATE INDEX IF NOT EXISTS incident_reported ON incident (owner, reported_at);
CREATE INDEX IF NOT EXISTS custody_line_holder ON custody_line (holder, chain, seq) WHERE holder_kind = 'person';
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
