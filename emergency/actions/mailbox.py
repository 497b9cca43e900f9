"""Reading the mailbox: what is new there is taken in, and nothing there changes.

No transaction is open while the server is asked.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from emergency.actions.mail import take_in
from emergency.mailboxes.base import Mailbox, MailboxError, Place
from emergency.mailboxes.directory import mailbox_at
from emergency.mailboxes.letter import Letter, read_letter
from emergency.models import ReceivedMail

logger = logging.getLogger(__name__)

# What lay there before is not ours to answer; and old mail is no emergency.
LOOKS_BACK = timedelta(days=1)
MOST_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Unread:
    """One mail that would be taken in next."""

    place: Place
    letter: Letter


def read_mailbox(*, clock: Callable[[], datetime]) -> int:
    """New mails of the last day are taken in, some at a time; how many. A mailbox that
    cannot be read is told to the log, and read at the next round."""
    if not settings.EMERGENCY_MAILBOX_URL:
        return 0
    taken = 0
    try:
        with _opened() as mailbox:
            for place in _new_places(mailbox, clock())[:MOST_AT_ONCE]:
                content = mailbox.content(place)
                if content is None:
                    continue
                found = take_in(mailbox=mailbox.name, content=content, now=clock())
                taken += found is not None
    except MailboxError as error:
        logger.warning("the mailbox cannot be read: %s", error.code)
    return taken


def unread(*, now: datetime) -> Iterator[Unread]:
    """What ``read_mailbox`` would take in, without taking it in. Raises MailboxError,
    and ValueError for an address that names no mailbox."""
    with _opened() as mailbox:
        for place in _new_places(mailbox, now):
            content = mailbox.content(place)
            if content is not None:
                yield Unread(place=place, letter=read_letter(content.raw))


@contextmanager
def _opened() -> Iterator[Mailbox]:
    mailbox = mailbox_at(settings.EMERGENCY_MAILBOX_URL)
    try:
        mailbox.open()
        yield mailbox
    finally:
        mailbox.close()


def _new_places(mailbox: Mailbox, now: datetime) -> list[Place]:
    since = (now - LOOKS_BACK).astimezone(timezone.get_default_timezone()).date()
    places = mailbox.places(since)
    known = set(
        ReceivedMail.objects.filter(
            mailbox=mailbox.name, uid__in=[place.uid for place in places]
        ).values_list("uid_validity", "uid")
    )
    return [place for place in places if (place.uid_validity, place.uid) not in known]
