"""What the bank says is taken in once, kept as it is, and nothing else is kept."""

import pytest
from django.db import IntegrityError, transaction

from billing.actions.bank_import import import_bank_file
from billing.models import BankEntry, BankFile, Booking, CsvMapping
from tests.integration.billing.payments import (
    booked_exactly as exact,
)
from tests.integration.billing.payments import imported, ntry, refused, status
from tests.integration.billing.stories import MORNING, issued


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.BILLING_PAYMENTS = True


@pytest.fixture
def invoice(door, profile, accountant):
    """280.00 gross, of account K-1."""
    return issued(door, accountant.pk)


def test_the_same_file_changes_nothing_and_an_overlap_adds_only_what_is_new(
    invoice, accountant
):
    first, new = ntry("280.00", invoice.number), ntry("1.00", "new")
    wages = ntry("2000.00", "Gehalt", out=True)
    imported(accountant, first, first, wages)
    exact()
    for _again in range(2):
        imported(accountant, first, first, wages)
    assert BankFile.objects.count() == 1
    imported(accountant, first, first, new, wages)
    latest = BankFile.objects.latest("pk")
    assert (latest.movements, latest.kept, latest.known, latest.passed_over) == (
        *(4, 1, 2),
        1,
    )
    assert BankEntry.objects.count() == 3
    assert Booking.objects.count() == 1


def test_a_csv_file_of_the_bank_is_read_as_it_is_set(invoice, accountant):
    mapping = CsvMapping.objects.create(
        name="Hausbank",
        booked_on="Tag",
        amount="Betrag",
        text="Text",
        updated_at=MORNING,
        updated_by=accountant,
    )
    content = f"Tag;Betrag;Text\n20.03.2026;280,00;{invoice.number}\n".encode()
    taken = import_bank_file(
        name="a.csv",
        content=content,
        mapping=mapping,
        staff_id=accountant.pk,
        now=MORNING,
    )
    assert (taken.is_new, taken.file.format) == (True, "CSV Hausbank")
    assert exact() == 1
    assert status(invoice) == "settled"


def test_a_file_that_cannot_be_read_leaves_nothing(accountant):
    with refused("bank_file_unreadable"):
        imported(accountant, ntry("1.00"), ntry("x"))
    assert not BankFile.objects.exists()
    assert not BankEntry.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: BankEntry.objects.filter(pk=entry.pk).update(amount=1),
        lambda entry: BankEntry.objects.filter(pk=entry.pk).update(text="y"),
        lambda entry: BankEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: BankFile.objects.update(name="x"),
    ],
)
def test_the_database_keeps_what_the_bank_said(accountant, change):
    (entry,) = imported(accountant, ntry("5.00", "x"))
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entry)
