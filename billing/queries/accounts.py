"""One account: what it was invoiced, what it owes, what was agreed with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.models import Contract, Document, ProfileChange, VatIdCheck
from billing.open_items import credit_on, with_balance
from billing.queries import Sums, open_holds, sums, with_signs
from billing.queries.handed_over import invoiced_there
from billing.queries.lists import BIG, Filters, listed
from billing.rules.rounding import ZERO


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What an account was invoiced and credited, and what of it is not settled.

    ``open`` is what the account owes; below zero: what it gets back.
    ``there`` is what the operator's own billing system has invoiced: it is owed there.
    ``overdue`` is the part of unsettled invoices, less their credit notes, whose day of
    payment is past.
    """

    invoiced: Sums
    credited: Sums
    open: Decimal
    overdue: Decimal
    there: Sums
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
        there=sums(documents.filter(invoiced_there())),
        drafts=sums(
            documents.filter(number__isnull=True, gathered_into__isnull=True).exclude(
                invoiced_there()
            )
        ),
    )


def _left(documents: QuerySet[Document]) -> Decimal:
    left = with_balance(documents).aggregate(left=Sum("balance"))["left"]
    return left or ZERO


def of_account(account_number: str, *, issued: bool) -> QuerySet[Document]:
    """The account's documents with a number, ours or the billing system's, or those on
    their way to one."""
    numbered = Q(number__isnull=False) | Q(invoiced_there())
    found = listed(Filters(account=account_number))
    documents = found.filter(numbered) if issued else found.exclude(numbered)
    return with_signs(documents).defer(*BIG).prefetch_related(open_holds())


@dataclass(frozen=True)
class AccountHistory:
    """What was agreed, changed and answered about an account, the latest first."""

    contracts: list[Contract]
    changes: list[ProfileChange]
    checks: list[VatIdCheck]


def account_history(account_number: str, vat_id: str) -> AccountHistory:
    contracts = Contract.objects.filter(account_number=account_number)
    changes = ProfileChange.objects.filter(account_number=account_number)
    checks = VatIdCheck.objects.exclude(vat_id="").filter(vat_id=vat_id)
    return AccountHistory(
        contracts=list(contracts.select_related("rate_card", "recorded_by")),
        changes=list(changes.select_related("by")[:50]),
        checks=list(checks[:20]),
    )
