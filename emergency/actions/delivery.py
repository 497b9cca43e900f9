"""What providers report about pages, and what follows at once."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import OperationalError, transaction

from emergency.actions.bad_numbers import number_works
from emergency.actions.digest import follow, line_is_free
from emergency.actions.failure import page_failed
from emergency.actions.routes import record_delivery, record_failure
from emergency.models import Incident, Page, PageAttempt, ProviderCallback
from emergency.pagers.base import LONGEST_CODE, PagerError
from emergency.pagers.directory import ROUTES, route_of
from emergency.rules import delivery
from emergency.rules.escalation import plan_from

logger = logging.getLogger(__name__)

# For pages that belong to no incident and so to no policy.
SILENCE = timedelta(seconds=90)
# No policy calls a telephone silent sooner.
YOUNG = timedelta(seconds=5)
ASK_AFTER = timedelta(seconds=45)
ASK_UNTIL = timedelta(minutes=15)
# Kept of a callback: nothing that names a person.
KEPT = (
    "CallStatus",
    "MessageStatus",
    "SequenceNumber",
    "Timestamp",
    "AnsweredBy",
    "CallDuration",
    "SipResponseCode",
    "ErrorCode",
    "Digits",
)


def record_callback(
    *, token: str, kind: str, values: Mapping[str, str], now: datetime
) -> None:
    """The status is stored once and applied if it is news; a failure makes the next way
    due at once. ``kind`` is voice or sms.

    Raises PageAttempt.DoesNotExist for a token nobody gave out.
    """
    with transaction.atomic():
        attempt = locked_attempt(token)
        if not store_callback(attempt, what="status", values=values, now=now):
            return
        sequence = values.get("SequenceNumber", "")
        apply_word(
            attempt,
            kind=kind,
            provider_id=values.get("CallSid") or values.get("MessageSid", ""),
            word=values.get("CallStatus") or values.get("MessageStatus", ""),
            sequence=int(sequence) if sequence.isdigit() else -1,
            answered_by=values.get("AnsweredBy", ""),
            error_code=values.get("ErrorCode", ""),
            sip=values.get("SipResponseCode", ""),
            now=now,
        )
    _call_has_moved(attempt, now)


def record_listening(*, token: str, answered_by: str, now: datetime) -> None:
    """What the provider heard at the other end is stored once. A machine fails the
    call, so that the next way is due at once; it may only shorten, never confirm.

    Raises PageAttempt.DoesNotExist for a token nobody gave out.
    """
    with transaction.atomic():
        attempt = locked_attempt(token)
        said = {"AnsweredBy": answered_by}
        page = attempt.page
        if not store_callback(attempt, what="machine", values=said, now=now):
            return
        if page.status not in {Page.Status.CLAIMED, Page.Status.SENT}:
            return
        if not answered_by.startswith(delivery.MACHINES):
            return
        verdict = delivery.verdict(page.kind, "in-progress", answered_by=answered_by)
        _move(page, verdict, now)
        page_failed(page=page, error_code=verdict.error_code, now=now)
    follow(lead_id=page.pk, now=now)


def _call_has_moved(attempt: PageAttempt, now: datetime) -> None:
    """Whatever was read out in the same call has moved with it; after its end the
    telephone is free for what waits. The transaction of the word itself is over."""
    page = attempt.page
    if page.kind != "voice":
        return
    if page.status == Page.Status.FAILED:
        follow(lead_id=page.pk, now=now)
    if delivery.is_final(page.kind, attempt.provider_status):
        line_is_free(address=page.address, now=now)


def store_callback(
    attempt: PageAttempt, *, what: str, values: Mapping[str, str], now: datetime
) -> bool:
    """What the provider said stands, once. False when it has been said before.

    ``what``: status | key | reply | machine. The attempt is locked by the caller.
    """
    kept = {name: values[name].replace("\0", "") for name in KEPT if name in values}
    said = {**kept, "id": values.get("MessageSid", "")} if what == "reply" else kept
    fingerprint = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return ProviderCallback.objects.get_or_create(
        attempt=attempt,
        kind=what,
        fingerprint=fingerprint,
        defaults={"received_at": now, "values": kept},
    )[1]


def fail_silent_pages(*, now: datetime, limit: int = 200) -> int:
    """Calls that report nothing within the policy's silence are failed; how many."""
    candidates = (
        Page.objects.filter(status=Page.Status.SENT, kind="voice")
        .filter(sent_at__lte=now - YOUNG)
        .select_related("incident")
        .order_by("sent_at")[:limit]
    )
    failed = 0
    for page in candidates:
        try:
            if _fail_if_silent(page, now):
                failed += 1
                line_is_free(address=page.address, now=now)
        except OperationalError:
            raise
        except Exception:
            # One page that cannot be judged must not keep the tick from the others.
            logger.exception("the silence of page %s cannot be judged", page.pk)
    return failed


def _fail_if_silent(page: Page, now: datetime) -> bool:
    silence = (
        plan_from(page.incident.policy_snapshot).silence if page.incident else SILENCE
    )
    if page.sent_at is None or page.sent_at + silence > now:
        return False
    with transaction.atomic():
        lock_incident_of(page)
        changed = Page.objects.filter(pk=page.pk, status=Page.Status.SENT).update(
            status=Page.Status.FAILED, error_code="silence", ended_at=now
        )
        if changed:
            page_failed(page=page, error_code="silence", now=now)
    return bool(changed)


def ask_about_silent_pages(*, now: datetime, limit: int = 50) -> int:
    """Providers are asked about pages whose callbacks may be lost; how many
    answered."""
    attempts = (
        PageAttempt.objects.filter(
            page__status=Page.Status.SENT,
            page__sent_at__lte=now - ASK_AFTER,
            page__sent_at__gt=now - ASK_UNTIL,
        )
        .exclude(provider_id="")
        .select_related("page")
        .order_by("page__sent_at", "pk")[:limit]
    )
    answered = 0
    deaf: set[str] = set()
    for attempt in attempts:
        route = route_of(attempt.page.kind, attempt.provider)
        if attempt.provider in deaf or route not in ROUTES:
            continue
        try:
            receipt = ROUTES[route].look_up(attempt.provider_id)
        except PagerError as error:
            logger.warning("%s cannot be asked: %s", route, error.code)
            if not error.answered:
                deaf.add(attempt.provider)
            # Else it knows nothing of this page, which says nothing of the others.
            continue
        if receipt is None:
            continue
        with transaction.atomic():
            locked = locked_attempt(attempt.token)
            apply_word(
                locked,
                kind=attempt.page.kind,
                provider_id=attempt.provider_id,
                word=receipt.status,
                error_code=receipt.error_code,
                now=now,
            )
        _call_has_moved(locked, now)
        answered += 1
    return answered


def lock_incident_of(page: Page) -> None:
    """The page's incident, if it has one, is locked until the transaction ends."""
    if page.incident_id is not None:
        _lock_incident(page.incident_id)


def _lock_incident(incident_id: int) -> None:
    # Only the lock is wanted, not the row with its policy.
    locked = Incident.objects.select_for_update(no_key=True).values_list("pk")
    locked.get(pk=incident_id)


def locked_attempt(token: str) -> PageAttempt:
    """The attempt, with its incident and its page locked in this order, as everybody
    locks them. Raises PageAttempt.DoesNotExist."""
    found = PageAttempt.objects.values_list("page", "page__incident")
    page_id, incident_id = found.get(token=token)
    if incident_id is not None:
        _lock_incident(incident_id)
    page = Page.objects.select_for_update(no_key=True).get(pk=page_id)
    # Read last: what was said meanwhile was written under these locks.
    attempt = PageAttempt.objects.get(token=token)
    attempt.page = page
    return attempt


def apply_word(
    attempt: PageAttempt,
    *,
    kind: str,
    provider_id: str,
    word: str,
    sequence: int = -1,
    answered_by: str = "",
    error_code: str = "",
    sip: str = "",
    now: datetime,
) -> None:
    """The provider's word moves attempt and page forward, never back.

    The attempt comes from ``locked_attempt``.
    """
    if not delivery.supersedes(
        kind,
        known=attempt.provider_status,
        known_sequence=attempt.sequence,
        word=word,
        sequence=sequence,
    ):
        return
    attempt.provider_status = word
    attempt.sequence = max(attempt.sequence, sequence)
    attempt.provider_id = attempt.provider_id or provider_id
    # The provider has it: this attempt need not be looked up any more.
    attempt.finished_at = attempt.finished_at or now
    attempt.save(
        update_fields=["provider_status", "sequence", "provider_id", "finished_at"]
    )
    page = attempt.page
    if page.status not in {
        Page.Status.QUEUED,
        Page.Status.CLAIMED,
        Page.Status.SENT,
    }:
        return
    verdict = delivery.verdict(
        kind, word, answered_by=answered_by, error_code=error_code[:LONGEST_CODE]
    )
    _move(page, verdict, now)
    route = route_of(page.kind, attempt.provider)
    if verdict.fate is delivery.Fate.DELIVERED:
        record_delivery(route=route, now=now)
        number_works(page)
    elif verdict.fate is delivery.Fate.FAILED:
        page_failed(page=page, error_code=verdict.error_code, sip=sip, now=now)
        # A provider may take a page first and refuse it afterwards.
        if route in ROUTES:
            record_failure(route=route, code=verdict.error_code, now=now)


def _move(page: Page, verdict: delivery.Verdict, now: datetime) -> None:
    page.sent_at = page.sent_at or now
    page.lease_until = None
    if verdict.fate is delivery.Fate.IN_FLIGHT:
        # Also the answer to a crash after the provider took it: it is sent.
        page.status = Page.Status.SENT
    else:
        delivered = verdict.fate is delivery.Fate.DELIVERED
        page.status = Page.Status.DELIVERED if delivered else Page.Status.FAILED
        page.error_code = verdict.error_code or page.error_code
        page.ended_at = now
    page.save(
        update_fields=["status", "sent_at", "lease_until", "ended_at", "error_code"]
    )
