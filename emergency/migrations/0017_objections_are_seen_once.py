from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0016_reporters_leave_an_address"),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="objection",
            index=models.Index(
                condition=models.Q(("seen_at__isnull", True)),
                fields=["report"],
                name="objection_not_seen",
            ),
        ),
    ]
