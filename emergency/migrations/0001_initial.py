"""All that version 0.1 keeps. The database itself refuses to change what is evidence."""

import datetime
from typing import Any

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import emergency.models.operator
import emergency.models.policy
import emergency.models.schedule
import emergency.models.timelog

REFUSALS = """
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
CREATE TRIGGER roster_is_append_only
    BEFORE UPDATE OR DELETE ON emergency_rosterentry
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();
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

CREATE FUNCTION emergency_only_lose_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - 'reference' - 'reason'
         = to_jsonb(OLD) - 'reference' - 'reason'
       AND NEW.reference IN ('', OLD.reference)
       AND NEW.reason IN ('', OLD.reason)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER reportable_fact_only_loses_words
    BEFORE UPDATE OR DELETE ON emergency_reportablefact
    FOR EACH ROW EXECUTE FUNCTION emergency_only_lose_words();
"""
# Triggers go with the functions that they call.
ALLOWED_AGAIN = """
DROP FUNCTION emergency_only_lose_words() CASCADE;
DROP FUNCTION emergency_audit_permission() CASCADE;
DROP FUNCTION emergency_refuse_change() CASCADE;
"""
# The table of Django's own cache in the database (createcachetable).
CACHE = """
CREATE TABLE emergency_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX emergency_cache_expires ON emergency_cache (expires);
"""


def make_first_policy(apps: Any, schema_editor: Any) -> None:
    Schedule = apps.get_model("emergency", "Schedule")
    Policy = apps.get_model("emergency", "EscalationPolicy")
    Step = apps.get_model("emergency", "EscalationStep")
    if Policy.objects.exists():
        return
    schedule = Schedule.objects.create(
        name="Emergency support", time_zone=settings.TIME_ZONE
    )
    policy = Policy.objects.create(name="Emergency support", is_default=True)
    Step.objects.bulk_create(
        [
            Step(
                policy=policy,
                position=0,
                target="schedule",
                schedule=schedule,
                delay=datetime.timedelta(minutes=4),
            ),
            Step(
                policy=policy,
                position=1,
                target="duty_manager",
                delay=datetime.timedelta(minutes=3),
            ),
            Step(
                policy=policy,
                position=2,
                target="everyone",
                delay=datetime.timedelta(minutes=3),
            ),
        ]
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Account",
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
                    "number",
                    models.CharField(
                        max_length=32, unique=True, verbose_name="account number"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("business", "Business"),
                            ("consumer", "Consumer"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="de", max_length=5, verbose_name="language"
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="retired at"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="external id"
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("good", "Good"),
                            ("overdue", "Overdue"),
                            ("held", "On hold"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="standing",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["business", "consumer", "unknown"])
                        ),
                        name="account_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("standing__in", ["good", "overdue", "held", "unknown"])
                        ),
                        name="account_standing_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("external_id",),
                        name="account_external_id_is_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                (
                    "phone_number",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="phone number"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="de", max_length=5, verbose_name="language"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="emergency.account",
                    ),
                ),
                (
                    "retired_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="retired at"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="external id"
                    ),
                ),
                ("imported", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("cookie_hash", models.CharField(max_length=64)),
                ("order_key", models.CharField(max_length=64, unique=True)),
                ("network_address", models.CharField(blank=True, max_length=45)),
                ("typed", models.JSONField(default=dict, verbose_name="typed")),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "indexes": [
                    models.Index(
                        fields=["cookie_hash", "-updated_at"], name="draft_by_browser"
                    ),
                    models.Index(
                        fields=["network_address", "updated_at"],
                        name="draft_by_address",
                    ),
                    models.Index(fields=["updated_at"], name="draft_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="emergency.draft",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a draft",
                "verbose_name_plural": "files of drafts",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draft", "digest"), name="draft_file_is_kept_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "name",
                    models.CharField(max_length=30, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "heartbeat",
            },
        ),
        migrations.CreateModel(
            name="Holiday",
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
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("calendar", "Public holiday"),
                            ("operator", "Closing day"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "fee_time",
                    models.BooleanField(default=True, verbose_name="a fee is due"),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["calendar", "operator"])),
                        name="holiday_source_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceNotice",
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
                    "email",
                    models.EmailField(max_length=254, verbose_name="e-mail address"),
                ),
                ("language", models.CharField(max_length=5)),
                ("servers", models.JSONField(default=list, verbose_name="servers")),
                ("windows", models.JSONField(default=list)),
                (
                    "title",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="maintenance"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("sends", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "notice about a maintenance",
                "verbose_name_plural": "notices about maintenance",
                "indexes": [
                    models.Index(fields=["due_at"], name="maintenance_notice_due"),
                    models.Index(fields=["email"], name="maintenance_notice_for"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorLogo",
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
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content_type", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "logo",
                "verbose_name_plural": "logos",
            },
        ),
        migrations.CreateModel(
            name="RouteHealth",
            fields=[
                (
                    "route",
                    models.CharField(max_length=30, primary_key=True, serialize=False),
                ),
                ("failures", models.PositiveIntegerField(default=0)),
                ("open_until", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_delivery_at", models.DateTimeField(blank=True, null=True)),
                ("last_failure_at", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name": "route",
                "verbose_name_plural": "routes",
                "ordering": ["route"],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
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
                    models.CharField(max_length=80, unique=True, verbose_name="name"),
                ),
                (
                    "time_zone",
                    models.CharField(max_length=40, verbose_name="time zone"),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[
                            ("always", "Always"),
                            ("outside_office_hours", "Outside office hours"),
                            ("times", "At these times"),
                        ],
                        default="always",
                        max_length=20,
                        verbose_name="must be covered",
                    ),
                ),
                ("coverage_times", models.JSONField(blank=True, default=list)),
                ("feed_version", models.PositiveIntegerField(default=1)),
                (
                    "handoff_answer_within",
                    models.DurationField(
                        default=datetime.timedelta(seconds=900),
                        verbose_name="time to confirm a hand-off",
                    ),
                ),
                (
                    "shift_reminders",
                    models.JSONField(
                        blank=True,
                        default=emergency.models.schedule.default_shift_reminders,
                    ),
                ),
            ],
            options={
                "verbose_name": "schedule",
                "verbose_name_plural": "schedules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "coverage__in",
                                ["always", "outside_office_hours", "times"],
                            )
                        ),
                        name="schedule_coverage_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rotation",
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
                    "layer",
                    models.PositiveSmallIntegerField(default=0, verbose_name="layer"),
                ),
                ("starts_on", models.DateField(verbose_name="first hand-off on")),
                ("handoff_time", models.TimeField(verbose_name="hand-off at")),
                (
                    "shift_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="days per shift"
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rotations",
                        to="emergency.schedule",
                    ),
                ),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="last hand-off on"
                    ),
                ),
                (
                    "limited_to",
                    models.CharField(
                        choices=[
                            ("always", "Always"),
                            ("outside_office_hours", "Outside office hours"),
                            ("times", "At these times"),
                        ],
                        default="always",
                        max_length=20,
                        verbose_name="serves",
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=80, verbose_name="name"),
                ),
                (
                    "shift_hours",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="and hours"
                    ),
                ),
                ("times", models.JSONField(blank=True, default=list)),
            ],
            options={
                "verbose_name": "rotation",
                "verbose_name_plural": "rotations",
                "ordering": ["schedule", "-layer", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shift_days__gte", 1),
                            ("shift_hours__gte", 1),
                            _connector="OR",
                        ),
                        name="rotation_shift_has_a_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="rotation_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "limited_to__in",
                                ["always", "outside_office_hours", "times"],
                            )
                        ),
                        name="rotation_limit_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Server",
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
                ("name", models.CharField(max_length=253, verbose_name="server name")),
                (
                    "address",
                    models.GenericIPAddressField(
                        blank=True, null=True, verbose_name="address"
                    ),
                ),
                ("status_components", models.JSONField(blank=True, default=list)),
                (
                    "retired_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="retired at"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="servers",
                        to="emergency.account",
                    ),
                ),
                (
                    "contract_reference",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="contract"
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="external id"
                    ),
                ),
            ],
            options={
                "verbose_name": "server",
                "verbose_name_plural": "servers",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        condition=models.Q(("retired_at__isnull", True)),
                        name="server_name_is_unique_while_in_service",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("external_id",),
                        name="server_external_id_is_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServerAlias",
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
                            ("address", "Address"),
                            ("domain", "Domain"),
                            ("service", "Service number"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=253, verbose_name="alias")),
                (
                    "server",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="emergency.server",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias of a server",
                "verbose_name_plural": "aliases of servers",
                "ordering": ["kind", "value"],
                "indexes": [
                    models.Index(fields=["value"], name="server_alias_by_value")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("server", "kind", "value"),
                        name="server_alias_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["address", "domain", "service"])
                        ),
                        name="server_alias_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_in_links",
                        to="emergency.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in link",
                "verbose_name_plural": "sign-in links",
                "indexes": [
                    models.Index(
                        fields=["contact", "created_at"], name="sign_in_link_of_contact"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInRequest",
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
                ("email", models.EmailField(max_length=254)),
                ("requested_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("sends", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "request for a sign-in link",
                "verbose_name_plural": "requests for sign-in links",
                "indexes": [
                    models.Index(fields=["due_at"], name="sign_in_request_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
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
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last login"
                    ),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        max_length=254, unique=True, verbose_name="e-mail address"
                    ),
                ),
                ("full_name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("technician", "Technician"),
                            ("duty_manager", "Duty manager"),
                            ("accounting", "Accounting"),
                            ("administrator", "Administrator"),
                            ("auditor", "Auditor"),
                        ],
                        default="technician",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="de", max_length=5, verbose_name="language"
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(default=True, verbose_name="may sign in"),
                ),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "access_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="access until"
                    ),
                ),
                (
                    "session_round",
                    models.PositiveIntegerField(default=0, editable=False),
                ),
            ],
            options={
                "verbose_name": "staff member",
                "verbose_name_plural": "staff",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "technician",
                                    "duty_manager",
                                    "accounting",
                                    "administrator",
                                    "auditor",
                                ],
                            )
                        ),
                        name="staff_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", "auditor"), _negated=True),
                            ("access_until__isnull", False),
                            _connector="OR",
                        ),
                        name="auditors_access_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountImport",
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
                    "origin",
                    models.CharField(
                        choices=[
                            ("upload", "Upload"),
                            ("command", "Command"),
                            ("nightly", "Every night"),
                        ],
                        max_length=8,
                        verbose_name="from",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "due"),
                            ("running", "running"),
                            ("preview", "waits to be confirmed"),
                            ("stopped", "stopped by the brake"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("discarded", "discarded"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=200)),
                (
                    "partial",
                    models.BooleanField(default=False, verbose_name="only a part"),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("counts", models.JSONField(blank=True, default=dict)),
                ("problems", models.JSONField(blank=True, default=list)),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=60)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import of accounts",
                "verbose_name_plural": "imports of accounts",
                "ordering": ["-due_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["due", "running"])),
                        fields=["due_at"],
                        name="account_import_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("origin", "nightly"), ("status__in", ["due", "running"])
                        ),
                        fields=("origin",),
                        name="one_nightly_import_is_planned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin__in", ["upload", "command", "nightly"])
                        ),
                        name="account_import_origin_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "due",
                                    "running",
                                    "preview",
                                    "stopped",
                                    "done",
                                    "failed",
                                    "discarded",
                                ],
                            )
                        ),
                        name="account_import_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountImportFile",
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
                ("content", models.BinaryField()),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="emergency.accountimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of an import",
                "verbose_name_plural": "files of imports",
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "area",
                    models.CharField(
                        choices=[
                            ("roster", "Roster"),
                            ("policy", "Escalation policies"),
                            ("reach", "Contact methods"),
                            ("contact", "Contacts of customers"),
                            ("account", "Accounts and servers"),
                            ("operator", "Operator"),
                            ("permission", "Permissions"),
                            ("privacy", "Personal data"),
                            ("transfer", "Imports and exports"),
                            ("sign_in", "Sign-in"),
                            ("billing", "Prices and billing"),
                            ("status", "Status pages"),
                            ("authority", "Reports to the authority"),
                        ],
                        max_length=10,
                        verbose_name="area",
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("desk", "Desk"),
                            ("command", "Command"),
                            ("engine", "By itself"),
                            ("database", "Database"),
                        ],
                        max_length=8,
                        verbose_name="way",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=80)),
                ("values", models.JSONField(blank=True, default=dict)),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="audit_newest"),
                    models.Index(fields=["area", "-at"], name="audit_of_area"),
                    models.Index(fields=["subject"], name="audit_of_subject"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("via__in", ["desk", "command", "engine", "database"])
                        ),
                        name="audit_way_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "area__in",
                                [
                                    "roster",
                                    "policy",
                                    "reach",
                                    "contact",
                                    "account",
                                    "operator",
                                    "permission",
                                    "privacy",
                                    "transfer",
                                    "billing",
                                    "status",
                                    "authority",
                                    "sign_in",
                                ],
                            )
                        ),
                        name="audit_area_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditorGrant",
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
                ("granted_at", models.DateTimeField()),
                ("until", models.DateTimeField(verbose_name="until")),
                (
                    "why",
                    models.CharField(max_length=200, verbose_name="what is audited"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="auditor_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "auditor's access",
                "verbose_name_plural": "auditors' access",
                "ordering": ["-granted_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("granted_at"))),
                        name="auditor_grant_looks_ahead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True), ("ended_by__isnull", True)
                            ),
                            models.Q(
                                ("ended_at__isnull", False), ("ended_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="auditor_grant_end_says_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkTemplate",
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
                            ("inventory", "Inventory"),
                            ("monitoring", "Monitoring"),
                            ("console", "Console"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "template",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="address"
                    ),
                ),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "link template",
                "verbose_name_plural": "link templates",
                "ordering": ["-valid_from", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["kind", "-valid_from"], name="link_template_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["inventory", "monitoring", "console"])
                        ),
                        name="link_template_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("template", ""),
                            ("template__startswith", "https://"),
                            _connector="OR",
                        ),
                        name="link_template_is_https",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorProfile",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "hotline",
                    models.CharField(blank=True, max_length=32, verbose_name="hotline"),
                ),
                (
                    "support_email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        verbose_name="free support by e-mail",
                    ),
                ),
                (
                    "status_page_url",
                    models.URLField(blank=True, verbose_name="status page"),
                ),
                ("imprint", models.TextField(blank=True, verbose_name="imprint")),
                (
                    "office_closes",
                    models.TimeField(
                        default=datetime.time(17, 0), verbose_name="office closes"
                    ),
                ),
                (
                    "office_days",
                    models.JSONField(
                        default=emergency.models.operator.office_days,
                        verbose_name="office days",
                    ),
                ),
                (
                    "office_opens",
                    models.TimeField(
                        default=datetime.time(8, 0), verbose_name="office opens"
                    ),
                ),
                (
                    "accessibility_contact",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="contact about accessibility",
                    ),
                ),
                (
                    "free_cancellation",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="minutes of free cancellation",
                    ),
                ),
                (
                    "objection_days",
                    models.PositiveSmallIntegerField(
                        default=14,
                        validators=[django.core.validators.MaxValueValidator(365)],
                        verbose_name="days for objections",
                    ),
                ),
                ("privacy", models.TextField(blank=True, verbose_name="privacy")),
                (
                    "sells_to",
                    models.CharField(
                        choices=[
                            ("businesses", "Businesses only"),
                            ("mixed", "Businesses and consumers"),
                        ],
                        default="mixed",
                        max_length=10,
                        verbose_name="customers",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support_phone",
                    models.CharField(
                        blank=True,
                        max_length=32,
                        verbose_name="free support by telephone",
                    ),
                ),
                (
                    "support_text",
                    models.TextField(
                        blank=True, verbose_name="more about free support"
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="emergency.operatorlogo",
                    ),
                ),
            ],
            options={
                "verbose_name": "operator profile",
                "verbose_name_plural": "operator profiles",
                "ordering": ["-valid_from", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sells_to__in", ["businesses", "mixed"])),
                        name="operator_sells_to_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorText",
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
                ("key", models.CharField(max_length=60, verbose_name="text")),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                ("text", models.TextField(blank=True, verbose_name="wording")),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "text of the operator",
                "verbose_name_plural": "texts of the operator",
                "ordering": ["key", "language", "-valid_from", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["key", "language", "-valid_from"],
                        name="operator_text_by_key",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivacyRequest",
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
                        choices=[("export", "Export"), ("erasure", "Erasure")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        max_length=254, verbose_name="e-mail address or number"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("values", models.JSONField(default=dict)),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request about personal data",
                "verbose_name_plural": "requests about personal data",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["export", "erasure"])),
                        name="privacy_request_kind_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RateLimit",
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
                ("key", models.CharField(max_length=30, verbose_name="limit")),
                (
                    "most",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="at most"
                    ),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="within minutes"
                    ),
                ),
                ("valid_from", models.DateTimeField(verbose_name="valid from")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "limit",
                "verbose_name_plural": "limits",
                "ordering": ["key", "-valid_from", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minutes__isnull", True), ("most__isnull", True)),
                            models.Q(
                                ("minutes__gte", 1),
                                ("minutes__lte", 1440),
                                ("most__gte", 1),
                            ),
                            _connector="OR",
                        ),
                        name="rate_limit_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportPin",
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
                ("secret", models.CharField(max_length=128)),
                ("created_at", models.DateTimeField()),
                ("failed_attempts", models.PositiveSmallIntegerField(default=0)),
                ("locked_until", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="support_pins",
                        to="emergency.account",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "support PIN",
                "verbose_name_plural": "support PINs",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True)),
                        fields=("account",),
                        name="account_has_one_support_pin",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Technician",
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
                    "first_name",
                    models.CharField(max_length=60, verbose_name="first name"),
                ),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="technician",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("feed_version", models.PositiveIntegerField(default=1)),
                (
                    "is_house_phone",
                    models.BooleanField(default=False, verbose_name="house phone"),
                ),
            ],
            options={
                "verbose_name": "technician",
                "verbose_name_plural": "technicians",
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                ("uid", models.CharField(blank=True, max_length=255)),
                ("imported_at", models.DateTimeField()),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("technician", "uid", "starts_at"),
                        name="absence_is_imported_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="absence_ends_after_its_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactMethod",
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
                            ("voice", "Voice call"),
                            ("sms", "SMS"),
                            ("email", "E-mail"),
                            ("push", "Push"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "address",
                    models.CharField(max_length=500, verbose_name="number or address"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(default=0, verbose_name="order"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="verified at"
                    ),
                ),
                (
                    "disabled_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="switched off at"
                    ),
                ),
                ("disabled_reason", models.CharField(blank=True, max_length=60)),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_methods",
                        to="emergency.technician",
                    ),
                ),
                ("strikes", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "contact method",
                "verbose_name_plural": "contact methods",
                "ordering": ["technician", "position", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("technician", "kind", "address"),
                        name="contact_method_once_per_technician",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["voice", "sms", "email", "push"])
                        ),
                        name="contact_method_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DropOut",
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
                ("declared_at", models.DateTimeField()),
                ("declared_via", models.CharField(max_length=10)),
                ("ends_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drop_outs",
                        to="emergency.schedule",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drop_outs",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "drop-out",
                "verbose_name_plural": "drop-outs",
                "ordering": ["-declared_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="drop_out_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("declared_at"))),
                        name="drop_out_ends_after_its_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationPolicy",
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
                    models.CharField(max_length=80, unique=True, verbose_name="name"),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False, verbose_name="used for new incidents"
                    ),
                ),
                (
                    "rounds",
                    models.PositiveSmallIntegerField(default=2, verbose_name="rounds"),
                ),
                (
                    "reminders",
                    models.JSONField(default=emergency.models.policy.default_reminders),
                ),
                (
                    "quiet_after_acknowledgement",
                    models.DurationField(default=datetime.timedelta(seconds=300)),
                ),
                (
                    "repage_after",
                    models.DurationField(default=datetime.timedelta(seconds=1080)),
                ),
                (
                    "late_reminder_every",
                    models.DurationField(default=datetime.timedelta(seconds=600)),
                ),
                (
                    "silence",
                    models.DurationField(
                        default=datetime.timedelta(seconds=90),
                        verbose_name="seconds without an answer until the next person is paged",
                    ),
                ),
                (
                    "duty_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
                (
                    "attempts_needed",
                    models.PositiveSmallIntegerField(
                        default=3,
                        verbose_name="attempts that keep the promise when the customer does not answer",
                    ),
                ),
                (
                    "idle_after",
                    models.DurationField(
                        default=datetime.timedelta(seconds=3600),
                        verbose_name="time without activity until the owner is asked",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                        verbose_name="plan owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation policy",
                "verbose_name_plural": "escalation policies",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="one_default_escalation_policy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rounds__gte", 1)),
                        name="escalation_policy_has_a_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts_needed__gte", 1)),
                        name="escalation_policy_asks_for_attempts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStep",
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
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("schedule", "Whoever is on call"),
                            ("technician", "One technician"),
                            ("duty_manager", "The duty manager"),
                            ("everyone", "Everyone"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "delay",
                    models.DurationField(verbose_name="wait before the next step"),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="emergency.escalationpolicy",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.schedule",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
                (
                    "channels",
                    models.JSONField(blank=True, default=list, verbose_name="only by"),
                ),
            ],
            options={
                "verbose_name": "step",
                "ordering": ["policy", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "position"), name="step_position_is_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("schedule__isnull", False), ("target", "schedule")
                            ),
                            models.Q(
                                ("target", "technician"), ("technician__isnull", False)
                            ),
                            ("target__in", ["duty_manager", "everyone"]),
                            _connector="OR",
                        ),
                        name="step_names_its_target",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOff",
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
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reminders_sent", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_via", models.CharField(blank=True, max_length=10)),
                ("silent_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "incoming",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_offs",
                        to="emergency.technician",
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hand_offs",
                        to="emergency.schedule",
                    ),
                ),
            ],
            options={
                "verbose_name": "hand-off",
                "verbose_name_plural": "hand-offs",
                "ordering": ["starts_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="hand_off_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("schedule", "starts_at", "incoming"),
                        name="hand_off_stands_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                    "reference",
                    models.CharField(
                        max_length=16, unique=True, verbose_name="reference"
                    ),
                ),
                ("caller_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("paging", "Paging"),
                            ("acknowledged", "Acknowledged"),
                            ("unreached", "Waiting for the customer"),
                            ("reached", "Customer reached"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                            ("merged", "Merged with another incident"),
                        ],
                        default="paging",
                        max_length=15,
                        verbose_name="status",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="reported at")),
                (
                    "callback_deadline_at",
                    models.DateTimeField(verbose_name="call back by"),
                ),
                (
                    "callback_outcome",
                    models.CharField(
                        choices=[
                            ("pending", "Callback pending"),
                            ("met", "Called back in time"),
                            ("attempted", "Called in time, customer not reached"),
                            ("missed", "Callback deadline missed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("policy_snapshot", models.JSONField()),
                ("round", models.PositiveSmallIntegerField(default=0)),
                (
                    "acknowledged_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="acknowledged at"
                    ),
                ),
                (
                    "reached_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="reached at"
                    ),
                ),
                ("missed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("infrastructure", "Infrastructure"),
                            ("application", "Application"),
                            ("other", "Other"),
                            ("undetermined", "Undetermined"),
                        ],
                        max_length=15,
                        verbose_name="cause",
                    ),
                ),
                (
                    "resolution",
                    models.TextField(blank=True, verbose_name="what was done"),
                ),
                (
                    "resolved_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="resolved at"
                    ),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="closed at"
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("billing_frozen_at", models.DateTimeField(blank=True, null=True)),
                ("billed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="emergency.account",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="emergency.technician",
                    ),
                ),
                ("active_at", models.DateTimeField(blank=True, null=True)),
                ("attempted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "helpers",
                    models.ManyToManyField(
                        blank=True, related_name="helping", to="emergency.technician"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="emergency.incident",
                    ),
                ),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("solved", "Solved"),
                            ("handed_to_free_support", "Handed to free support"),
                            ("not_an_emergency", "Not an emergency"),
                            ("duplicate", "Duplicate"),
                            ("withdrawn", "Withdrawn"),
                            ("prank", "Prank"),
                            ("drill", "Drill"),
                        ],
                        max_length=25,
                        verbose_name="what it was",
                    ),
                ),
                ("is_drill", models.BooleanField(default=False, verbose_name="drill")),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-opened_at"],
                "indexes": [
                    models.Index(
                        fields=["account", "-opened_at"], name="incident_by_account"
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "paging",
                                    "acknowledged",
                                    "unreached",
                                    "reached",
                                    "resolved",
                                ],
                            )
                        ),
                        fields=["callback_deadline_at"],
                        name="incident_open",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("billed_at__isnull", True),
                            ("closed_at__isnull", False),
                            ("merged_into__isnull", True),
                        ),
                        fields=["closed_at"],
                        name="incident_to_bill",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "acknowledged"), _negated=True),
                            models.Q(
                                ("acknowledged_at__isnull", False),
                                ("owner__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="acknowledged_has_time_and_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "reached"), _negated=True),
                            ("reached_at__isnull", False),
                            _connector="OR",
                        ),
                        name="reached_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(
                                ("closed_at__isnull", False),
                                models.Q(("cause", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closed_has_time_and_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("callback_outcome", "met"), _negated=True),
                            ("reached_at__lte", models.F("callback_deadline_at")),
                            _connector="OR",
                        ),
                        name="met_was_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("callback_outcome", "missed"), _negated=True),
                            ("missed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="missed_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cause__in",
                                [
                                    "",
                                    "infrastructure",
                                    "application",
                                    "other",
                                    "undetermined",
                                ],
                            )
                        ),
                        name="cause_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("callback_outcome", "attempted"), _negated=True),
                            ("attempted_at__lte", models.F("callback_deadline_at")),
                            _connector="OR",
                        ),
                        name="attempted_was_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "paging",
                                    "acknowledged",
                                    "unreached",
                                    "reached",
                                    "resolved",
                                    "closed",
                                    "cancelled",
                                    "merged",
                                ],
                            )
                        ),
                        name="incident_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_into__isnull", False), ("status", "merged")
                            ),
                            models.Q(
                                models.Q(("status", "merged"), _negated=True),
                                ("merged_into__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="merged_names_what_it_went_into",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("disposition__in", ["", "drill"]), ("is_drill", True)
                            ),
                            models.Q(
                                (
                                    "disposition__in",
                                    [
                                        "",
                                        "solved",
                                        "handed_to_free_support",
                                        "not_an_emergency",
                                        "duplicate",
                                        "withdrawn",
                                        "prank",
                                    ],
                                ),
                                ("is_drill", False),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_drill_ends_as_a_drill",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bridge",
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
                ("token", models.CharField(max_length=43, unique=True)),
                ("digit", models.CharField(max_length=1)),
                ("technicians_number", models.CharField(blank=True, max_length=20)),
                ("customers_number", models.CharField(blank=True, max_length=20)),
                ("extension", models.CharField(blank=True, max_length=12)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be placed"),
                            ("claimed", "Being placed"),
                            ("sent", "Your telephone rings"),
                            ("dialling", "The customer is called"),
                            ("asking", "How did it end?"),
                            ("ended", "Ended"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("heard_at", models.DateTimeField()),
                (
                    "provider_id",
                    models.CharField(blank=True, db_index=True, max_length=64),
                ),
                ("provider_status", models.CharField(blank=True, max_length=20)),
                ("sequence", models.IntegerField(default=-1)),
                ("pressed_at", models.DateTimeField(blank=True, null=True)),
                ("leg_id", models.CharField(blank=True, max_length=64)),
                ("leg_status", models.CharField(blank=True, max_length=20)),
                ("leg_sequence", models.IntegerField(default=-1)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("provider_answered_at", models.DateTimeField(blank=True, null=True)),
                ("talked_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_code", models.CharField(blank=True, max_length=40)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bridges",
                        to="emergency.incident",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "call over the bridge",
                "verbose_name_plural": "calls over the bridge",
                "ordering": ["started_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["heard_at"],
                        name="bridge_live",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("incident",),
                        name="one_live_bridge_per_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                [
                                    "queued",
                                    "claimed",
                                    "sent",
                                    "dialling",
                                    "asking",
                                    "ended",
                                ],
                            )
                        ),
                        name="bridge_stage_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("stage", "ended")),
                            models.Q(
                                models.Q(("stage", "ended"), _negated=True),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ended_bridge_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "claimed"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="claimed_bridge_has_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", True),
                            ("pressed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="customer_is_dialled_after_the_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackAttempt",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Customer reached"),
                            ("no_answer", "No answer"),
                            ("busy", "Busy"),
                            ("mailbox", "Mailbox"),
                            ("wrong_number", "Wrong number"),
                            ("wrong_person", "Wrong person"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callback_attempts",
                        to="emergency.incident",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=20)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("bridge", "Proven by the telephone network"),
                            ("declared", "Self-declared"),
                        ],
                        default="declared",
                        max_length=10,
                    ),
                ),
                (
                    "bridge",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempt",
                        to="emergency.bridge",
                    ),
                ),
            ],
            options={
                "verbose_name": "callback attempt",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proof", "declared"),
                            models.Q(("bridge__isnull", False), ("proof", "bridge")),
                            _connector="OR",
                        ),
                        name="proof_by_the_network_names_its_call",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "reached",
                                    "no_answer",
                                    "busy",
                                    "mailbox",
                                    "wrong_number",
                                    "wrong_person",
                                ],
                            )
                        ),
                        name="attempt_outcome_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFact",
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
                ("kind", models.CharField(max_length=15)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("gross", models.DecimalField(decimal_places=2, max_digits=12)),
                ("issued_at", models.DateTimeField()),
                ("url_name", models.CharField(blank=True, max_length=60)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="emergency.incident",
                    ),
                ),
                ("public_url_name", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name": "document of billing",
                "ordering": ["issued_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "kind", "number"), name="document_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DrillLink",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "incident",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drill_link",
                        to="emergency.incident",
                    ),
                ),
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
                "verbose_name": "drill link",
                "verbose_name_plural": "drill links",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DueRow",
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
                            ("step", "Escalation step"),
                            ("reminder", "Reminder of the callback"),
                            ("repage", "Paging again"),
                            ("deadline", "Callback deadline"),
                            ("late", "Callback overdue"),
                            ("idle", "Nothing happens any more"),
                            ("timer", "Timer to confirm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=200)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_rows",
                        to="emergency.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "due row",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["due_at"],
                        name="due_row_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "kind", "round", "step"),
                        name="each_decision_is_taken_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "step",
                                    "reminder",
                                    "repage",
                                    "deadline",
                                    "late",
                                    "idle",
                                    "timer",
                                ],
                            )
                        ),
                        name="due_row_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
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
                            ("case", "What explained the case"),
                            ("evidence", "Evidence of the order"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "kind"), name="kind_is_erased_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["case", "evidence"])),
                        name="erasure_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
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
                    "network",
                    models.CharField(
                        choices=[
                            ("good", "Works"),
                            ("impaired", "Impaired"),
                            ("down", "Does not work"),
                            ("unknown", "Not known yet"),
                        ],
                        max_length=10,
                        verbose_name="network",
                    ),
                ),
                (
                    "application_ruled_out",
                    models.CharField(
                        choices=[
                            ("yes", "Yes, the application is not the cause"),
                            ("no", "No, the application is or may be the cause"),
                            ("unknown", "Not known yet"),
                        ],
                        max_length=10,
                        verbose_name="application issue ruled out",
                    ),
                ),
                (
                    "next_step",
                    models.TextField(blank=True, verbose_name="what happens next"),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "qualified feedback",
                "verbose_name_plural": "qualified feedback",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("network__in", ["good", "impaired", "down", "unknown"])
                        ),
                        name="feedback_network_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("application_ruled_out__in", ["yes", "no", "unknown"])
                        ),
                        name="feedback_application_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
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
                ("why", models.CharField(max_length=300, verbose_name="why")),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_holds",
                        to="emergency.incident",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["-set_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("incident",),
                        name="incident_is_held_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True),
                            ("lifted_by__isnull", False),
                            _connector="OR",
                        ),
                        name="lifted_hold_says_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
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
                ("text", models.TextField(verbose_name="note")),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="NotificationRule",
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
                    "urgency",
                    models.CharField(
                        choices=[("high", "An emergency"), ("low", "Everything else")],
                        max_length=5,
                        verbose_name="for",
                    ),
                ),
                (
                    "delay",
                    models.DurationField(
                        default=datetime.timedelta, verbose_name="after"
                    ),
                ),
                (
                    "contact_method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_rules",
                        to="emergency.contactmethod",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_rules",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification rule",
                "verbose_name_plural": "notification rules",
                "ordering": ["technician", "urgency", "delay", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("technician", "urgency", "contact_method", "delay"),
                        name="notification_rule_stands_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["high", "low"])),
                        name="notification_rule_urgency_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("delay__gte", datetime.timedelta(0))),
                        name="notification_rule_looks_ahead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
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
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="to")),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="emergency.schedule",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("replace", "Replace"),
                            ("add", "Add"),
                            ("remove", "Remove"),
                        ],
                        default="replace",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("swap", "Swap"),
                            ("drop_out", "Drop-out"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "replaced",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "override",
                "verbose_name_plural": "overrides",
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True)),
                        fields=["schedule", "ends_at"],
                        name="override_in_force",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="override_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["replace", "add"]),
                                ("technician__isnull", False),
                            ),
                            models.Q(
                                ("kind", "remove"),
                                ("replaced__isnull", False),
                                ("technician__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="override_names_its_people",
                    ),
                ],
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Page",
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
                            ("voice", "Voice call"),
                            ("sms", "SMS"),
                            ("email", "E-mail"),
                            ("push", "Push"),
                        ],
                        max_length=10,
                    ),
                ),
                ("address", models.CharField(max_length=500)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency"),
                            ("reminder", "Reminder of the callback"),
                            ("missed", "Callback deadline missed"),
                            ("taken", "Somebody else has it"),
                            ("idle", "Nothing happens any more"),
                            ("timer", "Timer to confirm"),
                            ("join", "A colleague asks for help"),
                            ("engine", "Engine trouble"),
                            ("notice", "Something needs attention"),
                            ("shift", "Reminder of a shift"),
                            ("handoff", "Hand-off"),
                            ("successor", "Taking over a shift"),
                            ("verify", "Verification"),
                            ("test", "Test page"),
                            ("self_test", "Self-test"),
                        ],
                        max_length=12,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("digit", models.CharField(blank=True, max_length=1)),
                ("code", models.CharField(blank=True, max_length=8)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("claimed", "Being sent"),
                            ("sent", "Handed to the provider"),
                            ("delivered", "Delivered"),
                            ("failed", "Not delivered"),
                            ("withdrawn", "No longer needed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contact_method",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="emergency.contactmethod",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="emergency.incident",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="digested",
                        to="emergency.page",
                    ),
                ),
                ("held_reason", models.CharField(blank=True, max_length=20)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "First page of an incident"),
                            (10, "Emergency or deadline"),
                            (20, "Everything else"),
                        ],
                        default=20,
                    ),
                ),
                ("values", models.JSONField(blank=True, default=dict)),
                (
                    "drop_out",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to="emergency.dropout",
                    ),
                ),
                (
                    "hand_off",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pages",
                        to="emergency.handoff",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["due_at"],
                        name="page_queued",
                    ),
                    models.Index(
                        condition=models.Q(("status", "claimed")),
                        fields=["lease_until"],
                        name="page_claimed",
                    ),
                    models.Index(
                        condition=models.Q(("status", "sent")),
                        fields=["sent_at"],
                        name="page_in_flight",
                    ),
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["priority", "due_at"],
                        name="page_queued_by_priority",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            ("answered_at__isnull", True),
                        ),
                        fields=["address"],
                        name="page_answerable",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("kind", "voice"),
                            ("status__in", ["queued", "claimed", "sent"]),
                        ),
                        fields=["address"],
                        name="page_on_the_line",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "queued",
                                    "claimed",
                                    "sent",
                                    "delivered",
                                    "failed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="page_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "claimed"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="claimed_page_has_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["sent", "delivered"]), _negated=True
                            ),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_page_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("incident__isnull", False),
                            (
                                "purpose__in",
                                [
                                    "notice",
                                    "shift",
                                    "handoff",
                                    "successor",
                                    "verify",
                                    "test",
                                    "self_test",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="page_about_an_incident_names_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PageAttempt",
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
                ("token", models.CharField(max_length=43, unique=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("provider", models.CharField(max_length=20)),
                (
                    "provider_id",
                    models.CharField(blank=True, db_index=True, max_length=64),
                ),
                ("provider_status", models.CharField(blank=True, max_length=20)),
                ("sequence", models.IntegerField(default=-1)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="emergency.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "page attempt",
                "ordering": ["started_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
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
                            ("application_analysis", "Application analysis"),
                            ("beyond_limit", "Beyond the cost limit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("currency", models.CharField(max_length=3)),
                (
                    "hourly_net",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True
                    ),
                ),
                (
                    "hourly_gross",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True
                    ),
                ),
                (
                    "limit_gross",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("text", models.TextField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("hourly_gross__isnull", False),
                                ("hourly_net__isnull", False),
                                ("kind", "application_analysis"),
                            ),
                            models.Q(("kind", "beyond_limit"), ("limit_gross__gt", 0)),
                            _connector="OR",
                        ),
                        name="proposal_names_its_amount",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedMail",
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
                ("mailbox", models.CharField(max_length=200)),
                ("uid_validity", models.CharField(blank=True, max_length=20)),
                ("uid", models.CharField(max_length=200)),
                ("message_id", models.CharField(blank=True, max_length=255)),
                ("received_at", models.DateTimeField()),
                (
                    "sender",
                    models.CharField(blank=True, max_length=254, verbose_name="sender"),
                ),
                (
                    "sender_name",
                    models.CharField(blank=True, max_length=200, verbose_name="name"),
                ),
                (
                    "subject",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="subject"
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("whole", models.BooleanField(default=True)),
                ("machine", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for somebody"),
                            ("attached", "Attached"),
                            ("dismissed", "Put aside"),
                            ("ignored", "Written by a machine"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="emergency.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "mail",
                "verbose_name_plural": "mails",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["received_at"],
                        name="mail_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mailbox", "uid_validity", "uid"),
                        name="mail_is_read_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("message_id", ""), _negated=True),
                        fields=("message_id",),
                        name="mail_is_taken_in_once",
                    ),
                    models.UniqueConstraint(
                        fields=("sender", "answered_on"),
                        name="one_answer_per_sender_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["waiting", "attached", "dismissed", "ignored"],
                            )
                        ),
                        name="mail_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("incident__isnull", False), ("state", "attached")
                            ),
                            models.Q(("state", "attached"), _negated=True),
                            _connector="OR",
                        ),
                        name="attached_mail_names_its_incident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailAttachment",
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
                ("name", models.CharField(blank=True, max_length=200)),
                ("content_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "mail",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="emergency.receivedmail",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment of a mail",
                "verbose_name_plural": "attachments of mails",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                ("order_key", models.CharField(max_length=64, unique=True)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("ordered_at", models.DateTimeField()),
                ("language", models.CharField(max_length=5)),
                (
                    "reporter_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "callback_number",
                    phonenumber_field.modelfields.PhoneNumberField(
                        max_length=128, region=None, verbose_name="callback number"
                    ),
                ),
                ("callback_number_typed", models.CharField(max_length=80)),
                ("callback_extension", models.CharField(blank=True, max_length=12)),
                ("problem_description", models.TextField(verbose_name="problem")),
                (
                    "reproduction_steps",
                    models.TextField(blank=True, verbose_name="how to reproduce it"),
                ),
                (
                    "recent_changes",
                    models.TextField(blank=True, verbose_name="recent changes"),
                ),
                ("maintenance_result", models.CharField(max_length=10)),
                ("maintenance_evidence", models.JSONField(default=dict)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="emergency.incident",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="emergency.contact",
                    ),
                ),
                ("joined", models.BooleanField(default=False)),
                (
                    "verification",
                    models.CharField(
                        choices=[
                            ("none", "Not verified"),
                            ("pin", "Verified by support PIN"),
                            ("link", "Verified by sign-in"),
                            ("technician", "Confirmed by a technician"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("above_limits", models.JSONField(default=list)),
                (
                    "reporter_email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="e-mail address"
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
                "ordering": ["ordered_at", "pk"],
                "indexes": [
                    models.Index(fields=["ordered_at"], name="report_by_time"),
                    models.Index(
                        fields=["callback_number", "ordered_at"],
                        name="report_by_number",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verification__in", ["none", "pin", "link", "technician"])
                        ),
                        name="report_verification_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AddedFact",
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
                ("text", models.TextField(verbose_name="what you want to add")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="added_facts",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "added fact",
                "verbose_name_plural": "added facts",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AddedFile",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="added_files",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "added file",
                "verbose_name_plural": "added files",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "digest"), name="file_is_added_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AddedNumber",
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
                    "number",
                    phonenumber_field.modelfields.PhoneNumberField(
                        max_length=128, region=None, verbose_name="callback number"
                    ),
                ),
                ("typed", models.CharField(max_length=80)),
                ("extension", models.CharField(blank=True, max_length=12)),
                (
                    "name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="added_numbers",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "added number",
                "verbose_name_plural": "added numbers",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "number"), name="number_is_added_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
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
                    "verdict",
                    models.CharField(
                        choices=[("accepted", "Accepted"), ("declined", "Declined")],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("tracking", "On the tracking page"),
                            ("telephone", "By telephone"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "spoken_by",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="who said it"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="emergency.report",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="emergency.proposal",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a proposal",
                "verbose_name_plural": "answers to proposals",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["accepted", "declined"])),
                        name="answer_verdict_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("report__isnull", False), ("via", "tracking")),
                            models.Q(("staff__isnull", False), ("via", "telephone")),
                            _connector="OR",
                        ),
                        name="answer_says_where_it_came_from",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cancellation",
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
                ("free", models.BooleanField()),
                ("free_until", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancellation",
                        to="emergency.incident",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.report",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "cancellation",
                "verbose_name_plural": "cancellations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("report__isnull", False),
                            ("staff__isnull", False),
                            _connector="OR",
                        ),
                        name="cancellation_says_who",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Circumstances",
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
                    "tariff_case",
                    models.CharField(
                        choices=[
                            ("free_hours", "Free support was open"),
                            ("fee", "Fee time"),
                            ("no_fee", "Closing day without an initial fee"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tariff_reason", models.CharField(max_length=20)),
                ("values", models.JSONField(default=dict)),
                ("worked_before", models.BooleanField(null=True)),
                ("texts_version", models.CharField(blank=True, max_length=64)),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circumstances",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "circumstances of an order",
                "verbose_name_plural": "circumstances of orders",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tariff_case__in", ["free_hours", "fee", "no_fee"])
                        ),
                        name="circumstances_tariff_case_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("accepted_at", models.DateTimeField()),
                ("language", models.CharField(max_length=5)),
                ("terms_version", models.CharField(max_length=40)),
                ("terms", models.JSONField()),
                ("terms_fresh", models.BooleanField()),
                ("button_text", models.CharField(blank=True, max_length=80)),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="emergency.report",
                    ),
                ),
                ("declarations", models.JSONField(default=list)),
                (
                    "ordered_as",
                    models.CharField(
                        blank=True,
                        choices=[("business", "Business"), ("consumer", "Consumer")],
                        max_length=10,
                        verbose_name="ordered as",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("page", "On the check page"),
                            ("telephone", "By telephone"),
                        ],
                        default="page",
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("read_out", models.JSONField(blank=True, default=list)),
                (
                    "rung_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "The caller rang us"),
                            ("operator", "We rang the caller"),
                        ],
                        max_length=10,
                        verbose_name="who called",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ordered_as__in", ["", "business", "consumer"])
                        ),
                        name="consent_ordered_as_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel", "page"),
                                ("rung_by", ""),
                                ("taken_by__isnull", True),
                                models.Q(("button_text", ""), _negated=True),
                            ),
                            models.Q(
                                ("button_text", ""),
                                ("channel", "telephone"),
                                ("rung_by__in", ["customer", "operator"]),
                                ("taken_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consent_has_a_button_or_a_witness",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ordered_as", "consumer"),
                            ("rung_by", "operator"),
                            _negated=True,
                        ),
                        name="consent_of_a_consumer_we_rang_is_written",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CostLimit",
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
                    "gross",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cost_limits",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost limit",
                "verbose_name_plural": "cost limits",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gross__isnull", True), ("gross__gt", 0), _connector="OR"
                        ),
                        name="cost_limit_is_an_amount",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                        choices=[("sms", "SMS"), ("email", "E-mail")], max_length=10
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("received", "We have your report"),
                            ("joined", "Your report joined an open emergency"),
                            ("taken", "A technician has taken it"),
                            ("attempted", "We called and did not reach you"),
                            ("missed", "The callback is late"),
                            ("findings", "What we found"),
                            ("resolved", "Solved"),
                            ("invoice", "The invoice is ready"),
                            ("withdrawal", "Your withdrawal has arrived"),
                            ("confirmation", "What you ordered by telephone"),
                            ("mail_answer", "Answer to a mail"),
                            ("own_sign_in", "Your sign-in has changed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("language", models.CharField(max_length=5)),
                ("text", models.TextField()),
                ("token", models.CharField(max_length=43, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("claimed", "Being sent"),
                            ("sent", "Handed to the provider"),
                            ("delivered", "Delivered"),
                            ("failed", "Not delivered"),
                            ("withdrawn", "No longer needed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("sends", models.PositiveSmallIntegerField(default=0)),
                ("provider", models.CharField(blank=True, max_length=20)),
                (
                    "provider_id",
                    models.CharField(blank=True, db_index=True, max_length=64),
                ),
                ("provider_status", models.CharField(blank=True, max_length=20)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("error_code", models.CharField(blank=True, max_length=40)),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="emergency.incident",
                    ),
                ),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="emergency.report",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=200)),
                (
                    "mail",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="emergency.receivedmail",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["due_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "queued")),
                        fields=["due_at"],
                        name="message_queued",
                    ),
                    models.Index(
                        condition=models.Q(("status", "claimed")),
                        fields=["lease_until"],
                        name="message_claimed",
                    ),
                    models.Index(
                        condition=models.Q(("status", "sent")),
                        fields=["sent_at"],
                        name="message_in_flight",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "sms")),
                        fields=["address", "due_at"],
                        name="text_to_number",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "queued",
                                    "claimed",
                                    "sent",
                                    "delivered",
                                    "failed",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="message_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["sms", "email"])),
                        name="message_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "claimed"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="claimed_message_has_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["sent", "delivered"]), _negated=True
                            ),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="sent_message_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("incident__isnull", False),
                                ("mail__isnull", True),
                                ("staff__isnull", True),
                            ),
                            models.Q(
                                ("incident__isnull", True),
                                ("mail__isnull", False),
                                ("staff__isnull", True),
                            ),
                            models.Q(
                                ("incident__isnull", True),
                                ("mail__isnull", True),
                                ("staff__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_is_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "received",
                                    "joined",
                                    "taken",
                                    "attempted",
                                    "missed",
                                    "findings",
                                    "resolved",
                                    "invoice",
                                    "withdrawal",
                                    "confirmation",
                                    "mail_answer",
                                    "own_sign_in",
                                ],
                            )
                        ),
                        name="message_purpose_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NetworkTouch",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("order", "Order"),
                            ("link", "Request for a sign-in link"),
                            ("pin", "Support PIN"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "address",
                    models.GenericIPAddressField(verbose_name="network address"),
                ),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="network_touch",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "network address",
                "verbose_name_plural": "network addresses",
                "indexes": [
                    models.Index(
                        fields=["purpose", "address", "at"], name="network_touch_seen"
                    ),
                    models.Index(fields=["at"], name="network_touch_age"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["order", "link", "pin"])),
                        name="network_touch_purpose_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                    "about",
                    models.CharField(
                        choices=[
                            ("cause", "The cause"),
                            ("time", "The time"),
                            ("invoice", "The invoice"),
                        ],
                        max_length=10,
                        verbose_name="what you object to",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True, verbose_name="why")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="emergency.report",
                    ),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_at__isnull", True)),
                        fields=["report"],
                        name="objection_not_seen",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "about"), name="objection_once_per_matter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["cause", "time", "invoice"])),
                        name="objection_matter_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderCallback",
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
                ("kind", models.CharField(max_length=10)),
                ("fingerprint", models.CharField(max_length=64)),
                ("received_at", models.DateTimeField()),
                ("values", models.JSONField()),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callbacks",
                        to="emergency.pageattempt",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callbacks",
                        to="emergency.message",
                    ),
                ),
                (
                    "bridge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="callbacks",
                        to="emergency.bridge",
                    ),
                ),
            ],
            options={
                "verbose_name": "provider callback",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attempt", "kind", "fingerprint"),
                        name="provider_callback_stored_once",
                    ),
                    models.UniqueConstraint(
                        fields=("message", "kind", "fingerprint"),
                        name="provider_callback_of_a_message_stored_once",
                    ),
                    models.UniqueConstraint(
                        fields=("bridge", "kind", "fingerprint"),
                        name="provider_callback_of_a_bridge_stored_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attempt__isnull", False),
                                ("bridge__isnull", True),
                                ("message__isnull", True),
                            ),
                            models.Q(
                                ("attempt__isnull", True),
                                ("bridge__isnull", True),
                                ("message__isnull", False),
                            ),
                            models.Q(
                                ("attempt__isnull", True),
                                ("bridge__isnull", False),
                                ("message__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="provider_callback_is_about_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportableCase",
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
                            ("outage", "Service outage"),
                            ("compromise", "Suspected malicious compromise"),
                            ("personal_data", "Breach of personal data"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("flagged_at", models.DateTimeField(verbose_name="flagged at")),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="ended at"
                    ),
                ),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complete", "Every step is settled"),
                            ("not_reportable", "Need not be reported"),
                        ],
                        max_length=15,
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "flagged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incidents",
                    models.ManyToManyField(
                        related_name="reportable_cases", to="emergency.incident"
                    ),
                ),
            ],
            options={
                "verbose_name": "reportable case",
                "verbose_name_plural": "reportable cases",
                "ordering": ["-flagged_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)),
                        fields=["due_at"],
                        name="reportable_case_due",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["flagged_at"],
                        name="reportable_case_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["outage", "compromise", "personal_data"])
                        ),
                        name="reportable_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ending", "")),
                            models.Q(
                                ("due_at__isnull", True),
                                ("ended_at__isnull", False),
                                ("ending__in", ["complete", "not_reportable"]),
                            ),
                            _connector="OR",
                        ),
                        name="reportable_end_says_how",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportableFact",
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
                    "code",
                    models.CharField(
                        choices=[
                            ("known", "Moment of knowledge"),
                            ("incident", "Incident added"),
                            ("done", "Done"),
                            ("not_needed", "Not needed"),
                            ("reminded", "Duty managers reminded"),
                            ("ended", "Case ended"),
                        ],
                        max_length=15,
                        verbose_name="fact",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("early_warning", "Early warning"),
                            ("notification", "Notification"),
                            ("final_report", "Final report"),
                            ("data_breach", "Notification of the data breach"),
                        ],
                        max_length=15,
                        verbose_name="step",
                    ),
                ),
                (
                    "reminder",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ahead", "days before"),
                            ("soon", "hours before"),
                            ("passed", "at the deadline"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="entered at")),
                (
                    "moment",
                    models.DateTimeField(blank=True, null=True, verbose_name="moment"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        max_length=80,
                        verbose_name="reference number of the authority",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=300, verbose_name="reason"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="emergency.reportablecase",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "fact of a reportable case",
                "verbose_name_plural": "facts of reportable cases",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["case", "at", "id"], name="facts_of_case")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code__in", ["known", "done"]),
                                ("moment__isnull", False),
                            ),
                            models.Q(("code", "reminded"), ("moment__isnull", False)),
                            models.Q(("code", "incident"), ("incident__isnull", False)),
                            ("code__in", ["not_needed", "ended"]),
                            _connector="OR",
                        ),
                        name="reportable_fact_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code__in", ["done", "not_needed", "reminded"]),
                                (
                                    "step__in",
                                    [
                                        "early_warning",
                                        "notification",
                                        "final_report",
                                        "data_breach",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("code__in", ["known", "incident", "ended"]),
                                ("step", ""),
                            ),
                            _connector="OR",
                        ),
                        name="reportable_fact_names_its_step",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code", "reminded")),
                        fields=("case", "step", "reminder", "moment"),
                        name="each_reminder_is_given_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportServer",
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
                    "typed",
                    models.CharField(
                        max_length=253, verbose_name="server name as typed"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="servers",
                        to="emergency.report",
                    ),
                ),
                (
                    "server",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.server",
                    ),
                ),
                ("name", models.CharField(blank=True, editable=False, max_length=760)),
            ],
            options={
                "verbose_name": "reported server",
                "indexes": [
                    models.Index(fields=["name"], name="reported_server_by_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="RevokedLink",
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
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revoked_link",
                        to="emergency.report",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "revoked link",
                "verbose_name_plural": "revoked links",
            },
        ),
        migrations.CreateModel(
            name="RosterEntry",
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
                ("code", models.CharField(max_length=40)),
                ("values", models.JSONField(default=dict)),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="emergency.schedule",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "roster entry",
                "verbose_name_plural": "roster entries",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["schedule", "at"], name="roster_by_schedule")
                ],
            },
        ),
        migrations.CreateModel(
            name="RotationMember",
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
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="emergency.rotation",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "rotation member",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rotation", "position"),
                        name="rotation_position_is_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfTest",
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
                ("route", models.CharField(max_length=30)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(verbose_name="must be back by")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pending", "Under way"),
                            ("passed", "Came back"),
                            ("failed", "Did not come back"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("error_code", models.CharField(blank=True, max_length=40)),
                (
                    "page",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="self_test",
                        to="emergency.page",
                    ),
                ),
            ],
            options={
                "verbose_name": "self-test",
                "verbose_name_plural": "self-tests",
                "ordering": ["-started_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["route", "-started_at"], name="self_test_by_route"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["pending", "passed", "failed"])
                        ),
                        name="self_test_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "pending"),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="ended_self_test_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceState",
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
                    "server_name",
                    models.CharField(max_length=253, verbose_name="server"),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("web", "Web server"),
                            ("database", "Database"),
                            ("mail", "Mail"),
                            ("names", "Name server"),
                            ("access", "Remote access"),
                        ],
                        max_length=10,
                        verbose_name="service",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("available", "Available"),
                            ("impaired", "Impaired"),
                            ("down", "Not available"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "feedback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="emergency.feedback",
                    ),
                ),
            ],
            options={
                "verbose_name": "state of a service",
                "verbose_name_plural": "states of services",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("feedback", "server_name", "service"),
                        name="service_is_judged_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "service__in",
                                ["web", "database", "mail", "names", "access"],
                            )
                        ),
                        name="service_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["available", "impaired", "down"])
                        ),
                        name="service_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
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
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement",
                        to="emergency.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "settlement",
                "verbose_name_plural": "settlements",
            },
        ),
        migrations.CreateModel(
            name="SolutionAnswer",
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
                ("solved", models.BooleanField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="solution_answers",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to the solution",
                "verbose_name_plural": "answers to the solution",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Swap",
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
                ("given_from", models.DateTimeField(verbose_name="you give from")),
                ("given_until", models.DateTimeField(verbose_name="until")),
                (
                    "taken_from",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="you take from"
                    ),
                ),
                (
                    "taken_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="until"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for consent"),
                            ("accepted", "Agreed"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_asked",
                        to="emergency.technician",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_proposed",
                        to="emergency.technician",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="swaps",
                        to="emergency.schedule",
                    ),
                ),
            ],
            options={
                "verbose_name": "swap",
                "verbose_name_plural": "swaps",
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposer", models.F("partner")), _negated=True
                        ),
                        name="swap_is_between_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("given_until__gt", models.F("given_from"))),
                        name="swap_gives_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("taken_from__isnull", True),
                                ("taken_until__isnull", True),
                            ),
                            ("taken_until__gt", models.F("taken_from")),
                            _connector="OR",
                        ),
                        name="swap_takes_a_period_or_none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "proposed"),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="decided_swap_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeEntry",
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
                            ("support", "Support"),
                            ("application_analysis", "Application analysis"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="start")),
                ("ended_at", models.DateTimeField(verbose_name="end")),
                (
                    "billable",
                    models.BooleanField(default=True, verbose_name="billable"),
                ),
                (
                    "waiver_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="why it is not charged"
                    ),
                ),
                ("logged_at", models.DateTimeField()),
                ("amendment_reason", models.CharField(blank=True, max_length=200)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "amends",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="emergency.timeentry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="time_entries",
                        to="emergency.incident",
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "time entry",
                "verbose_name_plural": "time entries",
                "ordering": ["started_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gt", models.F("started_at"))),
                        name="time_entry_ends_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["support", "application_analysis"])
                        ),
                        name="time_entry_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("billable", True),
                            models.Q(("waiver_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="waived_time_has_a_reason",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        expressions=[
                            ("technician", "="),
                            (
                                emergency.models.timelog.TsTzRange(
                                    "started_at", "ended_at"
                                ),
                                "&&",
                            ),
                        ],
                        name="technician_works_on_one_thing_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineEntry",
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
                ("code", models.CharField(max_length=40)),
                ("values", models.JSONField(default=dict)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timeline",
                        to="emergency.incident",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "timeline entry",
                "verbose_name_plural": "timeline entries",
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(
                        fields=["incident", "at", "id"], name="timeline_of_incident"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Timer",
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
                            ("support", "Support"),
                            ("application_analysis", "Application analysis"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Runs"),
                            ("saved", "Saved as a time entry"),
                            ("review", "Waits for review"),
                            ("dropped", "Reviewed: no work"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unconfirmed", "not confirmed by its owner"),
                            ("beyond_limit", "beyond the customer's cost limit"),
                            ("overlap", "another time entry stands in this interval"),
                        ],
                        max_length=15,
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="start")),
                ("confirmed_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="end"),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timer",
                        to="emergency.timeentry",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timers",
                        to="emergency.incident",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="timers",
                        to="emergency.technician",
                    ),
                ),
            ],
            options={
                "verbose_name": "timer",
                "verbose_name_plural": "timers",
                "ordering": ["started_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")),
                        fields=("technician",),
                        name="one_running_timer_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "running")),
                            models.Q(
                                ("state__in", ["saved", "review", "dropped"]),
                                ("ended_at__gte", models.F("started_at")),
                            ),
                            _connector="OR",
                        ),
                        name="timer_runs_until_it_has_an_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", False), ("state", "saved")),
                            models.Q(
                                models.Q(("state", "saved"), _negated=True),
                                ("entry__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="saved_timer_names_its_entry",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["support", "application_analysis"])
                        ),
                        name="timer_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "review"), _negated=True),
                            ("why__in", ["unconfirmed", "beyond_limit", "overlap"]),
                            _connector="OR",
                        ),
                        name="timer_in_review_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingLink",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "link to a tracking page",
                "verbose_name_plural": "links to tracking pages",
                "ordering": ["made_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TrustedDevice",
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
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("browser", models.CharField(max_length=60, verbose_name="browser")),
                ("trusted_at", models.DateTimeField(verbose_name="trusted since")),
                ("used_at", models.DateTimeField(verbose_name="last sign-in")),
                ("until", models.DateTimeField(verbose_name="until")),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trusted_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "trusted device",
                "verbose_name_plural": "trusted devices",
                "ordering": ["-used_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("trusted_at"))),
                        name="trusted_device_looks_ahead",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        max_length=254,
                        verbose_name="e-mail address for the acknowledgement",
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("acknowledgement", models.TextField()),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="emergency.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "withdrawal",
                "verbose_name_plural": "withdrawals",
            },
        ),
        migrations.RunSQL(REFUSALS, ALLOWED_AGAIN),
        migrations.RunSQL(CACHE, "DROP TABLE emergency_cache;"),
        migrations.RunPython(make_first_policy, migrations.RunPython.noop),
    ]
