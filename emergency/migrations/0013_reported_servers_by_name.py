from typing import Any

from django.db import migrations, models

from emergency.rules.joining import normalised


def name_them(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("emergency", "ReportServer").objects.iterator():
        row.name = normalised(row.typed)
        row.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0012_what_is_done_about_personal_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="reportserver",
            name="name",
            field=models.CharField(blank=True, editable=False, max_length=760),
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="reportserver",
            index=models.Index(fields=["name"], name="reported_server_by_name"),
        ),
    ]
