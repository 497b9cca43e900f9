"""Signing in without a password: a link by e-mail that works once.

Whoever asks gets the same answer at the same time, whether or not the address is known:
the request only leaves a row. A worker looks the address up, writes the links, sends
the mail and erases the row; the secret of a link is in the mail alone.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from emergency import wake
from emergency.actions.identifiers import new_token
from emergency.actions.network import is_above, touch
from emergency.models import Contact, NetworkTouch, SignInLink, SignInRequest
from emergency.models.report import hash_token
from emergency.operator_facts import limit_in_force
from emergency.pagers.sign_in_mail import Offer, send_links

logger = logging.getLogger(__name__)

VALID = timedelta(minutes=15)
# Longer than a mail server may take; afterwards somebody else tries.
LEASE = timedelta(seconds=60)
MOST_SENDS = 5
# A person of several accounts gets one link for each.
MOST_LINKS = 10


def ask_for_link(*, email: str, network_address: str, now: datetime) -> None:
    """The request stands and a worker is nudged, unless this network address has asked
    too often lately."""
    with transaction.atomic():
        above = is_above(
            purpose=NetworkTouch.Purpose.LINK,
            address=network_address,
            ordinary=limit_in_force("links-address"),
            now=now,
        )
        touch(purpose=NetworkTouch.Purpose.LINK, address=network_address, now=now)
        if above:
            return
        asked = SignInRequest.objects.create(email=email, requested_at=now, due_at=now)
        wake.sign_in_after_commit(asked.pk)


def overdue_requests(*, now: datetime, grace: timedelta) -> list[int]:
    """Ids of requests that should have been answered ``grace`` ago."""
    return list(SignInRequest.objects.due(now - grace).values_list("pk", flat=True))


def answer_request(*, request_id: int, clock: Callable[[], datetime]) -> bool:
    """The people at this address have their links, and the row is gone. False when it
    was not due (any more). A mail server that refuses is asked again a few times."""
    now = clock()
    offers = _claim(request_id, now)
    if offers is None:
        return False
    try:
        send_links(offers, minutes=round(VALID.total_seconds() / 60))
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("sign-in request %s: %s", request_id, type(error).__name__)
        SignInRequest.objects.filter(pk=request_id, sends__gte=MOST_SENDS).delete()
        return True
    SignInRequest.objects.filter(pk=request_id).delete()
    return True


def use_link(*, token: str, now: datetime) -> Contact | None:
    """The contact whom the link signs in, now that it is used; None for a link that is
    unknown, used or expired, or whose contact no longer speaks for the account."""
    with transaction.atomic():
        used = SignInLink.objects.filter(
            token_hash=hash_token(token),
            used_at__isnull=True,
            expires_at__gt=now,
            contact__in=Contact.objects.current(),
        ).update(used_at=now)
        if not used:
            return None
        return Contact.objects.select_related("account").get(
            sign_in_links__token_hash=hash_token(token)
        )


def _claim(request_id: int, now: datetime) -> list[Offer] | None:
    """The links of the people at this address, each with its secret."""
    with transaction.atomic():
        asked = (
            SignInRequest.objects.due(now)
            .filter(pk=request_id)
            .select_for_update(no_key=True, skip_locked=True)
            .first()
        )
        if asked is None:
            return None
        asked.sends += 1
        asked.due_at = now + LEASE
        asked.save(update_fields=["sends", "due_at"])
        people = Contact.objects.current().filter(email__iexact=asked.email)
        return [
            _offer(contact, now)
            for contact in people.select_related("account").order_by("pk")[:MOST_LINKS]
            if not _has_enough(contact, now)
        ]


def _has_enough(contact: Contact, now: datetime) -> bool:
    ordinary = limit_in_force("links-contact")
    lately = contact.sign_in_links.filter(created_at__gt=now - ordinary.within)
    return lately.count() >= ordinary.most


def _offer(contact: Contact, now: datetime) -> Offer:
    token = new_token()
    SignInLink.objects.create(
        contact=contact,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=now + VALID,
    )
    return Offer(
        email=contact.email,
        language=contact.language,
        account=contact.account.name,
        token=token,
    )
