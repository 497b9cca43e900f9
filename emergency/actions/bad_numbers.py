"""Numbers that turn out to be bad: marked, told, and never silently dropped."""

from datetime import datetime, timedelta

from django.db import transaction

from emergency.actions.notices import tell, tell_duty_manager
from emergency.models import ContactMethod, Page, Technician
from emergency.queries.reach import on_call_soon
from emergency.rules.bad_numbers import judge
from emergency.rules.delivery import FailureClass

SOON = timedelta(days=14)


def judge_number(
    *, page: Page, failure: FailureClass, code: str, now: datetime
) -> None:
    """The contact method of a failed page is kept, suspected, or out of use until it is
    verified anew; then its owner and the duty manager hear of it.

    Runs inside the transaction that records the failure.
    """
    if page.contact_method_id is None:
        return
    method = (
        ContactMethod.objects.select_for_update(no_key=True)
        .filter(pk=page.contact_method_id, disabled_at__isnull=True)
        .first()
    )
    if method is None or method.address != page.address:
        # It was corrected since the page was written.
        return
    judgement = judge(failure, code=code, strikes=method.strikes)
    if judgement.reason:
        _mark(method, judgement.reason, now)
    elif judgement.strikes != method.strikes:
        method.strikes = judgement.strikes
        method.save(update_fields=["strikes"])


def number_works(page: Page) -> None:
    """A page has arrived there: earlier suspicions are forgotten."""
    if page.contact_method_id is not None:
        ContactMethod.objects.filter(pk=page.contact_method_id, strikes__gt=0).update(
            strikes=0
        )


def opt_out(*, sender: str, now: datetime) -> bool:
    """The networks stop texts to whoever sends STOP; so do we, and say so. False when
    nobody of ours has this number."""
    with transaction.atomic():
        methods = ContactMethod.objects.select_for_update(no_key=True).filter(
            kind=ContactMethod.Kind.SMS, address=sender
        )
        for method in methods:
            if method.disabled_reason != "opted_out":
                _mark(method, "opted_out", now)
        return bool(methods)


def opt_in(*, sender: str, now: datetime) -> bool:
    """START lifts STOP. False when nobody of ours has this number."""
    with transaction.atomic():
        methods = ContactMethod.objects.filter(
            kind=ContactMethod.Kind.SMS, address=sender
        )
        methods.filter(disabled_reason="opted_out").update(
            disabled_at=None, disabled_reason="", strikes=0
        )
        return methods.exists()


def _mark(method: ContactMethod, reason: str, now: datetime) -> None:
    method.disabled_at = now
    method.disabled_reason = reason
    method.save(update_fields=["disabled_at", "disabled_reason"])
    person = Technician.objects.select_related("staff").get(pk=method.technician_id)
    values = {"kind": method.kind, "reason": reason, "person": person.pk}
    tell(people=[person], code="number_bad", now=now, **values)
    voices = person.contact_methods.usable().filter(kind=ContactMethod.Kind.VOICE)
    if not voices.exists() and on_call_soon(person, now, within=SOON):
        tell_duty_manager(code="on_call_without_voice", now=now, **values)
    else:
        tell_duty_manager(code="number_bad", now=now, **values)
