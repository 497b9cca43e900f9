"""Messages to customers: written with the decision that they tell of.

The row holds the words exactly as they are sent, but for the secret address of the
tracking page, which is filled in when the message leaves.
"""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from emergency import wake
from emergency.actions.identifiers import new_token
from emergency.actions.network import has_enough_texts
from emergency.actions.timeline import enter
from emergency.models import (
    Consent,
    Incident,
    Message,
    OperatorProfile,
    OperatorText,
    Report,
)
from emergency.pagers.letters import customer_letter
from emergency.pagers.sentences.of_a_drill import drill_text
from emergency.pagers.sentences.to_the_customer import customer_text
from emergency.queries.consumer_words import instruction_letter
from emergency.queries.dialling import (
    number_to_ring,
    numbers_given,
    numbers_of,
    wrong_numbers,
)
from emergency.rules.customer_message import (
    FOR_THOSE_WHO_SEE_EVERYTHING,
    TO_EVERY_NUMBER,
    due_at,
    ways,
)
from emergency.rules.phone_number import takes_sms

logger = logging.getLogger(__name__)

MOST_TIMES = 5
# Whoever waits for our call must hear of these; the desk is told who cannot.
MUST_ARRIVE = frozenset(
    {Message.Purpose.ATTEMPTED, Message.Purpose.MISSED, Message.Purpose.CONFIRMATION}
)


def tell_customer(
    *,
    incident: Incident,
    purpose: str,
    now: datetime,
    report: Report | None = None,
    values: Mapping[str, str] | None = None,
) -> None:
    """The messages of this purpose stand, in each customer's language, and are sent
    after the commit.

    Without a ``report`` everybody who reported is told. ``values`` are what the purpose
    needs beside the incident: ``document`` for an invoice; ``statement``, ``date`` and
    ``time`` for a withdrawal; those of ``actions.spoken`` for a confirmation. ``email``
    there is used in place of the reporter's address. A message that cannot be written
    says so in the timeline and never hinders the decision that it tells of.
    """
    try:
        with transaction.atomic():
            _write(incident, purpose, now, report, values or {})
    except Exception as error:
        logger.exception("%s: the customer cannot be told", incident.reference)
        enter(
            incident,
            "message_failed",
            now=now,
            purpose=purpose,
            error=type(error).__name__,
        )


def _write(
    incident: Incident,
    purpose: str,
    now: datetime,
    report: Report | None,
    more: Mapping[str, str],
) -> None:
    reports = [report] if report else _reports(incident, purpose)
    values = {**_facts(incident, now), **more}
    wordings = _wordings(purpose, now)
    written: dict[tuple[str, str], Message] = {}
    for one in reports:
        for kind, address in _ways_to(one, purpose, more.get("email", ""), now):
            # The newest report decides about the language of a shared number.
            if (kind, address) not in written:
                theirs = wordings.get(one.language, {})
                written[kind, address] = _message(
                    incident, one, purpose, kind, address, values, theirs, now
                )
    if not written:
        if purpose in MUST_ARRIVE:
            enter(incident, "no_way_to_tell", now=now, purpose=purpose)
        return
    # What was said of an earlier owner is not true any more.
    incident.messages.filter(
        purpose=purpose, status=Message.Status.QUEUED, report__in=reports
    ).exclude(purpose=Message.Purpose.INVOICE).update(
        status=Message.Status.WITHDRAWN, ended_at=now
    )
    messages = Message.objects.bulk_create(written.values())
    enter(incident, "customer_told", now=now, purpose=purpose)
    wake.messages_after_commit(
        [message.pk for message in messages if message.due_at <= now]
    )


def _reports(incident: Incident, purpose: str) -> list[Report]:
    """Who is told, the newest report first."""
    reports = incident.reports.order_by("-ordered_at", "-pk")
    if purpose in FOR_THOSE_WHO_SEE_EVERYTHING:
        return [report for report in reports if report.sees_everything]
    return list(reports)


def _ways_to(
    report: Report, purpose: str, email: str, now: datetime
) -> list[tuple[str, str]]:
    """Kind and address of each message to this person. A landline takes no SMS, a wrong
    number gets none, and no number takes them without end; but whoever waits for a call
    after an order like any other is told however much was said before."""
    address = email or report.reporter_email
    chosen = ways(purpose, has_email=bool(address))
    found = []
    waits = purpose in TO_EVERY_NUMBER and not report.above_limits
    if Message.Kind.SMS in chosen:
        wrong = wrong_numbers(report.incident)
        numbers = [
            number
            for number in numbers_of(report)
            if takes_sms(number)
            and number not in wrong
            and (waits or not has_enough_texts(number=number, now=now))
        ]
        wanted = numbers if purpose in TO_EVERY_NUMBER else numbers[:1]
        found += [(Message.Kind.SMS.value, number) for number in wanted]
    if Message.Kind.EMAIL in chosen:
        found.append((Message.Kind.EMAIL.value, address))
    return found


def _message(
    incident: Incident,
    report: Report,
    purpose: str,
    kind: str,
    address: str,
    values: Mapping[str, str],
    wordings: Mapping[str, str],
    now: datetime,
) -> Message:
    message = Message(
        incident=incident,
        report=report,
        kind=kind,
        purpose=purpose,
        address=address,
        language=report.language,
        token=new_token(),
        due_at=due_at(purpose, now, timezone.get_default_timezone()),
    )
    if kind == Message.Kind.EMAIL:
        letter = customer_letter(purpose, report.language, values, wordings)
        message.subject, message.text = letter.subject, letter.text
        if purpose == _tells_of_withdrawal(report):
            message.text += f"\n\n\n{_withdrawal_instruction(report.language, now)}"
    else:
        message.text = customer_text(purpose, report.language, values, wordings)
    if incident.is_drill:
        with override(report.language):
            message.subject = message.subject and drill_text(message.subject)
            message.text = drill_text(message.text)
    return message


def _wordings(purpose: str, now: datetime) -> dict[str, dict[str, str]]:
    """The operator's words for this purpose by language and key. They are read in the
    transaction of the decision, and so is everything else."""
    keys = [f"{form}-{purpose}" for form in ("sms", "subject", "mail")]
    found: dict[str, dict[str, str]] = {}
    for row in OperatorText.objects.in_force(now, keys):
        found.setdefault(row.language, {})[row.key] = row.text
    return found


def _tells_of_withdrawal(report: Report) -> str:
    """The purpose of the e-mail that instructs about the right of withdrawal: the one
    that confirms the contract, where a consumer concluded one (FAGG § 7); else none."""
    consent: Consent | None = getattr(report, "consent", None)
    if consent is None or report.joined:
        return ""
    if consent.ordered_as != Consent.OrderedAs.CONSUMER:
        return ""
    if consent.channel == Consent.Channel.TELEPHONE:
        return Message.Purpose.CONFIRMATION.value
    return Message.Purpose.RECEIVED.value


def _withdrawal_instruction(language: str, now: datetime) -> str:
    profile = OperatorProfile.objects.in_force(now)
    return instruction_letter(
        language,
        name=profile.name if profile else "",
        imprint=profile.imprint if profile else "",
        phone=profile.hotline if profile else "",
        email=profile.support_email if profile else "",
    )


def _facts(incident: Incident, now: datetime) -> dict[str, str]:
    # Calls to numbers on file are not calls to whoever reads this.
    calls = incident.callback_attempts.filter(number__in=["", *numbers_given(incident)])
    times = calls.values_list("at", flat=True)
    profile = OperatorProfile.objects.in_force(now)
    return {
        "reference": incident.reference,
        "deadline": _clock(incident.callback_deadline_at),
        "times": ", ".join(_clock(at) for at in list(times)[-MOST_TIMES:]),
        "name": incident.owner.first_name if incident.owner else "",
        "hotline": number_to_ring(now),
        "operator": profile.name if profile else "",
    }


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
