"""Whoever waits for the end of a maintenance is written to, once."""

import logging
import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.network import is_above, touch
from emergency.models import MaintenanceNotice, NetworkTouch, OperatorProfile
from emergency.operator_facts import limit_in_force
from emergency.pagers.notice_mail import send_notice
from emergency.rules.maintenance_notice import LOOK_AGAIN, MOST, News, news
from status.queries import AskedServer, verdict_of_any
from status.rules.maintenance import Result

logger = logging.getLogger(__name__)

AT_ONCE = 50
# Longer than a mail server may take; afterwards somebody else tries.
LEASE = timedelta(seconds=60)
MOST_SENDS = 5

Window = tuple[str, str]


def ask_for_notice(
    *,
    email: str,
    language: str,
    servers: Sequence[str],
    windows: Sequence[Window],
    title: str,
    network_address: str,
    now: datetime,
) -> bool:
    """The address is written to when these windows are over; asking again changes
    nothing. False, and nothing is kept, for more than anybody asks for."""
    with transaction.atomic():
        known = MaintenanceNotice.objects.filter(email__iexact=email)
        wanted = [list(window) for window in windows]
        if known.filter(windows=wanted).exists():
            return True
        above = is_above(
            purpose=NetworkTouch.Purpose.LINK,
            address=network_address,
            ordinary=limit_in_force("links-address"),
            now=now,
        )
        touch(purpose=NetworkTouch.Purpose.LINK, address=network_address, now=now)
        if above or known.count() >= MOST:
            return False
        MaintenanceNotice.objects.create(
            email=email,
            language=language,
            servers=list(servers),
            windows=wanted,
            title=title,
            asked_at=now,
            due_at=now + LOOK_AGAIN,
        )
    return True


def tell_of_ends(*, clock: Callable[[], datetime]) -> int:
    """Everybody whose maintenance is over, or cannot be seen any more, is written to.
    Answers how many."""
    due = MaintenanceNotice.objects.due(clock()).values_list("pk", flat=True)
    return sum(_tell(notice_id, clock()) for notice_id in list(due[:AT_ONCE]))


def _tell(notice_id: int, now: datetime) -> bool:
    notice, what = _claim(notice_id, now)
    if notice is None or what is None:
        return False
    profile = OperatorProfile.objects.in_force(now)
    try:
        send_notice(
            email=notice.email,
            language=notice.language,
            title=notice.title,
            news=what,
            operator=profile.name if profile else "",
        )
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("maintenance notice %s: %s", notice_id, type(error).__name__)
        MaintenanceNotice.objects.filter(pk=notice_id, sends__gte=MOST_SENDS).delete()
        return False
    MaintenanceNotice.objects.filter(pk=notice_id).delete()
    return True


def _claim(
    notice_id: int, now: datetime
) -> tuple[MaintenanceNotice | None, News | None]:
    """The row with what can be told; it is looked at again later in any case."""
    with transaction.atomic():
        notice = (
            MaintenanceNotice.objects.due(now)
            .filter(pk=notice_id)
            .select_for_update(no_key=True, skip_locked=True)
            .first()
        )
        if notice is None:
            return None, None
        asked = [AskedServer(names=[name]) for name in notice.servers]
        found = verdict_of_any(asked, now=now)
        active = found.windows if found.result is Result.ACTIVE else ()
        what = news(
            shown=[(page, window) for page, window in notice.windows],
            still=[(window.source, window.id) for window in active],
            readable=found.result is not Result.UNKNOWN,
            asked_at=notice.asked_at,
            now=now,
        )
        if what is not None:
            notice.sends += 1
        notice.due_at = now + (LEASE if what else LOOK_AGAIN)
        notice.save(update_fields=["sends", "due_at"])
        return notice, what
