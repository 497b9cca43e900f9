"""The tables of the procedure document: prices, holds, roles, versions."""

from datetime import datetime, timedelta
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from billing import wording
from billing.models import Hold, RateCard
from billing.models.money import CURRENCY
from billing.policy_words import in_words
from billing.queries.keeping import database_version, last_migration, staff_by_role
from billing.rules.roles import ACCOUNTING, AUDITOR, READERS
from emergency import billable

Rows = tuple[tuple[str, str], ...]
LIBRARIES = ("django", "psycopg", "weasyprint", "celery")


def prices() -> Rows:
    """Every rate card with the instant from which it holds."""
    return tuple(
        (
            _("Valid from %(at)s") % {"at": wording.local_time(card.valid_from)},
            _(
                "initial fee %(fee)s with %(minutes)s minutes, support %(support)s and"
                " application analysis %(analysis)s per hour"
            )
            % {
                "fee": wording.money(card.initial_fee, card.currency),
                "minutes": card.included_minutes,
                "support": wording.money(card.support_hourly, card.currency),
                "analysis": wording.money(
                    card.application_analysis_hourly, card.currency
                ),
            },
        )
        for card in RateCard.objects.order_by("valid_from")
    )


def readings(now: datetime) -> Rows:
    """How the card in force is read; nothing while there is none."""
    card = RateCard.objects.filter(valid_from__lte=now).order_by("valid_from").last()
    if card is None:
        return ()
    policy = card.rating_policy
    return (
        (_("Name"), f"{policy.name}, {policy.version}"),
        *((one.question, one.answer) for one in in_words(policy, card.currency)),
    )


def set_up() -> Rows:
    """What the operator has chosen, as it stands in the settings now."""
    most = settings.BILLING_HOLD_ABOVE
    # The rest of an address may be secret.
    pushed = urlsplit(settings.DOCUMENT_PUSH["URL"]).hostname
    asked = urlsplit(settings.VIES_URL).hostname
    there = settings.BILLING_MODE == "hand_over"
    believed = _("by the authority (%(address)s), believed for %(days)s days") % {
        "address": asked,
        "days": settings.VIES_CACHE_DAYS,
    }
    return (
        (
            _("Invoices are issued"),
            _("by the operator's own billing system") if there else _("here"),
        ),
        (
            _("Amount above which drafts wait, gross"),
            wording.money(Decimal(most), CURRENCY) if most else _("no limit is set"),
        ),
        (_("VAT ids are confirmed"), believed if asked else _("by hand")),
        (
            _("Invoices go by e-mail"),
            settings.INVOICE_MAIL_HOURS or _("at any time of day"),
        ),
        (_("Customer system that gets issued documents"), pushed or _("no system")),
        (
            _("Payments, open items and reminders"),
            _("kept here") if settings.BILLING_PAYMENTS else _("not kept here"),
        ),
    )


def waiting_reasons() -> Rows:
    """Every reason for a hold, and how it ends."""
    by_facts = _("ends only when the missing facts are there")
    by_person = _("accounting may release it and says why")
    return tuple(
        (str(label), by_facts if code in Hold.UNRELEASABLE else by_person)
        for code, label in Hold.Reason.choices
    )


def roles_and_auditors() -> Rows:
    """What each role may do in billing, and who was let in to look."""
    rows = []
    for code, name, people in staff_by_role():
        if code in ACCOUNTING:
            what = _("reads and decides")
        elif code == AUDITOR:
            what = _("reads everything, changes nothing, until a set day")
        elif code in READERS:
            what = _("reads issued documents by their number")
        else:
            what = _("nothing")
        rows.append((name, f"{what} ({people})"))
    rows += [
        (
            _("Auditor %(name)s") % {"name": access.auditor},
            _("%(start)s to %(end)s, granted by %(who)s: %(why)s")
            % {
                "start": wording.local_time(access.granted_at),
                "end": wording.local_time(access.until),
                "who": access.granted_by,
                "why": access.why,
            },
        )
        for access in billable.auditor_accesses()
    ]
    return tuple(rows)


def versions() -> Rows:
    """The releases that run here, the newest change of tables, what runs by itself."""
    migration = last_migration()
    changed = (
        f"{migration[0]}, {wording.local_time(migration[1])}" if migration else "–"
    )
    return (
        ("PostgreSQL", database_version()),
        *((name, _release(name)) for name in LIBRARIES),
        (_("Newest change of billing's tables"), changed),
        *_schedules(),
    )


def _release(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _("not installed")


def _schedules() -> Rows:
    found: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    return tuple(
        (str(one["task"]), _every(one["schedule"]))
        for one in found.values()
        if str(one["task"]).startswith("billing.")
    )


def _every(schedule: Any) -> str:
    if isinstance(schedule, timedelta):
        return _("every %(seconds)s seconds") % {
            "seconds": int(schedule.total_seconds())
        }
    return str(schedule)
