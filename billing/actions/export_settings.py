"""What accounting enters about its books: each change is a version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.actions.told import tell_changes, values_of
from billing.models import ExportSettings, ExportTaxCode
from billing.rules.bmd import parse_columns
from billing.rules.bookkeeping import TaxCode, TaxKey


@transaction.atomic
def save_export_settings(
    *,
    values: Mapping[str, Any],
    tax_codes: Mapping[TaxKey, TaxCode],
    staff_id: int | None,
    now: datetime,
) -> ExportSettings:
    """Exports asked for from now on are made like this; earlier ones keep theirs.

    Raises ValidationError, and Problem for columns that BMD could not read.
    """
    earlier = ExportSettings.current()
    earlier_codes = dict(earlier.bookkeeping().tax_codes)
    version = ExportSettings(created_at=now, created_by_id=staff_id, **values)
    version.full_clean(exclude=["created_by"], validate_constraints=False)
    if version.bmd_columns:
        parse_columns(version.bmd_columns)
    version.save()
    rows = [
        ExportTaxCode(
            settings=version,
            category=category.value,
            rate=rate,
            bmd_code=code.bmd_code,
            bmd_account=code.bmd_account,
            datev_key=code.datev_key,
            datev_account=code.datev_account,
        )
        for (category, rate), code in tax_codes.items()
        if code != TaxCode()
    ]
    for row in rows:
        row.clean_fields(exclude=["settings", "category", "rate"])
    ExportTaxCode.objects.bulk_create(rows)
    codes = {key: code for key, code in tax_codes.items() if code != TaxCode()}
    tell_changes(
        "export_settings_changed",
        about="",
        before={**values_of(earlier, values), "tax_codes": earlier_codes},
        after={**values, "tax_codes": codes},
        staff_id=staff_id,
        now=now,
    )
    return version
