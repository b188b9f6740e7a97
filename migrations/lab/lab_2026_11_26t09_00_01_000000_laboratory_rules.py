"""What the tables of laboratories cannot say themselves: words, days, amounts that fit, what is once only, search."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from shared_resources.kernel.database.engine import DB

ID = "2026-11-26T09:00:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "laboratories: words, days, amounts, uniqueness, search"
SQL = """
ALTER TABLE laboratory DROP CONSTRAINT IF EXISTS laboratory_words;
ALTER TABLE laboratory ADD CONSTRAINT laboratory_words CHECK (
    turnaround_days BETWEEN 1 AND 250 AND capacity BETWEEN 1 AND 10000);
ALTER TABLE lab_certificate DROP CONSTRAINT IF EXISTS lab_certificate_words;
ALTER TABLE lab_certificate ADD CONSTRAINT lab_certificate_words CHECK (
    kind IN ('cma', 'cnas') AND valid_from <= valid_to);
ALTER TABLE lab_scope DROP CONSTRAINT IF EXISTS lab_scope_words;
ALTER TABLE lab_scope ADD CONSTRAINT lab_scope_words CHECK (
    (days IS NULL OR days BETWEEN 1 AND 250) AND (price_fen IS NULL OR price_fen >= 0));
ALTER TABLE lab_signatory DROP CONSTRAINT IF EXISTS lab_signatory_days;
ALTER TABLE lab_signatory ADD CONSTRAINT lab_signatory_days CHECK (valid_from <= valid_to);
ALTER TABLE lab_closure DROP CONSTRAINT IF EXISTS lab_closure_days;
ALTER TABLE lab_closure ADD CONSTRAINT lab_closure_days CHECK (first_day <= last_day);
ALTER TABLE sample DROP CONSTRAINT IF EXISTS sample_words;
ALTER TABLE sample ADD CONSTRAINT sample_words CHECK (
    amount > 0 AND remaining >= 0 AND remaining <= amount
    AND kept_for IN ('test', 'retest') AND wish IN ('return', 'destroy', 'keep'));
ALTER TABLE shipment_line DROP CONSTRAINT IF EXISTS shipment_line_words;
ALTER TABLE shipment_line ADD CONSTRAINT shipment_line_words CHECK (
    disposition IS NULL OR disposition IN ('arrived', 'damaged', 'rejected', 'missing', 'unexpected'));
ALTER TABLE lab_result DROP CONSTRAINT IF EXISTS lab_result_words;
ALTER TABLE lab_result ADD CONSTRAINT lab_result_words CHECK (
    judgement IN ('conforms', 'fails', 'none') AND (reviewer IS NULL OR reviewer <> analyst)
    AND (reviewer IS NULL) = (reviewed_at IS NULL) AND (instrument IS NULL) = (certificate_no IS NULL));

ALTER TABLE lab_scope ADD COLUMN IF NOT EXISTS words tsvector NOT NULL DEFAULT ''::tsvector;
CREATE INDEX IF NOT EXISTS lab_scope_words_of ON lab_scope USING gin (words) WHERE ended_on IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_certificate_once ON lab_certificate (laboratory, number)
    WHERE ended_on IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_scope_once ON lab_scope (laboratory, certificate, item, matrix, method)
    WHERE ended_on IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_store_once ON lab_store (laboratory, name);
CREATE INDEX IF NOT EXISTS lab_delegation_in_work ON lab_delegation (laboratory, agreed_due)
    WHERE accepted_at IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS sample_seal_once ON sample (seal_no) WHERE seal_no IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS shipment_line_once ON shipment_line (shipment, sample) WHERE sample IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_result_standing ON lab_result (test, sample) NULLS NOT DISTINCT
    WHERE replaced_by IS NULL;
CREATE INDEX IF NOT EXISTS lab_result_of_sample ON lab_result (sample) WHERE sample IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_delegation_site_code ON lab_delegation (site_code) WHERE site_code IS NOT NULL;
CREATE INDEX IF NOT EXISTS lab_result_of_instrument ON lab_result (instrument, measured_at)
    WHERE instrument IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS lab_report_version ON lab_report (delegation, version);
CREATE UNIQUE INDEX IF NOT EXISTS lab_recall_once ON lab_recall (result);

CREATE OR REPLACE FUNCTION lab_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued report is never changed' USING ERRCODE = '23514';
END $$;
DROP TRIGGER IF EXISTS lab_report_stays ON lab_report;
CREATE TRIGGER lab_report_stays BEFORE UPDATE OR DELETE ON lab_report
    FOR EACH ROW EXECUTE FUNCTION lab_report_stays();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="lab", description=DESCRIPTION)

    async def run():
        await DB.current_transaction.get().connection.execute(SQL)

    manager.add_raw(run)
    return manager
