"""What became of the self-tests, and what the house phone has to answer."""

from datetime import datetime, timedelta

from django.conf import settings

from emergency.models import Page, SelfTest
from emergency.models.sending import SendingQuerySet
from emergency.pagers.directory import ROUTES

KINDS = ("voice", "sms")
# A page that rings the house phone now was made not long ago.
RECENT = timedelta(minutes=10)


def tested_routes() -> list[str]:
    """The routes to telephones that are set up."""
    return [
        route
        for route, pager in ROUTES.items()
        if route.partition(":")[0] in KINDS and pager.is_configured()
    ]


def newest(route: str) -> SelfTest | None:
    """The last self-test by this route. One query by its index."""
    return SelfTest.objects.filter(route=route).order_by("-started_at", "-pk").first()


def newest_ended(route: str) -> SelfTest | None:
    """The last self-test by this route whose outcome is known."""
    return (
        SelfTest.objects.filter(route=route)
        .exclude(outcome=SelfTest.Outcome.PENDING)
        .order_by("-started_at", "-pk")
        .first()
    )


def newest_of_all() -> SelfTest | None:
    """The last self-test whose outcome is known, by whatever route. One query that
    reads from the end of the table."""
    ended = SelfTest.objects.exclude(outcome=SelfTest.Outcome.PENDING)
    return ended.order_by("-pk").first()


def no_route_works() -> bool:
    """Whether the newest self-test of every route to a telephone has failed. False
    while there are none."""
    if not settings.HOUSE_PHONE_NUMBER or not settings.SELF_TEST_EVERY:
        return False
    ended = [test for route in tested_routes() if (test := newest_ended(route))]
    return bool(ended) and all(
        test.outcome == SelfTest.Outcome.FAILED for test in ended
    )


def digit_wanted(*, number: str, now: datetime) -> str:
    """The key that the call which rings the house phone asks for; empty without one."""
    page = _asking("voice", number, now).order_by("-due_at", "-pk").first()
    return page.digit if page else ""


def code_wanted(*, number: str, text: str, now: datetime) -> str:
    """The code in a text to the house phone, if one of our pages carries it."""
    codes = _asking("sms", number, now).values_list("code", flat=True)
    return next((code for code in codes if code and code in text), "")


def _asking(kind: str, number: str, now: datetime) -> SendingQuerySet[Page]:
    return Page.objects.filter(
        purpose=Page.Purpose.SELF_TEST,
        kind=kind,
        address=number,
        due_at__gt=now - RECENT,
        answered_at__isnull=True,
    )
