"""Who was gathered is settled with the collective invoice; emergency is told of each.

Until now one row without a reference stood for all of them, and nobody was told.
"""

from typing import Any

from django.db import migrations, models


def name_them(apps: Any, schema_editor: Any) -> None:
    settlements = apps.get_model("billing", "IncidentSettlement").objects
    documents = apps.get_model("billing", "Document").objects
    settlements.filter(incident_reference="").delete()
    gathered = documents.filter(
        kind="invoice", gathers_month__isnull=False, settled_at__isnull=False
    )
    for settled_at, reference in gathered.values_list(
        "settled_at", "lines__incident_reference"
    ).distinct():
        settlements.get_or_create(
            incident_reference=reference,
            defaults={"settled_at": settled_at, "told": False},
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0020_hand_over_in_batches_and_limits")]

    operations = [
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="incidentsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("incident_reference", ""), _negated=True),
                name="settlement_names_its_incident",
            ),
        ),
    ]
