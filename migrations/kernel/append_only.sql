-- What the initial tables cannot say: the working role, its grants, the chained append-only ledgers.
-- Idempotent: every statement may run again.

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shared_resources_app') THEN
        CREATE ROLE shared_resources_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster was faster
END $$;
DO $$ BEGIN EXECUTE format('GRANT shared_resources_app TO %I', current_user); END $$;

CREATE SEQUENCE IF NOT EXISTS record_serial;
GRANT USAGE ON SCHEMA public TO shared_resources_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shared_resources_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO shared_resources_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shared_resources_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO shared_resources_app;
REVOKE UPDATE, DELETE, TRUNCATE ON journal_line, custody_line, deadline_entry, checkpoint FROM shared_resources_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON chain_head FROM shared_resources_app;
REVOKE DELETE, TRUNCATE ON record, party FROM shared_resources_app;
REVOKE ALL ON migration FROM shared_resources_app;

CREATE UNIQUE INDEX IF NOT EXISTS journal_line_chain_seq ON journal_line (chain, seq);
CREATE UNIQUE INDEX IF NOT EXISTS custody_line_chain_seq ON custody_line (chain, seq);
CREATE UNIQUE INDEX IF NOT EXISTS journal_line_act_once ON journal_line (act);
CREATE UNIQUE INDEX IF NOT EXISTS custody_line_act_once ON custody_line (act);
CREATE INDEX IF NOT EXISTS custody_line_loan ON custody_line (loan);
CREATE UNIQUE INDEX IF NOT EXISTS chain_head_once ON chain_head (ledger, chain);
CREATE UNIQUE INDEX IF NOT EXISTS party_part ON party (record, part);
CREATE INDEX IF NOT EXISTS record_kind_state ON record (kind, state);
CREATE INDEX IF NOT EXISTS deadline_running ON deadline (due_at) WHERE state = 'running';
CREATE UNIQUE INDEX IF NOT EXISTS deadline_entry_seq ON deadline_entry (deadline, seq);
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (due_at) WHERE done_at IS NULL AND failed_at IS NULL;
CREATE INDEX IF NOT EXISTS notice_unread ON notice (person) WHERE read_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS replay_key ON replay (person, key);
CREATE UNIQUE INDEX IF NOT EXISTS calendar_day_scope ON calendar_day (scope, date);
CREATE UNIQUE INDEX IF NOT EXISTS calendar_year_once ON calendar_year (year);
ALTER TABLE calendar_notice DROP CONSTRAINT IF EXISTS calendar_notice_two_persons;
ALTER TABLE calendar_notice ADD CONSTRAINT calendar_notice_two_persons CHECK (confirmed_by <> proposed_by);
ALTER TABLE calendar_day DROP CONSTRAINT IF EXISTS calendar_day_words;
ALTER TABLE calendar_day ADD CONSTRAINT calendar_day_words CHECK (
    kind IN ('holiday', 'makeup', 'workday_override', 'rest_override')
    AND source IN ('notice', 'library', 'admin', 'estimate') AND scope ~ '^(CN|[0-9]{6})$');
ALTER TABLE calendar_year DROP CONSTRAINT IF EXISTS calendar_year_words;
ALTER TABLE calendar_year ADD CONSTRAINT calendar_year_words CHECK (status IN ('confirmed', 'estimated'));

CREATE OR REPLACE FUNCTION ledger_append() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head chain_head;
    said jsonb := convert_from(NEW.body, 'UTF8')::jsonb;
BEGIN
    INSERT INTO chain_head (id, ledger, chain, seq, hash)
    VALUES (gen_random_uuid(), TG_TABLE_NAME, NEW.chain, 0, decode(repeat('00', 32), 'hex'))
    ON CONFLICT (ledger, chain) DO NOTHING;
    SELECT * INTO head FROM chain_head WHERE ledger = TG_TABLE_NAME AND chain = NEW.chain FOR UPDATE;
    IF NEW.seq <> head.seq + 1 OR NEW.prev <> head.hash THEN
        RAISE EXCEPTION 'chain % stands at %, not before %', NEW.chain, head.seq, NEW.seq USING ERRCODE = '40001';
    END IF;
    IF NEW.hash <> sha256('\x00'::bytea || NEW.prev || NEW.body) THEN
        RAISE EXCEPTION 'the hash does not fit the line' USING ERRCODE = '23514';
    END IF;
    IF said ->> 'chain' <> NEW.chain::text OR (said ->> 'seq')::int <> NEW.seq OR said ->> 'act' <> NEW.act
       OR (said ->> 'at')::timestamptz <> NEW.at THEN
        RAISE EXCEPTION 'columns and body disagree' USING ERRCODE = '23514';
    END IF;
    IF TG_TABLE_NAME = 'custody_line' AND EXISTS (
        SELECT FROM custody_line WHERE chain = NEW.chain AND seq = head.seq AND at > NEW.at
    ) THEN
        RAISE EXCEPTION 'custody cannot go back in time' USING ERRCODE = '23514';
    END IF;
    UPDATE chain_head SET seq = NEW.seq, hash = NEW.hash WHERE id = head.id;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only (% refused)', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;

-- A free text may have to be erased by law; its salted hash stays in the body. Nothing else may change.
CREATE OR REPLACE FUNCTION refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.note IS NULL AND NEW.salt IS NULL
           AND to_jsonb(NEW) - 'note' - 'salt' = to_jsonb(OLD) - 'note' - 'salt' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only (% refused)', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;

DO $$
DECLARE ledger text;
BEGIN
    FOREACH ledger IN ARRAY ARRAY['journal_line', 'custody_line'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS append ON %I', ledger);
        EXECUTE format('CREATE TRIGGER append BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION ledger_append()', ledger);
        EXECUTE format('DROP TRIGGER IF EXISTS no_change ON %I', ledger);
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
                       ' EXECUTE FUNCTION refuse_all_but_erasure()', ledger);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append', ledger);
    END LOOP;
    FOREACH ledger IN ARRAY ARRAY['deadline_entry', 'checkpoint'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS no_change ON %I', ledger);
        EXECUTE format('CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
                       ' EXECUTE FUNCTION refuse_change()', ledger);
    END LOOP;
    FOREACH ledger IN ARRAY ARRAY['journal_line', 'custody_line', 'deadline_entry', 'checkpoint'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS no_truncate ON %I', ledger);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
                       ' EXECUTE FUNCTION refuse_change()', ledger);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_change', ledger);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_truncate', ledger);
    END LOOP;
END $$;
