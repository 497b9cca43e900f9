"""How a technician can be reached: kept by themselves, counted once proven."""

import hmac
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max

from emergency.actions.answered import Answered
from emergency.actions.audit import Area, record
from emergency.actions.page_queue import mark_answered, queue_pages, queue_planned_pages
from emergency.actions.refusal import Refused
from emergency.actions.roster import as_methods, planned_for
from emergency.models import (
    ContactMethod,
    NotificationRule,
    Page,
    Staff,
    Technician,
)
from emergency.operator_facts import limit_in_force
from emergency.pagers.push import PushRefused, checked
from emergency.queries.reach import PROOF_COUNTS
from emergency.rules.phone_number import NumberRefused, callback_number

TELEPHONES = (ContactMethod.Kind.VOICE, ContactMethod.Kind.SMS)
ASK_AGAIN_AFTER = timedelta(seconds=30)
TEST_AGAIN_AFTER = timedelta(minutes=1)
# Together they bound how often somebody can guess within 15 minutes.
MOST_WRONG_CODES = 5
MOST_METHODS = 12


def add_method(
    *,
    technician: Technician,
    kind: str,
    address: str,
    region: str,
    now: datetime,
    staff: Staff | None = None,
) -> ContactMethod:
    """The contact method stands, last in order, and a proof is on its way. It counts
    from its verification on. A number is read as dialled in ``region``. Raises Refused
    with the field ``address``."""
    address = cleaned_address(kind, address, region=region)
    with transaction.atomic():
        Technician.objects.select_for_update(no_key=True).get(pk=technician.pk)
        methods = technician.contact_methods
        if methods.filter(kind=kind, address=address).exists():
            raise Refused("method_exists", field="address")
        if methods.count() >= MOST_METHODS:
            raise Refused("too_many_methods", field="address")
        last = methods.aggregate(last=Max("position"))["last"]
        method = ContactMethod.objects.create(
            technician=technician,
            kind=kind,
            address=address,
            position=0 if last is None else last + 1,
        )
        _ask(method, now)
        _audit(method, "method_added", staff, now)
    return method


def cleaned_address(kind: str, address: str, *, region: str) -> str:
    """The address as it is kept: E.164, an e-mail address, or a push address. Raises
    Refused."""
    address = address.strip()
    if kind in TELEPHONES:
        try:
            return callback_number(address, region=region).e164
        except NumberRefused as error:
            raise Refused("bad_number", field="address") from error
    if kind == ContactMethod.Kind.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Refused("bad_email", field="address") from error
        return address
    try:
        checked(address)
    except PushRefused as error:
        raise Refused(f"push_{error.code}", field="address") from error
    return address


def ask_for_proof(*, method_id: int, now: datetime) -> None:
    """A key or code is on its way to this address, by the real path. Codes that were
    sent before stay good, and there are five tries again. Raises Refused
    (``asked_just_now``, ``asked_too_often``)."""
    with transaction.atomic():
        method = _locked(method_id)
        ordinary = limit_in_force("proofs-method")
        asked = Page.objects.filter(
            contact_method=method,
            purpose=Page.Purpose.VERIFY,
            due_at__gt=now - ordinary.within,
        )
        if asked.filter(due_at__gt=now - ASK_AGAIN_AFTER).exists():
            raise Refused("asked_just_now")
        if asked.count() >= ordinary.most:
            raise Refused("asked_too_often")
        _ask(method, now)


def prove_by_code(*, method_id: int, code: str, now: datetime) -> None:
    """The typed code fits one that was sent there within 15 minutes: verified. Raises
    Refused (``wrong_code``, ``too_many_codes``) with the field ``code``."""
    typed = "".join(code.split())
    wrong = False
    with transaction.atomic():
        _locked(method_id)
        asked = list(
            Page.objects.select_for_update(no_key=True)
            .filter(
                contact_method=method_id,
                purpose=Page.Purpose.VERIFY,
                due_at__gt=now - PROOF_COUNTS,
                answered_at__isnull=True,
            )
            .exclude(code="")
            .order_by("-pk")
        )
        # Wrong ones are counted on the newest, so that a new one gives new tries.
        if asked and asked[0].values.get("wrong", 0) >= MOST_WRONG_CODES:
            raise Refused("too_many_codes", field="code")
        fitting = [
            page
            for page in asked
            if hmac.compare_digest(page.code.encode(), typed.encode())
        ]
        if fitting:
            proven(fitting[0], now, "desk")
        else:
            wrong = True
            if asked:
                asked[0].values["wrong"] = asked[0].values.get("wrong", 0) + 1
                asked[0].save(update_fields=["values"])
    if wrong:
        raise Refused("wrong_code", field="code")


def proven(page: Page, now: datetime, via: str) -> Answered:
    """The signal came back from there, so the contact method works. Too late, or for an
    address that was changed since, it proves nothing. A handler of ``answer``."""
    mark_answered(page, now)
    if now - page.due_at > PROOF_COUNTS:
        return Answered(page=page, code="proof_too_late")
    ContactMethod.objects.filter(page=page, address=page.address).update(
        verified_at=now, disabled_at=None, disabled_reason="", strikes=0
    )
    return Answered(page=page, code="proven")


def switch(
    *,
    method_id: int,
    on: bool,
    sure: bool,
    now: datetime,
    staff: Staff | None = None,
) -> None:
    """The contact method is used, or not, and stays in the list.

    What was found to be bad comes back by a new proof alone. Raises Refused
    (``last_telephone`` unless ``sure``; ``prove_it_first``).
    """
    with transaction.atomic():
        method = _locked(method_id)
        if on:
            if method.disabled_reason not in {"", "switched_off"}:
                raise Refused("prove_it_first")
            method.disabled_at, method.disabled_reason = None, ""
        else:
            _keep_a_telephone(method, sure=sure)
            method.disabled_at = now
            method.disabled_reason = method.disabled_reason or "switched_off"
        method.save(update_fields=["disabled_at", "disabled_reason"])
        _audit(method, "method_on" if on else "method_off", staff, now)


def remove_method(
    *, method_id: int, sure: bool, now: datetime, staff: Staff | None = None
) -> None:
    """The contact method is gone; pages that used it keep their copy. Raises Refused
    (``last_telephone`` unless ``sure``)."""
    with transaction.atomic():
        method = _locked(method_id)
        _keep_a_telephone(method, sure=sure)
        _audit(method, "method_removed", staff, now)
        method.delete()


def move_up(*, method_id: int, now: datetime, staff: Staff | None = None) -> None:
    """The contact method stands one place earlier; the first stays where it is."""
    with transaction.atomic():
        method = _locked(method_id)
        rows = list(method.technician.contact_methods.order_by("position", "pk"))
        place = rows.index(method)
        if place:
            _audit(method, "method_moved_up", staff, now)
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
        for position, row in enumerate(rows):
            row.position = position
        ContactMethod.objects.bulk_update(rows, ["position"])


def set_rules(
    *,
    technician: Technician,
    urgency: str,
    delays: dict[int, timedelta],
    now: datetime,
    staff: Staff | None = None,
) -> None:
    """Pages of this urgency use these contact methods after these delays, and no
    others. Nothing chosen means: the first of each kind at once."""
    own = set(technician.contact_methods.values_list("pk", flat=True))
    with transaction.atomic():
        technician.notification_rules.filter(urgency=urgency).delete()
        NotificationRule.objects.bulk_create(
            NotificationRule(
                technician=technician,
                urgency=urgency,
                contact_method_id=key,
                delay=delay,
            )
            for key, delay in delays.items()
            if key in own
        )
        record(
            Area.REACH,
            "rules_set",
            now=now,
            by=staff,
            about=f"technician:{technician.pk}",
            urgency=urgency,
            methods=sorted(own & set(delays)),
        )


def page_me(*, technician: Technician, now: datetime) -> list[Page]:
    """Test pages go out as those of an emergency would. Raises Refused
    (``tested_just_now``, ``cannot_be_reached``)."""
    with transaction.atomic():
        Technician.objects.select_for_update(no_key=True).get(pk=technician.pk)
        lately = technician.page_set.filter(
            purpose=Page.Purpose.TEST, due_at__gt=now - TEST_AGAIN_AFTER
        )
        if lately.exists():
            raise Refused("tested_just_now")
        planned = planned_for(technician, urgency="high", also_unverified=False)
        if not planned:
            name = technician.staff.full_name
            raise Refused("cannot_be_reached", technician=name)
        return queue_planned_pages(
            incident=None,
            technician=technician,
            planned=planned,
            purpose=Page.Purpose.TEST,
            step=0,
            now=now,
        )


def _ask(method: ContactMethod, now: datetime) -> None:
    queue_pages(
        incident=None,
        technician=method.technician,
        methods=as_methods([method]),
        purpose=Page.Purpose.VERIFY,
        step=0,
        now=now,
    )


def _audit(
    method: ContactMethod, code: str, staff: Staff | None, now: datetime
) -> None:
    """The number or address itself stands in its own row alone."""
    record(
        Area.REACH,
        code,
        now=now,
        by=staff,
        about=f"technician:{method.technician_id}",
        method=method.pk,
        kind=method.kind,
    )


def _locked(method_id: int) -> ContactMethod:
    return (
        ContactMethod.objects.select_for_update(no_key=True, of=("self",))
        .select_related("technician__staff")
        .get(pk=method_id)
    )


def _keep_a_telephone(method: ContactMethod, *, sure: bool) -> None:
    """The last telephone that would ring goes only when the person insists."""
    if method.kind != ContactMethod.Kind.VOICE or sure or method.disabled_at:
        return
    others = method.technician.contact_methods.usable().filter(kind=method.kind)
    if method.verified_at and not others.exclude(pk=method.pk).exists():
        raise Refused("last_telephone")
