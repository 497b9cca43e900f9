"""Collective invoices, records beside invoices, and e-mail that comes back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION billing_gathered_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    frozen text;
BEGIN
    SELECT number INTO frozen FROM billing_document
        WHERE id = OLD.gathered_into_id AND number IS NOT NULL;
    IF FOUND THEN
        PERFORM billing_refuse('a document gathered into ' || frozen || ' cannot change');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_document_gathered BEFORE UPDATE OR DELETE ON billing_document
    FOR EACH ROW WHEN (OLD.gathered_into_id IS NOT NULL)
    EXECUTE FUNCTION billing_gathered_is_frozen();
"""
BACKWARD = """
DROP TRIGGER billing_document_gathered ON billing_document;
DROP FUNCTION billing_gathered_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_bookings_add_up"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="document",
            name="document_one_invoice_per_incident",
        ),
        migrations.RemoveConstraint(
            model_name="transmission",
            name="transmission_ended_has_time",
        ),
        migrations.AddField(
            model_name="billingprofile",
            name="collective",
            field=models.BooleanField(
                default=False, verbose_name="one invoice a month"
            ),
        ),
        migrations.AddField(
            model_name="billingprofile",
            name="enclosed_records",
            field=models.JSONField(
                blank=True, default=list, verbose_name="enclosed records"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="gathered_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="members",
                to="billing.document",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="gathers_month",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="documentline",
            name="incident_reference",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="transmission",
            name="requested_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="incident_reference",
            field=models.CharField(blank=True, max_length=40, verbose_name="reference"),
        ),
        migrations.AlterField(
            model_name="documentstep",
            name="code",
            field=models.CharField(
                choices=[
                    ("drafted", "Draft made"),
                    ("recomputed", "Draft recomputed"),
                    ("held", "Held"),
                    ("hold_ended", "Reason for the hold is gone"),
                    ("hold_released", "Hold released"),
                    ("approved", "Approved"),
                    ("returned", "Returned to draft"),
                    ("issue_requested", "Issue requested"),
                    ("issue_refused", "Not issued"),
                    ("issued", "Issued"),
                    ("transmitted", "Sent by e-mail"),
                    ("transmission_failed", "Sending failed"),
                    ("credited", "Credit note made"),
                    ("gathered", "Gathered into a collective invoice"),
                    ("send_requested", "Sending requested"),
                    ("bounced", "The e-mail came back"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="transmission",
            name="status",
            field=models.CharField(
                choices=[
                    ("due", "Waiting"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("failed", "Failed"),
                    ("bounced", "Came back"),
                ],
                default="due",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("kind", "invoice"),
                    models.Q(("incident_reference", ""), _negated=True),
                ),
                fields=("incident_reference",),
                name="document_one_invoice_per_incident",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("gathers_month__isnull", False),
                    ("kind", "invoice"),
                    ("status", "draft"),
                ),
                fields=("account_number", "gathers_month"),
                name="document_one_collective_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("gathers_month__isnull", True),
                        models.Q(("incident_reference", ""), _negated=True),
                    ),
                    models.Q(
                        ("gathers_month__isnull", False), ("incident_reference", "")
                    ),
                    _connector="OR",
                ),
                name="document_gathers_or_has_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gathered_into__isnull", True),
                    models.Q(
                        ("gathers_month__isnull", True),
                        ("issue_requested_at__isnull", True),
                        ("kind", "invoice"),
                        ("status", "approved"),
                    ),
                    _connector="OR",
                ),
                name="document_gathered_has_no_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True), ("status__in", ["due", "sending"])
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("status__in", ["sent", "failed", "bounced"]),
                    ),
                    _connector="OR",
                ),
                name="transmission_ended_has_time",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
