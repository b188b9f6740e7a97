"""What the trackers' tables cannot say themselves: words, uniqueness, the partitioned history and its keeping."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-25T03:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "trackers: words, uniqueness, history by month"
SQL = """
ALTER TABLE tracker DROP CONSTRAINT IF EXISTS tracker_key_words;
ALTER TABLE tracker ADD CONSTRAINT tracker_key_words CHECK (key ~ '^[A-Za-z0-9_-]{1,40}$');
ALTER TABLE tracker_source DROP CONSTRAINT IF EXISTS tracker_source_key_words;
ALTER TABLE tracker_source ADD CONSTRAINT tracker_source_key_words CHECK (key ~ '^[A-Za-z0-9_-]{1,40}$');
ALTER TABLE tracker DROP CONSTRAINT IF EXISTS tracker_identity;
ALTER TABLE tracker ADD CONSTRAINT tracker_identity CHECK ((source IS NULL) = (natural_id IS NULL));
ALTER TABLE tracker_credential DROP CONSTRAINT IF EXISTS tracker_credential_of_one;
ALTER TABLE tracker_credential ADD CONSTRAINT tracker_credential_of_one
    CHECK ((tracker IS NULL) <> (source IS NULL));
ALTER TABLE loan_area DROP CONSTRAINT IF EXISTS loan_area_on_earth;
ALTER TABLE loan_area ADD CONSTRAINT loan_area_on_earth CHECK (
    latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180 AND radius_m BETWEEN 20 AND 500000);
ALTER TABLE checkin DROP CONSTRAINT IF EXISTS checkin_words;
ALTER TABLE checkin ADD CONSTRAINT checkin_words CHECK (
    how IN ('door', 'dwell') AND state IN ('proposed', 'confirmed', 'undone', 'declined', 'received'));
ALTER TABLE alarm DROP CONSTRAINT IF EXISTS alarm_words;
ALTER TABLE alarm ADD CONSTRAINT alarm_words CHECK (kind IN ('left_early', 'outside_area', 'outside_period',
    'silent', 'low_battery', 'tamper', 'wrong_holder'));
ALTER TABLE tracker_state DROP CONSTRAINT IF EXISTS tracker_state_words;
ALTER TABLE tracker_state ADD CONSTRAINT tracker_state_words CHECK (place IN ('depot', 'allowed', 'outside'));
ALTER TABLE tracker_state SET (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS tracker_natural_id ON tracker (source, natural_id) WHERE source IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS tracker_one_per_item ON tracker (item) WHERE item IS NOT NULL;
CREATE INDEX IF NOT EXISTS tracker_of_agency ON tracker (agency);
CREATE INDEX IF NOT EXISTS tracker_credential_tracker ON tracker_credential (tracker) WHERE tracker IS NOT NULL;
CREATE INDEX IF NOT EXISTS tracker_credential_source ON tracker_credential (source) WHERE source IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS checkin_standing ON checkin (owner, line)
    WHERE state IN ('proposed', 'confirmed');
CREATE UNIQUE INDEX IF NOT EXISTS checkin_once ON checkin (line, seen_at, msg_key);
CREATE UNIQUE INDEX IF NOT EXISTS alarm_open ON alarm (tracker, kind) WHERE settled_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS alarm_once ON alarm (tracker, kind, seen_at, msg_key);
CREATE INDEX IF NOT EXISTS alarm_of_owner ON alarm (owner, raised_at DESC);
CREATE INDEX IF NOT EXISTS quarantine_age ON quarantine (received_at);
CREATE INDEX IF NOT EXISTS position_look_of_loan ON position_look (loan, at);
CREATE UNIQUE INDEX IF NOT EXISTS position_hold_standing ON position_hold (loan) WHERE released_at IS NULL;
CREATE INDEX IF NOT EXISTS tracker_state_received ON tracker_state (received_at);

CREATE TABLE IF NOT EXISTS position (
    tracker uuid NOT NULL,
    slot timestamptz NOT NULL,
    cell bigint NOT NULL,
    fix_at timestamptz NOT NULL,
    msg_key bigint NOT NULL,
    received_at timestamptz NOT NULL,
    live boolean NOT NULL,
    latitude double precision,
    longitude double precision,
    accuracy_m real,
    battery_pct integer,
    tamper boolean NOT NULL,
    place text CHECK (place IN ('depot', 'allowed', 'outside')),
    source uuid,
    rssi integer,
    clock_suspect boolean NOT NULL,
    PRIMARY KEY (tracker, slot, cell)
) PARTITION BY RANGE (slot);
CREATE INDEX IF NOT EXISTS position_slot ON position USING brin (slot);
CREATE TABLE IF NOT EXISTS position_default PARTITION OF position DEFAULT;

-- The working role owns no table; these two do for it what keeping the history by month needs, and nothing else.
CREATE OR REPLACE FUNCTION position_month(day date) RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', day);
    part text := 'position_' || to_char(first, 'YYYY_MM');
BEGIN
    IF to_regclass('public.' || part) IS NULL THEN
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.position FOR VALUES FROM (%L) TO (%L)', part,
            to_char(first, 'YYYY-MM-DD') || ' 00:00+00',
            to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00+00');
    END IF;
    RETURN part;
END $$;
CREATE OR REPLACE FUNCTION position_forget(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    part text := 'position_' || to_char(date_trunc('month', day), 'YYYY_MM');
    left_over boolean;
BEGIN
    IF to_regclass('public.' || part) IS NULL THEN RETURN false; END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', part) INTO left_over;
    IF left_over THEN RETURN false; END IF;
    EXECUTE format('DROP TABLE public.%I', part);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION position_month(date), position_forget(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION position_month(date), position_forget(date) TO shared_resources_app;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="equipment", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
