"""The database itself refuses to change what was exported.

A run changes until its file is made, and then never; its documents and the versions of
the settings never; pieces are written while the run is being made.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_export_run_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'lease_until', 'progress', 'problem', 'problem_about',
                            'made_at', 'sha256', 'size', 'rows', 'replaced'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM billing_refuse('export ' || OLD.id || ' cannot be deleted');
    ELSIF OLD.status = 'made' THEN
        PERFORM billing_refuse('export ' || OLD.id || ' is made and cannot be changed');
    ELSIF (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable) THEN
        PERFORM billing_refuse('what export ' || OLD.id || ' holds cannot be changed');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_export_run_kept BEFORE UPDATE OR DELETE ON billing_exportrun
    FOR EACH ROW EXECUTE FUNCTION billing_export_run_is_kept();

CREATE FUNCTION billing_export_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM billing_refuse('the documents of an export cannot be changed');
    END IF;
    PERFORM 1 FROM billing_exportrun WHERE id = NEW.run_id AND status = 'due';
    IF NOT FOUND THEN
        PERFORM billing_refuse('export ' || NEW.run_id || ' takes no further document');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_export_entry_kept BEFORE INSERT OR UPDATE OR DELETE
    ON billing_exportentry FOR EACH ROW EXECUTE FUNCTION billing_export_entry_is_kept();

CREATE FUNCTION billing_export_piece_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.run_id ELSE OLD.run_id END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM billing_refuse('a piece of an export cannot be changed');
    END IF;
    PERFORM 1 FROM billing_exportrun WHERE id = about AND status = 'making';
    IF NOT FOUND THEN
        PERFORM billing_refuse('export ' || about || ' is not being made');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_export_piece_kept BEFORE INSERT OR UPDATE OR DELETE
    ON billing_exportpiece FOR EACH ROW EXECUTE FUNCTION billing_export_piece_is_kept();

CREATE FUNCTION billing_export_settings_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_refuse('a version of the settings for exports cannot be changed');
    RETURN NULL;
END $$;

CREATE TRIGGER billing_export_settings_kept BEFORE UPDATE OR DELETE
    ON billing_exportsettings
    FOR EACH ROW EXECUTE FUNCTION billing_export_settings_are_kept();
CREATE TRIGGER billing_export_tax_code_kept BEFORE UPDATE OR DELETE
    ON billing_exporttaxcode
    FOR EACH ROW EXECUTE FUNCTION billing_export_settings_are_kept();
"""

BACKWARD = """
DROP TRIGGER billing_export_tax_code_kept ON billing_exporttaxcode;
DROP TRIGGER billing_export_settings_kept ON billing_exportsettings;
DROP FUNCTION billing_export_settings_are_kept();
DROP TRIGGER billing_export_piece_kept ON billing_exportpiece;
DROP FUNCTION billing_export_piece_is_kept();
DROP TRIGGER billing_export_entry_kept ON billing_exportentry;
DROP FUNCTION billing_export_entry_is_kept();
DROP TRIGGER billing_export_run_kept ON billing_exportrun;
DROP FUNCTION billing_export_run_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0008_exports")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
