from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("emergency", "0008_messages_at_every_step"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                condition=models.Q(
                    ("kind", "voice"), ("status__in", ["queued", "claimed", "sent"])
                ),
                fields=["address"],
                name="page_on_the_line",
            ),
        ),
    ]
