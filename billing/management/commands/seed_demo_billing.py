"""`manage.py seed_demo_billing`: a year of invoices for the demo's closed incidents.

Everything goes through the actions that accounting uses, with the clock of its day.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from django.utils import timezone

from billing.actions.collect import collect, collect_one
from billing.actions.contract import save_contract
from billing.actions.credit import credit_invoice
from billing.actions.export_settings import save_export_settings
from billing.actions.issue import issue_document
from billing.actions.profile import save_issuer, save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold, request_issue
from billing.actions.transmit import send_due
from billing.management.demo_facts import (
    CONFIRMED,
    EXPORT_SETTINGS,
    ISSUER,
    PROFILES,
    PROMISES,
    TAX_CODES,
)
from billing.models import BillingProfile, Contract, Document, ExportSettings, Issuer
from emergency import billable

# The work of the last days stays as drafts; some held document always stays held.
KEPT_AS_DRAFTS = timedelta(days=4)
# The newest invoice is sent by the running product, not by this command.
LEFT_TO_SEND = 1
OFFICE_OPENS = time(9, 30)


class Command(BaseCommand):
    help = "Fill billing for the demo. Running it again adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--profiles", help="JSON file: account number to profile")
        parser.add_argument("--now", help="ISO 8601 instant; default: the clock")

    def handle(self, **options: Any) -> None:
        now = _now(options["now"])
        self.staff_id = _accountant()
        if Issuer.objects.on(timezone.localdate(now)).missing:
            save_issuer(values=ISSUER, staff_id=self.staff_id, now=now)
        if not ExportSettings.objects.exists():
            save_export_settings(
                values=EXPORT_SETTINGS,
                tax_codes=TAX_CODES,
                staff_id=self.staff_id,
                now=now,
            )
        self._profiles(_profiles(options["profiles"]), now)
        self._promises(now)
        self._year(now)
        collect(now=now)
        self._one_credit_note(now)
        numbered = Document.objects.filter(number__isnull=False).count()
        self.stdout.write(f"billing: {numbered} documents issued")

    def _profiles(self, profiles: dict[str, dict[str, Any]], now: datetime) -> None:
        known = {p.account_number: p for p in BillingProfile.objects.all()}
        for number, values in profiles.items():
            if number in known and not known[number].missing:
                continue
            save_profile(
                account_number=number,
                values=values,
                vat_id_confirmed=number in CONFIRMED,
                staff_id=self.staff_id,
                now=now,
            )

    def _promises(self, now: datetime) -> None:
        """Accounts with a callback deadline of their own have a contract."""
        for number, promise in PROMISES.items():
            if Contract.objects.filter(account_number=number).exists():
                continue
            save_contract(
                account_number=number,
                valid_from=timezone.localdate(now),
                own_prices=None,
                callback_within=promise,
                included_emergencies=0,
                included_period=Contract.IncludedPeriod.YEAR,
                may_order=[],
                why="Bühne der Vorführung: Rückruf in drei Minuten.",
                staff_id=self.staff_id,
                now=now,
            )

    def _year(self, now: datetime) -> None:
        """Drafts when the work ended, issued on the next morning, oldest first."""
        days = list(_by_day(now))
        for reference, drafted_at, _issue_at in days:
            collect_one(reference=reference, now=min(drafted_at, now))
        before = now - KEPT_AS_DRAFTS
        recent = [reference for reference, _, issue_at in days if issue_at > before]
        kept = None if _held(recent) else _held([reference for reference, *_ in days])
        due = [day for day in days if day[2] <= before and day[0] != kept]
        can_issue = True
        for number, (reference, _drafted_at, issue_at) in enumerate(due, start=1):
            document = Document.objects.filter(
                incident_reference=reference, status=Document.Status.DRAFT
            ).first()
            if document is None or not self._approve(document, issue_at):
                continue
            if can_issue:
                send = number <= len(due) - LEFT_TO_SEND
                can_issue = self._issue(document, issue_at, send=send)

    def _approve(self, document: Document, at: datetime) -> bool:
        try:
            for hold in document.holds.filter(released_at=None):
                release_hold(
                    hold_id=hold.pk,
                    staff_id=self.staff_id,
                    why="Mit der Bereitschaft und dem Kunden geklärt.",
                    now=at,
                )
            approve(document_id=document.pk, staff_id=self.staff_id, now=at)
        except BillingRefusal:
            return False
        return True

    def _issue(self, document: Document, at: datetime, *, send: bool) -> bool:
        """False when documents cannot be made here; they wait for the worker then."""
        try:
            issue_document(document_id=document.pk, now=at)
        except BillingRefusal as refusal:
            if refusal.code != "renderer_missing":
                raise
            request_issue(document_id=document.pk, staff_id=self.staff_id, now=at)
            self.stderr.write(f"documents wait: {refusal}")
            return False
        if send:
            nowhere = get_connection("django.core.mail.backends.dummy.EmailBackend")
            send_due(now=at + timedelta(minutes=1), connection=nowhere)
        return True

    def _one_credit_note(self, now: datetime) -> None:
        """Some older invoice with extra time has that time credited."""
        if Document.objects.filter(kind=Document.Kind.CREDIT_NOTE).exists():
            return
        original = (
            Document.objects.filter(
                number__isnull=False,
                issued_at__lt=now - timedelta(days=14),
                lines__code="support_beyond_included",
            )
            .order_by("-issued_at")
            .first()
        )
        if original is None or original.issued_at is None:
            return
        at = original.issued_at + timedelta(days=6)
        note = credit_invoice(
            document_id=original.pk,
            line_ids=[original.lines.get(code="support_beyond_included").pk],
            why="Kulanz: Die Wartezeit lag nicht beim Kunden.",
            staff_id=self.staff_id,
            now=at,
        )
        self._issue(note, at, send=True)


def _held(references: list[str]) -> str | None:
    """The latest of these incidents whose draft is held."""
    held = Document.objects.filter(
        incident_reference__in=references, holds__released_at=None, holds__isnull=False
    )
    latest = held.order_by("-created_at").first()
    return latest.incident_reference if latest else None


def _now(text: str | None) -> datetime:
    if not text:
        return timezone.now()
    now = datetime.fromisoformat(text)
    if now.utcoffset() is None:
        raise CommandError("--now: has no UTC offset")
    return now


def _accountant() -> int:
    """Somebody of the demo; an installation in use has nobody like that."""
    for role in ("accounting", "administrator"):
        staff = get_user_model().objects.filter(role=role, is_demo=True).first()
        if staff is not None:
            return staff.pk
    raise CommandError("This installation has no demo staff: demo data is refused.")


def _profiles(path: str | None) -> dict[str, dict[str, Any]]:
    if path is None:
        return PROFILES
    loaded: dict[str, dict[str, Any]] = json.loads(Path(path).read_text("utf-8"))
    return loaded


def _by_day(now: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Reference, time of the draft and time of issue of all open work, oldest first."""
    works = [billable.work(reference) for reference in billable.open_work()]
    latest = Document.objects.aggregate(latest=Max("issued_at"))["latest"]
    for work in sorted(works, key=lambda work: (work.closed_at, work.reference)):
        morning = timezone.localtime(work.closed_at) + timedelta(days=1)
        issue_at = morning.replace(
            hour=OFFICE_OPENS.hour, minute=OFFICE_OPENS.minute, second=0, microsecond=0
        )
        if latest is not None:
            issue_at = max(issue_at, latest + timedelta(minutes=2))
        latest = issue_at
        yield work.reference, work.closed_at + timedelta(minutes=1), issue_at
