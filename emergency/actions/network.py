"""Network addresses that asked for something, kept for a short time and counted.

The rows are PostgreSQL's: a lost Redis neither opens nor closes a limit.
"""

from datetime import datetime

from emergency.models import Message, NetworkTouch, Report
from emergency.operator_facts import limit_in_force
from emergency.rules.limits import Limit, Ordinary, exceeded


def touch(
    *, purpose: str, address: str, now: datetime, report: Report | None = None
) -> None:
    """The address has asked now. Without an address nothing is kept."""
    if address:
        NetworkTouch.objects.create(
            purpose=purpose, address=address, at=now, report=report
        )


def is_above(*, purpose: str, address: str, ordinary: Ordinary, now: datetime) -> bool:
    """Whether the address has asked as often as is ordinary, before this time."""
    if not address:
        return False
    seen = NetworkTouch.objects.filter(
        purpose=purpose, address=address, at__gt=now - ordinary.within
    )
    return seen.count() >= ordinary.most


def mark_report(*, report: Report, address: str, now: datetime) -> None:
    """The report says above which limits it is, and a row from which address it
    came."""
    touch(purpose=NetworkTouch.Purpose.ORDER, address=address, now=now, report=report)
    limits = {limit: limit_in_force(f"reports-{limit}") for limit in Limit}
    since = {limit: now - ordinary.within for limit, ordinary in limits.items()}
    seen = NetworkTouch.objects.filter(
        purpose=NetworkTouch.Purpose.ORDER,
        address=address or None,
        at__gt=since[Limit.ADDRESS],
    )
    reports = Report.objects.filter(incident__is_drill=False)
    by_number = reports.filter(
        callback_number=report.callback_number, ordered_at__gt=since[Limit.NUMBER]
    )
    by_account = reports.filter(
        incident__account=report.incident.account_id,
        incident__account__isnull=False,
        ordered_at__gt=since[Limit.ACCOUNT],
    )
    counts = {
        Limit.ADDRESS: seen.count(),
        Limit.NUMBER: by_number.count(),
        Limit.ACCOUNT: by_account.count(),
        Limit.TOTAL: reports.filter(ordered_at__gt=since[Limit.TOTAL]).count(),
    }
    report.above_limits = [limit.value for limit in exceeded(counts, limits)]
    if report.above_limits:
        report.save(update_fields=["above_limits"])


def has_enough_texts(*, number: str, now: datetime) -> bool:
    """Whether no more texts go to this number for a while: it may not be the
    caller's."""
    ordinary = limit_in_force("texts-number")
    texts = Message.objects.filter(
        kind=Message.Kind.SMS, address=number, due_at__gt=now - ordinary.within
    )
    return texts.count() >= ordinary.most
