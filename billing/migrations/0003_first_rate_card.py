"""An empty installation can sell: the price page's rate card, and an issuer to fill in.

The issuer is deliberately incomplete: nothing is issued until accounting has filled it.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import migrations

BEGINNING = date(2000, 1, 1)


def first_rows(apps: Any, schema_editor: Any) -> None:
    apps.get_model("billing", "RateCard").objects.get_or_create(
        valid_from=datetime(2000, 1, 1, tzinfo=UTC),
        defaults={
            "currency": "EUR",
            "initial_fee": Decimal("200.00"),
            "included_minutes": 30,
            "support_hourly": Decimal("200.00"),
            "application_analysis_hourly": Decimal("200.00"),
            "callback_within": timedelta(minutes=30),
        },
    )
    apps.get_model("billing", "Issuer").objects.get_or_create(
        valid_from=BEGINNING,
        defaults={"country": "AT", "vat_rate": Decimal("20.00")},
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_issued_documents_are_immutable")]

    operations = [migrations.RunPython(first_rows, migrations.RunPython.noop)]
