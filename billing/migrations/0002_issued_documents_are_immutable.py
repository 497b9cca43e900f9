"""The database itself refuses to change what was issued.

A document with a number may only move on in the columns listed here; its lines, taxes,
holds and bytes not at all. Steps are only ever added.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION billing_document_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'transmitted_at', 'settled_at'];
BEGIN
    IF OLD.number IS NOT NULL THEN
        IF TG_OP = 'DELETE' THEN
            PERFORM billing_refuse('issued document ' || OLD.number || ' cannot be deleted');
        ELSIF (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable) THEN
            PERFORM billing_refuse('issued document ' || OLD.number || ' cannot be changed');
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_document_frozen BEFORE UPDATE OR DELETE ON billing_document
    FOR EACH ROW EXECUTE FUNCTION billing_document_is_frozen();

CREATE FUNCTION billing_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY[]::bigint[];
    frozen text;
BEGIN
    IF TG_OP <> 'INSERT' THEN ids := ids || OLD.document_id; END IF;
    IF TG_OP <> 'DELETE' THEN ids := ids || NEW.document_id; END IF;
    SELECT number INTO frozen FROM billing_document
        WHERE id = ANY (ids) AND number IS NOT NULL LIMIT 1;
    IF FOUND THEN
        PERFORM billing_refuse('a part of issued document ' || frozen || ' cannot change');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_line_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_documentline FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_tax_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_documenttax FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_hold_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_hold FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_file_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_documentfile FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();

CREATE FUNCTION billing_step_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM billing_refuse('the history of a document cannot be changed');
    END IF;
    PERFORM 1 FROM billing_document WHERE id = OLD.document_id AND number IS NOT NULL;
    IF FOUND THEN
        PERFORM billing_refuse('the history of an issued document cannot be deleted');
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER billing_step_kept BEFORE UPDATE OR DELETE ON billing_documentstep
    FOR EACH ROW EXECUTE FUNCTION billing_step_is_kept();
"""

BACKWARD = """
DROP TRIGGER billing_step_kept ON billing_documentstep;
DROP FUNCTION billing_step_is_kept();
DROP TRIGGER billing_file_frozen ON billing_documentfile;
DROP TRIGGER billing_hold_frozen ON billing_hold;
DROP TRIGGER billing_tax_frozen ON billing_documenttax;
DROP TRIGGER billing_line_frozen ON billing_documentline;
DROP FUNCTION billing_part_is_frozen();
DROP TRIGGER billing_document_frozen ON billing_document;
DROP FUNCTION billing_document_is_frozen();
DROP FUNCTION billing_refuse(text);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
