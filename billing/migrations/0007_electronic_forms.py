"""Electronic forms of documents, as immutable as the documents, and who asks for them."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER billing_einvoice_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_einvoice FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
"""
BACKWARD = "DROP TRIGGER billing_einvoice_frozen ON billing_einvoice;"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_no_fee_days_are_reviewed"),
    ]

    operations = [
        migrations.AddField(
            model_name="billingprofile",
            name="buyer_reference",
            field=models.CharField(
                blank=True, max_length=100, verbose_name="customer's reference"
            ),
        ),
        migrations.AddField(
            model_name="billingprofile",
            name="einvoice_kinds",
            field=models.JSONField(
                blank=True, default=list, verbose_name="electronic formats"
            ),
        ),
        migrations.AddField(
            model_name="billingprofile",
            name="electronic_address",
            field=models.CharField(
                blank=True, max_length=110, verbose_name="electronic address"
            ),
        ),
        migrations.AddField(
            model_name="billingprofile",
            name="supplier_number",
            field=models.CharField(
                blank=True, max_length=60, verbose_name="our supplier number"
            ),
        ),
        migrations.AddField(
            model_name="issuer",
            name="electronic_address",
            field=models.CharField(
                blank=True, max_length=110, verbose_name="electronic address"
            ),
        ),
        migrations.AddField(
            model_name="issuer",
            name="tax_number",
            field=models.CharField(
                blank=True, max_length=30, verbose_name="tax number"
            ),
        ),
        migrations.CreateModel(
            name="EInvoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("factur_x", "Factur-X / ZUGFeRD"),
                            ("peppol", "Peppol BIS Billing 3"),
                            ("xrechnung", "XRechnung"),
                            ("ebinterface", "ebInterface 6.1"),
                        ],
                        max_length=12,
                    ),
                ),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "media_type",
                    models.CharField(default="application/xml", max_length=40),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="electronic_forms",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "ordering": ["kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "kind"), name="einvoice_once_per_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["factur_x", "peppol", "xrechnung", "ebinterface"],
                            )
                        ),
                        name="einvoice_kind_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
