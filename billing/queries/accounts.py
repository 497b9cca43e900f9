"""One account: what it was invoiced, what it owes, what is on its way."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.models import Document
from billing.open_items import credit_on, with_balance
from billing.queries import Sums, open_holds, sums, with_signs
from billing.queries.lists import BIG, Filters, listed
from billing.rules.rounding import ZERO


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What an account was invoiced and credited, and what of it is not settled.

    ``open`` is what the account owes; below zero: what it gets back.
    ``overdue`` is the part of unsettled invoices, less their credit notes, whose day of
    payment is past.
    """

    invoiced: Sums
    credited: Sums
    open: Decimal
    overdue: Decimal
    drafts: Sums


def balance_of(account_number: str, *, today: date) -> Balance:
    """The balance from the documents, less what was paid of them and what stays with
    the account as a credit. A correction makes what is due with its invoice less; one
    of a settled invoice is owed to the account."""
    documents = Document.objects.filter(account_number=account_number)
    issued = documents.filter(number__isnull=False)
    unsettled = issued.filter(settled_at=None)
    late = Q(due_date__lt=today) | Q(
        refers_to__due_date__lt=today, refers_to__settled_at=None
    )
    return Balance(
        invoiced=sums(issued.filter(kind=Document.Kind.INVOICE)),
        credited=sums(issued.filter(kind=Document.Kind.CREDIT_NOTE)),
        open=_left(unsettled) - credit_on(account_number),
        overdue=max(_left(unsettled.filter(late)), ZERO),
        drafts=sums(documents.filter(number__isnull=True, gathered_into__isnull=True)),
    )


def _left(documents: QuerySet[Document]) -> Decimal:
    left = with_balance(documents).aggregate(left=Sum("balance"))["left"]
    return left or ZERO


def of_account(account_number: str, *, issued: bool) -> QuerySet[Document]:
    """The account's documents with a number, or those on their way to one."""
    documents = listed(Filters(account=account_number)).filter(
        number__isnull=not issued
    )
    return with_signs(documents).defer(*BIG).prefetch_related(open_holds())
