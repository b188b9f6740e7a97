"""Periods of situation notices; regulated parties and the windows in which agencies plan to inspect them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-24T22:00:41:000000"
VERSION = "1.38.0"
DESCRIPTION = "periods of notices, regulated parties, inspection windows"
SQL = """
CREATE TABLE IF NOT EXISTS notice_period (
    id UUID PRIMARY KEY,
    operation UUID NOT NULL REFERENCES record (id) ON DELETE RESTRICT,
    agency UUID NOT NULL REFERENCES agency (id) ON DELETE RESTRICT,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL CHECK (last_day >= first_day),
    notice UUID NOT NULL REFERENCES record (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX IF NOT EXISTS notice_period_once ON notice_period (operation, agency, first_day);
CREATE SEQUENCE IF NOT EXISTS regulated_party_serial;
CREATE TABLE IF NOT EXISTS regulated_party (
    id UUID PRIMARY KEY,
    number TEXT NOT NULL CONSTRAINT regulated_party_number UNIQUE,
    kind TEXT NOT NULL CONSTRAINT regulated_party_kind_words CHECK (kind IN ('person', 'organisation')),
    name TEXT NOT NULL,
    code TEXT,
    id_number TEXT,
    address TEXT,
    subfields TEXT[] NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 0,
    kept_by UUID NOT NULL REFERENCES agency (id) ON DELETE RESTRICT,
    made_by UUID REFERENCES person (id) ON DELETE RESTRICT,
    made_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS regulated_party_code ON regulated_party (code);
CREATE UNIQUE INDEX IF NOT EXISTS regulated_party_id_number ON regulated_party (id_number);
CREATE INDEX IF NOT EXISTS regulated_party_name ON regulated_party (name, id);
CREATE TABLE IF NOT EXISTS inspection_window (
    id UUID PRIMARY KEY,
    plan UUID NOT NULL UNIQUE REFERENCES record (id) ON DELETE RESTRICT,
    party UUID NOT NULL REFERENCES regulated_party (id) ON DELETE RESTRICT,
    agency UUID NOT NULL REFERENCES agency (id) ON DELETE RESTRICT,
    days DATERANGE NOT NULL CONSTRAINT inspection_window_not_empty CHECK (NOT isempty(days))
);
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE INDEX IF NOT EXISTS inspection_window_overlap ON inspection_window USING gist (party, days);
REVOKE DELETE, TRUNCATE ON notice_period, regulated_party, inspection_window FROM shared_resources_app;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="cases", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
