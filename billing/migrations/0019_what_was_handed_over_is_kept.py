"""What was handed over stays as it was, like what was issued; the rate has moved out.

A document that the other billing system refused may go back to being a draft. What was
agreed, changed and answered is only ever added.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION billing_document_is_frozen() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'transmitted_at', 'settled_at'];
    name text := COALESCE(OLD.number, 'for ' || OLD.incident_reference);
BEGIN
    IF OLD.status = 'handed_over' AND TG_OP = 'UPDATE' AND NEW.status = 'draft'
        AND NOT EXISTS (SELECT FROM billing_handover
                        WHERE document_id = OLD.id AND status <> 'refused') THEN
        RETURN NEW;
    END IF;
    IF OLD.number IS NOT NULL OR OLD.status = 'handed_over' THEN
        IF TG_OP = 'DELETE' THEN
            PERFORM billing_refuse('issued document ' || name || ' cannot be deleted');
        ELSIF (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable)
            OR (OLD.status = 'handed_over' AND NEW.status <> 'handed_over') THEN
            PERFORM billing_refuse('issued document ' || name || ' cannot be changed');
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION billing_part_is_frozen() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[] := ARRAY[]::bigint[];
    frozen text;
BEGIN
    IF TG_OP <> 'INSERT' THEN ids := ids || OLD.document_id; END IF;
    IF TG_OP <> 'DELETE' THEN ids := ids || NEW.document_id; END IF;
    SELECT COALESCE(number, 'for ' || incident_reference) INTO frozen
        FROM billing_document
        WHERE id = ANY (ids) AND (number IS NOT NULL OR status = 'handed_over') LIMIT 1;
    IF FOUND THEN
        PERFORM billing_refuse('a part of issued document ' || frozen || ' cannot change');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION billing_hand_over_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'external_number', 'message', 'answered_at',
                            'batch_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM billing_refuse('hand-over ' || OLD.key || ' cannot be deleted');
    ELSIF (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable) THEN
        PERFORM billing_refuse('hand-over ' || OLD.key || ' cannot be changed');
    ELSIF OLD.external_number <> '' AND NEW.external_number <> OLD.external_number THEN
        PERFORM billing_refuse('hand-over ' || OLD.key || ' has a number already');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_hand_over_kept BEFORE UPDATE OR DELETE ON billing_handover
    FOR EACH ROW EXECUTE FUNCTION billing_hand_over_is_kept();

CREATE FUNCTION billing_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_refuse(TG_TABLE_NAME || ' is only ever added to');
    RETURN NULL;
END $$;

CREATE TRIGGER billing_contract_kept BEFORE UPDATE OR DELETE ON billing_contract
    FOR EACH ROW EXECUTE FUNCTION billing_only_added();
CREATE TRIGGER billing_change_kept BEFORE UPDATE OR DELETE ON billing_profilechange
    FOR EACH ROW EXECUTE FUNCTION billing_only_added();
CREATE TRIGGER billing_event_kept BEFORE UPDATE OR DELETE ON billing_handoverevent
    FOR EACH ROW EXECUTE FUNCTION billing_only_added();
CREATE TRIGGER billing_batch_kept BEFORE UPDATE OR DELETE ON billing_handoverbatch
    FOR EACH ROW EXECUTE FUNCTION billing_only_added();

CREATE FUNCTION billing_answer_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_at IS NOT NULL THEN
        PERFORM billing_refuse('the answer about ' || OLD.vat_id || ' is kept as it came');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_answer_kept BEFORE UPDATE OR DELETE ON billing_vatidcheck
    FOR EACH ROW EXECUTE FUNCTION billing_answer_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_vat_rates_have_their_own_days")]

    operations = [
        migrations.RemoveConstraint(
            model_name="issuer", name="issuer_vat_rate_is_percent"
        ),
        migrations.RemoveField(model_name="issuer", name="vat_rate"),
        # Going back leaves the stricter functions; the tables they know are gone then.
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
    ]
