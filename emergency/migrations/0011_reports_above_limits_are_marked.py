from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0010_documents_open_to_customers"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="above_limits",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["ordered_at"], name="report_by_time"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                fields=["callback_number", "ordered_at"], name="report_by_number"
            ),
        ),
    ]
