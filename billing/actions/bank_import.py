"""Take in what the bank says; the same file or the same movement twice is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from billing.actions.refusal import BillingRefusal
from billing.actions.told import tell_changes, values_of
from billing.models import BankEntry, BankFile, CsvMapping
from billing.models.money import CURRENCY
from billing.rules.bank_entry import Movement, fingerprints
from billing.sources.bank_csv import Columns, read_csv
from billing.sources.camt053 import read_camt053
from billing.sources.refusal import MOST_BYTES, BankFileError

BATCH = 500


@dataclass(frozen=True)
class Imported:
    """The file's row, and whether this call made it."""

    file: BankFile
    is_new: bool


def import_bank_file(
    *,
    name: str,
    content: bytes,
    mapping: CsvMapping | None,
    staff_id: int,
    now: datetime,
) -> Imported:
    """The movements in the file stand as bank entries, each once; ``mapping`` None:
    it is a camt.053 statement.

    A file that was imported before changes nothing. Movements that are none of ours are
    counted and not kept. Raises BillingRefusal, and then nothing was imported.
    """
    digest = sha256(content).hexdigest()
    known = BankFile.objects.filter(sha256=digest).first()
    if known is not None:
        return Imported(known, False)
    form, movements = _read(content, mapping)
    try:
        with transaction.atomic():
            file = _write(
                movements,
                name=name[-200:] or "-",
                format=form,
                sha256=digest,
                size=len(content),
                imported_at=now,
                imported_by_id=staff_id,
            )
    except IntegrityError:
        # Somebody else imported the same at the same moment.
        found = BankFile.objects.filter(sha256=digest).first()
        if found is None:
            raise BillingRefusal("changed") from None
        return Imported(found, False)
    return Imported(file, True)


def _read(content: bytes, mapping: CsvMapping | None) -> tuple[str, list[Movement]]:
    try:
        if mapping is None:
            return read_camt053(content)
        return f"CSV {mapping.name}", read_csv(content, columns_of(mapping))
    except BankFileError as error:
        if error.code == "too_large":
            most = str(MOST_BYTES // 1024**2)
            raise BillingRefusal("bank_file_too_large", most=most) from error
        raise BillingRefusal("bank_file_unreadable", problem=str(error)) from error


def columns_of(mapping: CsvMapping) -> Columns:
    """The saved form of a bank's files for the reader."""
    names = (
        *("delimiter", "encoding", "skipped_lines", "day_form", "decimal_comma"),
        *("booked_on", "value_on", "amount", "currency", "text", "payer", "iban"),
        *("reference", "bank_reference"),
    )
    values = {name: getattr(mapping, name) for name in names}
    return Columns(**values, default_currency=CURRENCY)


def _write(movements: Sequence[Movement], **columns: Any) -> BankFile:
    keyed = list(fingerprints(m for m in movements if m.amount))
    ours = {key: movement for key, movement in keyed if movement.concerns_us}
    before: set[str] = set()
    keys = list(ours)
    for start in range(0, len(keys), BATCH):
        some = BankEntry.objects.filter(fingerprint__in=keys[start : start + BATCH])
        before |= set(some.values_list("fingerprint", flat=True))
    file = BankFile.objects.create(
        movements=len(movements),
        kept=len(ours) - len(before),
        known=len(before),
        passed_over=len(movements) - len(ours),
        **columns,
    )
    BankEntry.objects.bulk_create(
        (
            _entry(file, key, movement)
            for key, movement in ours.items()
            if key not in before
        ),
        batch_size=BATCH,
    )
    return file


def _entry(file: BankFile, key: str, movement: Movement) -> BankEntry:
    return BankEntry(
        file=file,
        fingerprint=key,
        account_iban=movement.account,
        booked_on=movement.booked_on,
        value_on=movement.value_on,
        amount=movement.amount,
        currency=movement.currency,
        name=movement.name,
        iban=movement.iban,
        text=movement.text,
        reference=movement.reference,
        end_to_end_id=movement.end_to_end_id,
        bank_reference=movement.bank_reference,
        charges=movement.charges,
        returned=movement.returned,
    )


@transaction.atomic
def save_mapping(*, mapping: CsvMapping, staff_id: int, now: datetime) -> CsvMapping:
    """Files of this bank are read like this from now on."""
    names = [field.attname for field in CsvMapping._meta.concrete_fields[1:]]
    before = values_of(CsvMapping.objects.filter(pk=mapping.pk).first(), names)
    after = values_of(mapping, names)
    mapping.updated_at, mapping.updated_by_id = now, staff_id
    mapping.save()
    tell_changes(
        "bank_csv_changed",
        about=f"bank_csv:{mapping.pk}",
        before=before,
        after=after,
        staff_id=staff_id,
        now=now,
    )
    return mapping
