"""All that version 0.1 keeps of status pages."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Source",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statuspage", "Statuspage (version 2)"),
                            ("incidentio", "incident.io"),
                            ("cachet2", "Cachet 2"),
                            ("cachet3", "Cachet 3"),
                            ("uptimekuma", "Uptime Kuma"),
                            ("ics", "Calendar (iCalendar, MAINTNOTE)"),
                            ("static", "Fixed times, typed in here"),
                            ("local", "Our own status page"),
                            ("instatus", "Instatus"),
                            ("betterstack", "Better Stack"),
                            ("statuspal", "StatusPal"),
                            ("statusio", "status.io"),
                            ("sorry", "Sorry"),
                            ("cstate", "cState"),
                            ("oneuptime", "OneUptime"),
                            ("openstatus", "openstatus"),
                            ("upptime", "Upptime"),
                            ("hund", "Hund"),
                            ("flashduty", "flashduty"),
                            ("rss", "RSS or Atom feed (a hint only)"),
                        ],
                        default="statuspage",
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                (
                    "url",
                    models.URLField(blank=True, max_length=500, verbose_name="address"),
                ),
                (
                    "allow_host",
                    models.CharField(
                        blank=True, max_length=255, verbose_name="allowed host"
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "interval",
                    models.DurationField(
                        default=datetime.timedelta(seconds=60), verbose_name="interval"
                    ),
                ),
                ("next_fetch_at", models.DateTimeField(verbose_name="next reading")),
                (
                    "fetched_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last good reading"
                    ),
                ),
                ("etag", models.CharField(blank=True, max_length=500)),
                ("last_modified", models.CharField(blank=True, max_length=200)),
                (
                    "body_hash",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="hash of the body"
                    ),
                ),
                (
                    "components",
                    models.JSONField(
                        blank=True, default=list, verbose_name="components"
                    ),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, verbose_name="failures in a row"
                    ),
                ),
                (
                    "last_error",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="last error"
                    ),
                ),
                (
                    "backoff_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="resting until"
                    ),
                ),
                (
                    "config",
                    models.JSONField(blank=True, default=dict, verbose_name="settings"),
                ),
                (
                    "doubt",
                    models.CharField(blank=True, max_length=40, verbose_name="doubt"),
                ),
                (
                    "good_until",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="good until"
                    ),
                ),
                (
                    "poll_after",
                    models.DurationField(
                        blank=True, null=True, verbose_name="wanted interval"
                    ),
                ),
            ],
            options={
                "verbose_name": "status page",
                "verbose_name_plural": "status pages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("enabled", True)),
                        fields=["next_fetch_at"],
                        name="status_source_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("interval__gt", datetime.timedelta(0))),
                        name="status_source_interval_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "statuspage",
                                    "incidentio",
                                    "cachet2",
                                    "cachet3",
                                    "uptimekuma",
                                    "ics",
                                    "static",
                                    "local",
                                    "instatus",
                                    "betterstack",
                                    "statuspal",
                                    "statusio",
                                    "sorry",
                                    "cstate",
                                    "oneuptime",
                                    "openstatus",
                                    "upptime",
                                    "hund",
                                    "flashduty",
                                    "rss",
                                ],
                            )
                        ),
                        name="status_source_kind_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("url", ""), _negated=True),
                        fields=("url",),
                        name="status_source_once_per_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "local")),
                        fields=("kind",),
                        name="status_source_one_page_of_our_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComponentForm",
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
                ("form", models.CharField(max_length=450, verbose_name="spelling")),
                (
                    "external_id",
                    models.CharField(max_length=200, verbose_name="id on the page"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=200, verbose_name="name"),
                ),
                (
                    "group",
                    models.CharField(blank=True, max_length=200, verbose_name="group"),
                ),
                (
                    "in_maintenance",
                    models.BooleanField(default=False, verbose_name="in maintenance"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forms",
                        to="status.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "spelling of a component",
                "verbose_name_plural": "spellings of components",
                "indexes": [
                    models.Index(fields=["form"], name="status_component_by_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="Window",
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
                    "external_id",
                    models.CharField(max_length=200, verbose_name="id on the page"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=500, verbose_name="name"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "Scheduled"),
                            ("running", "Running"),
                            ("finished", "Finished"),
                            ("timed", "By the clock"),
                            ("tentative", "Not confirmed"),
                            ("ahead", "Not begun"),
                            ("unknown", "Not understood"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="planned start"
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="planned end"
                    ),
                ),
                (
                    "components",
                    models.JSONField(
                        blank=True, default=list, verbose_name="components"
                    ),
                ),
                (
                    "url",
                    models.URLField(blank=True, max_length=500, verbose_name="address"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="windows",
                        to="status.source",
                    ),
                ),
                (
                    "announced_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="announced"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="changed"),
                ),
                (
                    "no_impact",
                    models.BooleanField(default=False, verbose_name="without impact"),
                ),
                (
                    "open_ended",
                    models.BooleanField(
                        default=False, verbose_name="until further notice"
                    ),
                ),
                (
                    "zone_known",
                    models.BooleanField(default=True, verbose_name="zone known"),
                ),
                (
                    "mentions",
                    models.TextField(
                        blank=True, verbose_name="hosts its text may name"
                    ),
                ),
            ],
            options={
                "verbose_name": "maintenance window",
                "verbose_name_plural": "maintenance windows",
                "indexes": [
                    models.Index(
                        models.OrderBy(models.F("ends_at"), nulls_last=True),
                        condition=models.Q(("state", "finished"), _negated=True),
                        name="status_window_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "external_id"),
                        name="status_window_once_per_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "scheduled",
                                    "running",
                                    "finished",
                                    "timed",
                                    "tentative",
                                    "ahead",
                                    "unknown",
                                ],
                            )
                        ),
                        name="status_window_state_known",
                    ),
                ],
            },
        ),
    ]
