import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0005_append_only_roster"),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "network address",
                "verbose_name_plural": "network addresses",
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
            ],
            options={
                "verbose_name": "sign-in link",
                "verbose_name_plural": "sign-in links",
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
            ],
            options={
                "verbose_name": "support PIN",
                "verbose_name_plural": "support PINs",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="incident",
            name="incident_status_is_known",
        ),
        migrations.RemoveIndex(
            model_name="incident",
            name="incident_to_bill",
        ),
        migrations.AddField(
            model_name="contact",
            name="retired_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="retired at"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="emergency.incident",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reports",
                to="emergency.contact",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="joined",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="report",
            name="verification",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="incident",
            name="status",
            field=models.CharField(
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
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(
                    ("billed_at__isnull", True),
                    ("closed_at__isnull", False),
                    ("merged_into__isnull", True),
                ),
                fields=["closed_at"],
                name="incident_to_bill",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(
                        models.Q(("status", "merged"), _negated=True),
                        ("merged_into__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="merged_names_what_it_went_into",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verification__in", ["none", "pin", "link", "technician"])
                ),
                name="report_verification_is_known",
            ),
        ),
        migrations.AddField(
            model_name="networktouch",
            name="report",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="network_touch",
                to="emergency.report",
            ),
        ),
        migrations.AddField(
            model_name="signinlink",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sign_in_links",
                to="emergency.contact",
            ),
        ),
        migrations.AddIndex(
            model_name="signinrequest",
            index=models.Index(fields=["due_at"], name="sign_in_request_due"),
        ),
        migrations.AddField(
            model_name="supportpin",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="support_pins",
                to="emergency.account",
            ),
        ),
        migrations.AddField(
            model_name="supportpin",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="networktouch",
            index=models.Index(
                fields=["purpose", "address", "at"], name="network_touch_seen"
            ),
        ),
        migrations.AddIndex(
            model_name="networktouch",
            index=models.Index(fields=["at"], name="network_touch_age"),
        ),
        migrations.AddConstraint(
            model_name="networktouch",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["order", "link", "pin"])),
                name="network_touch_purpose_is_known",
            ),
        ),
        migrations.AddIndex(
            model_name="signinlink",
            index=models.Index(
                fields=["contact", "created_at"], name="sign_in_link_of_contact"
            ),
        ),
        migrations.AddConstraint(
            model_name="supportpin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("account",),
                name="account_has_one_support_pin",
            ),
        ),
    ]
