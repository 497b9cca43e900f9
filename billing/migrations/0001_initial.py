"""All that version 0.1 keeps. The database itself refuses to change what is evidence."""

import datetime
from decimal import Decimal
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import billing.models.ratecard

REFUSALS = """
CREATE FUNCTION billing_refuse(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION billing_document_is_frozen() RETURNS trigger
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

CREATE TRIGGER billing_document_frozen BEFORE UPDATE OR DELETE ON billing_document
    FOR EACH ROW EXECUTE FUNCTION billing_document_is_frozen();

CREATE FUNCTION billing_part_is_frozen() RETURNS trigger
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

CREATE TRIGGER billing_line_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_documentline FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_tax_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_documenttax FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
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
CREATE TRIGGER billing_hold_frozen_insert BEFORE INSERT ON billing_hold
    FOR EACH ROW WHEN (NEW.reason <> 'customer_objects')
    EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_hold_frozen_update BEFORE UPDATE ON billing_hold
    FOR EACH ROW WHEN (
        NEW.reason <> 'customer_objects' OR OLD.reason <> 'customer_objects'
    )
    EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_hold_frozen_delete BEFORE DELETE ON billing_hold
    FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_einvoice_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_einvoice FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();

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

CREATE FUNCTION billing_ratecard_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM billing_refuse('rate card ' || OLD.id || ' cannot be changed');
    END IF;
    IF OLD.valid_from <= now() THEN
        PERFORM billing_refuse('rate card ' || OLD.id || ' has been in force');
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER billing_ratecard_kept BEFORE UPDATE OR DELETE ON billing_ratecard
    FOR EACH ROW EXECUTE FUNCTION billing_ratecard_is_kept();

CREATE FUNCTION billing_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_refuse('rows of ' || TG_TABLE_NAME || ' are only ever added');
    RETURN NULL;
END $$;

CREATE TRIGGER billing_booking_kept BEFORE UPDATE OR DELETE ON billing_booking
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();
CREATE TRIGGER billing_allocation_kept BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();
CREATE TRIGGER billing_bankfile_kept BEFORE UPDATE OR DELETE ON billing_bankfile
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();

CREATE FUNCTION billing_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'status_at', 'status_by_id', 'status_note'];
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable) THEN
        PERFORM billing_refuse('what the bank said cannot be changed');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_bankentry_kept BEFORE UPDATE OR DELETE ON billing_bankentry
    FOR EACH ROW EXECUTE FUNCTION billing_entry_is_kept();

CREATE FUNCTION billing_booking_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted numeric;
    found numeric;
BEGIN
    SELECT COALESCE(SUM(amount), 0) INTO found FROM billing_allocation
        WHERE booking_id = NEW.id;
    IF found <> NEW.amount THEN
        PERFORM billing_refuse('booking ' || NEW.id || ' of ' || NEW.amount
            || ' has parts of ' || found);
    END IF;
    IF NEW.entry_id IS NOT NULL THEN
        SELECT amount INTO wanted FROM billing_bankentry WHERE id = NEW.entry_id;
        SELECT SUM(amount) INTO found FROM billing_booking
            WHERE entry_id = NEW.entry_id;
        IF found NOT IN (0, wanted) THEN
            PERFORM billing_refuse('bank entry ' || NEW.entry_id || ' of ' || wanted
                || ' is booked with ' || found);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER billing_booking_sum AFTER INSERT ON billing_booking
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_booking_adds_up();

CREATE FUNCTION billing_part_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted numeric;
    found numeric;
BEGIN
    SELECT COALESCE(SUM(amount), 0) INTO found FROM billing_allocation
        WHERE booking_id = NEW.booking_id;
    SELECT amount INTO wanted FROM billing_booking WHERE id = NEW.booking_id;
    IF found <> wanted THEN
        PERFORM billing_refuse('booking ' || NEW.booking_id || ' of ' || wanted
            || ' has parts of ' || found);
    END IF;
    IF NEW.document_id IS NOT NULL THEN
        SELECT CASE kind WHEN 'credit_note' THEN -gross ELSE gross END INTO wanted
            FROM billing_document WHERE id = NEW.document_id AND number IS NOT NULL;
        SELECT SUM(amount) INTO found FROM billing_allocation
            WHERE document_id = NEW.document_id;
        IF wanted IS NULL OR found NOT BETWEEN LEAST(wanted, 0) AND GREATEST(wanted, 0)
        THEN
            PERFORM billing_refuse('document ' || NEW.document_id || ' of '
                || COALESCE(wanted::text, 'no number') || ' is paid with ' || found);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER billing_allocation_fits AFTER INSERT ON billing_allocation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_part_fits();

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
# Triggers go with the functions that they call.
ALLOWED_AGAIN = """
DROP FUNCTION billing_answer_is_kept() CASCADE;
DROP FUNCTION billing_only_added() CASCADE;
DROP FUNCTION billing_hand_over_is_kept() CASCADE;
DROP FUNCTION billing_gathered_is_frozen() CASCADE;
DROP FUNCTION billing_part_fits() CASCADE;
DROP FUNCTION billing_booking_adds_up() CASCADE;
DROP FUNCTION billing_entry_is_kept() CASCADE;
DROP FUNCTION billing_is_kept() CASCADE;
DROP FUNCTION billing_ratecard_is_kept() CASCADE;
DROP FUNCTION billing_export_settings_are_kept() CASCADE;
DROP FUNCTION billing_export_piece_is_kept() CASCADE;
DROP FUNCTION billing_export_entry_is_kept() CASCADE;
DROP FUNCTION billing_export_run_is_kept() CASCADE;
DROP FUNCTION billing_step_is_kept() CASCADE;
DROP FUNCTION billing_part_is_frozen() CASCADE;
DROP FUNCTION billing_document_is_frozen() CASCADE;
DROP FUNCTION billing_refuse(text) CASCADE;
"""


BEGINNING = datetime.date(2000, 1, 1)


def first_rows(apps: Any, schema_editor: Any) -> None:
    """The price page's rate card, and an issuer to be filled in: nothing is issued
    before accounting has done so."""
    apps.get_model("billing", "RateCard").objects.get_or_create(
        valid_from=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
        defaults={
            "currency": "EUR",
            "initial_fee": Decimal("200.00"),
            "included_minutes": 30,
            "support_hourly": Decimal("200.00"),
            "application_analysis_hourly": Decimal("200.00"),
            "callback_within": datetime.timedelta(minutes=30),
        },
    )
    apps.get_model("billing", "Issuer").objects.get_or_create(
        valid_from=BEGINNING, defaults={"country": "AT"}
    )
    apps.get_model("billing", "VatRate").objects.get_or_create(
        valid_from=BEGINNING, defaults={"rate": Decimal("20.00")}
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("emergency", "0001_initial"),
        ("emergency", "__first__"),
    ]

    operations = [
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
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "bank file",
                "verbose_name_plural": "bank files",
                "ordering": ["-imported_at", "-id"],
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
                (
                    "status_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="billing.bankfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank entry",
                "verbose_name_plural": "bank entries",
                "ordering": ["-booked_on", "-id"],
                "indexes": [
                    models.Index(
                        fields=["status", "-booked_on"], name="bankentry_by_status"
                    ),
                    models.Index(
                        condition=models.Q(("iban", ""), _negated=True),
                        fields=["iban"],
                        name="bankentry_by_iban",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "booked", "set_aside"])
                        ),
                        name="bankentry_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="bankentry_moves_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "set_aside"), _negated=True),
                            models.Q(("status_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="bankentry_aside_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
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
                    "act",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("issue", "Issue"),
                            ("approve_issue", "Approve and issue"),
                        ],
                        max_length=14,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("hands_over", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "batch",
                "verbose_name_plural": "batches",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=["created_at"],
                        name="batch_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ["approve", "issue", "approve_issue"])
                        ),
                        name="batch_act_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BillingProfile",
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
                    "account_number",
                    models.CharField(
                        max_length=40, unique=True, verbose_name="account number"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("consumer", "Consumer"),
                            ("unknown", "Not known yet"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "legal_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name"
                    ),
                ),
                (
                    "address",
                    models.TextField(
                        blank=True, max_length=300, verbose_name="street and number"
                    ),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True, max_length=12, verbose_name="postcode"
                    ),
                ),
                (
                    "city",
                    models.CharField(blank=True, max_length=100, verbose_name="town"),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Two letters, like AT."
                            )
                        ],
                        verbose_name="country",
                    ),
                ),
                (
                    "vat_id",
                    models.CharField(blank=True, max_length=20, verbose_name="VAT id"),
                ),
                (
                    "vat_id_valid",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="VAT id confirmed"
                    ),
                ),
                ("vat_id_checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                        verbose_name="language of documents",
                    ),
                ),
                (
                    "invoice_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail for invoices"
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "buyer_reference",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="customer's reference"
                    ),
                ),
                (
                    "einvoice_kinds",
                    models.JSONField(
                        blank=True, default=list, verbose_name="electronic formats"
                    ),
                ),
                (
                    "electronic_address",
                    models.CharField(
                        blank=True, max_length=110, verbose_name="electronic address"
                    ),
                ),
                (
                    "supplier_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="our supplier number"
                    ),
                ),
                (
                    "collective",
                    models.BooleanField(
                        default=False, verbose_name="one invoice a month"
                    ),
                ),
                (
                    "enclosed_records",
                    models.JSONField(
                        blank=True, default=list, verbose_name="enclosed records"
                    ),
                ),
                (
                    "external_number",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="external number"
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("good", "Good"),
                            ("watch", "Please watch"),
                            ("stopped", "Stopped: look before billing"),
                        ],
                        default="good",
                        max_length=8,
                        verbose_name="standing",
                    ),
                ),
            ],
            options={
                "verbose_name": "billing profile",
                "verbose_name_plural": "billing profiles",
                "ordering": ["account_number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["business", "consumer", "unknown"]),
                            ("language__in", ["de", "en"]),
                        ),
                        name="profile_kind_and_language_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("vat_id_valid__isnull", True),
                            ("vat_id_checked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="profile_vat_answer_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("standing__in", ["good", "watch", "stopped"])
                        ),
                        name="profile_standing_known",
                    ),
                ],
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
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="billing.bankentry",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="billing.booking",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["returned", "undone"]),
                                ("reverses__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    ("kind__in", ["returned", "undone"]), _negated=True
                                ),
                                ("reverses__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="booking_reversal_names_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["payment", "returned"]), _negated=True
                            ),
                            ("entry__isnull", False),
                            _connector="OR",
                        ),
                        name="booking_payment_has_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "undone"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="booking_undone_says_why",
                    ),
                ],
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
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "form of a bank's CSV files",
                "verbose_name_plural": "forms of banks' CSV files",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                        ],
                        default="invoice",
                        max_length=12,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("issued", "Issued"),
                            ("transmitted", "Transmitted"),
                            ("settled", "Settled"),
                            ("handed_over", "Handed over"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                (
                    "incident_reference",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="reference"
                    ),
                ),
                (
                    "account_number",
                    models.CharField(blank=True, max_length=40, verbose_name="account"),
                ),
                (
                    "account_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="account name"
                    ),
                ),
                ("number", models.CharField(max_length=30, null=True, unique=True)),
                ("issued_at", models.DateTimeField(null=True)),
                ("issue_date", models.DateField(null=True)),
                ("due_date", models.DateField(null=True)),
                ("supply_from", models.DateField(null=True)),
                ("supply_to", models.DateField(null=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English")],
                        default="de",
                        max_length=2,
                    ),
                ),
                ("currency", models.CharField(default="EUR", max_length=3)),
                (
                    "net",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12),
                ),
                (
                    "vat_total",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12),
                ),
                (
                    "gross",
                    models.DecimalField(decimal_places=2, default=0, max_digits=12),
                ),
                ("required_text", models.CharField(blank=True, max_length=40)),
                ("blocked_by", models.JSONField(default=list)),
                ("rating_version", models.CharField(blank=True, max_length=20)),
                ("recipient", models.JSONField(default=dict)),
                ("issuer", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                ("work", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("computed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("issue_requested_at", models.DateTimeField(null=True)),
                ("issue_problem", models.CharField(blank=True, max_length=40)),
                ("transmitted_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refers_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="billing.document",
                    ),
                ),
                (
                    "gathered_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="members",
                        to="billing.document",
                    ),
                ),
                ("gathers_month", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "indexes": [
                    models.Index(
                        fields=["status", "-issued_at"], name="document_by_status"
                    ),
                    models.Index(fields=["account_number"], name="document_by_account"),
                    models.Index(
                        condition=models.Q(
                            ("issue_requested_at__isnull", False),
                            ("status", "approved"),
                        ),
                        fields=["issue_requested_at"],
                        name="document_to_issue",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(
                                ("gross", 0), ("kind", "credit_note"), _connector="OR"
                            ),
                            ("status__in", ["issued", "transmitted"]),
                        ),
                        fields=["id"],
                        name="document_may_settle",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("vat_total")
                                ),
                            ),
                            ("net__gte", 0),
                        ),
                        name="document_sums_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "credit_note"), ("refers_to__isnull", False)
                            ),
                            models.Q(("kind", "invoice"), ("refers_to__isnull", True)),
                            _connector="OR",
                        ),
                        name="document_credit_note_refers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "draft"),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="document_issue_needs_approval",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "transmitted"), _negated=True),
                            ("transmitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="document_transmitted_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("kind", "invoice"),
                            models.Q(("incident_reference", ""), _negated=True),
                        ),
                        fields=("incident_reference",),
                        name="document_one_invoice_per_incident",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("gathers_month__isnull", False),
                            ("kind", "invoice"),
                            ("status", "draft"),
                        ),
                        fields=("account_number", "gathers_month"),
                        name="document_one_collective_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("gathers_month__isnull", True),
                                models.Q(("incident_reference", ""), _negated=True),
                            ),
                            models.Q(
                                ("gathers_month__isnull", False),
                                ("incident_reference", ""),
                            ),
                            _connector="OR",
                        ),
                        name="document_gathers_or_has_reference",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["invoice", "credit_note"]),
                            (
                                "status__in",
                                [
                                    "draft",
                                    "approved",
                                    "issued",
                                    "transmitted",
                                    "settled",
                                    "handed_over",
                                ],
                            ),
                        ),
                        name="document_kind_and_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("issue_date__isnull", True),
                                ("issued_at__isnull", True),
                                ("number__isnull", True),
                                ("status__in", ("draft", "approved", "handed_over")),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "status__in",
                                        ("draft", "approved", "handed_over"),
                                    ),
                                    _negated=True,
                                ),
                                ("number__isnull", False),
                                ("issued_at__isnull", False),
                                ("issue_date__isnull", False),
                                ("supply_from__isnull", False),
                                ("supply_to__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="document_number_means_issued",
                    ),
                ],
            },
        ),
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
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="billing.document",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="billing.booking",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "account")),
                        fields=["account_number"],
                        name="allocation_on_account",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="allocation_is_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
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
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("done", "Done"),
                            ("refused", "Not done"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="billing.batch",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "position"), name="batch_position_once"
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "document"), name="batch_document_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", True),
                                ("problem", ""),
                                ("status", "waiting"),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("problem", ""),
                                ("status", "done"),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("status", "refused"),
                                models.Q(("problem", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="batch_item_end_is_told",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
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
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "media_type",
                    models.CharField(default="application/pdf", max_length=40),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="billing.document",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DocumentLine",
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
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("minutes", models.PositiveIntegerField(null=True)),
                ("unit_price", models.DecimalField(decimal_places=2, max_digits=12)),
                ("net", models.DecimalField(decimal_places=2, max_digits=12)),
                ("worked_seconds", models.PositiveIntegerField(default=0)),
                ("included_minutes", models.PositiveIntegerField(default=0)),
                ("not_charged_seconds", models.PositiveIntegerField(default=0)),
                (
                    "credits",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_by",
                        to="billing.documentline",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="billing.document",
                    ),
                ),
                ("details", models.JSONField(default=dict)),
                ("incident_reference", models.CharField(blank=True, max_length=40)),
                ("place", models.PositiveSmallIntegerField(null=True)),
                ("places", models.PositiveSmallIntegerField(null=True)),
                ("places_from", models.DateField(null=True)),
                ("places_to", models.DateField(null=True)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "position"), name="line_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("net__gte", 0), ("unit_price__gte", 0)),
                        name="line_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("place__isnull", True),
                                ("places__isnull", True),
                                ("places_from__isnull", True),
                                ("places_to__isnull", True),
                            ),
                            models.Q(
                                ("place__gte", 1),
                                ("places__gte", models.F("place")),
                                ("places_from__isnull", False),
                                ("places_to__gte", models.F("places_from")),
                            ),
                            _connector="OR",
                        ),
                        name="line_place_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentStep",
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
                ("at", models.DateTimeField()),
                (
                    "code",
                    models.CharField(
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
                            ("transmitted", "Sent"),
                            ("transmission_failed", "Sending failed"),
                            ("credited", "Credit note made"),
                            ("objection_noted", "Objection noted"),
                            ("objection_answered", "Objection answered"),
                            ("settled", "Settled"),
                            ("open_again", "Open again"),
                            ("reminded", "Reminder sent"),
                            ("gathered", "Gathered into a collective invoice"),
                            ("send_requested", "Sending requested"),
                            ("bounced", "The e-mail came back"),
                            ("handed_over", "Handed over"),
                            ("hand_over_sent", "Arrived at the billing system"),
                            (
                                "hand_over_failed",
                                "Did not arrive at the billing system",
                            ),
                            ("hand_over_answered", "The billing system answered"),
                            ("taken_back", "Taken back from the billing system"),
                        ],
                        max_length=24,
                    ),
                ),
                ("values", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentTax",
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
                ("category", models.CharField(max_length=2)),
                (
                    "rate",
                    models.DecimalField(decimal_places=2, max_digits=5, null=True),
                ),
                ("base", models.DecimalField(decimal_places=2, max_digits=12)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taxes",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "ordering": ["category", "rate"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "category", "rate"),
                        name="tax_once_per_rate",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category__in", ["S", "AE", "O"])),
                        name="tax_category_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category", "S"), ("amount", 0), _connector="OR"
                        ),
                        name="tax_only_when_standard",
                    ),
                ],
            },
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
        migrations.CreateModel(
            name="ExportSettings",
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
                ("created_at", models.DateTimeField()),
                (
                    "decimal_mark",
                    models.CharField(
                        choices=[(",", "Comma: 1234,50"), (".", "Point: 1234.50")],
                        default=",",
                        max_length=1,
                        verbose_name="decimal mark of plain CSV",
                    ),
                ),
                (
                    "debtor_rule",
                    models.CharField(
                        choices=[
                            (
                                "from_number",
                                "The digits of the account number plus a number",
                            ),
                            ("collective", "One account for all customers"),
                        ],
                        default="from_number",
                        max_length=12,
                        verbose_name="customer accounts",
                    ),
                ),
                (
                    "debtor_account",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{1,9}$", "Digits only, nine at most."
                            )
                        ],
                        verbose_name="account for all customers",
                    ),
                ),
                (
                    "debtor_offset",
                    models.PositiveIntegerField(
                        default=200000,
                        validators=[
                            django.core.validators.MaxValueValidator(999999999)
                        ],
                        verbose_name="number to add",
                    ),
                ),
                ("debtor_exceptions", models.JSONField(blank=True, default=dict)),
                (
                    "bmd_encoding",
                    models.CharField(
                        choices=[
                            ("cp1252", "Windows-1252"),
                            ("utf-8-sig", "UTF-8 with BOM"),
                        ],
                        default="cp1252",
                        max_length=10,
                        verbose_name="encoding",
                    ),
                ),
                (
                    "bmd_columns",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="columns"
                    ),
                ),
                (
                    "bmd_symbol",
                    models.CharField(
                        default="AR",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]{1,4}$",
                                "Letters and digits, four at most.",
                            )
                        ],
                        verbose_name="symbol of invoices",
                    ),
                ),
                (
                    "bmd_credit_symbol",
                    models.CharField(
                        default="AR",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9]{1,4}$",
                                "Letters and digits, four at most.",
                            )
                        ],
                        verbose_name="symbol of credit notes",
                    ),
                ),
                (
                    "bmd_credit_notes",
                    models.CharField(
                        choices=[
                            ("negative", "Negative amount, booking code 1"),
                            ("turned", "Positive amount, booking code 2"),
                        ],
                        default="negative",
                        max_length=10,
                        verbose_name="credit notes",
                    ),
                ),
                (
                    "bmd_tax_sign",
                    models.CharField(
                        choices=[
                            ("opposite", "Opposite to the amount"),
                            ("same", "Same as the amount"),
                        ],
                        default="opposite",
                        max_length=10,
                        verbose_name="sign of the tax",
                    ),
                ),
                (
                    "bmd_posting_date",
                    models.CharField(
                        choices=[
                            ("issue_date", "Date of the document"),
                            ("month_end", "Last day of its month"),
                        ],
                        default="issue_date",
                        max_length=12,
                        verbose_name="posting date",
                    ),
                ),
                (
                    "datev_consultant",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1001),
                            django.core.validators.MaxValueValidator(9999999),
                        ],
                        verbose_name="consultant number",
                    ),
                ),
                (
                    "datev_client",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99999),
                        ],
                        verbose_name="client number",
                    ),
                ),
                (
                    "datev_year_begins",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="first month of the fiscal year",
                    ),
                ),
                (
                    "datev_account_length",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(4),
                            django.core.validators.MaxValueValidator(8),
                        ],
                        verbose_name="digits of general accounts",
                    ),
                ),
                (
                    "datev_label",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="name of the batch"
                    ),
                ),
                (
                    "datev_initials",
                    models.CharField(
                        blank=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}$", "Two capital letters."
                            )
                        ],
                        verbose_name="initials",
                    ),
                ),
                (
                    "datev_chart",
                    models.CharField(
                        blank=True,
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{2,4}$", "Two to four digits, like 03."
                            )
                        ],
                        verbose_name="chart of accounts",
                    ),
                ),
                (
                    "datev_locked",
                    models.BooleanField(
                        default=False, verbose_name="lock the bookings"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "settings for exports",
                "verbose_name_plural": "settings for exports",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decimal_mark__in", [",", "."]),
                            ("debtor_rule__in", ["from_number", "collective"]),
                            ("bmd_encoding__in", ["cp1252", "utf-8-sig"]),
                            ("bmd_credit_notes__in", ["negative", "turned"]),
                            ("bmd_tax_sign__in", ["opposite", "same"]),
                            ("bmd_posting_date__in", ["issue_date", "month_end"]),
                        ),
                        name="export_settings_choices_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("datev_account_length__range", (4, 8)),
                            ("datev_year_begins__range", (1, 12)),
                            models.Q(
                                ("datev_consultant", None),
                                ("datev_consultant__gte", 1001),
                                _connector="OR",
                            ),
                        ),
                        name="export_settings_in_datevs_limits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRun",
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
                    "format",
                    models.CharField(
                        choices=[
                            ("csv", "CSV, one row per document"),
                            ("csv_lines", "CSV, one row per line"),
                            ("xlsx", "Excel workbook (XLSX)"),
                            ("zip", "Archive (ZIP): PDF, e-invoices, lists, hashes"),
                            ("bmd", "BMD NTCS bookings"),
                            ("datev", "DATEV booking batch (EXTF 700, version 13)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("issued_from", models.DateField(null=True)),
                ("issued_to", models.DateField(null=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("invoice", "Invoice"),
                            ("credit_note", "Credit note"),
                        ],
                        max_length=12,
                    ),
                ),
                ("account_number", models.CharField(blank=True, max_length=40)),
                ("only_new", models.BooleanField(default=False)),
                ("documents", models.PositiveIntegerField()),
                ("repeated", models.PositiveIntegerField(default=0)),
                ("net", models.DecimalField(decimal_places=2, max_digits=14)),
                ("vat_total", models.DecimalField(decimal_places=2, max_digits=14)),
                ("gross", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("making", "Being made"),
                            ("made", "Made"),
                            ("failed", "Failed"),
                        ],
                        default="due",
                        max_length=10,
                    ),
                ),
                ("lease_until", models.DateTimeField(null=True)),
                ("progress", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("problem_about", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("replaced", models.PositiveIntegerField(default=0)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "settings",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="billing.exportsettings",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "making"])),
                        fields=["requested_at"],
                        name="export_to_make",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["due", "making", "made", "failed"]),
                            (
                                "format__in",
                                ["csv", "csv_lines", "xlsx", "zip", "bmd", "datev"],
                            ),
                            ("kind__in", ["", "invoice", "credit_note"]),
                        ),
                        name="export_status_and_format_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("made_at__isnull", False),
                                ("status", "made"),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("status", "made"), _negated=True),
                                ("made_at__isnull", True),
                                ("sha256", ""),
                            ),
                            _connector="OR",
                        ),
                        name="export_made_has_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("vat_total")
                                ),
                            )
                        ),
                        name="export_sums_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "making"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="export_making_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportEntry",
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
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to="billing.document",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="billing.exportrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "document"), name="exported_once_per_run"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPiece",
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
                ("position", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[("", "nothing"), ("pdf", "PDF"), ("xml", "e-invoice")],
                        max_length=3,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.documentfile",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pieces",
                        to="billing.exportrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("run", "position"), name="export_piece_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", None), ("part", "")),
                            models.Q(
                                ("file__isnull", False), ("part__in", ["pdf", "xml"])
                            ),
                            _connector="OR",
                        ),
                        name="export_piece_of_a_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportTaxCode",
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
                    "category",
                    models.CharField(
                        choices=[("S", "S"), ("AE", "AE"), ("O", "O")], max_length=2
                    ),
                ),
                (
                    "rate",
                    models.DecimalField(decimal_places=2, max_digits=5, null=True),
                ),
                (
                    "bmd_code",
                    models.CharField(
                        blank=True,
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{1,4}$", "Digits only, four at most."
                            )
                        ],
                    ),
                ),
                (
                    "bmd_account",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{1,9}$", "Digits only, nine at most."
                            )
                        ],
                    ),
                ),
                (
                    "datev_key",
                    models.CharField(
                        blank=True,
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{1,4}$", "Digits only, four at most."
                            )
                        ],
                    ),
                ),
                (
                    "datev_account",
                    models.CharField(
                        blank=True,
                        max_length=9,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{1,9}$", "Digits only, nine at most."
                            )
                        ],
                    ),
                ),
                (
                    "settings",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_codes",
                        to="billing.exportsettings",
                    ),
                ),
            ],
            options={
                "ordering": ["category", "rate"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("settings", "category", "rate"),
                        name="export_tax_code_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "S"), ("rate__isnull", False)),
                            models.Q(
                                ("category__in", ["AE", "O"]), ("rate__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="export_tax_code_rate_of_standard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverBatch",
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
                ("made_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("net", models.DecimalField(decimal_places=2, max_digits=12)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over file",
                "verbose_name_plural": "hand-over files",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
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
                ("key", models.CharField(max_length=40, unique=True)),
                ("body", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Handed over"),
                            ("accepted", "Accepted"),
                            ("booked", "Invoiced"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "external_number",
                    models.CharField(blank=True, max_length=40, verbose_name="number"),
                ),
                ("message", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="billing.document",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="billing.handoverbatch",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-over",
                "verbose_name_plural": "hand-overs",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "refused"), _negated=True),
                        fields=("document",),
                        name="hand_over_once_unless_refused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "waiting",
                                    "accepted",
                                    "booked",
                                    "paid",
                                    "refused",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="hand_over_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["booked", "paid"]), _negated=True),
                            models.Q(("external_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hand_over_booked_has_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverEvent",
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
                ("event_id", models.CharField(max_length=80, unique=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("webhook", "Told by the other system"),
                            ("answer", "Answered at once"),
                            ("hand", "Typed by hand"),
                        ],
                        max_length=8,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Handed over"),
                            ("accepted", "Accepted"),
                            ("booked", "Invoiced"),
                            ("paid", "Paid"),
                            ("refused", "Refused"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=40)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("applied", models.BooleanField()),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="billing.handover",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of the billing system",
                "verbose_name_plural": "answers of the billing system",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Hold",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("account_unknown", "No account is assigned"),
                            (
                                "caller_unconfirmed",
                                "Nobody has confirmed that the caller may order",
                            ),
                            (
                                "recipient_incomplete",
                                "The billing address is incomplete",
                            ),
                            (
                                "recipient_kind_unknown",
                                "Business or consumer is not known; priced as a consumer",
                            ),
                            (
                                "recipient_vat_id_required",
                                "Above 10,000 gross the law wants the recipient's VAT id",
                            ),
                            (
                                "recipient_vat_id_invalid",
                                "The recipient's VAT id is missing or not confirmed",
                            ),
                            ("cause_undetermined", "The cause is undetermined"),
                            ("callback_missed", "The callback came too late"),
                            (
                                "callback_never_made",
                                "Work was logged, but the customer was never reached",
                            ),
                            (
                                "customer_not_reached",
                                "We tried in time, but could not reach the customer",
                            ),
                            (
                                "cancelled_before_callback",
                                "The customer cancelled before the callback",
                            ),
                            (
                                "maintenance_window",
                                "A maintenance window was about this server at the order",
                            ),
                            (
                                "maintenance_overrun",
                                "A maintenance window of this server ran over its announced end",
                            ),
                            (
                                "into_free_hours",
                                "The work ran on into the hours of free support",
                            ),
                            (
                                "disposition_not_an_emergency",
                                "It turned out to be no emergency",
                            ),
                            ("disposition_duplicate", "It was reported twice"),
                            (
                                "disposition_withdrawn",
                                "The customer took the report back",
                            ),
                            ("disposition_prank", "It was a prank"),
                            (
                                "analysis_not_agreed",
                                "Nobody recorded that the customer agreed to application analysis",
                            ),
                            (
                                "contract_withdrawn",
                                "The customer has withdrawn from the contract",
                            ),
                            ("customer_objects", "The customer objects"),
                            ("merged_reports", "Several reports share this fee"),
                            ("waiver_used", "Some of the work is waived"),
                            (
                                "terms_not_fresh",
                                "The order used an older copy of the fee terms",
                            ),
                            (
                                "no_fee_day",
                                "A closing day: the customer was told that no initial fee is due",
                            ),
                            (
                                "vat_id_unanswered",
                                "The authority has not answered about the VAT id lately",
                            ),
                            (
                                "contract_dearer",
                                "By contract it costs more than what was accepted at the order",
                            ),
                            (
                                "orderer_not_named",
                                "Whoever ordered is not among those who may order by contract",
                            ),
                            (
                                "account_standing",
                                "The account's standing asks for a look",
                            ),
                            (
                                "beyond_cost_limit",
                                "More than the customer's own limit, and nobody recorded an agreement",
                            ),
                            ("amount_large", "The amount is unusually large"),
                            (
                                "work_contradicts",
                                "The logged facts contradict each other",
                            ),
                        ],
                        max_length=40,
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=500)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="billing.document",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "reason"), name="hold_once_per_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True),
                            models.Q(
                                ("released_by__isnull", False),
                                models.Q(("why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hold_release_says_why",
                    ),
                ],
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
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("told", False)),
                        fields=["incident_reference"],
                        name="settlement_to_tell",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("incident_reference", ""), _negated=True),
                        name="settlement_names_its_incident",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncludedEmergency",
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
                ("account_number", models.CharField(max_length=40)),
                ("period_from", models.DateField()),
                ("position", models.PositiveSmallIntegerField()),
                ("incident_reference", models.CharField(max_length=40, unique=True)),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "included emergency",
                "verbose_name_plural": "included emergencies",
                "ordering": ["account_number", "period_from", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account_number", "period_from", "position"),
                        name="included_place_taken_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Issuer",
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
                    "valid_from",
                    models.DateField(unique=True, verbose_name="valid from"),
                ),
                (
                    "legal_name",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="legal name"
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="street and number"
                    ),
                ),
                (
                    "postcode",
                    models.CharField(
                        blank=True, max_length=12, verbose_name="postcode"
                    ),
                ),
                (
                    "city",
                    models.CharField(blank=True, max_length=100, verbose_name="town"),
                ),
                (
                    "country",
                    models.CharField(
                        default="AT", max_length=2, verbose_name="country"
                    ),
                ),
                (
                    "vat_id",
                    models.CharField(blank=True, max_length=20, verbose_name="VAT id"),
                ),
                (
                    "register_number",
                    models.CharField(
                        blank=True,
                        max_length=30,
                        verbose_name="company register number",
                    ),
                ),
                (
                    "register_court",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="company register court",
                    ),
                ),
                (
                    "iban",
                    models.CharField(blank=True, max_length=34, verbose_name="IBAN"),
                ),
                (
                    "bic",
                    models.CharField(blank=True, max_length=11, verbose_name="BIC"),
                ),
                (
                    "bank",
                    models.CharField(blank=True, max_length=100, verbose_name="bank"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="telephone"
                    ),
                ),
                (
                    "website",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="website"
                    ),
                ),
                (
                    "payment_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(90)],
                        verbose_name="days to pay",
                    ),
                ),
                (
                    "electronic_address",
                    models.CharField(
                        blank=True, max_length=110, verbose_name="electronic address"
                    ),
                ),
                (
                    "tax_number",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="tax number"
                    ),
                ),
            ],
            options={
                "verbose_name": "issuer",
                "verbose_name_plural": "issuers",
                "ordering": ["valid_from"],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
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
                ("kind", models.CharField(max_length=12)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                ("last_date", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "year"), name="series_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionAnswer",
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
                ("at", models.DateTimeField()),
                ("address", models.EmailField(max_length=254)),
                ("text", models.TextField(max_length=5000)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                        ],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objection_answers",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "sending"])),
                        fields=["due_at"],
                        name="answer_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("status__in", ["due", "sending"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["sent", "failed"]),
                            ),
                            _connector="OR",
                        ),
                        name="answer_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="answer_sending_has_lease",
                    ),
                ],
            },
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
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "get_latest_by": ["saved_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tolerance__gte", 0), ("tolerance__lte", 10)
                        ),
                        name="paymentrules_tolerance_small",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileChange",
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
                ("account_number", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("changes", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a billing profile",
                "verbose_name_plural": "changes of billing profiles",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(
                        fields=["account_number", "-at"], name="profile_changes"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RateCard",
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
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                (
                    "currency",
                    models.CharField(
                        default="EUR", max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "initial_fee",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="initial fee",
                    ),
                ),
                (
                    "included_minutes",
                    models.PositiveSmallIntegerField(verbose_name="included minutes"),
                ),
                (
                    "support_hourly",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="support per hour",
                    ),
                ),
                (
                    "application_analysis_hourly",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="application analysis per hour",
                    ),
                ),
                (
                    "callback_within",
                    models.DurationField(
                        default=datetime.timedelta(seconds=1800),
                        verbose_name="callback within",
                    ),
                ),
                ("created_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.JSONField(
                        default=billing.models.ratecard.standard_policy,
                        verbose_name="rating policy",
                    ),
                ),
                ("account_number", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name": "rate card",
                "verbose_name_plural": "rate cards",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("initial_fee__gte", 0),
                            ("support_hourly__gte", 0),
                            ("application_analysis_hourly__gte", 0),
                        ),
                        name="ratecard_prices_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("callback_within__gt", datetime.timedelta(0))
                        ),
                        name="ratecard_promises_something",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("account_number", "")),
                        fields=("valid_from",),
                        name="ratecard_public_once_per_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
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
                ("account_number", models.CharField(max_length=40)),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "callback_within",
                    models.DurationField(
                        null=True, verbose_name="own callback deadline"
                    ),
                ),
                (
                    "included_emergencies",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(999)],
                        verbose_name="included emergencies",
                    ),
                ),
                (
                    "included_period",
                    models.CharField(
                        choices=[
                            ("month", "Month"),
                            ("quarter", "Quarter"),
                            ("year", "Year"),
                        ],
                        default="year",
                        max_length=7,
                        verbose_name="per",
                    ),
                ),
                (
                    "may_order",
                    models.JSONField(
                        blank=True, default=list, verbose_name="who may order"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("why", models.CharField(max_length=300, verbose_name="why")),
                (
                    "rate_card",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="billing.ratecard",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "ordering": ["-valid_from", "-id"],
                "indexes": [
                    models.Index(
                        fields=["account_number", "-valid_from"],
                        name="contract_by_account",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("included_period__in", ["month", "quarter", "year"])
                        ),
                        name="contract_period_known",
                    )
                ],
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
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="billing.document",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "sending"])),
                        fields=["due_at"],
                        name="reminder_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "dropped"), _negated=True),
                        fields=("document", "level", "attempt"),
                        name="reminder_attempt_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("status__in", ["due", "sending"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["sent", "failed", "dropped"]),
                            ),
                            _connector="OR",
                        ),
                        name="reminder_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="reminder_sending_has_lease",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transmission",
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
                            ("email", "E-mail"),
                            ("push", "Customer system"),
                            ("hand_over", "Billing system"),
                            ("other", "Another way"),
                        ],
                        default="email",
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=300)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
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
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=200)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="billing.document",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_attempt", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "sending"])),
                        fields=["due_at"],
                        name="transmission_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "sending"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="transmission_sending_has_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("status__in", ["due", "sending"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("status__in", ["sent", "failed", "bounced"]),
                            ),
                            _connector="OR",
                        ),
                        name="transmission_ended_has_time",
                    ),
                    models.UniqueConstraint(
                        fields=("document", "kind", "attempt"),
                        name="transmission_attempt_once_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["email", "push", "hand_over", "other"])
                        ),
                        name="transmission_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VatIdCheck",
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
                ("vat_id", models.CharField(max_length=20, verbose_name="VAT id")),
                ("requester", models.CharField(blank=True, max_length=20)),
                (
                    "source",
                    models.CharField(
                        choices=[("vies", "VIES"), ("hand", "By hand")],
                        default="vies",
                        max_length=4,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waiting"),
                            ("asking", "Asking"),
                            ("valid", "Valid"),
                            ("invalid", "Not valid"),
                        ],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=60)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "consultation_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="consultation number"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=300)),
                ("address", models.TextField(blank=True, max_length=500)),
                (
                    "staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "check of a VAT id",
                "verbose_name_plural": "checks of VAT ids",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "asking"])),
                        fields=["due_at"],
                        name="vat_check_due",
                    ),
                    models.Index(
                        fields=["vat_id", "-answered_at"], name="vat_check_by_id"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["due", "asking"])),
                        fields=("vat_id",),
                        name="vat_check_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True),
                                ("status__in", ["due", "asking"]),
                            ),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("status__in", ["valid", "invalid"]),
                            ),
                            _connector="OR",
                        ),
                        name="vat_check_answer_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VatRate",
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
                    "valid_from",
                    models.DateField(unique=True, verbose_name="valid from"),
                ),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="VAT rate in percent",
                    ),
                ),
                ("recorded_at", models.DateTimeField(null=True)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "VAT rate",
                "verbose_name_plural": "VAT rates",
                "ordering": ["valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate__gte", 0), ("rate__lte", 100)),
                        name="vat_rate_is_percent",
                    )
                ],
            },
        ),
        migrations.RunSQL(REFUSALS, ALLOWED_AGAIN),
        migrations.RunPython(first_rows, migrations.RunPython.noop),
    ]
