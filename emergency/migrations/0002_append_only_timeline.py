"""The timeline is evidence: the database itself refuses to change or remove an entry."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION emergency_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER timeline_is_append_only
    BEFORE UPDATE OR DELETE ON emergency_timelineentry
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();

CREATE TRIGGER consent_is_evidence
    BEFORE UPDATE OR DELETE ON emergency_consent
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();
"""

BACKWARD = """
DROP TRIGGER consent_is_evidence ON emergency_consent;
DROP TRIGGER timeline_is_append_only ON emergency_timelineentry;
DROP FUNCTION emergency_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("emergency", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
