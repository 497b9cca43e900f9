"""Numbers to be called: the customer's and ours."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from emergency.models import (
    Account,
    AddedNumber,
    CallbackAttempt,
    Incident,
    OperatorProfile,
    Report,
    ReportServer,
)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The customer's numbers in E.164. ``given`` in their order; ``wrong`` are those at
    which a technician found somebody else's telephone; ``on_file`` are of the account's
    people, for staff only. ``verified``: we know that the caller speaks for the
    account."""

    given: tuple[str, ...]
    wrong: frozenset[str]
    on_file: tuple[str, ...]
    verified: bool = False

    @property
    def to_call(self) -> tuple[str, ...]:
        """What to offer: no wrong number, and the account's once one was wrong."""
        left = tuple(number for number in self.given if number not in self.wrong)
        return tuple(dict.fromkeys((*left, *self.instead)))

    @property
    def instead(self) -> tuple[str, ...]:
        """What stands on file, where a number that was given is wrong."""
        usable = tuple(number for number in self.on_file if number not in self.wrong)
        return usable if self.wrong else ()

    @property
    def offered(self) -> tuple[str, ...]:
        """What a call may have gone to: also the numbers on file, as long as calling
        one of them is how the caller is verified."""
        usable = (number for number in self.on_file if number not in self.wrong)
        also = () if self.verified else usable
        return tuple(dict.fromkeys((*self.to_call, *also)))

    @property
    def only_on_file(self) -> frozenset[str]:
        """Numbers on file that the customer has not given."""
        return frozenset(self.on_file).difference(self.given)

    @property
    def known(self) -> frozenset[str]:
        """Every number at which the customer may be called."""
        return frozenset((*self.given, *self.on_file))


def numbers_for(incident: Incident) -> Numbers:
    """Every number to do with the callback of this incident."""
    return Numbers(
        given=tuple(numbers_given(incident)),
        wrong=wrong_numbers(incident),
        on_file=tuple(_numbers_on_file(incident)),
        verified=incident.reports.exclude(
            verification=Report.Verification.NONE
        ).exists(),
    )


def wrong_numbers(incident: Incident) -> frozenset[str]:
    """Numbers that a technician called and found wrong, and at which nobody reached the
    customer afterwards."""
    wrong: set[str] = set()
    tries = incident.callback_attempts.exclude(number="").order_by("at", "pk")
    for number, outcome in tries.values_list("number", "outcome"):
        if outcome == CallbackAttempt.Outcome.WRONG_NUMBER:
            wrong.add(number)
        elif outcome == CallbackAttempt.Outcome.REACHED:
            wrong.discard(number)
    return frozenset(wrong)


def _numbers_on_file(incident: Incident) -> list[str]:
    """Of the incident's account, or of the account whose server was reported."""
    account = incident.account or _account_of_the_server(incident)
    if account is None:
        return []
    people = account.contacts.current().exclude(phone_number="").order_by("name")
    return list(dict.fromkeys(people.values_list("phone_number", flat=True)))


def _account_of_the_server(incident: Incident) -> Account | None:
    named = (
        ReportServer.objects.filter(report__incident=incident, server__isnull=False)
        .select_related("server__account")
        .order_by("report", "pk")
        .first()
    )
    return named.server.account if named and named.server else None


def extension_of(incident: Incident, number: str) -> str:
    """What is dialled once the switchboard at this number has answered, or nothing."""
    given = incident.reports.filter(callback_number=number)
    added = AddedNumber.objects.filter(report__incident=incident, number=number)
    found = [
        *given.values_list("callback_extension", flat=True),
        *added.values_list("extension", flat=True),
    ]
    return next((one for one in found if one.isdigit()), "")


def tel_of(report: Report | None) -> str:
    """The ``tel:`` address (RFC 3966) of the report's callback number, or nothing."""
    if report is None or not report.callback_number:
        return ""
    extension = report.callback_extension
    suffix = f";ext={extension}" if extension.isdigit() else ""
    return f"tel:{report.callback_number}{suffix}"


def numbers_of(report: Report) -> list[str]:
    """Every number at which whoever wrote this report can be called, in E.164, the
    first one given in front."""
    added = report.added_numbers.values_list("number", flat=True)
    return list(dict.fromkeys(str(n) for n in (report.callback_number, *added)))


def numbers_given(incident: Incident) -> list[str]:
    """Every number the customer asked to be called at, in E.164, in their order: those
    of the reports, then those that were added."""
    reports = incident.reports.order_by("ordered_at", "pk")
    added = AddedNumber.objects.filter(report__incident=incident)
    return list(
        dict.fromkeys(
            [
                *(str(report.callback_number) for report in reports),
                *(str(one.number) for one in added),
            ]
        )
    )


def number_to_ring(now: datetime) -> str:
    """Where the customer reaches us: the operator's hotline, or the number that calls
    them."""
    profile = OperatorProfile.objects.in_force(now)
    return (profile.hotline if profile else "") or settings.TWILIO_FROM_NUMBER
