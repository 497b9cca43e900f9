"""The outcome of a send: what the provider took or refused stands in the rows."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.delivery import apply_word, lock_incident_of, locked_attempt
from emergency.actions.failure import page_failed
from emergency.models import Page, PageAttempt
from emergency.pagers.base import PageOrder, PagerError, Receipt
from emergency.rules.delivery import Fate, known_word, verdict

# A provider may be away for a while. Retries of a round end when the next one begins.
RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(seconds=30)
LONGEST_WAIT_ASKED_FOR = timedelta(minutes=2)
MOST_SENDS = 40


def record_receipt(*, order: PageOrder, receipt: Receipt, now: datetime) -> None:
    """The page is sent, under the provider's id. Earlier open attempts are settled.

    What was left behind at the provider may have failed long ago: then the next way is
    due at once.
    """
    if _is_plainly_sent(order, receipt, now):
        return
    with transaction.atomic():
        attempt = locked_attempt(order.token)
        PageAttempt.objects.filter(
            page_id=order.page_id, finished_at__isnull=True
        ).update(finished_at=now)
        attempt.provider = receipt.provider
        attempt.provider_id = receipt.provider_id
        attempt.save(update_fields=["provider", "provider_id"])
        page = attempt.page
        # A callback may have been quicker than our own record: never step back. A slow
        # sender may have been given up meanwhile: what was taken is not sent again.
        if page.status in {Page.Status.CLAIMED, Page.Status.QUEUED}:
            page.status = Page.Status.DELIVERED if receipt.final else Page.Status.SENT
            page.sent_at = now
            page.ended_at = now if receipt.final else None
            page.lease_until = None
            page.save(update_fields=["status", "sent_at", "ended_at", "lease_until"])
        apply_word(
            attempt,
            kind=order.kind,
            provider_id=receipt.provider_id,
            word=receipt.status,
            now=now,
        )


def _is_plainly_sent(order: PageOrder, receipt: Receipt, now: datetime) -> bool:
    """The ordinary end of a send, in few statements: the provider has the page, and
    nobody heard of it before us. False, with nothing changed, in every other case."""
    if verdict(order.kind, receipt.status).fate is not Fate.IN_FLIGHT:
        return False
    status = Page.Status.DELIVERED if receipt.final else Page.Status.SENT
    with transaction.atomic():
        # In the order in which everybody locks them: the page, then its attempts.
        plain = Page.objects.filter(
            pk=order.page_id, status=Page.Status.CLAIMED
        ).update(
            status=status,
            sent_at=now,
            ended_at=now if receipt.final else None,
            lease_until=None,
        ) and PageAttempt.objects.filter(
            pk=order.attempt_id, provider_status=""
        ).update(
            provider=receipt.provider,
            provider_id=receipt.provider_id,
            provider_status=known_word(order.kind, receipt.status),
        )
        if not plain:
            transaction.set_rollback(True)
            return False
        PageAttempt.objects.filter(
            page_id=order.page_id, finished_at__isnull=True
        ).update(finished_at=now)
    return True


def record_refusal(*, order: PageOrder, error: PagerError, now: datetime) -> None:
    """The failure stands in the attempt. A permanent one ends the page; any other
    queues it again for a few tries. Either way the next way is due at once.

    The failure of a sender whose lease ended is only noted: another one is at it."""
    with transaction.atomic():
        lock_incident_of(Page.objects.get(pk=order.page_id))
        page = Page.objects.select_for_update(no_key=True).get(pk=order.page_id)
        settle(order, error, now)
        overtaken = page.attempts.filter(pk__gt=order.attempt_id).exists()
        if page.status != Page.Status.CLAIMED or overtaken:
            return
        give_up = error.permanent or page.sends >= MOST_SENDS
        page.status = Page.Status.FAILED if give_up else Page.Status.QUEUED
        page.error_code = error.code
        page.lease_until = None
        page.ended_at = now if give_up else None
        page.due_at = now + _pause(page, error)
        page.held_reason = "" if give_up else "retry"
        page.save(
            update_fields=[
                *("status", "error_code", "lease_until"),
                *("ended_at", "due_at", "held_reason"),
            ]
        )
        # What follows from a failure follows once, however often it is tried again.
        if page.sends == 1 or give_up:
            page_failed(page=page, error_code=error.code, now=now)


def settle(order: PageOrder, error: PagerError, now: datetime) -> None:
    """The attempt keeps its error; it stays open where it may have been carried out."""
    PageAttempt.objects.filter(pk=order.attempt_id).update(
        error_code=error.code, finished_at=None if error.unknown else now
    )


def _pause(page: Page, error: PagerError) -> timedelta:
    """How long until this way is tried again: longer each time, and as long as the
    provider asked for."""
    asked_for = min(error.retry_after or timedelta(), LONGEST_WAIT_ASKED_FOR)
    return max(min(RETRY * page.sends, LONGEST_RETRY), asked_for)
