"""What is still open: balances of documents and accounts, made of bookings alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import (
    DecimalField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from billing import payment_words
from billing.models import (
    Allocation,
    BankEntry,
    BillingProfile,
    Booking,
    Document,
    Hold,
    PaymentRules,
    Reminder,
)
from billing.queries import signed
from billing.rules.ageing import Age, aged
from billing.rules.allocating import OpenItem
from billing.rules.rounding import ZERO

AMOUNT = DecimalField(max_digits=14, decimal_places=2)
IN_USE = (Document.Status.ISSUED, Document.Status.TRANSMITTED)


def current_rules() -> PaymentRules:
    """The settings that hold; defaults that nobody has saved yet."""
    found = PaymentRules.objects.order_by("-saved_at", "-pk").first()
    return found or PaymentRules(tolerance=ZERO)


def with_balance(documents: QuerySet[Document]) -> "QuerySet[Any]":
    """Documents, each with ``signed_gross``, ``paid`` and ``balance``: positive is owed
    to us. (No type can say which columns were added.)"""
    parts = Allocation.objects.filter(document=OuterRef("pk")).order_by()
    paid = parts.values("document").annotate(total=Sum("amount")).values("total")
    return documents.annotate(
        signed_gross=signed("gross"),
        paid=Coalesce(Subquery(paid), Value(ZERO), output_field=AMOUNT),
        balance=F("signed_gross") - F("paid"),
    )


def balance_of(document: Document) -> Decimal:
    """What is open of this document: negative on a credit note, 0 before issue."""
    if not document.is_issued:
        return ZERO
    paid: Decimal = document.allocations.aggregate(paid=Sum("amount"))["paid"] or ZERO
    gross = -document.gross if document.is_credit_note else document.gross
    return Decimal(gross - paid)


def open_documents() -> "QuerySet[Any]":
    """Issued documents that are not settled, with what is open of them."""
    return with_balance(Document.objects.filter(status__in=IN_USE)).exclude(balance=0)


def items_of(documents: "QuerySet[Any]") -> list[OpenItem]:
    """Documents of ``open_documents`` for the rules, without their texts."""
    rows = documents.values_list("number", "account_number", "due_date", "balance")
    return [
        OpenItem(number=number or "", account=account, due=due, open=balance)
        for number, account, due, balance in rows
    ]


def open_items() -> list[OpenItem]:
    """Everything that is open."""
    return items_of(open_documents())


def credit_on(account_number: str) -> Decimal:
    """What stays with the account: over-payments less what was used of them."""
    parts = Allocation.objects.filter(
        kind=Allocation.Kind.ACCOUNT, account_number=account_number
    )
    return parts.aggregate(left=Sum("amount"))["left"] or ZERO


def accounts_of_iban(iban: str) -> frozenset[str]:
    """Accounts whose documents this IBAN has paid before."""
    if not iban:
        return frozenset()
    paid = Allocation.objects.filter(
        booking__entry__iban=iban,
        booking__kind=Booking.Kind.PAYMENT,
        booking__reversed_by=None,
        document__isnull=False,
    )
    numbers = paid.values_list("document__account_number", flat=True).distinct()
    return frozenset(number for number in numbers if number)


@dataclass
class AccountRow:
    """One account in the list of open items."""

    number: str
    name: str = ""
    count: int = 0
    columns: dict[Age, Decimal] = field(default_factory=dict)
    credit: Decimal = ZERO

    @property
    def open(self) -> Decimal:
        return sum(self.columns.values(), ZERO)

    @property
    def balance(self) -> Decimal:
        return self.open - self.credit

    @property
    def titled(self) -> list[tuple[str, Decimal]]:
        """The columns in the order of their ages, with their titles."""
        return [
            (payment_words.age(column), self.columns.get(column, ZERO))
            for column in Age
        ]


def ageing(today: date) -> tuple[list[AccountRow], AccountRow]:
    """Every account with something open or a credit, the largest debt first, and the
    sum of all of them."""
    rows: dict[str, AccountRow] = {}
    amounts: dict[str, list[tuple[date | None, Decimal]]] = {}
    found = open_documents().order_by("issued_at")
    columns = ("account_number", "account_name", "due_date", "balance")
    for number, name, due, balance in found.values_list(*columns).iterator():
        row = rows.setdefault(number, AccountRow(number))
        row.name, row.count = name, row.count + 1
        amounts.setdefault(number, []).append((due, balance))
    for number, credit in _credits():
        rows.setdefault(number, AccountRow(number)).credit = credit
    for number, row in rows.items():
        row.columns = aged(amounts.get(number, ()), today)
        row.name = row.name or name_of(number)
    listed = sorted(rows.values(), key=lambda row: (-row.balance, row.number))
    return listed, _total(listed)


def _credits() -> list[tuple[str, Decimal]]:
    parts = Allocation.objects.filter(kind=Allocation.Kind.ACCOUNT).order_by()
    sums = parts.values("account_number").annotate(left=Sum("amount"))
    found = sums.exclude(left=0).values_list("account_number", "left")
    return [(number, left) for number, left in found]


def _total(rows: Iterable[AccountRow]) -> AccountRow:
    total = AccountRow("", columns=dict.fromkeys(Age, ZERO))
    for row in rows:
        total.count += row.count
        total.credit += row.credit
        for age, amount in row.columns.items():
            total.columns[age] += amount
    return total


def name_of(account_number: str) -> str:
    """The name that stands on the account's latest document."""
    latest = Document.objects.filter(account_number=account_number).order_by("-pk")
    return latest.values_list("account_name", flat=True).first() or ""


def is_account(number: str) -> bool:
    """Whether billing knows an account with this number."""
    return (
        Document.objects.filter(account_number=number).exists()
        or BillingProfile.objects.filter(account_number=number).exists()
    )


def open_of_account(account_number: str) -> "QuerySet[Any]":
    """What is open of one account, what was due first first, with its reminders."""
    found = open_documents().filter(account_number=account_number)
    reminders = Prefetch("reminders", Reminder.objects.order_by("id"))
    held = found.annotate(is_held=Exists(open_holds())).prefetch_related(reminders)
    ordered: QuerySet[Any] = held.order_by("due_date", "number")
    return ordered


def open_holds() -> QuerySet[Hold]:
    """Holds of the document of an outer query that nobody has released."""
    return Hold.objects.filter(document=OuterRef("pk"), released_at=None)


def bookings_of(documents: Q) -> QuerySet[Booking]:
    """Bookings with a part that fits, newest first, with all their parts."""
    return (
        Booking.objects.filter(Exists(_parts(documents)))
        .select_related("by", "entry", "reversed_by", "reverses")
        .prefetch_related("parts__document")
        .order_by("-at", "-pk")
    )


def bookings_of_document(document: Document) -> QuerySet[Booking]:
    """Every booking that touched this document."""
    return bookings_of(Q(document=document))


def _parts(condition: Q) -> QuerySet[Allocation]:
    return Allocation.objects.filter(condition, booking=OuterRef("pk"))


def waiting_entries() -> int:
    """How many bank entries a person has to match; none where payments are off."""
    if not settings.BILLING_PAYMENTS:
        return 0
    return BankEntry.objects.filter(status=BankEntry.Status.OPEN).count()


def entries(status: str = "") -> QuerySet[BankEntry]:
    """Bank entries, newest first, with what they were booked on."""
    found = BankEntry.objects.select_related("file").prefetch_related(
        Prefetch(
            "bookings",
            Booking.objects.filter(reversed_by=None, reverses=None).prefetch_related(
                "parts__document"
            ),
            to_attr="standing",
        )
    )
    return found.filter(status=status) if status else found
