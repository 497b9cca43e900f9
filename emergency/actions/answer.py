"""What a human signal means: a pressed key, an answered SMS, a tap.

One door for all pages: the signal is matched to its page, told once, and handed to
whatever the page was about.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from emergency.actions.acknowledge import acknowledge
from emergency.actions.answered import Answered
from emergency.actions.colleagues import answer_colleague, colleague_as_it_stands
from emergency.actions.contact_methods import proven
from emergency.actions.delivery import locked_attempt, store_callback
from emergency.actions.digest import open_members
from emergency.actions.idle import answer_idle
from emergency.actions.page_queue import mark_answered
from emergency.actions.roster_answers import (
    answer_hand_off,
    answer_successor,
    duty_as_it_stands,
    hear_shift,
)
from emergency.actions.self_test import came_back
from emergency.actions.timeline import enter
from emergency.actions.timer_due import answer_timer
from emergency.models import Incident, Page, PageAttempt
from emergency.rules.states import WAITING_STATES, Verb, sources

Handler = Callable[[Page, datetime, str], Answered]

# How long the code of a page about anything but an emergency is understood.
CODES_COUNT = timedelta(days=7)


def answer_by_key(*, token: str, digit: str, now: datetime) -> Answered | None:
    """The key pressed in the call with this token has its effect.

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
        answered = answer(page, now, "voice") if news else as_it_stands(page)
    return _with_the_others(answered, now)


def _with_the_others(answered: Answered, now: datetime) -> Answered:
    """One key takes everything that was read out in the call and still needs somebody;
    each in a transaction of its own, so that no trouble with one keeps the others."""
    others = []
    for page in open_members(answered.page.pk):
        with transaction.atomic():
            others.append(answer(page, now, "voice"))
    taken = [one for one in (answered, *others) if one.code == "taken"]
    if not others or not taken:
        return answered
    return replace(taken[0], count=len(taken))


def answer_by_code(
    *, sender: str, text: str, message_id: str, now: datetime
) -> Answered | None:
    """As ``answer_by_key``, by an SMS from a paged number that carries the page's code.

    Sender and code must both fit: a sender alone can be forged. A bare "ok" counts when
    exactly one thing is paged to this number; an emergency comes before all others.
    None when nothing fits. The same message told again changes nothing.
    """
    words = text.strip().strip("\"'.!").casefold().split()
    answerable = list(
        Page.objects.filter(_can_be_answered(now), kind="sms", address=sender)
        .exclude(status=Page.Status.WITHDRAWN)
        .exclude(code="")
        .select_related("technician__staff")
        .order_by("due_at", "pk")
    )
    # A code may be written in groups.
    signs = {*words, "".join(words)}
    fitting = [page for page in answerable if page.code in signs]
    if not fitting and words == ["ok"]:
        fitting = _the_only_one(answerable)
    if not fitting:
        return None
    with transaction.atomic():
        page = fitting[-1]
        if _was_told_before(page, message_id, now):
            return as_it_stands(page)
        return answer(page, now, "sms")


def answer_by_link(*, page_id: int, now: datetime) -> Answered:
    """As ``answer_by_key``, by the button on the page that the link of an e-mail or
    push opens. Pressed again, it changes nothing."""
    with transaction.atomic():
        page = Page.objects.select_related("technician__staff").get(pk=page_id)
        if page.answered_at is not None:
            return as_it_stands(page)
        return answer(page, now, "link")


def _can_be_answered(now: datetime) -> Q:
    """Emergencies that somebody may take, and whatever else was sent lately."""
    emergency = Q(
        purpose=Page.Purpose.EMERGENCY,
        incident__status__in=[*sources(Verb.ACKNOWLEDGE), "acknowledged"],
    )
    return emergency | (
        ~Q(purpose=Page.Purpose.EMERGENCY) & Q(due_at__gt=now - CODES_COUNT)
    )


def _the_only_one(pages: Sequence[Page]) -> list[Page]:
    """What a bare "ok" means: the one emergency, or else the one open page."""
    emergencies = [p for p in pages if p.purpose == Page.Purpose.EMERGENCY]
    if emergencies:
        incidents = {page.incident_id for page in emergencies}
        return emergencies[-1:] if len(incidents) == 1 else []
    waiting = [page for page in pages if page.answered_at is None]
    return waiting if len(waiting) == 1 else []


def answer(page: Page, now: datetime, via: str) -> Answered:
    """The page is answered and what it was about has heard so.

    ``via``: voice | sms | desk | link. The caller has opened a transaction.
    """
    return HANDLERS.get(page.purpose, _heard)(page, now, via)


def as_it_stands(page: Page) -> Answered:
    """The answer to a signal that was told before: nothing changes."""
    if page.incident_id is None:
        return Answered(page=page, code=duty_as_it_stands(page))
    if page.purpose == Page.Purpose.JOIN:
        return colleague_as_it_stands(page)
    incident = Incident.objects.select_related("owner__staff").get(pk=page.incident_id)
    return _about(page, incident)


def _acknowledge(page: Page, now: datetime, via: str) -> Answered:
    if page.incident_id is None:
        return _heard(page, now, via)
    taken = acknowledge(
        incident_id=page.incident_id,
        technician=page.technician,
        now=now,
        via=via,
        page=page,
    )
    return _about(page, taken.incident)


def _heard(page: Page, now: datetime, via: str) -> Answered:
    """A key is an acknowledgement only of an emergency, not of a reminder."""
    with transaction.atomic():
        mark_answered(page, now)
        stands = as_it_stands(page)
        if stands.incident is not None:
            staff = page.technician.staff
            enter(stands.incident, "reminder_heard", now=now, staff=staff, via=via)
    return stands


def _about(page: Page, incident: Incident) -> Answered:
    if page.purpose in {Page.Purpose.NOTICE, Page.Purpose.TIMER}:
        code = "heard"
    elif incident.status not in WAITING_STATES:
        code = "over"
    elif incident.owner is None:
        # Heard, but not taken: a reminder, or a deadline that was missed.
        code = "heard"
    elif incident.owner_id == page.technician_id:
        code = "taken"
    else:
        code = "taken_by_other"
    return Answered(page=page, code=code, incident=incident, owner=incident.owner)


def _was_told_before(page: Page, message_id: str, now: datetime) -> bool:
    """All replies from one number about one thing are kept with its first attempt: a
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


HANDLERS: dict[str, Handler] = {
    Page.Purpose.EMERGENCY.value: _acknowledge,
    Page.Purpose.IDLE.value: answer_idle,
    Page.Purpose.TIMER.value: answer_timer,
    Page.Purpose.JOIN.value: answer_colleague,
    Page.Purpose.SELF_TEST.value: came_back,
    Page.Purpose.VERIFY.value: proven,
    Page.Purpose.SHIFT.value: hear_shift,
    Page.Purpose.HANDOFF.value: answer_hand_off,
    Page.Purpose.SUCCESSOR.value: answer_successor,
}
