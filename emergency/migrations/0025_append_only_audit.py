"""The audit only grows, and the database itself enters what becomes of permissions: who
may sign in, and as what. So nobody gets rights unseen, by whatever way they come."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER audit_is_append_only
    BEFORE UPDATE OR DELETE ON emergency_auditentry
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();

CREATE TRIGGER link_template_is_a_version
    BEFORE UPDATE OR DELETE ON emergency_linktemplate
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();

CREATE FUNCTION emergency_audit_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO emergency_auditentry (at, area, code, staff_id, via, subject, values)
    VALUES (
        statement_timestamp(), 'permission',
        CASE WHEN TG_OP = 'INSERT' THEN 'staff_added' ELSE 'permission_changed' END,
        NULL, 'database', 'staff:' || NEW.id,
        jsonb_build_object(
            'role', NEW.role, 'may_sign_in', NEW.is_active,
            'superuser', NEW.is_superuser
        ) || CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE jsonb_build_object(
            'role_before', OLD.role, 'could_sign_in', OLD.is_active,
            'was_superuser', OLD.is_superuser
        ) END
    );
    RETURN NULL;
END $$;

CREATE TRIGGER staff_added_is_audited
    AFTER INSERT ON emergency_staff
    FOR EACH ROW EXECUTE FUNCTION emergency_audit_permission();

CREATE TRIGGER permission_changed_is_audited
    AFTER UPDATE ON emergency_staff
    FOR EACH ROW WHEN (
        OLD.role IS DISTINCT FROM NEW.role
        OR OLD.is_active IS DISTINCT FROM NEW.is_active
        OR OLD.is_superuser IS DISTINCT FROM NEW.is_superuser
    ) EXECUTE FUNCTION emergency_audit_permission();
"""

BACKWARD = """
DROP TRIGGER permission_changed_is_audited ON emergency_staff;
DROP TRIGGER staff_added_is_audited ON emergency_staff;
DROP FUNCTION emergency_audit_permission();
DROP TRIGGER link_template_is_a_version ON emergency_linktemplate;
DROP TRIGGER audit_is_append_only ON emergency_auditentry;
"""


class Migration(migrations.Migration):
    dependencies = [("emergency", "0024_accounts_come_from_elsewhere")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
