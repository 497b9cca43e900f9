from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0015_operator_facts_are_versioned"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="reporter_email",
            field=models.EmailField(
                blank=True, max_length=254, verbose_name="e-mail address"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("kind", "sms")),
                fields=["address", "due_at"],
                name="text_to_number",
            ),
        ),
    ]
