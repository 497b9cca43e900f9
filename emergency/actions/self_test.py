"""The self-test: a synthetic page to the house phone by each route, and back.

It takes exactly the way of a real page: row, worker, pager, provider, key or reply.
What does not come back in time has failed, whoever is to blame: the provider, our
worker or the address that callbacks are sent to.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import OperationalError, transaction

from emergency.actions.answered import Answered
from emergency.actions.notices import tell_duty_manager
from emergency.actions.page_queue import mark_answered, queue_pages
from emergency.actions.routes import record_delivery, record_failure
from emergency.models import ContactMethod, Page, SelfTest, Staff, Technician
from emergency.queries.self_tests import (
    KINDS,
    newest,
    newest_ended,
    tested_routes,
)
from emergency.rules.escalation import Method

logger = logging.getLogger(__name__)

HOUSE_PHONE = "house-phone@localhost"
KEPT = timedelta(days=60)


def keep_testing(*, now: datetime) -> None:
    """Tests whose time is up have failed, and every route whose turn it is has a test
    under way. What goes wrong with one route is told in the log and stops nothing.

    Raises OperationalError when the database is away.
    """
    if not settings.HOUSE_PHONE_NUMBER:
        return
    for route in tested_routes():
        try:
            _look_after(route, now)
        except OperationalError:
            raise
        except Exception:
            logger.exception("the self-test of %s cannot be looked after", route)


def _look_after(route: str, now: datetime) -> None:
    last = newest(route)
    if last is not None and last.outcome == SelfTest.Outcome.PENDING:
        conclude(test_id=last.pk, now=now)
    elif _is_due(last, now):
        start(route=route, now=now, only_when_due=True)


def _is_due(last: SelfTest | None, now: datetime) -> bool:
    every = timedelta(minutes=settings.SELF_TEST_EVERY)
    # A clock that was set back must not end the tests.
    return bool(every) and (last is None or abs(now - last.started_at) >= every)


def start(*, route: str, now: datetime, only_when_due: bool = False) -> bool:
    """A test by this route is under way. False where one is already, where there is no
    house phone, or when somebody else is at it just now.

    Raises KeyError for a route that is not tested.
    """
    if route not in tested_routes():
        raise KeyError(route)
    if not settings.HOUSE_PHONE_NUMBER:
        return False
    kind = route.partition(":")[0]
    method = _house_phone(settings.HOUSE_PHONE_NUMBER, now)[kind]
    with transaction.atomic():
        # Who holds the house phone decides; two ticks do not both begin a test.
        house = (
            Technician.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(pk=method.technician_id)
            .first()
        )
        last = newest(route)
        under_way = last is not None and last.outcome == SelfTest.Outcome.PENDING
        if house is None or under_way or (only_when_due and not _is_due(last, now)):
            return False
        Page.objects.filter(self_test__started_at__lt=now - KEPT).delete()
        SelfTest.objects.filter(started_at__lt=now - KEPT).delete()
        page = queue_pages(
            incident=None,
            technician=house,
            methods=[Method(key=method.pk, kind=kind, address=method.address)],
            purpose=Page.Purpose.SELF_TEST,
            step=0,
            now=now,
            values={"route": route},
        )[0]
        SelfTest.objects.create(
            route=route,
            page=page,
            started_at=now,
            due_at=now + timedelta(seconds=settings.SELF_TEST_WITHIN),
        )
    return True


def conclude(*, test_id: int, now: datetime) -> None:
    """A test that cannot pass any more has failed, with a code that says why."""
    with transaction.atomic():
        page = (
            Page.objects.select_for_update(no_key=True, of=("self",))
            .filter(self_test=test_id)
            .first()
        )
        test = SelfTest.objects.select_for_update(no_key=True).get(pk=test_id)
        if test.outcome != SelfTest.Outcome.PENDING:
            return
        gone = page is None or page.status == Page.Status.FAILED
        if not gone and now < test.due_at:
            return
        if page is not None and page.status == Page.Status.QUEUED:
            page.status, page.ended_at = Page.Status.WITHDRAWN, now
            page.save(update_fields=["status", "ended_at"])
        _end(test, _why(page), now)


def came_back(page: Page, now: datetime, via: str) -> Answered:
    """The signal of the house phone: the test has passed, unless it came too late.

    A handler of ``actions.answer``; the page is locked by the caller.
    """
    mark_answered(page, now)
    test = (
        SelfTest.objects.select_for_update(no_key=True)
        .filter(page=page, outcome=SelfTest.Outcome.PENDING)
        .first()
    )
    if test is not None:
        _end(test, "" if now <= test.due_at else "too_late", now)
    return Answered(page=page, code="self_test")


def _why(page: Page | None) -> str:
    if page is None:
        return "page_gone"
    if page.error_code:
        return page.error_code
    waits = {Page.Status.QUEUED, Page.Status.CLAIMED, Page.Status.WITHDRAWN}
    return "not_sent" if page.status in waits else "no_answer_came"


def _end(test: SelfTest, error_code: str, now: datetime) -> None:
    """The outcome stands and its route knows. The duty manager hears of each change."""
    before = newest_ended(test.route)
    failed_before = before is not None and before.outcome == SelfTest.Outcome.FAILED
    test.outcome = SelfTest.Outcome.FAILED if error_code else SelfTest.Outcome.PASSED
    test.error_code, test.ended_at = error_code, now
    test.save(update_fields=["outcome", "error_code", "ended_at"])
    if error_code:
        record_failure(route=test.route, code=error_code, now=now)
    else:
        record_delivery(route=test.route, now=now)
    if failed_before != bool(error_code):
        code = "self_test_failed" if error_code else "self_test_passed"
        tell_duty_manager(code=code, now=now, about_route=test.route)


def _house_phone(number: str, now: datetime) -> dict[str, ContactMethod]:
    """The technician that stands for the robot has this number, for calls and texts.

    Nobody can sign in as it, and as it is not active nobody pages it by mistake.
    """
    with transaction.atomic():
        staff, _ = Staff.objects.get_or_create(
            email=HOUSE_PHONE,
            defaults={
                "full_name": "House phone",
                "is_active": False,
                "language": "en",
                "password": make_password(None),
            },
        )
        house, _ = Technician.objects.get_or_create(
            staff=staff, defaults={"first_name": "House", "is_house_phone": True}
        )
        ContactMethod.objects.filter(technician=house).exclude(address=number).delete()
        return {
            kind: ContactMethod.objects.get_or_create(
                technician=house,
                kind=kind,
                address=number,
                defaults={"verified_at": now},
            )[0]
            for kind in KINDS
        }
