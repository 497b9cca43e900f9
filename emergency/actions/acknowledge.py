"""Taking an incident: the first human signal wins, everybody else is told."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from emergency.actions.delivery import locked_attempt, store_callback
from emergency.actions.roster import methods_of
from emergency.actions.steps import page_again, queue_pages
from emergency.actions.timeline import enter
from emergency.models import (
    DueRow,
    Incident,
    Page,
    PageAttempt,
    Staff,
    Technician,
)
from emergency.rules.states import Verb, sources


@dataclass(frozen=True, kw_only=True)
class Taken:
    """How an acknowledgement ended. ``won`` is False when the incident needs none;
    then ``owner`` has it, if anybody does."""

    incident: Incident
    won: bool
    owner: Technician | None


def acknowledge(
    *,
    incident_id: int,
    technician: Technician,
    now: datetime,
    via: str,
    page: Page | None = None,
) -> Taken:
    """The technician owns the incident, unless it is no longer being paged.

    Pages that wait are withdrawn, other paged technicians get a notice, the callback
    clock runs on. ``via``: voice | sms | desk.
    """
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if page is not None:
            _mark_answered(page, now)
        if incident.status not in sources(Verb.ACKNOWLEDGE):
            enter(
                incident,
                "acknowledged_too_late",
                now=now,
                staff=technician.staff,
                via=via,
            )
            return Taken(incident=incident, won=False, owner=incident.owner)
        incident.status = Incident.Status.ACKNOWLEDGED
        incident.owner = technician
        incident.acknowledged_at = now
        incident.save(update_fields=["status", "owner", "acknowledged_at"])
        enter(incident, "acknowledged", now=now, staff=technician.staff, via=via)
        stop_paging(incident=incident, now=now)
        _tell_the_others(incident, technician, now)
    return Taken(incident=incident, won=True, owner=technician)


def stop_paging(*, incident: Incident, now: datetime) -> None:
    """No further step fires and pages that still wait are withdrawn."""
    DueRow.objects.filter(
        incident=incident, kind=DueRow.Kind.STEP, done_at__isnull=True
    ).update(done_at=now)
    Page.objects.filter(
        incident=incident,
        purpose=Page.Purpose.EMERGENCY,
        status=Page.Status.QUEUED,
    ).update(status=Page.Status.WITHDRAWN, ended_at=now)


def acknowledge_by_key(*, token: str, digit: str, now: datetime) -> Taken | None:
    """As ``acknowledge``, by the key pressed in the call with this token.

    None when the key is not the one that was asked for. The same key of the same call
    told again changes nothing. Raises PageAttempt.DoesNotExist for a token nobody gave
    out.
    """
    with transaction.atomic():
        attempt = locked_attempt(token)
        said = {"Digits": digit}
        news = store_callback(attempt, what="key", values=said, now=now)
        page = attempt.page
        if not page.digit or not hmac.compare_digest(
            digit.encode(), page.digit.encode()
        ):
            return None
        return _answer(page, now, "voice") if news else _as_it_stands(page)


def acknowledge_by_code(
    *, sender: str, text: str, message_id: str, now: datetime
) -> Taken | None:
    """As ``acknowledge``, by an SMS from a paged number that carries the page's code.

    Sender and code must both fit: a sender alone can be forged. A bare "ok" counts when
    exactly one page to this number is open. None when nothing fits. The same message
    told again changes nothing.
    """
    words = text.strip().strip("\"'.!").casefold().split()
    open_pages = list(
        Page.objects.filter(
            kind="sms",
            address=sender,
            purpose=Page.Purpose.EMERGENCY,
            incident__status__in=[*sources(Verb.ACKNOWLEDGE), "acknowledged"],
        )
        .exclude(status=Page.Status.WITHDRAWN)
        .select_related("technician__staff")
    )
    # A code may be written in groups.
    signs = {*words, "".join(words)}
    fitting = [page for page in open_pages if page.code and page.code in signs]
    if not fitting and words == ["ok"]:
        incidents = {page.incident_id for page in open_pages}
        fitting = open_pages[-1:] if len(incidents) == 1 else []
    if not fitting:
        return None
    with transaction.atomic():
        page = fitting[-1]
        if _was_told_before(page, message_id, now):
            return _as_it_stands(page)
        return _answer(page, now, "sms")


def _was_told_before(page: Page, message_id: str, now: datetime) -> bool:
    """All replies from one number to one incident are kept with its first attempt: a
    bare "ok" may fit another page by the time it is told again."""
    first = (
        PageAttempt.objects.filter(
            page__incident=page.incident_id, page__address=page.address
        )
        .order_by("pk")
        .first()
    )
    if first is None:
        return False
    said = {"MessageSid": message_id}
    return not store_callback(
        locked_attempt(first.token), what="reply", values=said, now=now
    )


def release(*, incident_id: int, staff: Staff, now: datetime) -> bool:
    """The incident is paged again from the first step. False when it was not taken."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if incident.status not in sources(Verb.RELEASE):
            return False
        incident.status = Incident.Status.PAGING
        incident.owner = None
        incident.save(update_fields=["status", "owner"])
        enter(incident, "released", now=now, staff=staff)
        page_again(incident=incident, now=now)
    return True


def _answer(page: Page, now: datetime, via: str) -> Taken:
    """A pressed key is an acknowledgement only of an emergency, not of a reminder."""
    if page.purpose == Page.Purpose.EMERGENCY:
        return acknowledge(
            incident_id=page.incident_id,
            technician=page.technician,
            now=now,
            via=via,
            page=page,
        )
    with transaction.atomic():
        taken = _as_it_stands(page)
        _mark_answered(page, now)
        staff = page.technician.staff
        enter(taken.incident, "reminder_heard", now=now, staff=staff, via=via)
    return taken


def _as_it_stands(page: Page) -> Taken:
    incident = Incident.objects.select_related("owner__staff").get(pk=page.incident_id)
    mine = incident.owner_id == page.technician_id
    return Taken(incident=incident, won=mine, owner=incident.owner)


def _mark_answered(page: Page, now: datetime) -> None:
    """Somebody answered, so it was sent, whether or not our sender could say so."""
    Page.objects.filter(pk=page.pk).update(
        answered_at=now,
        status=Page.Status.DELIVERED,
        sent_at=Coalesce("sent_at", now),
        lease_until=None,
        ended_at=now,
    )


def _tell_the_others(incident: Incident, owner: Technician, now: datetime) -> None:
    others = (
        Technician.objects.filter(
            page__incident=incident,
            page__purpose=Page.Purpose.EMERGENCY,
            # Also those whose page is just on its way to the provider.
            page__sends__gt=0,
        )
        .exclude(pk=owner.pk)
        .distinct()
    )
    for person in others.select_related("staff"):
        quiet = [
            m for m in methods_of(person, also_unverified=False) if m.kind != "voice"
        ]
        sms = [method for method in quiet if method.kind == "sms"]
        queue_pages(
            incident=incident,
            technician=person,
            methods=(sms or quiet)[:1],
            purpose=Page.Purpose.TAKEN,
            step=0,
            now=now,
        )
