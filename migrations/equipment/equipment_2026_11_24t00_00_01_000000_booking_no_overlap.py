"""What the lending tables cannot say themselves: no item twice at once, words of states, indexes for the sweeps.

``owner`` leads the primary key of ``loan_line`` and its exclusion constraint: both still hold when the table is
spread by owner. One open hand-over for each line is kept by the lock that the verb takes on the line; the state
stands in another table than the line, so no index can say it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T00:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "booking: no overlap, ranges, states, indexes"
SQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE loan_line DROP CONSTRAINT IF EXISTS loan_line_pkey;
ALTER TABLE loan_line ADD CONSTRAINT loan_line_pkey PRIMARY KEY (owner, id);

ALTER TABLE loan_line DROP CONSTRAINT IF EXISTS loan_line_no_overlap;
ALTER TABLE loan_line ADD CONSTRAINT loan_line_no_overlap EXCLUDE USING gist
    (owner WITH =, item WITH =, blocked WITH &&) WHERE (state IN ('held', 'reserved', 'out', 'back'));

ALTER TABLE loan_line DROP CONSTRAINT IF EXISTS loan_line_ranges;
ALTER TABLE loan_line ADD CONSTRAINT loan_line_ranges CHECK (
    NOT isempty(period) AND NOT isempty(blocked) AND period <@ blocked
    AND lower_inc(period) AND NOT upper_inc(period) AND lower_inc(blocked) AND NOT upper_inc(blocked)
    AND NOT lower_inf(blocked) AND NOT upper_inf(blocked)
    AND isfinite(lower(blocked)) AND isfinite(upper(blocked)));
ALTER TABLE loan_line DROP CONSTRAINT IF EXISTS loan_line_words;
ALTER TABLE loan_line ADD CONSTRAINT loan_line_words CHECK (state IN
    ('asked', 'held', 'reserved', 'conflict', 'out', 'back', 'done', 'refused', 'dropped', 'lost'));
ALTER TABLE loan DROP CONSTRAINT IF EXISTS loan_period;
ALTER TABLE loan ADD CONSTRAINT loan_period CHECK (
    starts_at < ends_at AND isfinite(starts_at) AND isfinite(ends_at));
ALTER TABLE loan DROP CONSTRAINT IF EXISTS loan_two_agencies;
ALTER TABLE loan ADD CONSTRAINT loan_two_agencies CHECK (owner <> borrower);
ALTER TABLE loan DROP CONSTRAINT IF EXISTS loan_words;
ALTER TABLE loan ADD CONSTRAINT loan_words CHECK (
    mode IN ('loan', 'shared_use') AND ground IN ('law', 'campaign', 'emergency', 'other'));
ALTER TABLE handover DROP CONSTRAINT IF EXISTS handover_words;
ALTER TABLE handover ADD CONSTRAINT handover_words CHECK (
    direction IN ('out', 'back', 'move') AND state IN ('proposed', 'confirmed', 'declined', 'withdrawn'));
ALTER TABLE handover DROP CONSTRAINT IF EXISTS handover_two_persons;
ALTER TABLE handover ADD CONSTRAINT handover_two_persons CHECK (giver <> taker);
ALTER TABLE incident DROP CONSTRAINT IF EXISTS incident_words;
ALTER TABLE incident ADD CONSTRAINT incident_words CHECK (kind IN ('damage', 'loss'));

CREATE UNIQUE INDEX IF NOT EXISTS handover_line_once ON handover_line (handover, line);
CREATE INDEX IF NOT EXISTS loan_line_busy ON loan_line (owner, item, upper(blocked)) INCLUDE (blocked)
    WHERE state IN ('held', 'reserved', 'out', 'back');
CREATE INDEX IF NOT EXISTS loan_line_out ON loan_line (owner, item) WHERE state = 'out';
CREATE INDEX IF NOT EXISTS loan_line_of_loan ON loan_line (owner, loan);
CREATE INDEX IF NOT EXISTS loan_owner_time ON loan (owner, starts_at);
CREATE INDEX IF NOT EXISTS loan_borrower_time ON loan (borrower, starts_at);
CREATE INDEX IF NOT EXISTS loan_ends ON loan (ends_at);
CREATE INDEX IF NOT EXISTS handover_waiting ON handover (loan) WHERE state = 'proposed';
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
