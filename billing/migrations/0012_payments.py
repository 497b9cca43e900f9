"""Settlement, payments, open items and reminders."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_rate_cards_are_immutable"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allocation",
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
                            ("document", "Document"),
                            ("account", "Credit on account"),
                            ("difference", "Small difference or bank charges"),
                        ],
                        max_length=12,
                    ),
                ),
                ("account_number", models.CharField(blank=True, max_length=40)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BankEntry",
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
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("account_iban", models.CharField(blank=True, max_length=34)),
                ("booked_on", models.DateField()),
                ("value_on", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("currency", models.CharField(default="EUR", max_length=3)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("text", models.CharField(blank=True, max_length=1000)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("end_to_end_id", models.CharField(blank=True, max_length=100)),
                ("bank_reference", models.CharField(blank=True, max_length=100)),
                (
                    "charges",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12),
                ),
                ("returned", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To match"),
                            ("booked", "Booked"),
                            ("set_aside", "Set aside"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("status_at", models.DateTimeField(null=True)),
                ("status_note", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "verbose_name": "bank entry",
                "verbose_name_plural": "bank entries",
                "ordering": ["-booked_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="BankFile",
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
                ("name", models.CharField(max_length=200)),
                ("format", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
                ("movements", models.PositiveIntegerField()),
                ("kept", models.PositiveIntegerField()),
                ("known", models.PositiveIntegerField()),
                ("passed_over", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "bank file",
                "verbose_name_plural": "bank files",
                "ordering": ["-imported_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Booking",
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
                            ("by_hand", "Marked as paid"),
                            ("payment", "Payment"),
                            ("credit_note", "Credit note set off"),
                            ("credit_used", "Credit on account used"),
                            ("returned", "Payment returned by the bank"),
                            ("undone", "Taken back"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("booked_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CsvMapping",
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
                    "name",
                    models.CharField(max_length=60, unique=True, verbose_name="bank"),
                ),
                (
                    "delimiter",
                    models.CharField(
                        choices=[
                            (";", "Semicolon"),
                            (",", "Comma"),
                            ("\t", "Tabulator"),
                        ],
                        default=";",
                        max_length=1,
                        verbose_name="columns are separated by",
                    ),
                ),
                (
                    "encoding",
                    models.CharField(
                        choices=[
                            ("utf-8-sig", "UTF-8"),
                            ("cp1252", "Windows-1252"),
                            ("iso8859-15", "ISO 8859-15"),
                        ],
                        default="utf-8-sig",
                        max_length=12,
                        verbose_name="character set",
                    ),
                ),
                (
                    "skipped_lines",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="lines before the column names"
                    ),
                ),
                (
                    "day_form",
                    models.CharField(
                        choices=[
                            ("%d.%m.%Y", "31.12.2026"),
                            ("%d.%m.%y", "31.12.26"),
                            ("%Y-%m-%d", "2026-12-31"),
                            ("%d/%m/%Y", "31.12.2026"),
                        ],
                        default="%d.%m.%Y",
                        max_length=10,
                        verbose_name="days look like",
                    ),
                ),
                (
                    "decimal_comma",
                    models.BooleanField(
                        default=True, verbose_name="amounts have a decimal comma"
                    ),
                ),
                (
                    "booked_on",
                    models.CharField(
                        max_length=60, verbose_name="column of the booking day"
                    ),
                ),
                (
                    "value_on",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        verbose_name="column of the value day",
                    ),
                ),
                (
                    "amount",
                    models.CharField(
                        max_length=60, verbose_name="column of the amount"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="column of the currency"
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        max_length=60, verbose_name="column of the remittance text"
                    ),
                ),
                (
                    "payer",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="column of the name"
                    ),
                ),
                (
                    "iban",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="column of the IBAN"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        verbose_name="column of the payment reference",
                    ),
                ),
                (
                    "bank_reference",
                    models.CharField(
                        blank=True,
                        max_length=60,
                        verbose_name="column of the bank's own reference",
                    ),
                ),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "form of a bank's CSV files",
                "verbose_name_plural": "forms of banks' CSV files",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="IncidentSettlement",
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
                ("incident_reference", models.CharField(max_length=40, unique=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("told", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="PaymentRules",
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
                ("saved_at", models.DateTimeField()),
                (
                    "books_exact_matches",
                    models.BooleanField(
                        default=True, verbose_name="Book exact matches without asking"
                    ),
                ),
                (
                    "tolerance",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="Accept differences up to",
                    ),
                ),
                (
                    "sends_reminders",
                    models.BooleanField(
                        default=False, verbose_name="Send reminders by themselves"
                    ),
                ),
                (
                    "mentions_interest",
                    models.BooleanField(
                        default=False,
                        verbose_name="Mention statutory interest and lump sum to businesses",
                    ),
                ),
                ("levels", models.JSONField(default=list)),
            ],
            options={
                "get_latest_by": ["saved_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                ("level", models.PositiveSmallIntegerField()),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("dropped", "No longer needed"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")], max_length=2
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("message_id", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["id"],
            },
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
                    ("settled", "Settled"),
                    ("open_again", "Open again"),
                    ("reminded", "Reminder sent"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(
                    models.Q(("gross", 0), ("kind", "credit_note"), _connector="OR"),
                    ("status__in", ["issued", "transmitted"]),
                ),
                fields=["id"],
                name="document_may_settle",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="document",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="billing.document",
            ),
        ),
        migrations.AddField(
            model_name="bankentry",
            name="status_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankfile",
            name="imported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bankentry",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="billing.bankfile",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="billing.bankentry",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="reverses",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="billing.booking",
            ),
        ),
        migrations.AddField(
            model_name="allocation",
            name="booking",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="billing.booking",
            ),
        ),
        migrations.AddField(
            model_name="csvmapping",
            name="updated_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="incidentsettlement",
            index=models.Index(
                condition=models.Q(("told", False)),
                fields=["incident_reference"],
                name="settlement_to_tell",
            ),
        ),
        migrations.AddField(
            model_name="paymentrules",
            name="saved_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="billing.document",
            ),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(
                fields=["status", "-booked_on"], name="bankentry_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="bankentry",
            index=models.Index(
                condition=models.Q(("iban", ""), _negated=True),
                fields=["iban"],
                name="bankentry_by_iban",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "booked", "set_aside"])),
                name="bankentry_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="bankentry_moves_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "set_aside"), _negated=True),
                    models.Q(("status_note", ""), _negated=True),
                    _connector="OR",
                ),
                name="bankentry_aside_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "by_hand",
                            "payment",
                            "credit_note",
                            "credit_used",
                            "returned",
                            "undone",
                        ],
                    )
                ),
                name="booking_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["returned", "undone"]),
                        ("reverses__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["returned", "undone"]), _negated=True),
                        ("reverses__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="booking_reversal_names_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["payment", "returned"]), _negated=True),
                    ("entry__isnull", False),
                    _connector="OR",
                ),
                name="booking_payment_has_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undone"), _negated=True),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="booking_undone_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(
                condition=models.Q(("kind", "account")),
                fields=["account_number"],
                name="allocation_on_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("account_number", ""),
                        ("document__isnull", False),
                        ("kind", "document"),
                    ),
                    models.Q(
                        ("document__isnull", True),
                        ("kind", "account"),
                        models.Q(("account_number", ""), _negated=True),
                    ),
                    models.Q(
                        ("account_number", ""),
                        ("document__isnull", True),
                        ("kind", "difference"),
                    ),
                    _connector="OR",
                ),
                name="allocation_says_who_gets_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True),
                name="allocation_is_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("tolerance__gte", 0), ("tolerance__lte", 10)),
                name="paymentrules_tolerance_small",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("status__in", ["due", "sending"])),
                fields=["due_at"],
                name="reminder_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "dropped"), _negated=True),
                fields=("document", "level", "attempt"),
                name="reminder_attempt_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", True), ("status__in", ["due", "sending"])
                    ),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("status__in", ["sent", "failed", "dropped"]),
                    ),
                    _connector="OR",
                ),
                name="reminder_ended_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "sending"), _negated=True),
                    ("lease_until__isnull", False),
                    _connector="OR",
                ),
                name="reminder_sending_has_lease",
            ),
        ),
    ]
