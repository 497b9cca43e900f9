"""The issuer's rate is kept by the day it begins, apart from the issuer's address."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations


def own_rows(apps: Any, schema_editor: Any) -> None:
    rates = apps.get_model("billing", "VatRate").objects
    before = None
    for issuer in apps.get_model("billing", "Issuer").objects.order_by("valid_from"):
        if issuer.vat_rate != before:
            rates.get_or_create(
                valid_from=issuer.valid_from, defaults={"rate": issuer.vat_rate}
            )
        before = issuer.vat_rate
    if before is None:
        rates.get_or_create(
            valid_from=date(2000, 1, 1), defaults={"rate": Decimal("20.00")}
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0017_contracts_tax_and_hand_over")]

    operations = [migrations.RunPython(own_rows, migrations.RunPython.noop)]
